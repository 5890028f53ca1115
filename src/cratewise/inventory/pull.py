"""Pull a seller's stock from Discogs, so that neither a kill nor a rival loses or doubles a page.

The profile is asked first: gone, suspended, how many for sale.  Then pages, several
at once (read_stock.py).  Whoever pulls a seller that is being pulled already follows
that pull (follow.py), and takes it over if its worker dies (claim.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from cratewise.clock import Clock
from cratewise.discogs.names import seller_name
from cratewise.errors import PullStopped, SellerSuspended, UnknownSeller
from cratewise.inventory.claim import Watch, is_of_job, new_worker
from cratewise.inventory.deep import BUDGET
from cratewise.inventory.estimate import Estimate, estimate
from cratewise.inventory.follow import follow_pull
from cratewise.inventory.progress import Outcome, Progress, Reporter, outcome_of
from cratewise.inventory.read_stock import LookUp, LostPullError, StockReader
from cratewise.inventory.sweep import Kind, Known, choose, is_beyond_reach, plan
from cratewise.inventory.verify import Verified, verify
from cratewise.store.engine import end_frozen_writers, reading, writing
from cratewise.store.pulls import Pull, before, begin, end, latest_pull, pull_of, take_over
from cratewise.store.sellers import find_seller, follow, mark_gone, remember_seller

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cratewise.discogs.answers import Profile
    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates

# Beyond this what a stopped pull has read is older than Discogs lets be shown, and its
# pages have shifted: reading all again is surer than going on.
TAKEN_UP_WITHIN = timedelta(hours=6)

# Answers take up to 1.5 s and one a second may be asked for, so two would just do.
THREADS = 4

KINDS: dict[str, Kind] = {"quick": "quick", "full": "full", "deep": "deep"}
AskedKind = Literal["auto", "quick", "full", "deep"]

__all__ = ["Estimate", "Outcome", "Progress", "estimate", "pull"]


def pull(
    engine: "Engine",
    discogs: "Discogs",
    seller: str,
    *,
    account_id: int,
    kind: AskedKind = "auto",
    budget: int = BUDGET,
    rates: "Rates",
    clock: Clock,
    look_up: LookUp | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    threads: int = THREADS,
    job_id: str = "",
) -> Outcome:
    """Read what a seller has for sale, and keep it.

    seller       a name in any case, or the address of a shop.
    account_id   who follows the seller from now on.
    kind         'quick': the newest until what it meets is known; 'full': everything up
                 to 20,000 listings; 'deep': as much as can be had of more than that;
                 'auto': a quick look where it will do, else whichever reads more.
    budget       requests that a deep pull may cost in all, those that it had cost when it
                 was stopped and is taken up too; one more where none of them was left.
                 Spare ones verify; see verify.py.
    look_up      tells genres, styles and the like of each page's releases; None: nobody does.
    on_progress  hears, in this thread, what the pull will cost and then of each page.
    should_stop  asked several times a second.  What was read is kept, and the next pull
                 within six hours goes on where this one stopped.  Answers under way are
                 waited for; `discogs.interrupt()` ends their wait for the quota.
    threads      that ask for pages at once.
    job_id       of the job that this is, if any.  Begun again because its worker was killed
                 before it could say that all was read, it reads nothing twice.

    Raises UnknownSeller, ImpossibleName, SellerSuspended, PullStopped, another
    DiscogsError when Discogs cannot be asked, StoreError.  What was stored stays.
    """
    name = seller_name(seller)
    begun = clock.monotonic()
    report = Reporter(discogs, clock, on_progress or _nobody)
    asked = _Asked(engine, discogs, name, account_id, kind, budget, clock, Watch(clock), job_id)
    should_stop = should_stop or _never
    while True:
        if ended := asked.ended_before():
            return outcome_of(ended, clock.monotonic() - begun)
        if running := asked.worked_on_elsewhere():
            asked.follow(running.seller_id)
            ended = follow_pull(
                engine, running, watch=asked.watch, clock=clock, report=report,
                should_stop=should_stop,
            )  # fmt: skip
            if ended.state == "done" and kind in ("auto", "quick", ended.kind):
                return outcome_of(ended, clock.monotonic() - begun)
            continue  # stopped, failed, or its worker is dead
        claim = asked.claim(report)
        if claim is None:
            continue  # somebody was quicker
        reader = StockReader(
            engine, discogs, rates, clock, report, should_stop, threads,
            claim.pull, claim.worker, claim.known, budget, look_up,
        )  # fmt: skip
        try:
            done: Pull | None = reader.read()
        except LostPullError:
            done = asked.after_losing(claim)
        if done is None:
            continue
        outcome = outcome_of(done, clock.monotonic() - begun, tuple(reader.problems))
        if done.kind != "deep":
            return outcome
        checked = verify(
            engine, discogs, done.seller, requests=budget - done.requests,
            rates=rates, clock=clock, should_stop=should_stop,
        )  # fmt: skip
        return _with_verified(outcome, checked, clock.monotonic() - begun)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A pull that is ours to work on, under the name `worker`."""

    pull: Pull
    worker: str
    known: Known


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for, and what it takes to make a pull of it."""

    engine: "Engine"
    discogs: "Discogs"
    name: str
    account_id: int
    kind: AskedKind
    budget: int
    clock: Clock
    watch: Watch
    job_id: str

    def ended_before(self) -> Pull | None:
        """The pull of this very job, if it was read to its end already."""
        with reading(self.engine) as db:
            seller = find_seller(db, self.name) if self.job_id else None
            latest = latest_pull(db, seller.id) if seller else None
        is_ours = latest is not None and is_of_job(latest.worker, self.job_id)
        return latest if latest is not None and is_ours and latest.state == "done" else None

    def worked_on_elsewhere(self) -> Pull | None:
        """The pull of this seller that somebody alive works on now."""
        with reading(self.engine) as db:
            seller = find_seller(db, self.name)
            latest = latest_pull(db, seller.id) if seller else None
        if latest is None or latest.state != "running":
            return None
        if not self.watch.is_dead(latest):
            return latest
        end_frozen_writers(self.engine)  # or it would keep the rows that it was writing
        return None

    def follow(self, seller_id: int) -> None:
        """Whoever joins another's pull follows the seller too."""
        with writing(self.engine) as db:
            follow(db, self.account_id, seller_id, self.clock.now())

    def claim(self, report: Reporter) -> _Claim | None:
        """Begin a pull, or take up an unfinished one; None when somebody was quicker."""
        profile = self._profile()
        with writing(self.engine) as db:
            now = self.clock.now()
            seller_id = remember_seller(db, profile, now)
            follow(db, self.account_id, seller_id, now)
            left = before(db, seller_id)
        if profile.is_suspended:
            raise SellerSuspended(profile.username)
        known = Known(left.for_sale, left.claimed, left.last_full_at)
        claimed = profile.for_sale or 0
        kind = choose(claimed, known, now) if self.kind == "auto" else self.kind
        if kind == "deep" and not is_beyond_reach(claimed):
            kind = "full"
        worker = new_worker(self.job_id)
        with writing(self.engine) as db:
            pull_id = self._begun(db, seller_id, kind, claimed, worker)
            if pull_id is None:
                return None
            mine = pull_of(db, pull_id)
        self._tell_cost(report, mine, known)
        return _Claim(mine, worker, known)

    def after_losing(self, claim: _Claim) -> Pull | None:
        """The pull if whoever took it over is done with it; None when they are not.

        Raises PullStopped when nobody took it over, but somebody stopped it.
        """
        with reading(self.engine) as db:
            pull = pull_of(db, claim.pull.id)
        if pull.state == "stopped" and pull.worker == claim.worker:
            raise PullStopped(pull.seller, pull.id)
        return pull if pull.state == "done" else None

    def _profile(self) -> "Profile":
        try:
            return self.discogs.profile(self.name)
        except UnknownSeller:
            with writing(self.engine) as db:
                if seller := find_seller(db, self.name):
                    mark_gone(db, seller.id, self.clock.now())
            raise

    def _begun(
        self, db: "Connection", seller_id: int, kind: Kind, claimed: int, worker: str
    ) -> int | None:
        now = self.clock.now()
        latest = latest_pull(db, seller_id)
        if latest is not None and latest.state in ("running", "stopped"):
            if latest.state == "running" and not self.watch.is_dead(latest):
                return None
            if self._can_be_taken_up(latest, kind):
                is_ours = take_over(db, latest, claimed=claimed, worker=worker, at=now)
                return latest.id if is_ours else None
            if latest.state == "running":
                end(db, latest.id, "stopped", outcome="Its worker died.", at=now)
        planned = {"requests": self.budget} if kind == "deep" else plan(claimed, kind)
        text = msgspec.json.encode(planned).decode()
        return begin(db, seller_id, kind=kind, plan=text, claimed=claimed, worker=worker, at=now)

    def _can_be_taken_up(self, latest: Pull, kind: Kind) -> bool:
        is_larger = self.kind == "auto" and latest.kind in ("full", "deep")
        is_wanted = latest.kind == kind or is_larger
        return is_wanted and self.clock.now() - latest.started_at < TAKEN_UP_WITHIN

    def _tell_cost(self, report: Reporter, mine: Pull, known: Known) -> None:
        quota = self.discogs.quota
        cost = estimate(
            mine.seller, mine.claimed or 0, known, KINDS[mine.kind],
            limit=quota.limit, remaining=self.discogs.remaining,
            window_seconds=quota.window_seconds, budget=self.budget,
        )  # fmt: skip
        report.tell(mine, "planned", cost.requests - 1 - mine.pages, cost.sentence)


def _with_verified(outcome: Outcome, checked: Verified, seconds: float) -> Outcome:
    """The outcome of a deep pull that had requests to spare for listings long unseen."""
    if not checked.requests:
        return outcome
    return replace(
        outcome,
        requests=outcome.requests + checked.requests,
        gone=outcome.gone + checked.gone,
        seconds=seconds,
        sentence=f"{outcome.sentence}  {checked.sentence}",
    )


def _nobody(progress: Progress) -> None:
    """Nobody listens."""


def _never() -> bool:
    return False
