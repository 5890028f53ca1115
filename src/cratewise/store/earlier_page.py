"""What the earlier program's page asks of the stock: by any part of a name, in US dollars.

Its questions are few and its own; the shelf's are richer.  Ties are broken by our own
id, so that no page repeats a listing or leaves one out.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, false, func, or_, select

from cratewise.grades import Grade
from cratewise.store.sellers import key_of
from cratewise.store.tables import listings, releases, sellers

Sort = Literal["score_desc", "price_asc", "price_desc", "year_asc", "year_desc"]
IDS_AT_ONCE = 500  # in one question; SQLite takes no more than some thousands


class Copy(NamedTuple):
    """A listing with its release and its seller; None: unknown.

    usd             in dollars, at the rate of the day when the price was first read.
    genres, styles  JSON, lists of names.
    """

    id: int
    seller_id: int
    seller: str
    currency: str | None
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
    usd: float | None
    media_grade: int | None
    score: float | None
    first_seen_at: datetime


class Sought(NamedTuple):
    """Which listings; None or empty lets all through, both ends of a range are included.

    part         of artist, title or label, in any case; seller_part: of the seller's name.
    genre_names  whole names of genres and styles, of which a release has one.
    grades       the medium's grade is one of these.
    """

    part: str = ""
    genre_names: Collection[str] | None = None
    year_from: int | None = None
    year_to: int | None = None
    usd_from: float | None = None
    usd_to: float | None = None
    grades: Collection[Grade] | None = None
    seller_part: str = ""


_ELSEWHERE: Mapping[str, ColumnElement[Any]] = {
    "seller": sellers.c.username,
    "currency": sellers.c.currency,
    "usd": listings.c.price_usd,
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
_FOR_SALE = listings.c.gone_at.is_(None)
_ORDERS: Mapping[Sort, ColumnElement[Any]] = {
    "score_desc": listings.c.score.desc().nulls_last(),
    "price_asc": listings.c.price_usd.asc().nulls_last(),
    "price_desc": listings.c.price_usd.desc().nulls_last(),
    "year_asc": releases.c.year.asc().nulls_last(),
    "year_desc": releases.c.year.desc().nulls_last(),
}


def copies_page(
    db: Connection, sought: Sought, sort: Sort, *, limit: int, offset: int
) -> list[Copy]:
    """Some of the listings that are for sale and sought, in an order; unknown values last."""
    statement = _COPIES.where(_FOR_SALE, *_terms(db, sought)).order_by(_ORDERS[sort], listings.c.id)
    return [Copy._make(row) for row in db.execute(statement.limit(limit).offset(offset))]


def count_copies(db: Connection, sought: Sought) -> int:
    """How many listings are for sale and sought."""
    statement = select(func.count()).select_from(listings).where(_FOR_SALE, *_terms(db, sought))
    if sought != Sought():
        statement = statement.join(releases, releases.c.id == listings.c.release_id)
        statement = statement.join(sellers, sellers.c.id == listings.c.seller_id)
    return db.scalar(statement) or 0


def copies_of(db: Connection, listing_ids: Collection[int]) -> dict[int, Copy]:
    """Some listings by our own ids, gone ones too; those that are not kept are left out."""
    ids, found = sorted(set(listing_ids)), {}
    statement = _COPIES.where(listings.c.id.in_(bindparam("ids", expanding=True)))
    for start in range(0, len(ids), IDS_AT_ONCE):
        for row in db.execute(statement, {"ids": ids[start : start + IDS_AT_ONCE]}):
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


def some_copies(
    db: Connection, many: int, dice: Random, *, but: Collection[int] = ()
) -> list[Copy]:
    """At most so many listings that are for sale, by chance, without those of some ids."""
    first, last = db.execute(select(func.min(listings.c.id), func.max(listings.c.id))).one()
    found: dict[int, Copy] = {}
    # Beginning at a number drawn costs the same in any stock; drawing among all does not.
    for _ in range(4 * many if last is not None else 0):
        from_id = dice.randint(first, last)
        statement = _COPIES.where(
            _FOR_SALE, listings.c.id >= from_id, listings.c.id.not_in([*but, *found])
        )
        row = db.execute(statement.order_by(listings.c.id).limit(1)).first()
        if row is not None:
            found[row.id] = Copy._make(row)
        if len(found) == many:
            break
    return list(found.values())


def genre_and_style_names(db: Connection) -> tuple[list[str], list[str]]:
    """The names of all genres and of all styles that kept releases have, by name."""
    return _names(db, releases.c.genres), _names(db, releases.c.styles)


def seller_names(db: Connection, part: str, *, limit: int) -> list[str]:
    """The sellers with a part of their names so, in any case, by name."""
    key = sellers.c.username_key
    statement = select(sellers.c.username).where(key.contains(key_of(part), autoescape=True))
    return list(db.scalars(statement.order_by(key, sellers.c.id).limit(limit)))


def _names(db: Connection, column: ColumnElement[str | None]) -> list[str]:
    told = db.scalars(select(column).where(column.is_not(None)).distinct())
    return sorted({name for text in told for name in json.loads(text or "[]")})


def _terms(db: Connection, sought: Sought) -> Sequence[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = []
    if sought.part:
        fields = (releases.c.artist, releases.c.title, releases.c.label)
        terms.append(or_(*(_has_part(db, field, sought.part) for field in fields)))
    if sought.genre_names is not None:
        terms.append(_has_one(sought.genre_names))
    if sought.grades is not None:
        terms.append(listings.c.media_grade.in_([int(grade) for grade in sought.grades]))
    if sought.seller_part:
        key = key_of(sought.seller_part)
        terms.append(sellers.c.username_key.contains(key, autoescape=True))
    terms += _range(releases.c.year, sought.year_from, sought.year_to)
    # To the cent, as they are shown.
    terms += _range(
        func.round(listings.c.price_usd * 100), _cents(sought.usd_from), _cents(sought.usd_to)
    )
    return terms


def _has_part(db: Connection, column: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """Whether a text holds another, in any case of any script."""
    lowered = func.lower(column)
    if part.isascii():
        return lowered.contains(part.lower(), autoescape=True)
    # SQLite's `lower` knows ASCII alone, PostgreSQL's what its locale knows.
    is_sqlite = db.dialect.name == "sqlite"
    either = "".join(_either_case(letter, is_sqlite=is_sqlite) for letter in part)
    return lowered.op("GLOB")(f"*{either}*") if is_sqlite else lowered.regexp_match(either)


def _either_case(letter: str, *, is_sqlite: bool) -> str:
    cases = sorted({one for one in (letter.lower(), letter.upper()) if len(one) == 1})
    if letter.isalpha() and cases:
        return f"[{''.join(cases)}]"
    if letter.isalnum() or letter.isspace() or not letter.isascii():
        return letter
    return f"[{letter}]" if is_sqlite else f"\\{letter}"


def _has_one(names: Collection[str]) -> ColumnElement[bool]:
    # A whole name stands between quotes in the JSON of a list.
    columns = (releases.c.genres, releases.c.styles)
    return or_(
        false(),
        *(
            column.contains(json.dumps(name, ensure_ascii=is_ascii), autoescape=True)
            for name in names
            for column in columns
            for is_ascii in ({True, False} if not name.isascii() else {True})
        ),
    )


def _range(
    column: ColumnElement[Any], least: float | None, most: float | None
) -> list[ColumnElement[bool]]:
    ends = [] if least is None else [column >= least]
    return ends if most is None else [*ends, column <= most]


def _cents(usd: float | None) -> float | None:
    return None if usd is None else round(usd * 100)
