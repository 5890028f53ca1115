"""Home: how much is kept, what is new since you looked last, which pulls go on."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
from litestar import get, post
from litestar.params import QueryParameter

from cratewise.api.filter_query import in_utc
from cratewise.api.installation import Here, Installation
from cratewise.api.listing_answer import Listing, shown
from cratewise.api.listings import reader_of, viewed
from cratewise.api.problems import told
from cratewise.api.pull_answer import Pull, Standing, of_rows, quota_standing
from cratewise.api.pulls import live_pulls
from cratewise.inventory.claim import is_left
from cratewise.notices import DATA_NOTICE
from cratewise.shelf.query import Filter, Order, Reader
from cratewise.shelf.totals import Totals
from cratewise.shelf.view import marked
from cratewise.store import stock_pages
from cratewise.store.engine import reading, writing
from cratewise.store.news import Counts, count_followed, counts, look, news_since, of_home
from cratewise.store.pulls import Pull as Row
from cratewise.store.pulls import list_pulls
from cratewise.store.stock import Listing as StockedListing
from cratewise.store.stock import Wanted, these_listings

if TYPE_CHECKING:
    from sqlalchemy import Connection

BEST = 5
MOST_RUNNING = 100


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """How much is kept; sellers: that you follow, listings: for sale, gone: no longer."""

    sellers: int
    listings: int
    gone: int
    releases: int


class News(msgspec.Struct, frozen=True, kw_only=True):
    """Listings of sellers that you follow, those muted aside; best: of all that arrived."""

    since: datetime
    arrived: int
    cheaper: int
    gone: int
    best: list[Listing]


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """What to see first.

    pulls      that wait or run, whoever asked.
    remaining  requests that the quota allows at once, of `limit` a minute.
    """

    currency: str
    counts: Kept
    news: News
    pulls: list[Pull]
    remaining: int
    limit: int
    notice: str = DATA_NOTICE


class Looked(msgspec.Struct, frozen=True):
    """Up to when the news were seen."""

    looked_at: datetime


@get("/home", tags=["home"], operation_id="home", sync_to_thread=True, responses=told(503))
def show_home(
    here: Here,
    since: Annotated[
        datetime | None,
        QueryParameter(description="News since then; by default since you looked last."),
    ] = None,
) -> Home:
    """How much is kept, what is new, which pulls go on."""
    account = here.account()
    standing, rates = quota_standing(here), here.rates()
    with reading(here.engine) as db:
        mine = of_home(db, account.id)
        # Before jobs are: what begins in between is a job by then, and is told once.
        running = list_pulls(db, state="running", limit=MOST_RUNNING)
    live = live_pulls(here, standing)
    moment = in_utc(since) or mine.news_begin(here.clock.now())
    totals, ids = _by_the_shelf(here, reader_of(here, account, rates), moment)
    view = viewed(here, account, rates, mine.rule)
    with reading(here.engine) as db:
        found = news_since(db, account.id, moment)
        arrived = these_listings(db, ids) if totals else _best(db, moment)
        best = marked(db, account.id, map(view, arrived))
        kept = Counts(mine.sellers, *totals) if totals else counts(db, account.id)
        pulls = [*live, *of_rows(db, _others(running, live, standing), standing)]
    return Home(
        currency=account.currency,
        counts=Kept(**kept._asdict()),
        news=News(since=moment, best=[shown(one) for one in best], **found._asdict()),
        pulls=pulls,
        remaining=standing.remaining,
        limit=standing.limit,
    )


def _others(running: list[Row], live: list[Pull], standing: Standing) -> list[Row]:
    """Pulls that run without a job, of the command line."""
    known = {pull.number for pull in live}
    return [one for one in running if one.id not in known and not is_left(one, standing.now)]


def counted(db: "Connection", account_id: int, totals: Totals | None) -> Counts:
    """How much is kept.

    totals  as the shelf tells; None: it is being loaded, and the database counts.
    """
    if totals is None:
        return counts(db, account_id)
    return Counts(count_followed(db, account_id), *totals)


def _by_the_shelf(
    here: Installation, reader: Reader, since: datetime
) -> tuple[Totals | None, list[int]]:
    """How much is kept and the best of what arrived, unless the shelf is being loaded."""
    if not here.finder.is_loaded:
        return None, []
    wanted = Filter(arrived_since=since)
    best, totals = here.finder.first_page(wanted, Order("score"), reader, limit=BEST)
    return totals, best.ids


def _best(db: "Connection", since: datetime) -> list[StockedListing]:
    order = stock_pages.Order("score", is_descending=True)
    wanted = Wanted(arrived_since=since)
    return stock_pages.numbered_page(db, wanted, order, page=1, limit=BEST).listings


@post(
    "/home/looked",
    tags=["home"],
    operation_id="note_look",
    sync_to_thread=True,
    status_code=200,
    responses=told(503),
)
def note_look(
    here: Here,
    at: Annotated[
        datetime | None,
        QueryParameter(description="Up to then all was seen; now by default. To take a look back."),
    ] = None,
) -> Looked:
    """Begin the news anew: all up to now have been seen."""
    now, account = here.clock.now(), here.account()
    moment = min(in_utc(at) or now, now)
    with writing(here.engine) as db:
        look(db, account.id, moment)
    return Looked(moment)
