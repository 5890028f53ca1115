"""Pulls: what one would cost, start, list, look, watch live, cancel."""

from collections.abc import Mapping
from typing import Annotated, Literal, cast

import msgspec
import structlog
from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.response import Stream
from structlog.contextvars import bind_contextvars

from cratewise.api.events import MEDIA_TYPE, watch
from cratewise.api.installation import Here, Installation
from cratewise.api.problems import BadField, told
from cratewise.api.pull_answer import Pull, Standing, find, of_jobs, of_rows, quota_standing
from cratewise.discogs.names import seller_name
from cratewise.enqueue import LOOK_REQUESTS, Look, enqueue_look, enqueue_pull
from cratewise.inventory.deep import BUDGET
from cratewise.inventory.estimate import estimate, estimate_look
from cratewise.inventory.meet import meet
from cratewise.inventory.pull import AskedKind
from cratewise.inventory.sweep import choose, is_beyond_reach
from cratewise.shelf.kept import kept_seller
from cratewise.store.engine import reading, writing
from cratewise.store.pulls import list_pulls, stop
from cratewise.store.sellers import find_seller

MOST_LIVE = 200  # jobs that wait or run; more than anybody follows at once

Kind = Literal["auto", "quick", "full", "deep", "verify", "wants"]
LOOKS: Mapping[str, Look] = {"verify": "verify", "wants": "ask_for_wants"}
MOST_REQUESTS = 100_000  # more than a day of them
PullId = Annotated[str, PathParameter(max_length=64)]

log = structlog.get_logger(__name__)


class PullRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose stock to read: a name in any case, or the address of a shop; and how much of it.

    kind      'quick': the newest until what it meets is known; 'full': everything, so that gone
              ones show; 'deep': as much as can be had of more than 20,000; 'auto': a quick look
              where it will do.  'verify': look again at what was not seen for 30 days, best
              first; 'wants', experimental: ask for each title of your wantlist.
    requests  the most that a deep pull, 'verify' or 'wants' may cost; 1,400, 50 and 101 unless
              told.
    """

    seller: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    kind: Kind = "auto"
    requests: Annotated[int, msgspec.Meta(ge=2, le=MOST_REQUESTS)] | None = None

    def check(self) -> None:
        """Raises BadField for a number of requests that nothing would heed."""
        if self.requests is not None and self.kind in ("quick", "full"):
            raise BadField(
                "body.requests",
                f"requests: a {self.kind} pull costs what it costs; this goes with deep, verify "
                "and wants.",
            )


class PullCost(msgspec.Struct, frozen=True, kw_only=True):
    """What a pull would cost.

    requests  with the one for the profile; remaining: that the quota allows at once, of `limit`
              a minute.
    minutes   of waiting for the quota.
    coverage  0 to 1: which part of the stock is likely to be known afterwards; null: a look at
              single listings.
    sentence  all of it for people.
    """

    seller: str
    kind: str
    for_sale: int
    requests: int
    minutes: float
    coverage: float | None
    remaining: int
    limit: int
    sentence: str


class Pulls(msgspec.Struct, frozen=True, kw_only=True):
    """Pulls and imports, those that wait first, then the newest; before: for the next page."""

    pulls: list[Pull]
    before: int | None


@post(
    "/pulls/estimate",
    tags=["pulls"],
    operation_id="estimate_pull",
    sync_to_thread=True,
    status_code=200,
    responses=told(404, 409, 422, 502, 503, 504),
)
def estimate_pull(here: Here, data: JSONBody[PullRequest]) -> PullCost:
    """What a pull would cost.  Asks Discogs for the seller's profile: one request."""
    data.check()
    name = seller_name(data.seller)
    account = here.account()
    with here.open_discogs(account.id) as discogs, discogs.interactive():
        profile, known = meet(here.engine, discogs, name, clock=here.clock)
        quota, remaining = discogs.quota, discogs.remaining
    claimed = profile.for_sale or 0
    if look := LOOKS.get(data.kind):
        cost = estimate_look(
            profile.username, data.requests or LOOK_REQUESTS[look],
            limit=quota.limit, remaining=remaining, window_seconds=quota.window_seconds,
        )  # fmt: skip
    else:
        asked = cast("AskedKind", data.kind)
        kind = choose(claimed, known, here.clock.now()) if asked == "auto" else asked
        kind = "full" if kind == "deep" and not is_beyond_reach(claimed) else kind
        cost = estimate(
            profile.username, claimed, known, kind,
            limit=quota.limit, remaining=remaining, window_seconds=quota.window_seconds,
            budget=data.requests or BUDGET,
        )  # fmt: skip
    return PullCost(
        seller=profile.username,
        kind=data.kind if data.kind in LOOKS else cost.kind,
        for_sale=claimed,
        requests=cost.requests,
        minutes=cost.minutes,
        coverage=None if data.kind in LOOKS else cost.coverage,
        remaining=remaining,
        limit=quota.limit,
        sentence=cost.sentence,
    )


@post(
    "/pulls",
    tags=["pulls"],
    operation_id="start_pull",
    sync_to_thread=True,
    status_code=202,
    responses=told(404, 409, 422, 502, 503, 504),
)
def start_pull(here: Here, data: JSONBody[PullRequest]) -> Pull:
    """Read a seller's stock in the background; joins the pull of that seller that waits or runs.

    A seller never met before is asked for at Discogs first, one request: a name that is
    none is told at once.
    """
    data.check()
    return begin(here, data.seller, data.kind, data.requests)


def begin(
    here: Installation, seller: str, kind: Kind = "auto", requests: int | None = None
) -> Pull:
    """Ask for a pull, or for a look at single listings; the one that waits or runs.

    Raises UnknownSeller, ImpossibleName, another DiscogsError.
    """
    name = seller_name(seller)
    account = here.account()
    with reading(here.engine) as db:
        known = find_seller(db, name)
    # Whoever is gone may be back; an imported seller may never have been on Discogs.
    if known is None or known.discogs_id is None or known.state == "gone":
        with here.open_discogs(account.id) as discogs, discogs.interactive():
            meet(here.engine, discogs, name, clock=here.clock, follower=account.id)
    if look := LOOKS.get(kind):
        asked = enqueue_look(here.desk, name, account_id=account.id, deed=look, requests=requests)
    else:
        asked = enqueue_pull(
            here.desk,
            name,
            account_id=account.id,
            kind=cast("AskedKind", kind),
            requests=requests,
        )
    bind_contextvars(pull_id=asked.job_id)
    log.info("pull asked for", seller=name, kind=kind, is_new=asked.is_new)
    return find(here, asked.job_id)


@get(
    "/pulls",
    tags=["pulls"],
    operation_id="list_pulls",
    sync_to_thread=True,
    responses=told(404, 503),
)
def list_all_pulls(
    here: Here,
    seller: Annotated[str | None, QueryParameter(max_length=100)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
    before: Annotated[
        int | None, QueryParameter(ge=1, le=2**63 - 1, description="Behind this number.")
    ] = None,
) -> Pulls:
    """Pulls and imports: those that wait, then those begun, the newest first."""
    # Rows before jobs: whatever begins in between is a job by then, and is told once.
    with reading(here.engine) as db:
        seller_id = kept_seller(db, seller).id if seller is not None else None
        rows = list_pulls(db, seller_id=seller_id, before_id=before, limit=limit + 1)
    standing = quota_standing(here)
    live = live_pulls(here, standing)
    if seller is not None:
        live = [pull for pull in live if pull.seller.casefold() == seller.strip().casefold()]
    by_number = {pull.number: pull for pull in live if pull.number is not None}
    waiting = [pull for pull in live if pull.number is None and before is None]
    newest = rows[0].id if rows else 0
    since = sorted((number for number in by_number if number > newest), reverse=True)
    just_begun = [by_number[number] for number in since if before is None]
    with reading(here.engine) as db:
        shown = of_rows(db, rows[:limit], standing)
    begun = [by_number.get(pull.number or 0, pull) for pull in shown]
    return Pulls(
        pulls=[*waiting, *just_begun, *begun],
        before=rows[limit - 1].id if len(rows) > limit else None,
    )


@get(
    "/pulls/{pull_id:str}",
    tags=["pulls"],
    operation_id="read_pull",
    sync_to_thread=True,
    responses=told(404, 503),
)
def read_pull(here: Here, pull_id: PullId) -> Pull:
    """One pull as it stands."""
    return find(here, pull_id)


@post(
    "/pulls/{pull_id:str}/cancel",
    tags=["pulls"],
    operation_id="cancel_pull",
    sync_to_thread=True,
    status_code=200,
    responses=told(404, 503),
)
def cancel_pull(here: Here, pull_id: PullId) -> Pull:
    """Call a pull off; what was read is kept, and one that runs stops within seconds.

    One that is over stays as it is.
    """
    pull = find(here, pull_id)
    bind_contextvars(pull_id=pull_id)
    if not pull.is_over:
        if str(pull.number) == pull_id:
            with writing(here.engine) as db:
                stop(db, pull.number or 0, here.clock.now())
        else:
            here.desk.cancel(pull_id)
        log.info("pull cancelled", seller=pull.seller)
    return find(here, pull_id)


@get(
    "/pulls/{pull_id:str}/events",
    tags=["pulls"],
    operation_id="watch_pull",
    sync_to_thread=True,
    media_type=MEDIA_TYPE,
    responses=told(404, 503)
    | {
        200: ResponseSpec(
            data_container=str,
            media_type=MEDIA_TYPE,
            generate_examples=False,
            description="Events `progress`, then `end` when it is over; each holds a Pull as JSON.",
        )
    },
)
def watch_pull(here: Here, pull_id: PullId) -> Stream:
    """A pull's progress while it goes on, as server-sent events."""
    find(here, pull_id)  # one that is not there is told as any other answer is
    return Stream(
        watch(here, lambda: find(here, pull_id)),
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def live_pulls(here: Installation, standing: Standing) -> list[Pull]:
    """Pulls that were asked for and wait or run, the newest first."""
    deeds = ["pull", *LOOKS.values()]
    jobs = here.desk.jobs(deed=deeds, states=("queued", "running"), limit=MOST_LIVE)
    return of_jobs(here, jobs, standing)
