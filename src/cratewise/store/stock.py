"""What sellers have for sale, as it is looked at: filtered, ordered, counted, streamed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
)

from cratewise.grades import Grade
from cratewise.store.descriptions import names_of
from cratewise.store.engine import stand_still
from cratewise.store.one_of import one_of
from cratewise.store.tables import listings, releases, sellers

ROWS_AT_A_TIME = 1000  # of a stream; about 1 MB

Order = Literal["score", "price", "newest", "artist"]


class Listing(NamedTuple):
    """A listing with its release and its seller; None: unknown.

    Prices are whole minor units of their currency; `price_usd` is in dollars.
    """

    id: int
    discogs_listing_id: int | None
    release_id: int
    seller: str
    artist: str
    title: str
    label: str
    catalog_number: str
    format: str
    year: int | None
    price_minor: int | None
    currency: str | None
    price_read_at: datetime | None
    price_usd: float | None
    shipping_minor: int | None
    shipping_currency: str | None
    media_grade: Grade | None
    sleeve_grade: Grade | None
    comments: str
    ships_from: str
    allows_offers: bool
    posted_at: datetime | None
    source: str
    want: int | None
    have: int | None
    score: float | None
    first_seen_at: datetime
    last_seen_at: datetime
    changed_at: datetime | None
    gone_at: datetime | None
    # What listings do not tell; empty until somebody described the release.
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    country: str | None = None
    master_id: int | None = None
    original_year: int | None = None


class Wanted(NamedTuple):
    """Which listings; a term that is None or empty lets all through.

    price_at_most   the most a listing may cost, in minor units by currency; a listing
                    in any other currency, or without a price, is not let through
    format_terms    whole terms of the format, in any case: "LP" is also met by "2xLP"
    words           a part of artist and title, in any case
    """

    seller_id: int | None = None
    price_at_most: Mapping[str, int] | None = None
    format_terms: tuple[str, ...] = ()
    media_at_least: Grade | None = None
    words: str = ""
    with_gone: bool = False
    release_id: int | None = None
    arrived_since: datetime | None = None


_TABLES = {"seller": sellers.c.username, "release_id": releases.c.id}


def _column(name: str) -> ColumnElement[Any]:
    column = _TABLES.get(name)
    if column is None:
        column = listings.c[name] if name in listings.c else releases.c[name]
    return column.label(name)


_GENRES, _STYLES = (Listing._fields.index(name) for name in ("genres", "styles"))

LISTINGS = (
    select(*(_column(name) for name in Listing._fields))
    .join(releases, releases.c.id == listings.c.release_id)
    .join(sellers, sellers.c.id == listings.c.seller_id)
)

# Made once: to make them takes longer than to ask them.
_THIS = LISTINGS.where(listings.c.id == bindparam("id"))
_THESE = LISTINGS.where(one_of(listings.c.id, "ids"))

# Ties are broken by our own id, so that no page repeats a listing or leaves one out.
_ORDERS: Mapping[Order, tuple[ColumnElement[Any], ...]] = {
    "score": (listings.c.score.desc().nulls_last(), listings.c.id.asc()),
    "price": (listings.c.price_usd.asc().nulls_last(), listings.c.id.asc()),
    "newest": (listings.c.posted_at.desc().nulls_last(), listings.c.id.desc()),
    "artist": (
        func.lower(releases.c.artist).asc(),
        func.lower(releases.c.title).asc(),
        listings.c.id.asc(),
    ),
}


def look_at(
    db: Connection, wanted: Wanted, *, order: Order = "score", limit: int, offset: int = 0
) -> list[Listing]:
    """The wanted listings from place `offset` (0 is the first) of an order, `limit` at most."""
    statement = LISTINGS.where(matches(wanted)).order_by(*_ORDERS[order])
    return [as_listing(row) for row in db.execute(statement.limit(limit).offset(offset))]


def listing_of(db: Connection, listing_id: int) -> Listing | None:
    """A listing by our own id, be it gone or not."""
    row = db.execute(_THIS, {"id": listing_id}).first()
    return None if row is None else as_listing(row)


def these_listings(db: Connection, ids: Sequence[int]) -> list[Listing]:
    """Listings by our own ids, in the order of these; one that is no longer kept is left out."""
    found = {row[0]: as_listing(row) for row in db.execute(_THESE, {"ids": ids})}
    return [found[number] for number in ids if number in found]


def count(db: Connection, wanted: Wanted) -> int:
    """How many listings are wanted."""
    return db.execute(_counted(wanted)).scalar_one()


def count_not_comparable(db: Connection, wanted: Wanted) -> int:
    """How many a price limit leaves out for want of a rate: they are wanted but for it."""
    if wanted.price_at_most is None:
        return 0
    has_price = and_(listings.c.price_minor.is_not(None), listings.c.currency.is_not(None))
    statement = _counted(wanted._replace(price_at_most=None)).where(
        has_price, listings.c.currency.not_in(list(wanted.price_at_most))
    )
    return db.execute(statement).scalar_one()


def each_listing(db: Connection, wanted: Wanted) -> Iterator[Listing]:
    """Every wanted listing by our own id, read as it is asked for: memory stays constant."""
    statement: Select[Any] = LISTINGS.where(matches(wanted)).order_by(listings.c.id)
    stand_still(db)
    for row in db.execute(statement, execution_options={"yield_per": ROWS_AT_A_TIME}):
        yield as_listing(row)


def as_listing(row: Sequence[Any]) -> Listing:
    """The listing of a row of LISTINGS."""
    listing = Listing._make(row)
    media, sleeve = listing.media_grade, listing.sleeve_grade
    return listing._replace(
        media_grade=None if media is None else Grade(media),
        sleeve_grade=None if sleeve is None else Grade(sleeve),
        genres=names_of(row[_GENRES]),
        styles=names_of(row[_STYLES]),
    )


def _counted(wanted: Wanted) -> Select[int]:
    statement = select(func.count()).select_from(listings).where(matches(wanted))
    if wanted.format_terms or wanted.words:
        statement = statement.join(releases, releases.c.id == listings.c.release_id)
    return statement


def matches(wanted: Wanted) -> ColumnElement[bool]:
    """Whether a listing is wanted, in SQL over listings, releases and sellers."""
    terms: list[ColumnElement[bool]] = [_format_has(term) for term in wanted.format_terms]
    if wanted.seller_id is not None:
        terms.append(listings.c.seller_id == wanted.seller_id)
    if wanted.release_id is not None:
        terms.append(listings.c.release_id == wanted.release_id)
    if wanted.arrived_since is not None:
        # Every write touches a listing, its arrival too; that alone has an index.
        terms.append(listings.c.touched_at > wanted.arrived_since)
        terms.append(listings.c.first_seen_at > wanted.arrived_since)
    if not wanted.with_gone:
        terms.append(listings.c.gone_at.is_(None))
    if wanted.media_at_least is not None:
        terms.append(listings.c.media_grade >= int(wanted.media_at_least))
    if wanted.price_at_most is not None:
        terms.append(_costs_at_most(wanted.price_at_most))
    for word in wanted.words.lower().split():
        named = func.lower(releases.c.artist + " " + releases.c.title)
        terms.append(named.contains(word, autoescape=True))
    return and_(True, *terms)


def _costs_at_most(limits: Mapping[str, int]) -> ColumnElement[bool]:
    if not limits:
        return false()
    # NULL for any other currency, which no price is below.
    limit = case(dict(limits), value=listings.c.currency)
    return listings.c.price_minor <= limit


def _format_has(term: str) -> ColumnElement[bool]:
    """What `keeper.format_has` says, in SQL; a test holds them together."""
    # "2xLP, Album + CD" becomes ",2xlp,album,cd,": a whole term stands between commas.
    text = func.replace(func.lower(releases.c.format), "+", ",")
    terms = "," + func.replace(func.replace(text, " ,", ","), ", ", ",") + ","
    wanted = term.strip().lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return or_(*(terms.like(f"%,{number}{wanted},%", escape="\\") for number in ("", "_x", "__x")))
