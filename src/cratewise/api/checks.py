"""Checks: is a listing, or a page of them, still for sale, and at which price?"""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, PathParameter

from cratewise.api.installation import Here, Installation
from cratewise.api.listing_answer import Listing, Price, priced, shown
from cratewise.api.listings import MOST_AT_ONCE, Number, views
from cratewise.api.own_job import own_job
from cratewise.api.problems import told
from cratewise.durable import State as JobState
from cratewise.enqueue import enqueue_check
from cratewise.inventory.check import State, check, cost_of, refuse_uncheckable
from cratewise.notices import DATA_NOTICE
from cratewise.shelf.prices import stored_price
from cratewise.shelf.view import marked
from cratewise.store.engine import reading


class ToCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Listings, by our own ids: a page of results."""

    listing_ids: Annotated[
        list[Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]],
        msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE),
    ]


class CheckCost(msgspec.Struct, frozen=True, kw_only=True):
    """What checking takes: requests, and minutes of waiting for the quota; a sentence of both."""

    requests: int
    minutes: float
    remaining: int
    limit: int
    sentence: str


class CheckedListing(msgspec.Struct, frozen=True, kw_only=True):
    """A listing after its check.

    state         same, changed, gone, or odd: what Discogs answered made no sense.
    price_before  as it was known.
    """

    state: State
    price_before: Price | None
    listing: Listing
    notice: str = DATA_NOTICE


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A check of several listings, as it stands; states: of each that was looked at, by our id."""

    id: str
    state: JobState
    asked_at: datetime
    finished_at: datetime | None
    requests: int
    states: dict[int, State]
    error: str | None


@post("/listings/{listing_id:int}/check", tags=["listings"], operation_id="check_listing",
      sync_to_thread=True, status_code=200,
      responses=told(404, 409, 502, 503, 504))  # fmt: skip
def check_listing(here: Here, listing_id: Number) -> CheckedListing:
    """Ask Discogs for one listing, with one request: its price is fresh afterwards."""
    account, rates = here.account(), here.rates()
    with here.open_discogs(account.id) as discogs, discogs.interactive():
        looks = check(here.engine, discogs, [listing_id], rates=rates, clock=here.clock)
        checked = next(looks)
    before = stored_price(checked.before.price_minor, checked.before.currency)
    with reading(here.engine) as db:
        [view] = marked(db, account.id, [views(here, db, account, rates)(checked.after)])
    return CheckedListing(state=checked.state, price_before=priced(before), listing=shown(view))


@post("/listings/check/estimate", tags=["listings"], operation_id="estimate_check",
      sync_to_thread=True, status_code=200, responses=told(404, 409, 503))  # fmt: skip
def estimate_check(here: Here, data: JSONBody[ToCheck]) -> CheckCost:
    """What checking these listings would cost; asks Discogs nothing."""
    quota = here.quota()
    with reading(here.engine) as db:
        refuse_uncheckable(db, data.listing_ids)
    cost = cost_of(len(set(data.listing_ids)), quota)
    return CheckCost(
        requests=cost.requests,
        minutes=cost.minutes,
        remaining=quota.remaining(),
        limit=quota.limit,
        sentence=cost.sentence,
    )


@post("/listings/check", tags=["listings"], operation_id="start_check", sync_to_thread=True,
      status_code=202, responses=told(404, 409, 503))  # fmt: skip
def start_check(here: Here, data: JSONBody[ToCheck]) -> Check:
    """Check a page of listings in the background, one request each."""
    account = here.account()
    with reading(here.engine) as db:
        refuse_uncheckable(db, data.listing_ids)
    asked = enqueue_check(here.desk, data.listing_ids, account_id=account.id)
    return _check(here, asked.job_id)


@get("/listings/check/{job_id:str}", tags=["listings"], operation_id="read_check",
     sync_to_thread=True, responses=told(404, 503))  # fmt: skip
def read_check(here: Here, job_id: Annotated[str, PathParameter(max_length=64)]) -> Check:
    """A check of several listings, as it stands."""
    return _check(here, job_id)


def _check(here: Installation, job_id: str) -> Check:
    job = own_job(here, job_id, "check")
    return Check(
        id=job.id,
        state=job.state,
        asked_at=job.asked_at,
        finished_at=job.finished_at,
        requests=len(job.arguments.get("listing_ids", ())),
        states={int(number): state for number, state in (job.result or {}).items()},
        error=job.error,
    )
