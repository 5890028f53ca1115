"""Who is here: the processes that serve or work, and what each does.

They find each other through the database alone: each beats in a table, and nobody is
told any name of a host.  A part that is missing costs its own work and nothing else.
"""

import logging
import os
import platform
import threading
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Self

from cratewise import __version__
from cratewise.clock import Clock
from cratewise.enqueue import QUEUES
from cratewise.errors import StoreError
from cratewise.inventory.claim import has_ended, new_worker
from cratewise.reaper import BEAT_SECONDS, SILENT_SECONDS
from cratewise.store import workers
from cratewise.store.engine import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.durable import Desk, Job

# What is not done while nobody takes from a queue.  The catalogue is nobody's duty: where
# there is none, Discogs is asked for each release.
WITHOUT = {
    "pulls": "Nobody reads stock: pulls and checks wait.",
    "learning": "Nobody learns: verdicts are kept, and the last model serves.",
    "outbox": "Nobody tells Discogs which wants changed: they wait.",
    "details": "Nobody asks Discogs what releases are.",
    "alerts": "Nobody tells what searches found.",
    "planning": "Nobody looks at the schedules: nothing is done by itself.",
    "upkeep": "Nobody fetches rates, or throws away what is old.",
}

log = logging.getLogger(__name__)


class Present(NamedTuple):
    """A process of the installation; jobs: those that it has, None: nobody looked."""

    row: workers.WorkerRow
    is_alive: bool
    jobs: tuple["Job", ...] | None = None

    @property
    def sentence(self) -> str:
        """Which it is, and what it does, for people."""
        told = self.row
        name = f"{told.door} on {told.host} ({told.pid})"
        if not self.is_alive:
            return f"{name} fell silent"
        if self.jobs:
            return f"{name} does {', '.join(sorted(_told(job) for job in self.jobs))}"
        if not told.queues:
            return f"{name} answers"
        is_all = set(told.queues) >= WITHOUT.keys()
        deed = "takes" if self.jobs is None else "waits for"
        return f"{name} {deed} {'any work' if is_all else ', '.join(told.queues)}"


def who_is_here(index: "Engine", now: datetime, desk: "Desk | None" = None) -> list[Present]:
    """Every process that was heard of and not buried, the longest running first.

    desk  where jobs are looked at; None: what each does is not told.

    Raises StoreUnavailable.
    """
    with reading(index) as db:
        rows = workers.all_workers(db)
    running = desk.running(loads=True) if desk else None
    return [Present(row, _is_alive(row, now), _jobs_of(row, running)) for row in rows]


def what_is_missing(processes: Iterable[Present]) -> dict[str, str]:
    """The kinds of work that nobody takes, and what that means, for people."""
    taken = {queue for one in processes if one.is_alive for queue in one.row.queues}
    return {
        queue.name: WITHOUT[queue.name] for queue in QUEUES if queue.name in WITHOUT.keys() - taken
    }


class Presence:
    """Lets a process that works no jobs be seen, until it is closed."""

    def __init__(self, index: "Engine", clock: Clock, door: str = "serve") -> None:
        now = clock.now()
        self._index = index
        self._clock = clock
        self._row = workers.WorkerRow(
            id=new_worker(),
            host=platform.node(),
            pid=os.getpid(),
            door=door,
            queues=(),
            version=__version__,
            started_at=now,
            heartbeat_at=now,
        )
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._beat_on, name="cratewise-presence", daemon=True
        )

    def __enter__(self) -> Self:
        self._beat()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        try:
            with writing(self._index) as db:
                workers.leave(db, self._row.id)
        except StoreError as error:  # others find it silent
            log.warning("Left without a word: %s", error)

    def _beat_on(self) -> None:
        while not self._ended.wait(BEAT_SECONDS):
            try:
                self._beat()
            except StoreError as error:  # the next beat tries again
                log.warning("Requests are answered, but: %s", error)

    def _beat(self) -> None:
        with writing(self._index) as db:
            workers.beat(db, self._row, self._clock.now())


def _is_alive(row: workers.WorkerRow, now: datetime) -> bool:
    return not has_ended(row.id) and (now - row.heartbeat_at).total_seconds() <= SILENT_SECONDS


def _jobs_of(row: workers.WorkerRow, running: "list[Job] | None") -> "tuple[Job, ...] | None":
    return None if running is None else tuple(job for job in running if job.worker == row.id)


def _told(job: "Job") -> str:
    seller = job.arguments.get("seller")
    return f"{job.deed} {seller}" if seller else job.deed
