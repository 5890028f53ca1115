"""Listings in whole columns, some thousands at a time: for exports, where each microsecond counts.

Nothing is made of a value here that the database did not say: moments are whole
microseconds since 1970, and lists of names are JSON.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, select, type_coerce

from cratewise.store.stock import Wanted, matches
from cratewise.store.tables import Instant, listings, releases, sellers
from cratewise.store.words import releases_with

AT_A_TIME = 2_000  # listings; about 4 MB with all their columns
Batch = Mapping[str, Sequence[Any]]

OF_LISTINGS = (
    *("id", "discogs_listing_id", "release_id", "price_minor", "currency", "price_read_at"),
    *("price_usd", "shipping_minor", "shipping_currency", "media_grade", "sleeve_grade"),
    *("comments", "ships_from", "allows_offers", "posted_at", "source", "score"),
    *("first_seen_at", "last_seen_at", "changed_at", "gone_at"),
)
OF_RELEASES = (
    *("artist", "title", "label", "catalog_number", "format", "year", "want", "have"),
    *("genres", "styles", "country", "master_id", "original_year", "artist_ids", "label_ids"),
)
COLUMNS = (*OF_LISTINGS, *OF_RELEASES, "seller")


def _plain(column: Any) -> Any:
    return type_coerce(column, BigInteger) if isinstance(column.type, Instant) else column


_ROWS = (
    select(
        *(_plain(listings.c[name]) for name in OF_LISTINGS),
        *(releases.c[name] for name in OF_RELEASES),
        sellers.c.username,
    )
    .join(releases, releases.c.id == listings.c.release_id)
    .join(sellers, sellers.c.id == listings.c.seller_id)
)
_BY_IDS = _ROWS.where(listings.c.id.in_(bindparam("ids", expanding=True)))


def batches(db: Connection, wanted: Wanted, *, words: str = "") -> Iterator[Batch]:
    """Every wanted listing by our own id, read as it is asked for: memory stays constant.

    words  that find its release, as `words.find_releases` does.
    """
    statement = _ROWS.where(matches(wanted)).order_by(listings.c.id)
    if words.strip():
        statement = statement.where(listings.c.release_id.in_(releases_with(db, words)))
    # Closed even when nobody reads to the end.
    with db.execute(statement, execution_options={"yield_per": AT_A_TIME}) as rows:
        for part in rows.partitions(AT_A_TIME):
            yield _columns(part)


def batches_of(db: Connection, ids: Iterable[int]) -> Iterator[Batch]:
    """These listings, by our own ids, in the order in which they are given."""
    part: list[int] = []
    for number in ids:
        part.append(int(number))
        if len(part) == AT_A_TIME:
            yield from _batch_of(db, part)
            part = []
    yield from _batch_of(db, part)


def _batch_of(db: Connection, ids: Sequence[int]) -> Iterator[Batch]:
    found = {row[0]: row for row in db.execute(_BY_IDS, {"ids": list(ids)})} if ids else {}
    # A listing may have been forgotten with its seller since it was found.
    if rows := [found[number] for number in ids if number in found]:
        yield _columns(rows)


def _columns(rows: Sequence[Any]) -> Batch:
    return dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
