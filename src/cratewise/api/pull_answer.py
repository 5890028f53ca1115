"""A pull as the API shows it: the job that was asked for and the pull that came of it, as one.

A pull that is asked for here waits as a job first; its row among the pulls is made by
the worker that begins it.  Pulls of the command line and imports have a row alone.
So a pull's id is its job's, and for those without a job the number of its row.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from cratewise.api.installation import Installation
from cratewise.api.problems import TYPE
from cratewise.durable import Job
from cratewise.errors import UnknownJob, UnknownPull
from cratewise.inventory.claim import is_left
from cratewise.inventory.estimate import waiting_seconds
from cratewise.inventory.follow import pages_left
from cratewise.inventory.pull import TAKEN_UP_WITHIN
from cratewise.store.engine import reading
from cratewise.store.pulls import Pull as Row
from cratewise.store.pulls import find_pull, latest_pulls, seconds_a_page
from cratewise.store.sellers import ids_of_sellers, key_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

State = Literal["queued", "running", "done", "stopped", "failed", "cancelled"]
OVER: frozenset[str] = frozenset({"done", "stopped", "failed", "cancelled"})
ROUNDING = timedelta(seconds=1)  # jobs tell their times in whole seconds
LARGEST_NUMBER = 2**63 - 1
KINDS_OF_LOOKS = {"verify": "verify", "ask_for_wants": "wants"}  # by deed


class Standing(NamedTuple):
    """The quota now: requests that it allows in a window of so many seconds, and at once."""

    limit: int
    window_seconds: float
    remaining: int
    now: datetime


def quota_standing(here: Installation) -> Standing:
    """Asked before a connection is taken: who holds one must not wait for another."""
    quota = here.quota()
    return Standing(quota.limit, quota.window_seconds, quota.remaining(), here.clock.now())


class Pull(msgspec.Struct, frozen=True, kw_only=True):
    """A pull as it stands; counts are of listings unless they say otherwise; null: not known yet.

    id             for /pulls/{id}; number: its place among all pulls, null while it waits.
    kind           'auto' until it begins, then 'quick', 'full', 'deep' or 'csv' (an import);
                   'verify' and 'wants' look at single listings: they have no number.
    state          'queued', 'running', 'done'; 'stopped': it can be taken up again, by asking anew;
                   'failed'; 'cancelled'.
    claimed        for sale, as Discogs said last.
    pages          stored so far, of pages_planned as far as is known.
    goes_on_until  while the next pull of this seller goes on where this one stopped.
    skipped        that make no sense.
    requests       that it has cost.
    coverage       0 to 1: which part of what is for sale is known.
    eta_seconds    until its end.
    outcome        one sentence, once it is over.
    problem        the type of the problem that it failed of.
    """

    id: str
    number: int | None
    seller: str
    kind: str
    state: State
    claimed: int | None = None
    pages: int = 0
    pages_planned: int | None = None
    goes_on_until: datetime | None = None
    seen: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    back: int = 0
    skipped: int = 0
    requests: int = 0
    coverage: float | None = None
    eta_seconds: int | None = None
    outcome: str = ""
    problem: str | None = None
    asked_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.state in OVER


def find(here: Installation, pull_id: str) -> Pull:
    """A pull by its id.  Raises UnknownPull."""
    if re.fullmatch(r"\d{1,19}", pull_id):
        number, standing = int(pull_id), quota_standing(here)
        with reading(here.engine) as db:
            row = find_pull(db, number) if number <= LARGEST_NUMBER else None
            if row is None:
                raise UnknownPull(pull_id)
            [pull] = of_rows(db, [row], standing)
            return pull
    [pull] = of_jobs(here, [_job_of(here, pull_id)], quota_standing(here))
    return pull


def _job_of(here: Installation, pull_id: str) -> Job:
    try:
        job = here.desk.job(pull_id)
    except UnknownJob:
        raise UnknownPull(pull_id) from None
    if job.deed != "pull" and job.deed not in KINDS_OF_LOOKS:
        raise UnknownPull(pull_id)
    return job


def of_rows(db: "Connection", rows: Collection[Row], standing: Standing) -> list[Pull]:
    """Pulls that have begun, each by the number of its row."""
    paces = _paces(db, rows)
    return [_of_row(row, standing, paces) for row in rows]


def _paces(db: "Connection", rows: Iterable[Row]) -> dict[int, float]:
    running = [row.id for row in rows if row.state == "running"]
    return seconds_a_page(db, running) if running else {}


def _of_row(
    row: Row, standing: Standing, paces: Mapping[int, float], job: Job | None = None
) -> Pull:
    # Died, or found no room to note its end: the next pull of the seller goes on with it.
    state = "stopped" if is_left(row, standing.now) else row.state
    goes_on = _goes_on_until(row) if state == "stopped" else None
    if goes_on is not None and goes_on <= standing.now:
        goes_on = None
    left = pages_left(row) if state == "running" or goes_on else 0
    return Pull(
        id=job.id if job else str(row.id),
        number=row.id,
        seller=row.seller,
        kind=row.kind,
        state=state,  # type: ignore[arg-type]  # the table holds these words alone
        claimed=row.claimed,
        pages=row.pages,
        pages_planned=row.pages + left,
        goes_on_until=goes_on,
        seen=row.seen,
        new=row.new,
        changed=row.changed,
        gone=row.gone,
        back=row.back,
        skipped=row.skipped,
        requests=row.requests,
        coverage=row.coverage,
        eta_seconds=_eta(standing, left, paces.get(row.id)) if state == "running" else None,
        outcome=row.outcome,
        asked_at=job.asked_at if job else row.started_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def of_jobs(here: Installation, jobs: Iterable[Job], standing: Standing) -> list[Pull]:
    """Pulls that were asked for; as far as each has begun, what came of it."""
    told = list(jobs)
    begun = [job for job in told if job.deed not in KINDS_OF_LOOKS and _has_begun(job)]
    rows: dict[str, Row] = {}
    paces: dict[int, float] = {}
    if begun:
        with reading(here.engine) as db:
            rows = _rows_of(here, db, begun)
            paces = _paces(db, rows.values())
    return [_of_job(job, rows.get(job.id), standing, paces) for job in told]


def _of_job(job: Job, row: Row | None, standing: Standing, paces: Mapping[int, float]) -> Pull:
    if job.deed in KINDS_OF_LOOKS:
        return _look(job)
    if row is None:
        return _waiting(job)
    pull = _of_row(row, standing, paces, job)
    if job.state == "failed":
        return msgspec.structs.replace(
            pull, state="failed", outcome=job.error or "", problem=_problem(job)
        )
    if job.state == "cancelled" and pull.state != "running":
        return msgspec.structs.replace(pull, state="cancelled")
    if job.state in ("queued", "running") and pull.is_over:
        # Its end is written, and the job's will be in a moment; or it goes on elsewhere.
        return msgspec.structs.replace(pull, state="running", outcome="")
    return pull


def _look(job: Job) -> Pull:
    """A look at single listings: what came of it stands with its job alone."""
    pull = _waiting(job)
    came = job.result
    if came is None:
        return pull
    return msgspec.structs.replace(
        pull,
        seller=came["seller"],
        requests=came["requests"],
        seen=came["seen"],
        new=came.get("new", 0),
        gone=came.get("gone", 0),
        outcome=came["sentence"],
    )


def _waiting(job: Job) -> Pull:
    return Pull(
        id=job.id,
        number=None,
        seller=str(job.arguments["seller"]),
        kind=KINDS_OF_LOOKS.get(job.deed) or str(job.arguments["kind"]),
        state=job.state,
        outcome=job.error or "",
        problem=_problem(job),
        asked_at=job.asked_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def _has_begun(job: Job) -> bool:
    # A job that was cancelled keeps its worker's name, and forgets when it began.
    return job.state == "done" or job.started_at is not None or job.worker is not None


def _rows_of(here: Installation, db: "Connection", begun: Collection[Job]) -> dict[str, Row]:
    """The rows of the pulls that jobs have begun, taken up or joined, by the job's id."""
    names = [job.arguments["seller"] for job in begun if job.state != "done"]
    sellers = ids_of_sellers(db, names) if names else {}
    latest = latest_pulls(db, sellers.values()) if sellers else {}
    found: dict[str, Row] = {}
    for job in begun:
        if job.state == "done":
            row = find_pull(db, int(job.result["pull_id"]))
        else:
            row = latest.get(sellers.get(key_of(job.arguments["seller"]), 0))
            row = row and _if_of(here, job, row)
        if row is not None:
            found[job.id] = row
    return found


def _if_of(here: Installation, job: Job, row: Row) -> Row | None:
    """The newest pull of a seller, if it is what a job has begun, taken up or joined."""
    if row.state == "running":
        return row if not job.is_over or _is_stopping(here, job) else None
    # Another's that ended before this began is none of it, nor one that began after its end.
    ended = row.finished_at is not None and row.finished_at >= job.asked_at
    began = job.finished_at is None or row.started_at <= job.finished_at + ROUNDING
    return row if ended and began else None


def _is_stopping(here: Installation, job: Job) -> bool:
    """Whether a pull still runs because its cancelled job has not come to its end yet."""
    if job.state != "cancelled":
        return False
    live = here.desk.jobs(deed="pull", states=("queued", "running"))
    return not any(other.arguments["seller"] == job.arguments["seller"] for other in live)


def _problem(job: Job) -> str | None:
    if job.state != "failed":
        return None
    from cratewise import errors
    from cratewise.api.problems import KINDS

    error = getattr(errors, job.error_kind or "", Exception)
    return TYPE + next(kind.name for type_, kind in KINDS if issubclass(error, type_))


def _goes_on_until(row: Row) -> datetime | None:
    """Until when a stopped pull is taken up; a quick look or an import is begun anew instead."""
    return row.started_at + TAKEN_UP_WITHIN if row.kind in ("full", "deep") else None


def _eta(standing: Standing, left: int, seconds_a_page: float | None) -> int:
    waits = waiting_seconds(
        left,
        limit=standing.limit,
        remaining=standing.remaining,
        window=standing.window_seconds,
    )
    return round(max(waits, left * (seconds_a_page or 0.0)))
