"""What happened to listings: new ones, prices that moved, what went, what came back."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from cratewise.api.filter_query import in_utc
from cratewise.api.installation import Here, Installation
from cratewise.api.listing_answer import Listing, Price, priced, shown
from cratewise.api.listings import eyes_of, look_tag, views
from cratewise.api.page_key import read_parts, write_parts
from cratewise.api.problems import BadField, told
from cratewise.api.tag import AnyRequest, tag_of, tagged
from cratewise.notices import DATA_NOTICE
from cratewise.shelf.kept import kept_seller
from cratewise.shelf.prices import stored_price
from cratewise.shelf.view import View, marked
from cratewise.store import changes as kept
from cratewise.store.engine import reading
from cratewise.store.following import heard_sellers
from cratewise.store.news import news_begin
from cratewise.store.sellers import names_of_sellers
from cratewise.store.stock import these_listings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cratewise.store.accounts import Account

T = TypeVar("T")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a listing, which is shown as it is now.

    kind  'cheaper' and 'dearer' in the seller's own currency; 'repriced': the currency changed,
          or one of the prices was not told
    old_price, new_price  of a price that moved; null elsewhere, and where none was told or the
          listing's price is hidden
    """

    kind: kept.Kind
    at: datetime
    old_price: Price | None
    new_price: Price | None
    listing: Listing


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """Some changes, the last one first; next_key: of the page behind this one, null at the end.

    since, until  of which time: after the one, up to the other
    """

    since: datetime
    until: datetime
    changes: list[Change]
    next_key: str | None
    currency: str
    notice: str = DATA_NOTICE


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many changes there were of each kind."""

    new: int = 0
    cheaper: int = 0
    dearer: int = 0
    repriced: int = 0
    gone: int = 0
    back: int = 0


class OfSeller(Counted, frozen=True, kw_only=True):
    """At one seller's."""

    seller: str


class OfDay(Counted, frozen=True, kw_only=True):
    """On one day, in UTC."""

    day: date


class ChangeCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many changes there were: over all, by seller, by day.

    Sellers and days without any are left out; those of most changes, and the first days, first.
    """

    since: datetime
    until: datetime
    total: Counted
    sellers: list[OfSeller]
    days: list[OfDay]


class Asked(NamedTuple):
    """Which changes a query asks for; sellers: names, empty for all that are followed."""

    since: datetime | None
    until: datetime | None
    kinds: tuple[kept.Kind, ...]
    sellers: tuple[str, ...]


AskedChanges = NamedDependency[SkipValidation[Asked]]


def asked_changes(
    since: Annotated[
        datetime | None,
        QueryParameter(description="By default since you looked last, else for a week."),
    ] = None,
    until: Annotated[
        datetime | None, QueryParameter(description="Until then; by default until now.")
    ] = None,
    kind: Annotated[
        list[kept.Kind] | None, QueryParameter(description="Which; all by default.", max_items=20)
    ] = None,
    seller: Annotated[
        list[str] | None,
        QueryParameter(
            description="Whose; by default all that you follow, those muted aside.", max_items=50
        ),
    ] = None,
) -> Asked:
    """What the query of changes asks for."""
    return Asked(in_utc(since), in_utc(until), tuple(kind or ()), tuple(seller or ()))


@get(
    "/changes",
    tags=["listings"],
    operation_id="list_changes",
    sync_to_thread=True,
    responses=told(404, 503),
)
def list_changes(
    here: Here,
    request: AnyRequest,
    asked_changes: AskedChanges,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
    key: Annotated[
        str, QueryParameter(max_length=200, description="`next_key` of the page before.")
    ] = "",
) -> Response[Changes]:
    """New arrivals, prices that moved, what went and what came back, the last one first."""
    return tagged(
        request,
        _tag(here, asked_changes),
        lambda: _changes(here, asked_changes, kept.Place(*_read(key)) if key else None, limit),
    )


@get(
    "/changes/counts",
    tags=["listings"],
    operation_id="count_changes",
    sync_to_thread=True,
    responses=told(404, 503),
)
def count_changes(
    here: Here, request: AnyRequest, asked_changes: AskedChanges
) -> Response[ChangeCounts]:
    """How many changes of each kind there were: over all, by seller, by day."""
    return tagged(request, _tag(here, asked_changes), lambda: _counts(here, asked_changes))


def _read(key: str) -> tuple[int, int, int]:
    place = read_parts(key, tuple[int, int, int])
    if any(not -(2**63) <= part < 2**63 for part in place):
        raise BadField("query.key", "key: it is none of a page of changes.")
    return place


def _tag(here: Installation, asked: Asked) -> str:
    account = here.account()
    with reading(here.engine) as db:
        begin = news_begin(db, account.id, here.clock.now().replace(second=0, microsecond=0))
        heard = heard_sellers(db, account.id)
    return tag_of(look_tag(here, eyes_of(here)), str(asked), str(begin), str(heard))


def _span(here: Installation, db: "Connection", account: "Account", asked: Asked) -> kept.Span:
    now = here.clock.now()
    since, until = asked.since or news_begin(db, account.id, now), asked.until or now
    if asked.since is not None and since > until:
        raise BadField("query.since", "since: it lies behind the end; swap the two.")
    named = dict.fromkeys(kept_seller(db, name).id for name in asked.sellers)
    return kept.Span(since, until, list(named) or heard_sellers(db, account.id), asked.kinds)


def _changes(here: Installation, asked: Asked, place: kept.Place | None, limit: int) -> Changes:
    # Before a connection is taken: who holds one and waits for another may wait for ever.
    account, rates = here.account(), here.rates()
    with reading(here.engine) as db:
        span = _span(here, db, account, asked)
        found = kept.changes_after(db, account.id, span, place, limit=limit + 1)
        page = found[:limit]
        ids = list(dict.fromkeys(change.listing_id for change in page))
        view = views(here, db, account, rates)
        looked = marked(db, account.id, map(view, these_listings(db, ids)))
    by_id = {view.listing.id: view for view in looked}
    return Changes(
        since=span.since,
        until=span.until,
        changes=[
            _shown(change, by_id[change.listing_id])
            for change in page
            if change.listing_id in by_id
        ],
        next_key=write_parts(page[-1].place) if len(found) > limit else None,
        currency=account.currency,
    )


def _shown(change: kept.Change, view: View) -> Change:
    old = stored_price(change.old_price_minor, change.old_currency)
    new = stored_price(change.new_price_minor, change.new_currency)
    return Change(
        kind=change.kind,
        at=change.at,
        # What a listing cost tells what it costs, so both are hidden together.
        old_price=None if view.is_price_hidden else priced(old),
        new_price=None if view.is_price_hidden else priced(new),
        listing=shown(view),
    )


def _counts(here: Installation, asked: Asked) -> ChangeCounts:
    account = here.account()
    with reading(here.engine) as db:
        span = _span(here, db, account, asked)
        tallies = kept.count_changes(db, account.id, span)
        names = names_of_sellers(db, {tally.seller_id for tally in tallies})
    sellers = _summed((names[tally.seller_id], tally) for tally in tallies)
    days = _summed((tally.day, tally) for tally in tallies)
    return ChangeCounts(
        since=span.since,
        until=span.until,
        total=Counted(**_summed((None, tally) for tally in tallies)[None]),
        sellers=[
            OfSeller(seller=name, **counts)
            for name, counts in sorted(
                sellers.items(), key=lambda one: (-one[1].total(), one[0].lower())
            )
        ],
        days=[OfDay(day=day, **counts) for day, counts in sorted(days.items())],
    )


def _summed(tallies: Iterable[tuple[T, kept.Tally]]) -> defaultdict[T, Counter[str]]:
    """How many of each kind, by what each tally is told to be of."""
    found: defaultdict[T, Counter[str]] = defaultdict(Counter)
    for key, tally in tallies:
        found[key][tally.kind] += tally.many
    return found
