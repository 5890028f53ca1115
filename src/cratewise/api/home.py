"""Home: how much is kept, what is new since you looked last, which pulls go on."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import QueryParameter

from cratewise.api.filter_query import in_utc
from cratewise.api.installation import Here
from cratewise.api.listing_answer import Listing, shown
from cratewise.api.listings import views
from cratewise.api.problems import told
from cratewise.api.pull_answer import Pull, of_row, quota_standing
from cratewise.api.pulls import live_pulls
from cratewise.inventory.claim import is_left
from cratewise.notices import DATA_NOTICE
from cratewise.shelf.view import marked
from cratewise.store.engine import reading, writing
from cratewise.store.news import counts, look, news_begin, news_since
from cratewise.store.pulls import list_pulls
from cratewise.store.stock import Wanted
from cratewise.store.stock_pages import Order, numbered_page

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
    live = live_pulls(here, standing)
    with reading(here.engine) as db:
        moment = in_utc(since) or news_begin(db, account.id, here.clock.now())
        found = news_since(db, account.id, moment)
        view = views(here, db, account, rates)
        order = Order("score", is_descending=True)
        newest = numbered_page(db, Wanted(arrived_since=moment), order, page=1, limit=BEST)
        best = marked(db, account.id, map(view, newest.listings))
        known = {pull.number for pull in live}
        running = list_pulls(db, state="running", limit=MOST_RUNNING)
        return Home(
            currency=account.currency,
            counts=Kept(**counts(db, account.id)._asdict()),
            news=News(
                since=moment,
                best=[shown(one) for one in best],
                **found._asdict(),
            ),
            pulls=[
                *live,
                *(
                    of_row(db, row, standing)
                    for row in running
                    if row.id not in known and not is_left(row, standing.now)
                ),
            ],
            remaining=standing.remaining,
            limit=standing.limit,
        )


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
