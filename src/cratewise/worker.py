"""Work jobs: take them from their queues, tell that we live, take on what the dead left.

DBOS fences a job that was handed on: whoever had it before can record nothing more.
What it does not do is notice that a process died: each worker has an id of its own,
beats in a table of ours, and reaps what others left (reaper.py).  A deed that was
under way then runs again from its start, and must bear that.
"""

import logging
import os
import platform
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any, Literal, NoReturn, Self

from msgspec import structs
from sqlalchemy import Engine
from structlog.contextvars import bound_contextvars

from cratewise import __version__
from cratewise.clock import Clock, SystemClock
from cratewise.durable import (
    APPLICATION,
    VERSION,
    Deed,
    Desk,
    Queue,
    quieten,
    until_the_database_is_back,
)
from cratewise.errors import StoreError
from cratewise.inventory.claim import new_worker
from cratewise.reaper import BEAT_SECONDS, IDLE_SECONDS, SILENT_SECONDS, Reaper
from cratewise.store import workers
from cratewise.store.engine import worded_errors, writing
from cratewise.store.jobs import SCHEMA

LOOK_SECONDS = 0.5  # between two looks: at a queue, and at whether a running job was cancelled
PATIENCE_SECONDS = 30.0  # for jobs to stop when the worker leaves: a request under way ends first

Why = Literal["cancelled", "lost", "leaving"]

_at_work = threading.Lock()
log = logging.getLogger(__name__)


class Running:
    """A job while a worker works it, as its deed sees it."""

    def __init__(self, job_id: str) -> None:
        self.id = job_id
        self.why: Why | None = None
        self._stop = threading.Event()
        self._wake: list[Callable[[], None]] = []

    def should_stop(self) -> bool:
        """Whether to keep what there is and end: cancelled, taken over, or the worker leaves."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait, unless the job should stop; whether it should."""
        return self._stop.wait(seconds)

    def on_stop(self, wake: Callable[[], None]) -> None:
        """Call this when the job should stop, from another thread: something waits."""
        self._wake.append(wake)
        if self.should_stop():
            wake()

    def stop(self, why: Why) -> None:
        self.why = self.why or why
        self._stop.set()
        for wake in self._wake:
            wake()


class LeftBehind(BaseException):
    """Ends a job here without an outcome: another worker has it, or will.

    No Exception, because DBOS would record one as the job's outcome.
    """


class Worker:
    """A process that works jobs, from `start` until `stop`; one at a time in a process.

    deeds    what it can do; queues: in which their jobs wait.
    only     the queues that it takes from; None: all.
    later    queues that it takes from too once that is so; looked at with each beat.
    tools    is handed to every deed.
    door     what started it, for those who look: 'serve' or 'work'.
    """

    def __init__(
        self,
        index: Engine,
        deeds: Sequence[Deed],
        queues: Sequence[Queue],
        *,
        tools: Any = None,
        only: Collection[str] | None = None,
        later: Mapping[str, Callable[[], bool]] | None = None,
        door: str = "work",
        clock: Clock | None = None,
        beat_seconds: float = BEAT_SECONDS,
        silent_seconds: float = SILENT_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._index = index
        self._deeds = deeds
        self._queues = queues
        self._tools = tools
        self._clock = clock or SystemClock()
        self._patience = {
            "beat_seconds": beat_seconds,
            "silent_seconds": silent_seconds,
            "idle_seconds": idle_seconds,
        }
        self._row = self._introduce(door, only)
        self._later = dict(later or {})
        self._jobs: dict[str, Running] = {}
        self._just_ended: deque[str] = deque(maxlen=64)  # more than end in a moment
        self._change = threading.Condition()
        self._is_leaving = False
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def id(self) -> str:
        return self._row.id

    @property
    def queues(self) -> tuple[str, ...]:
        """From which it takes."""
        return self._row.queues

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Take work from now on; returns when that is so.

        Raises StoreUnavailable, StoreFull; RuntimeError where one works already.
        """
        if not _at_work.acquire(blocking=False):
            raise RuntimeError("This process works jobs already; DBOS knows one worker a process.")
        with ExitStack() as undo:
            undo.callback(_at_work.release)
            self.desk = undo.enter_context(Desk(self._index))
            self._reaper = Reaper(self._index, self.desk, self.id, self._clock, **self._patience)
            undo.callback(self._leave)
            self._beat()  # before a job can be ours: a worker that nobody knows counts as dead
            undo.callback(self._take_no_more)
            with worded_errors(self._index):
                self._launch()
            self._threads = [
                self._every(self._patience["beat_seconds"], self._beat_and_reap),
                self._every(LOOK_SECONDS, self._look_at_running),
            ]
            self._undo = undo.pop_all()

    def stop(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """End in order: jobs keep what they have and go back into their queues."""
        with self._change:
            self._is_leaving = True
            for job in self._jobs.values():
                job.stop("leaving")
            self._change.wait_for(lambda: not self._jobs, timeout=patience_seconds)
        self._await_outcomes(self._clock.monotonic() + patience_seconds)
        self._undo.close()

    def _await_outcomes(self, until: float) -> None:
        # DBOS writes an outcome down after the deed has returned; a job that went back
        # into its queue in between would be done twice.
        ended = list(self._just_ended)
        while ended and any(job.worker == self.id for job in self.desk.running(ended)):
            if self._clock.monotonic() > until:
                return
            self._clock.sleep(0.02)

    def _take_no_more(self) -> None:
        from dbos import DBOS

        self._ended.set()
        for thread in self._threads:
            thread.join()
        DBOS.destroy(destroy_registry=True)

    def _leave(self) -> None:
        for left in self.desk.running():
            if left.worker == self.id:
                self.desk.hand_on(left, because_dead=False)
        with writing(self._index) as db:
            workers.leave(db, self.id)

    # -- starting ------------------------------------------------------------

    def _introduce(self, door: str, only: Collection[str] | None) -> workers.WorkerRow:
        names = [queue.name for queue in self._queues]
        now = self._clock.now()
        return workers.WorkerRow(
            id=new_worker(),
            host=platform.node(),
            pid=os.getpid(),
            door=door,
            queues=tuple(name for name in names if only is None or name in only),
            version=__version__,
            started_at=now,
            heartbeat_at=now,
        )

    def _launch(self) -> None:
        from dbos import DBOS, DBOSPortableJSONSerializer

        quieten()
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_engine": self.desk.engine,
                "dbos_system_schema": SCHEMA,
                "executor_id": self.id,
                "application_version": VERSION,
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "WARNING",
                "use_listen_notify": False,  # we send no messages; it would cost a connection
                "notification_listener_polling_interval_sec": LOOK_SECONDS,
            }
        )
        workflows = {
            deed.name: DBOS.workflow(name=deed.name)(self._workflow(deed)) for deed in self._deeds
        }
        DBOS.listen_queues(self._row.queues)
        DBOS.launch()
        for queue in self._queues:
            DBOS.register_queue(
                queue.name,
                worker_concurrency=queue.at_once,
                polling_interval_sec=LOOK_SECONDS,
                on_conflict="always_update",
            )
        self._plan(workflows)

    def _plan(self, workflows: dict[str, Callable[..., Any]]) -> None:
        from dbos import DBOS, ScheduleInput

        planned: list[ScheduleInput] = [
            {
                "schedule_name": deed.name,
                "workflow_fn": workflows[deed.name],
                "schedule": deed.schedule,
                "queue_name": deed.queue,
            }
            for deed in self._deeds
            if deed.schedule is not None
        ]
        names = {schedule["schedule_name"] for schedule in planned}
        for old in DBOS.list_schedules():
            if old["schedule_name"] not in names:  # nobody here could do it any more
                DBOS.delete_schedule(old["schedule_name"])
        DBOS.apply_schedules(planned)

    def _workflow(self, deed: Deed) -> Callable[..., Any]:
        from dbos import DBOS

        def asked(**arguments: Any) -> Any:
            return DBOS.run_step({"name": deed.name}, self._work, deed, arguments)

        def planned(at: datetime, context: Any) -> Any:  # noqa: ARG001 - DBOS calls it so
            return asked()

        return planned if deed.schedule else asked

    # -- a job ---------------------------------------------------------------

    def _work(self, deed: Deed, arguments: dict[str, Any]) -> Any:
        from dbos import DBOS

        job_id = str(DBOS.workflow_id)
        # A pull's id over HTTP is its job's: one name finds both in the logs.
        with bound_contextvars(pull_id=job_id, deed=deed.name), self._listed(job_id) as job:
            log.info("Job begun.")
            try:
                result = until_the_database_is_back(
                    lambda: deed.run(self._tools, job, **arguments), job.wait
                )
            except Exception as error:
                self._abandon_unless_ours(job, is_done=False)
                log.warning("Job failed: %s", error)
                raise
            self._abandon_unless_ours(job, is_done=True)
            log.info("Job done.")
            return result

    def _abandon_unless_ours(self, job: Running, *, is_done: bool) -> None:
        # Looked at once more: an outcome that is not ours to tell DBOS would not take,
        # and this thread would wait until whoever has the job now is done with it.
        self._try(self._look_at_running)
        if job.why in ("cancelled", "lost"):
            _abandon(job.why)
        if job.why == "leaving" and not is_done:
            _abandon(job.why)  # told to stop, a deed ends in an error, which is no outcome
        self._just_ended.append(job.id)

    @contextmanager
    def _listed(self, job_id: str) -> Iterator[Running]:
        job = Running(job_id)
        with self._change:
            if self._is_leaving:
                _abandon("leaving")
            if job_id in self._jobs:
                self._jobs[job_id].stop("lost")  # it was taken from us, and came back to us
            self._jobs[job_id] = job
        try:
            yield job
        finally:
            with self._change:
                if self._jobs.get(job_id) is job:
                    del self._jobs[job_id]
                self._change.notify_all()

    # -- what goes on beside the jobs ------------------------------------------

    def _every(self, seconds: float, look: Callable[[], None]) -> threading.Thread:
        def repeat() -> None:
            while not self._ended.wait(seconds):
                self._try(look)

        thread = threading.Thread(target=repeat, name=f"cratewise-{look.__name__}", daemon=True)
        thread.start()
        return thread

    def _try(self, look: Callable[[], None]) -> None:
        """Look; when that fails say so, and the next look tries again."""
        try:
            look()
        except StoreError as error:
            log.warning("Jobs go on, but: %s", error)
        except Exception:
            # A mistake of ours; a worker that stopped beating would lose its jobs.
            log.exception("Jobs go on, but a look at them failed.")

    def _beat(self) -> None:
        with writing(self._index) as db:
            workers.beat(db, self._row, self._clock.now())

    def _beat_and_reap(self) -> None:
        self._beat()
        with self._change:
            working = set(self._jobs)
        for job in self._reaper.put_back_idle(working):
            log.warning("Nobody here works job %s (%s); it goes to whoever does.", job.id, job.deed)
        for job in self._reaper.look():
            log.warning("A worker fell silent; its job %s (%s) goes to another.", job.id, job.deed)
        # Last: where this cannot be found out we must not look dead, nor leave the dead alone.
        self._take_also([name for name, is_so in self._later.items() if is_so()])

    def _take_also(self, names: Sequence[str]) -> None:
        """Tell that we take from these queues too, and do."""
        for name in names:
            del self._later[name]
            self._row = structs.replace(self._row, queues=(*self._row.queues, name))
            self._beat()
            _listen_to(name)
            log.info("Takes from the queue %s too.", name)

    def _look_at_running(self) -> None:
        with self._change:
            ours = dict(self._jobs)
        if not ours:
            return
        still = {job.id for job in self.desk.running(list(ours)) if job.worker == self.id}
        for job_id in ours.keys() - still:
            is_cancelled = self.desk.job(job_id).state == "cancelled"
            ours[job_id].stop("cancelled" if is_cancelled else "lost")


def _listen_to(queue: str) -> None:
    from dbos._dbos import _get_dbos_instance

    # DBOS lets its queues be named only before it is launched, yet looks every second at
    # the list that it made of them; tests/jobs holds that it does.
    listening = _get_dbos_instance()._listening_queues
    if listening is not None:  # None: to all of them
        listening.append(queue)


def _abandon(why: Why) -> NoReturn:
    from dbos import error as theirs

    if why == "cancelled":
        raise theirs.DBOSWorkflowCancelledError("This job was cancelled.")
    raise LeftBehind
