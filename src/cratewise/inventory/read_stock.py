"""Read the pages of one pull and store them, each together with the note that it is stored.

    next pages -> asked for in threads -> stored here, one after the other -> next pages

What to ask next follows from what is stored, so going on after a kill is the same as
going on.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING

from cratewise.clock import Clock
from cratewise.errors import (
    CratewiseError,
    DiscogsError,
    PullStopped,
    StoreError,
    UnknownSeller,
    WaitAbandoned,
)
from cratewise.inventory.claim import HEARTBEAT_SECONDS, note_end
from cratewise.inventory.deep import LATELY, DeepPlan, expected
from cratewise.inventory.fetch import FetchedPage, Fetcher
from cratewise.inventory.progress import Reporter
from cratewise.inventory.reconcile import coverage, is_whole_pass, outcome_sentence
from cratewise.inventory.rows import Terms
from cratewise.inventory.sweep import Direction, Kind, Known, PageAt, Tick, arrived, next_pages
from cratewise.store.descriptions import describe_by_catalog
from cratewise.store.engine import reading, writing
from cratewise.store.facts import ToldFacts
from cratewise.store.listing_row import Reading
from cratewise.store.listings import miss
from cratewise.store.pulls import (
    Pull,
    StoredPage,
    end,
    hold,
    pages_of_deep_pulls,
    pull_of,
    stored_pages,
    tick,
)
from cratewise.store.sellers import mark_gone, remember_terms
from cratewise.store.upsert import upsert_page

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates

LOOK_SECONDS = 0.2  # the longest wait for an answer before looking whether to stop
LookUp = Callable[[Sequence[int]], list[ToldFacts]]  # by the numbers of a page's releases
PROBLEMS_TOLD = 20  # of listings left out; all are counted


class LostPullError(CratewiseError):
    """Another worker has taken this pull over, or somebody has stopped it."""


@dataclass(slots=True)
class StockReader:
    """One pull, worked on by this process under the name `worker`.

    known     what the store knew of the seller before the pull.
    budget    requests that a deep pull may cost in all.
    look_up   tells what releases are, beyond what listings tell; None: nobody here knows.
    problems  why listings were left out, the first few.
    """

    engine: "Engine"
    discogs: "Discogs"
    rates: "Rates"
    clock: Clock
    report: Reporter
    should_stop: Callable[[], bool]
    threads: int
    pull: Pull
    worker: str
    known: Known
    budget: int
    look_up: LookUp | None = None
    problems: list[str] = field(default_factory=list)
    _claim_read_at: datetime | None = None
    _terms: Terms | None = None
    _held_at: float = field(default=-inf)
    _trouble: str = ""
    _earlier: list[Tick] = field(default_factory=list)
    _plan: DeepPlan | None = None  # of a deep pull

    def read(self) -> Pull:
        """Read to the end; the pull as it ended.

        Raises LostPullError, PullStopped, UnknownSeller, DiscogsError, StoreError.
        """
        try:
            self._read_pages()
            return self._finish()
        except LostPullError:
            raise
        except (PullStopped, WaitAbandoned) as stopped:
            self._end("stopped", "Stopped; what was read is kept.")
            raise PullStopped(self.pull.seller, self.pull.id) from stopped
        except UnknownSeller as error:
            self._end("failed", str(error), is_gone=True)
            raise
        except DiscogsError as error:
            self._end("stopped", str(error))
            raise
        except StoreError:
            note_end(self.worker)  # nothing can be stored now; others find our heartbeat silent
            raise
        except BaseException as error:
            self._end("stopped" if isinstance(error, KeyboardInterrupt) else "failed", repr(error))
            raise

    def _read_pages(self) -> None:
        with reading(self.engine) as db:
            stored = {tick.at: tick for tick in map(_tick, stored_pages(db, self.pull.id))}
            self._earlier = self._read_earlier(db)
        stop: CratewiseError | None = None
        with Fetcher(self.discogs, self.pull.seller, self.threads, self.clock) as fetcher:
            while True:
                stop = stop or self._asked_to_stop()
                if stop:
                    fetcher.cancel()
                else:
                    fetcher.ask(self._next_pages(stored, fetcher))
                if fetcher.is_idle:
                    break
                for answer in fetcher.answers(LOOK_SECONDS):
                    if isinstance(answer, FetchedPage):
                        stored[answer.at] = self._store(answer)
                        self.report.tell(self.pull, "reading", self._pages_left(stored))
                    else:
                        stop = stop or answer
                self._tell_trouble(stored)
                self._beat()
        if stop:
            raise stop

    def _tell_trouble(self, stored: dict[PageAt, Tick]) -> None:
        """Tell once of each trouble, while no page comes that would tell it."""
        trouble = self.discogs.trouble
        if trouble != self._trouble:
            self._trouble = trouble
            self.report.tell(self.pull, "reading", self._pages_left(stored))

    def _next_pages(self, stored: dict[PageAt, Tick], fetcher: Fetcher) -> list[PageAt]:
        if self.pull.kind != "deep":
            return self._sure_pages(stored)
        claimed = self.pull.claimed or 0
        if self._plan is None or self._plan.claimed != claimed:
            self._plan = DeepPlan(claimed, self._earlier)
        return self._plan.next_pages(
            self._page_budget,
            stored.values(),
            under_way=fetcher.under_way,
            at_most=fetcher.room,
        )

    def _sure_pages(self, stored: dict[PageAt, Tick]) -> list[PageAt]:
        claimed = self.pull.claimed or 0
        kind: Kind = "quick" if self.pull.kind == "quick" else "full"
        return next_pages(kind, claimed, arrived(claimed, self.known), stored.values())

    def _pages_left(self, stored: dict[PageAt, Tick]) -> int:
        if self.pull.kind != "deep":
            return len(self._sure_pages(stored))
        likely, _ = expected(self.pull.claimed or 0, self._page_budget)
        return max(likely - len(stored), 0)

    @property
    def _page_budget(self) -> int:
        """Pages that a deep pull may ask for in all; profiles count as requests too."""
        return max(self.budget - (self.pull.requests - self.pull.pages), 0)

    def _read_earlier(self, db: "Connection") -> list[Tick]:
        if self.pull.kind != "deep":
            return []
        since = self.pull.started_at - LATELY
        pages = pages_of_deep_pulls(db, self.pull.seller_id, before_pull=self.pull.id, since=since)
        return [_tick(page) for page in pages]

    def _asked_to_stop(self) -> PullStopped | None:
        return PullStopped(self.pull.seller, self.pull.id) if self.should_stop() else None

    def _store(self, page: FetchedPage) -> Tick:
        told = self.look_up([row.release.id for row in page.rows]) if self.look_up else []
        # One transaction: a kill leaves both the listings and the tick or neither, and
        # a worker that has lost the pull finds out before it writes anything.
        with self._holding() as db:
            now = self.clock.now()
            lately = self.pull.started_at - LATELY if self.pull.kind == "deep" else None
            read = Reading(self.pull.seller_id, self.pull.id, page.read_at, now, since=lately)
            tally = upsert_page(db, read, page.rows, self.rates)
            describe_by_catalog(db, told, now)
            brought = StoredPage(
                *(page.at.sort, page.at.direction, page.at.page),
                *(tally.seen, tally.new + tally.back + tally.stale),
            )
            claimed = self._newest_claim(page)
            skipped = len(page.problems)
            tick(db, self.pull.id, brought, tally, claimed=claimed, skipped=skipped, at=now)
            self._remember_terms(db, page)
            self.pull = pull_of(db, self.pull.id)
        self.problems += page.problems[: PROBLEMS_TOLD - len(self.problems)]
        return _tick(brought)

    def _newest_claim(self, page: FetchedPage) -> int:
        """How many are for sale as Discogs said last; answers come in any order."""
        if self._claim_read_at is None or page.read_at >= self._claim_read_at:
            self._claim_read_at = page.read_at
            return page.claimed
        return self.pull.claimed or 0

    def _remember_terms(self, db: "Connection", page: FetchedPage) -> None:
        if page.terms and page.terms != self._terms:
            self._terms = page.terms
            remember_terms(db, self.pull.seller_id, *page.terms)

    def _beat(self) -> None:
        """Say that this worker lives, while answers are long in coming."""
        now = self.clock.monotonic()
        if now - self._held_at > HEARTBEAT_SECONDS:
            with self._holding():
                pass

    @contextmanager
    def _holding(self) -> Iterator["Connection"]:
        """A transaction in which the pull is ours; raises LostPullError when it is not."""
        with writing(self.engine) as db:
            if not hold(db, self.pull.id, self.worker, self.clock.now()):
                raise LostPullError("This pull is not ours any more.")
            yield db
        self._held_at = self.clock.monotonic()

    def _finish(self) -> Pull:
        with self._holding() as db:
            now = self.clock.now()
            pull = pull_of(db, self.pull.id)
            gone = (
                miss(db, pull.seller_id, pull.id, started_at=pull.started_at, at=now)
                if is_whole_pass(pull)
                else 0
            )
            share = coverage(db, pull, now)
            sentence = outcome_sentence(pull._replace(gone=gone), share)
            end(db, pull.id, "done", outcome=sentence, at=now, gone=gone, coverage=share)
            self.pull = pull_of(db, pull.id)
        self.report.tell(self.pull, "done", 0, sentence)
        return self.pull

    def _end(self, state: str, outcome: str, *, is_gone: bool = False) -> None:
        with self._holding() as db:
            now = self.clock.now()
            pull = pull_of(db, self.pull.id)
            share = coverage(db, pull, now)
            end(db, pull.id, state, outcome=outcome, at=now, coverage=share)
            if is_gone:
                mark_gone(db, pull.seller_id, now)


def _tick(page: StoredPage) -> Tick:
    direction: Direction = "asc" if page.direction == "asc" else "desc"
    return Tick(PageAt(page.sort, direction, page.page), page.listings, page.unknown)
