"""Listings: pages of them in any order, and one with what it cost before."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter, SkipValidation

from cratewise.api.filter_query import TOLD, OfListing, OfReader, OfRelease, read_filter
from cratewise.api.filter_written import NAMES
from cratewise.api.found_listing import FoundListing, found_listing
from cratewise.api.installation import Here, Installation
from cratewise.api.listing_answer import Listing, Price, priced, shown
from cratewise.api.page_key import read_key, write_key
from cratewise.api.problems import BadField, told
from cratewise.api.tag import AnyRequest, tag_of, tagged
from cratewise.errors import SwappedRange, UnknownListing, UnknownTerm
from cratewise.notices import DATA_NOTICE, ONLY_SYMBOLS
from cratewise.shelf.appraise import UNKNOWN
from cratewise.shelf.prices import stored_price
from cratewise.shelf.query import NATURALLY_DESCENDING, Filter, Order, Reader, Sort
from cratewise.shelf.view import View, marked, viewer
from cratewise.store.engine import reading
from cratewise.store.presets import keeper_rule
from cratewise.store.price_changes import changes_of, last_changes
from cratewise.store.stock import Listing as StockedListing
from cratewise.store.stock import listing_of, these_listings
from cratewise.store.word_forms import only_symbols

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from cratewise.keeper import KeeperRule
    from cratewise.rates import Rates
    from cratewise.store.accounts import Account

MOST_AT_ONCE = 100
LAST_PAGE = 1_000_000  # behind the end of any stock

Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]


class ListingPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some listings in their order.

    count, pages, page, next, previous   of a page asked for by number; null by key.
    next_key    the key of the page behind this one; null at the end.
    remark      a sentence when there is no such page, or nothing and no word in `q`.
    currency    yours; rates_of: the day whose rates converted into it.
    """

    listings: list[FoundListing]
    next_key: str | None
    count: int | None = None
    pages: int | None = None
    page: int | None = None
    next: int | None = None
    previous: int | None = None
    remark: str | None = None
    currency: str
    notice: str = DATA_NOTICE


class PriceChange(msgspec.Struct, frozen=True, kw_only=True):
    """A price before and after; null: none was told."""

    changed_at: datetime
    old_price: Price | None
    new_price: Price | None


class ListingInFull(Listing, frozen=True, kw_only=True):
    """A listing with every change of its price, the first one first; none of a hidden one."""

    price_changes: list[PriceChange]
    notice: str = DATA_NOTICE


class Asked(NamedTuple):
    """Which page of which listings; told: the terms of a filter, see `filter_query.py`."""

    told: TOLD
    order: Order
    limit: int
    page: int | None
    key: str | None


class Eyes(NamedTuple):
    """Whose eyes look: read once for an answer and its tag."""

    account: "Account"
    rates: "Rates"
    rule: "KeeperRule"
    reader: Reader


AskedListings = NamedDependency[SkipValidation[Asked]]


def asked_listings(  # noqa: PLR0917 - each is a parameter of the query
    of_release: OfRelease,
    of_listing: OfListing,
    of_reader: OfReader,
    sort: Annotated[Sort, QueryParameter(description="Unknown ones stand last.")] = "score",
    direction: Annotated[
        Literal["asc", "desc"] | None,
        QueryParameter(
            description="By default the best, the newest, the most wanted first, others upwards."
        ),
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
    told = {**of_release, **of_listing, **of_reader}
    return Asked(told, Order(sort, is_descending), limit, page, key)


@get(
    "/listings",
    tags=["listings"],
    operation_id="list_listings",
    sync_to_thread=True,
    responses=told(404, 422, 503),
)
def list_listings(here: Here, asked: AskedListings, request: AnyRequest) -> Response[ListingPage]:
    """Listings that are for sale, a page of them, best scored first unless told otherwise."""
    eyes = eyes_of(here)
    return tagged(request, look_tag(here, eyes), lambda: look(here, eyes, asked))


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
        [view] = marked(db, account.id, [views(here, db, account, rates)(listing)])
        changes = changes_of(db, listing_id)
    return ListingInFull(
        **msgspec.structs.asdict(shown(view)),
        price_changes=[
            PriceChange(
                changed_at=one.changed_at,
                old_price=priced(stored_price(one.old_price_minor, one.old_currency)),
                new_price=priced(stored_price(one.new_price_minor, one.new_currency)),
            )
            # The last of them tells what a hidden price is.
            for one in (() if view.is_price_hidden else changes)
        ],
    )


def look(here: Installation, eyes: Eyes, asked: Asked) -> ListingPage:
    """The page that was asked for, as somebody sees it."""
    account, reader = eyes.account, eyes.reader
    with reading(here.engine) as db:
        wanted = read_filter(db, asked.told, account, here.clock.now())
    refuse_impossible(here, wanted, reader)
    number = asked.page or 1
    if asked.key is None:
        found = here.finder.numbered_page(
            wanted, asked.order, reader, page=number, limit=asked.limit
        )
    else:
        key = read_key(asked.order, asked.key)
        found = here.finder.page_after(wanted, asked.order, reader, key, limit=asked.limit)
    with reading(here.engine) as db:
        view = viewed(here, account, eyes.rates, eyes.rule)
        page = marked(db, account.id, map(view, these_listings(db, found.ids)))
        changes = last_changes(db, found.ids)
    answer = ListingPage(
        listings=[
            found_listing(
                one,
                account.currency,
                found.appraised.get(one.listing.id, UNKNOWN),
                changes.get(one.listing.id),
            )
            for one in page
        ],
        next_key=write_key(asked.order, found.next_key) if found.next_key else None,
        currency=account.currency,
    )
    if asked.key is not None:
        return answer
    is_symbols = only_symbols(wanted.words)
    return _numbered(answer, number, found.count, asked.limit, is_symbols=is_symbols)


def _numbered(
    answer: ListingPage, number: int, count: int, limit: int, *, is_symbols: bool
) -> ListingPage:
    pages = -(-count // limit)
    is_beyond = number > max(pages, 1)
    told_pages = f"{count:,} listings are {pages:,} pages" if pages != 1 else "there is one page"
    remark = f"page: there is no page {number:,}; {told_pages}." if is_beyond else None
    return msgspec.structs.replace(
        answer,
        count=count,
        pages=pages,
        page=number,
        next=number + 1 if number < pages else None,
        previous=min(number - 1, pages) or None,
        remark=remark or (ONLY_SYMBOLS if not count and is_symbols else None),
    )


def eyes_of(here: Installation) -> Eyes:
    """Whose eyes look now."""
    # Before a connection is taken: who holds one and waits for another may wait for ever.
    account, rates = here.account(), here.rates()
    with reading(here.engine) as db:
        rule = keeper_rule(db, account.id)
    return Eyes(account, rates, rule, reader_of(here, account, rates))


def reader_of(here: Installation, account: "Account", rates: "Rates") -> Reader:
    """The same, as the shelf asks."""
    today = here.clock.now().date()
    return Reader(account.id, account.currency, rates, today, here.priced_since(account))


def refuse_impossible(here: Installation, wanted: Filter, reader: Reader) -> None:
    """Refuse genres and styles that nothing has, and swapped prices.  Raises BadField."""
    try:
        here.finder.refuse_impossible(wanted, reader)
    except UnknownTerm as error:
        raise BadField(f"query.{NAMES[error.term]}", str(error), error.similar) from None
    except SwappedRange as error:
        raise BadField(f"query.min_{error.term}", str(error)) from None


def look_tag(here: Installation, eyes: Eyes) -> str:
    """Another whenever the same question may be answered otherwise; ages change by the minute."""
    version = here.finder.version(eyes.reader)
    minute = here.clock.now().strftime("%Y%m%d%H%M")
    newest_day = str(eyes.rates.newest_day)
    shown = str(eyes.reader.priced_since)
    return tag_of(version, eyes.account.currency, newest_day, str(eyes.rule), shown, minute)


def views(
    here: Installation, db: "Connection", account: "Account", rates: "Rates"
) -> "Callable[[StockedListing], View]":
    """How this account sees listings now."""
    return viewed(here, account, rates, keeper_rule(db, account.id))


def viewed(
    here: Installation, account: "Account", rates: "Rates", rule: "KeeperRule"
) -> "Callable[[StockedListing], View]":
    """The same, by a rule that was read before."""
    return viewer(
        currency=account.currency,
        rates=rates,
        rule=rule,
        now=here.clock.now(),
        hides_stale=here.hides_stale(account),
    )
