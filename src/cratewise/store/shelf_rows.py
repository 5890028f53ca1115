"""What the shelf keeps of sellers, releases and listings: all of it, or what changed since.

A million rows as objects would take most of a start, so they come straight from the
driver, a batch at a time, turned into columns.  Instants come as whole microseconds
since 1970; what is unknown as a number that nothing else is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    or_,
    select,
    true,
    type_coerce,
)

from cratewise.store.engine import stand_still
from cratewise.store.joined_rows import joined_batches
from cratewise.store.one_of import one_of
from cratewise.store.schedule_tables import retention
from cratewise.store.tables import Instant, listings, price_changes, releases, sellers

BATCH = 5_000  # rows turned into columns at a time: 2 MB, which fit a processor's cache

NEVER = -(2**63)  # an instant that is not there
NO_COUNT = -1  # of wants, haves, minor units
NO_GRADE = -128
NO_NUMBER = 0  # of a year or a master

Batch = Mapping[str, Sequence[Any]]
"""Columns of some rows, by name, all of one length."""


class SellerRow(NamedTuple):
    """A seller; `created_at` tells two apart that went by one id after each other."""

    id: int
    username: str
    created_at: datetime


class Newest(NamedTuple):
    """What moved last: when, in microseconds since 1970, and the largest id of a listing.

    sellers    another value whenever one came, went or was renamed
    thrown_at  when listings were last thrown away
    """

    touched_at: int
    changed_at: int
    listing_id: int
    sellers: tuple[int | None, ...]
    thrown_at: int


class Changes(NamedTuple):
    """What moved at a moment or later: when each did, by id, in microseconds since 1970."""

    listings: Mapping[int, int]
    releases: Mapping[int, int]


# A NULL text is an empty one; a float's NULL stays, and becomes NaN.
_LISTING: Mapping[str, int | str | None] = {
    "id": None,
    "release_id": None,
    "seller_id": None,
    "price_minor": NO_COUNT,
    "currency": "",
    "price_read_at": NEVER,
    "price_usd": None,
    "media_grade": NO_GRADE,
    "sleeve_grade": NO_GRADE,
    "ships_from": "",
    "posted_at": NEVER,
    "score": None,
    "first_seen_at": NEVER,
    "back_at": NEVER,
}
_RELEASE: Mapping[str, int | str | None] = {
    "id": None,
    "artist": "",
    "title": "",
    "label": "",
    "format": "",
    "year": NO_NUMBER,
    "want": NO_COUNT,
    "have": NO_COUNT,
    "master_id": NO_NUMBER,
    "country": "",
    "genres": "",
    "styles": "",
}


def _columns(table: Any, nulls: Mapping[str, int | str | None]) -> list[ColumnElement[Any]]:
    found = []
    for name, null in nulls.items():
        column = table.c[name]
        plain = type_coerce(column, BigInteger) if isinstance(column.type, Instant) else column
        found.append((plain if null is None else func.coalesce(plain, null)).label(name))
    return found


_LISTINGS = select(*_columns(listings, _LISTING), listings.c.gone_at.is_not(None).label("is_gone"))
_RELEASES = select(*_columns(releases, _RELEASE))
_TOUCHED_AT = type_coerce(listings.c.touched_at, BigInteger)

# The last time that the price of a listing fell, in the seller's own currency.
_DROPS = (
    select(
        price_changes.c.listing_id.label("id"),
        type_coerce(func.max(price_changes.c.changed_at), BigInteger).label("dropped_at"),
    )
    .where(
        price_changes.c.old_currency == price_changes.c.new_currency,
        price_changes.c.new_price_minor < price_changes.c.old_price_minor,
    )
    .group_by(price_changes.c.listing_id)
)

# Made once: whoever asks right after a change waits for them.
_RELEASES_OF = _RELEASES.where(one_of(releases.c.id, "ids"))
_LISTINGS_OF = _LISTINGS.where(one_of(listings.c.id, "ids"))
_DROPS_OF = _DROPS.where(one_of(price_changes.c.listing_id, "ids"))
_LATER_LISTINGS = select(listings.c.id, _TOUCHED_AT).where(
    or_(
        bindparam("touched_at", type_=BigInteger()) <= _TOUCHED_AT,
        listings.c.id > bindparam("listing_id", type_=BigInteger()),
    )
)
_LATER_RELEASES = tuple(
    select(releases.c.id, moment).where(moment >= bindparam("changed_at", type_=BigInteger()))
    for moment in (
        type_coerce(column, BigInteger)
        for column in (releases.c.changed_at, releases.c.described_at)
    )
)


# One row, for it is asked before every answer; see `glance.py`.
NEWEST = (
    *(
        select(type_coerce(func.max(column), BigInteger))
        .where(column.is_not(None))  # else SQLite asks no index that leaves these out
        .scalar_subquery()
        .label(name)
        for name, column in (
            ("touched", listings.c.touched_at),
            ("changed", releases.c.changed_at),
            ("described", releases.c.described_at),
            ("largest", listings.c.id),
            ("sellers", sellers.c.id),
            ("made", sellers.c.created_at),
            ("checked", sellers.c.checked_at),
            ("thrown", retention.c.thrown_at),
        )
    ),
    select(func.count()).select_from(sellers).scalar_subquery().label("many"),
)
_NEWEST = select(*NEWEST)


def every_seller(db: Connection) -> list[SellerRow]:
    """All sellers of whom anything is kept, by id."""
    columns = (sellers.c[name] for name in SellerRow._fields)
    return [SellerRow._make(row) for row in db.execute(select(*columns).order_by(sellers.c.id))]


def how_many(db: Connection) -> tuple[int, int]:
    """How many listings and releases there are."""
    counted = (select(func.count()).select_from(table) for table in (listings, releases))
    of_listings, of_releases = (db.scalar(statement) or 0 for statement in counted)
    return of_listings, of_releases


def every_release(db: Connection) -> Iterator[Batch]:
    """All releases that are known, by their number."""
    return joined_batches(db, _RELEASES, releases.c.id, at_once=BATCH)


def every_listing(db: Connection) -> Iterator[Batch]:
    """All listings by our own id, gone ones too."""
    return joined_batches(db, _LISTINGS, listings.c.id, at_once=BATCH)


def every_drop(db: Connection) -> Iterator[Batch]:
    """For each listing whose price fell: its id, and when last."""
    return in_batches(db, _DROPS)


def releases_of(db: Connection, ids: Sequence[int]) -> Iterator[Batch]:
    """The releases of these ids that there are."""
    return _batches_of(db, _RELEASES_OF, ids)


def listings_of(db: Connection, ids: Sequence[int]) -> Iterator[Batch]:
    """The listings of these ids, our own, that there are."""
    return _batches_of(db, _LISTINGS_OF, ids)


def drops_of(db: Connection, ids: Sequence[int]) -> Iterator[Batch]:
    """As `every_drop`, of the listings of these ids."""
    return _batches_of(db, _DROPS_OF, ids)


def newest_changes(db: Connection) -> Newest:
    """What moved last."""
    return newest_of(db.execute(_NEWEST).one())


def newest_of(row: Any) -> Newest:
    """What moved last, as a row with NEWEST tells it."""
    return Newest(
        row.touched or NEVER,
        max(row.changed or NEVER, row.described or NEVER),
        row.largest or 0,
        (row.sellers, row.made, row.checked, row.many),
        row.thrown or NEVER,
    )


def changes_since(db: Connection, first: Newest) -> Changes:
    """What was touched, changed or described at these moments or later, or has a larger id."""
    moved: dict[int, int] = {}
    for later in _LATER_RELEASES:
        for number, at in db.execute(later, {"changed_at": first.changed_at}).all():
            moved[number] = max(at, moved.get(number, NEVER))
    since = {"touched_at": first.touched_at, "listing_id": first.listing_id}
    touched = db.execute(_LATER_LISTINGS, since).all()
    return Changes({number: at for number, at in touched}, moved)  # noqa: C416 - rows are no pairs


def in_batches(db: Connection, statement: Select[Any]) -> Iterator[Batch]:
    """What a statement without parameters finds, some thousand rows at a time."""
    names = statement.selected_columns.keys()
    plain = str(statement.compile(dialect=db.dialect, compile_kwargs={"literal_binds": True}))
    db.execute(select(true()))  # begins SQLite's transaction: the driver's own cursor would not
    stand_still(db)
    # A named cursor keeps PostgreSQL's answer there; SQLite's always comes row by row.
    # Numbers that are not written out cost half as much.
    driver: Any = db.connection
    is_there = db.dialect.name == "postgresql"
    cursor = driver.cursor("cratewise_shelf", binary=True) if is_there else driver.cursor()
    try:
        cursor.execute(plain.replace("%%", "%"))
        while rows := cursor.fetchmany(BATCH):
            yield dict(zip(names, zip(*rows, strict=True), strict=True))
    finally:
        cursor.close()


def _batches_of(db: Connection, statement: Select[Any], ids: Sequence[int]) -> Iterator[Batch]:
    names = statement.selected_columns.keys()
    for begin in range(0, len(ids), BATCH):
        if rows := db.execute(statement, {"ids": ids[begin : begin + BATCH]}).all():
            yield dict(zip(names, zip(*rows, strict=True), strict=True))
