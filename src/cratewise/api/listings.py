"""Listings: pages of them in any order, and one with what it cost before."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter, SkipValidation

from cratewise.api.installation import Here, Installation
from cratewise.api.listing_answer import Listing, Price, priced, shown
from cratewise.api.page_key import read_key, write_key
from cratewise.api.problems import BadField, told
from cratewise.errors import UnknownListing
from cratewise.grades import Grade, parse_media
from cratewise.money import typed_price
from cratewise.notices import DATA_NOTICE
from cratewise.shelf.kept import kept_seller
from cratewise.shelf.prices import limits_by_currency, stored_price
from cratewise.shelf.view import View, viewer
from cratewise.store.engine import reading
from cratewise.store.presets import keeper_rule
from cratewise.store.price_changes import changes_of
from cratewise.store.stock import Listing as StockedListing
from cratewise.store.stock import Wanted, count, listing_of
from cratewise.store.stock_pages import (
    NATURALLY_DESCENDING,
    Order,
    Sort,
    StockPage,
    numbered_page,
    page_after,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from cratewise.rates import Rates
    from cratewise.store.accounts import Account

MOST_AT_ONCE = 100
LAST_PAGE = 1_000_000  # behind the end of any stock

Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]


class ListingPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some listings in their order.

    count, pages, page, next, previous   of a page asked for by number; null by key.
    next_key    the key of the page behind this one; null at the end.
    currency    yours; rates_of: the day whose rates converted into it.
    """

    listings: list[Listing]
    next_key: str | None
    count: int | None = None
    pages: int | None = None
    page: int | None = None
    next: int | None = None
    previous: int | None = None
    currency: str
    notice: str = DATA_NOTICE


class PriceChange(msgspec.Struct, frozen=True, kw_only=True):
    """A price before and after; null: none was told."""

    changed_at: datetime
    old_price: Price | None
    new_price: Price | None


class ListingInFull(Listing, frozen=True, kw_only=True):
    """A listing with every change of its price, the first one first."""

    price_changes: list[PriceChange]
    notice: str = DATA_NOTICE


class Asked(NamedTuple):
    """Which page of which listings; a filter that is None or empty lets all through."""

    seller: str | None
    words: str
    most: str | None
    formats: tuple[str, ...]
    grade: Grade | None
    since: datetime | None
    with_gone: bool
    order: Order
    limit: int
    page: int | None
    key: str | None


AskedListings = NamedDependency[SkipValidation[Asked]]


def asked_listings(  # noqa: PLR0917 - each is a parameter of the query
    seller: Annotated[
        str | None, QueryParameter(description="One seller's, in any case.", max_length=100)
    ] = None,
    q: Annotated[
        str, QueryParameter(description="Parts of artist and title, in any case.", max_length=200)
    ] = "",
    max_price: Annotated[
        str | None,
        QueryParameter(description="What it may cost at most: 20, or 20EUR.", max_length=30),
    ] = None,
    formats: Annotated[
        list[str] | None,
        QueryParameter(name="format", description="A term of the format: LP. Repeat for more."),
    ] = None,
    min_grade: Annotated[
        str | None, QueryParameter(description="The medium's at least: VG+.", max_length=30)
    ] = None,
    since: Annotated[
        datetime | None, QueryParameter(description="First seen later than this moment.")
    ] = None,
    gone: Annotated[bool, QueryParameter(description="Those no longer for sale too.")] = False,
    sort: Annotated[Sort, QueryParameter(description="Unknown ones stand last.")] = "score",
    direction: Annotated[
        Literal["asc", "desc"] | None,
        QueryParameter(description="By default the best and the newest first, others upwards."),
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_AT_ONCE)] = 50,
    page: Annotated[
        int | None,
        QueryParameter(ge=1, le=LAST_PAGE, description="By number; 1 by default."),
    ] = None,
    key: Annotated[
        str | None,
        QueryParameter(
            max_length=4000,
            description="By key instead: `next_key` of the page before; empty for the first.",
        ),
    ] = None,
) -> Asked:
    """What the query of a page of listings asks for."""
    if page is not None and key is not None:
        raise BadField("query.key", "key: give either a page's number or a key, not both.")
    is_descending = direction == "desc" if direction else sort in NATURALLY_DESCENDING
    return Asked(
        seller=seller,
        words=q,
        most=max_price,
        formats=tuple(formats or ()),
        grade=_grade(min_grade),
        since=None if since is None else _in_utc(since),
        with_gone=gone,
        order=Order(sort, is_descending),
        limit=limit,
        page=page,
        key=key,
    )


@get(
    "/listings",
    tags=["listings"],
    operation_id="list_listings",
    sync_to_thread=True,
    responses=told(404, 422, 503),
)
def list_listings(here: Here, asked: AskedListings) -> ListingPage:
    """Listings that are for sale, a page of them, best scored first unless told otherwise."""
    return look(here, asked)


@get(
    "/listings/{listing_id:int}",
    tags=["listings"],
    operation_id="read_listing",
    sync_to_thread=True,
    responses=told(404, 503),
)
def read_listing(here: Here, listing_id: Number) -> ListingInFull:
    """One listing, be it gone or not, with what it cost before."""
    # Before a connection is taken: who holds one and waits for another may wait for ever.
    account, rates = here.account(), here.rates()
    with reading(here.engine) as db:
        listing = listing_of(db, listing_id)
        if listing is None:
            raise UnknownListing(listing_id)
        view = views(here, db, account, rates)(listing)
        changes = changes_of(db, listing_id)
    return ListingInFull(
        **msgspec.structs.asdict(shown(view)),
        price_changes=[
            PriceChange(
                changed_at=one.changed_at,
                old_price=priced(stored_price(one.old_price_minor, one.old_currency)),
                new_price=priced(stored_price(one.new_price_minor, one.new_currency)),
            )
            for one in changes
        ],
    )


def look(here: Installation, asked: Asked) -> ListingPage:
    """The page that was asked for, as this installation's account sees it."""
    # Before a connection is taken: who holds one and waits for another may wait for ever.
    account, rates = here.account(), here.rates()
    with reading(here.engine) as db:
        wanted = _wanted(here, db, asked, account, rates)
        view = views(here, db, account, rates)
        if asked.key is not None:
            key = read_key(asked.order, asked.key)
            found = page_after(db, wanted, asked.order, key, limit=asked.limit)
            return _page(found, asked, account, view)
        number = asked.page or 1
        found = numbered_page(db, wanted, asked.order, page=number, limit=asked.limit)
        every = count(db, wanted)
    pages = -(-every // asked.limit)
    return msgspec.structs.replace(
        _page(found, asked, account, view),
        count=every,
        pages=pages,
        page=number,
        next=number + 1 if number < pages else None,
        previous=min(number - 1, pages) or None,
    )


def views(
    here: Installation, db: "Connection", account: "Account", rates: "Rates"
) -> "Callable[[StockedListing], View]":
    """How this account sees listings now."""
    return viewer(
        currency=account.currency,
        rates=rates,
        rule=keeper_rule(db, account.id),
        now=here.clock.now(),
    )


def _wanted(
    here: Installation, db: "Connection", asked: Asked, account: "Account", rates: "Rates"
) -> Wanted:
    limits = None
    if asked.most is not None:
        most = typed_price(asked.most, account.currency)
        limits = limits_by_currency(most, rates, here.clock.now().date())
    return Wanted(
        seller_id=kept_seller(db, asked.seller).id if asked.seller is not None else None,
        price_at_most=limits,
        format_terms=asked.formats,
        media_at_least=asked.grade,
        words=asked.words,
        with_gone=asked.with_gone,
        arrived_since=asked.since,
    )


def _page(
    found: StockPage,
    asked: Asked,
    account: "Account",
    view: "Callable[[StockedListing], View]",
) -> ListingPage:
    return ListingPage(
        listings=[shown(view(listing)) for listing in found.listings],
        next_key=write_key(asked.order, found.next_key) if found.next_key else None,
        currency=account.currency,
    )


def _grade(told_grade: str | None) -> Grade | None:
    if told_grade is None:
        return None
    grade = parse_media(told_grade)
    if grade is None:
        known = ", ".join(one.short for one in sorted(Grade, reverse=True) if one.is_quality)
        raise BadField("query.min_grade", f"min_grade: {told_grade!r} is none of {known}.")
    return grade


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
