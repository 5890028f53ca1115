"""What the earlier program's page asks of the stock, beside what the shelf finds."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from cratewise.store.sellers import key_of
from cratewise.store.tables import listings, releases, sellers

IDS_AT_ONCE = 500  # in one question; SQLite takes no more than some thousands


class Copy(NamedTuple):
    """A listing with its release and its seller; None: unknown.

    price_minor     in whole minor units of `currency`.
    genres, styles  JSON, lists of names.
    """

    id: int
    seller_id: int
    seller: str
    seller_currency: str | None
    release_id: int
    artist: str
    title: str
    format: str
    label: str
    catalog_number: str
    want: int | None
    have: int | None
    year: int | None
    genres: str | None
    styles: str | None
    price_minor: int | None
    currency: str | None
    media_grade: int | None
    score: float | None
    first_seen_at: datetime


_ELSEWHERE: Mapping[str, ColumnElement[Any]] = {
    "seller": sellers.c.username,
    "seller_currency": sellers.c.currency,
}


def _column(name: str) -> ColumnElement[Any]:
    if name in _ELSEWHERE:
        return _ELSEWHERE[name]
    return listings.c[name] if name in listings.c else releases.c[name]


_COPIES = (
    select(*(_column(name) for name in Copy._fields))
    .join(releases, releases.c.id == listings.c.release_id)
    .join(sellers, sellers.c.id == listings.c.seller_id)
)
_COPIES_OF = _COPIES.where(listings.c.id.in_(bindparam("ids", expanding=True)))
_FOR_SALE = listings.c.gone_at.is_(None)


def copies_of(db: Connection, listing_ids: Collection[int]) -> dict[int, Copy]:
    """Some listings by our own ids, gone ones too; those that are not kept are left out."""
    ids, found = sorted(set(listing_ids)), {}
    for start in range(0, len(ids), IDS_AT_ONCE):
        for row in db.execute(_COPIES_OF, {"ids": ids[start : start + IDS_AT_ONCE]}):
            found[row.id] = Copy._make(row)
    return found


def copies_of_seller(
    db: Connection, seller_id: int, *, after_id: int = 0, limit: int
) -> list[Copy]:
    """What a seller has for sale, by our own ids upwards, behind one of them."""
    statement = _COPIES.where(
        _FOR_SALE, listings.c.seller_id == seller_id, listings.c.id > after_id
    ).order_by(listings.c.id)
    return [Copy._make(row) for row in db.execute(statement.limit(limit))]


def copies_before(db: Connection, *, before_id: int | None, limit: int) -> list[Copy]:
    """What is for sale, the newest here first, behind one of them."""
    statement = _COPIES.where(_FOR_SALE).order_by(listings.c.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(listings.c.id < before_id)
    return [Copy._make(row) for row in db.execute(statement)]


def sellers_with(db: Connection, part: str, *, limit: int | None = None) -> dict[int, str]:
    """The sellers with a part of their names so, in any case, by name: our own ids and names."""
    key = sellers.c.username_key
    statement = select(sellers.c.id, sellers.c.username).where(
        key.contains(key_of(part), autoescape=True)
    )
    rows = db.execute(statement.order_by(key, sellers.c.id).limit(limit))
    return {row.id: row.username for row in rows}


def count_releases(db: Connection) -> int:
    """How many releases are kept."""
    return db.scalar(select(func.count()).select_from(releases)) or 0
