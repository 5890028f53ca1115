"""Pulls, as the earlier page starts them and looks at its scraper."""

from contextlib import suppress

import msgspec
from litestar import get, post

from cratewise.api.home import counted
from cratewise.api.installation import Here, Installation
from cratewise.api.legacy.refusals import told_as_before
from cratewise.api.legacy.shapes import TAG, Message, Name
from cratewise.api.pull_answer import Pull
from cratewise.api.pulls import begin
from cratewise.errors import DiscogsError, NotFound
from cratewise.store.engine import reading
from cratewise.store.sellers import find_seller


class Scraped(msgspec.Struct, frozen=True):
    """username: as Discogs spells it; total_records: for sale; new_records: found so far."""

    success: bool
    message: str
    username: str
    total_records: int
    new_records: int


class Stats(msgspec.Struct, frozen=True):
    """current_requests: of the last minute; current_sleep_time: seconds until one may be sent."""

    total_listings: int
    total_records: int
    total_sellers: int
    current_requests: int
    current_sleep_time: float


class Test(msgspec.Struct, frozen=True):
    success: bool
    message: str


@post(
    "/data/{seller:str}",
    tags=[TAG],
    operation_id="earlier_pull",
    sync_to_thread=True,
    status_code=201,
    responses=told_as_before(404, 409, 422, 502, 503, 504),
)
def pull(here: Here, seller: Name) -> Message:
    """Read a seller's stock in the background; joins the pull that waits or runs."""
    return Message(_told(begin(here, seller)))


@post(
    "/api/scraper/go/{seller:str}",
    tags=[TAG],
    operation_id="earlier_scrape",
    sync_to_thread=True,
    status_code=200,
    responses=told_as_before(404, 409, 422, 502, 503, 504),
)
def scrape(here: Here, seller: Name) -> Scraped:
    """The same, answered in another form."""
    pull = begin(here, seller)
    with reading(here.engine) as db:
        known = find_seller(db, pull.seller)
    return Scraped(
        success=True,
        message=_told(pull),
        username=known.username if known else pull.seller,
        total_records=(known.for_sale if known else None) or 0,
        new_records=pull.new,
    )


@get(
    "/api/scraper/stats",
    tags=[TAG],
    operation_id="earlier_scraper_stats",
    sync_to_thread=True,
    responses=told_as_before(503),
)
def show_stats(here: Here) -> Stats:
    """How much is kept, and how much of the quota is used."""
    account, quota = here.account(), here.quota()
    remaining = quota.remaining()
    totals = here.finder.totals() if here.finder.is_loaded else None
    with reading(here.engine) as db:
        kept = counted(db, account.id, totals)
    interval = quota.window_seconds / max(quota.limit, 1)
    return Stats(
        total_listings=kept.listings,
        total_records=kept.releases,
        total_sellers=kept.sellers,
        current_requests=max(quota.limit - remaining, 0),
        current_sleep_time=0.0 if remaining else round(interval, 3),
    )


@get(
    "/api/scraper/test",
    tags=[TAG],
    operation_id="earlier_scraper_test",
    sync_to_thread=True,
    responses=told_as_before(503),
)
def test_discogs(here: Here) -> Test:
    """Whether Discogs answers, and to whom; costs one request."""
    try:
        return Test(success=True, message=_answers(here))
    except DiscogsError as error:
        return Test(success=False, message=str(error))


def _answers(here: Installation) -> str:
    with here.open_discogs(here.account().id) as discogs, discogs.interactive():
        if discogs.is_somebody:
            return f"Discogs answers; the account is {discogs.identity().username}'s."
        with suppress(NotFound):  # which is an answer too
            discogs.release(1)
        return "Discogs answers; no account is connected."


def _told(pull: Pull) -> str:
    return f"The stock of {pull.seller} is being read in the background."
