"""Jobs that outlive whoever works them: asked for, looked at, cancelled.

DBOS keeps them, as workflows in tables of its own, and knows which wait, run and
are over.  This file is what the rest of the program needs of that; worker.py works
jobs, jobs.py says which there are.  DBOS loads when a desk opens: that takes 0.25 s,
which listing commands need not pay.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Self
from uuid import uuid4

import msgspec
from sqlalchemy import Engine

from cratewise.clock import Clock, SystemClock
from cratewise.errors import CratewiseError, StoreFull, StoreUnavailable, UnknownJob
from cratewise.store.engine import worded_errors
from cratewise.store.jobs import SCHEMA, has_jobs, open_jobs_engine, unfinished

if TYPE_CHECKING:
    from dbos import EnqueueOptions, WorkflowStatus

APPLICATION = "cratewise"
# DBOS hands a job only to workers of the version that asked for it, and takes a hash
# of the code for the version unless told: every upgrade would strand what waits.
# What a new version cannot work gets another name or another queue.
VERSION = "1"
MOST_TAKEOVERS = 5  # a job that so many workers died of is not given to a sixth
FORGOTTEN_AT_ONCE = 500  # jobs to a transaction
# Between two tries of a job whose database went away under it, each twice the one before.
LEAST_WAIT_SECONDS, MOST_WAIT_SECONDS = 0.25, 15.0
AWAY_SECONDS = 7200.0  # of waiting in all, until that is how the job ended: as long as for Discogs
LOOK_SECONDS = 0.2  # between two looks at a job that is waited for

log = logging.getLogger(__name__)

State = Literal["queued", "running", "done", "failed", "cancelled"]
STATES: Mapping[str, State] = {
    "ENQUEUED": "queued",
    "DELAYED": "queued",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
    "CANCELLED": "cancelled",
}
OVER: frozenset[State] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs that wait for each other.

    at_once  how many of them one worker works at a time.
    """

    name: str
    at_once: int


@dataclass(frozen=True, slots=True)
class Deed:
    """A kind of job.

    run       called with the worker's tools, the running job, and the arguments that
              it was asked with; may run again from its start after a worker died, so
              what it did must show in our own tables.  Returns what JSON can hold.
    schedule  when it is done unasked, as cron writes it (UTC); None: only when asked.
    """

    name: str
    queue: str
    run: Callable[..., Any]
    schedule: str | None = None


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job as it stands.

    arguments   ids and names, never a credential.
    worker      the id of the worker that has it, or had it last.
    takeovers   how many workers died of it, or with it.
    result      what the deed returned, once done.
    error       one sentence, once failed; error_kind is its class in errors.py.
    """

    id: str
    deed: str
    queue: str | None
    arguments: dict[str, Any]
    state: State
    worker: str | None
    takeovers: int
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    result: Any = None
    error: str | None = None
    error_kind: str | None = None

    @property
    def is_over(self) -> bool:
        return self.state in OVER


class Asked(msgspec.Struct, frozen=True):
    """The job that will answer a request; is_new: made for it, else one that was there."""

    job_id: str
    is_new: bool


class Desk:
    """Where jobs are asked for, looked at and cancelled; works none itself.

    Any process of the installation may open one on the index's database, and any
    thread may use it.  Each method raises StoreUnavailable, StoreFull.
    """

    def __init__(self, index: Engine, clock: Clock | None = None) -> None:
        from dbos import DBOSClient, DBOSPortableJSONSerializer

        quieten()
        self.engine = open_jobs_engine(index)
        self._clock = clock or SystemClock()
        with worded_errors(self.engine):
            _make_tables(self.engine)
            self._client = DBOSClient(
                system_database_engine=self.engine,
                dbos_system_schema=SCHEMA,
                serializer=DBOSPortableJSONSerializer(),
                application_name=APPLICATION,
                retry_connection_errors=False,  # whoever asks is told, and decides
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.destroy()
        self.engine.dispose()

    def ask(
        self, deed: str, *, queue: str, key: str | None = None, urgency: int = 1, **arguments: Any
    ) -> Asked:
        """Put a job into its queue.

        key      jobs of one queue that are not over never share a key: who asks for
                 a second gets the first.
        urgency  1 before 2, and so on.
        """
        job_id = str(uuid4())
        options: EnqueueOptions = {
            "workflow_name": deed,
            "queue_name": queue,
            "workflow_id": job_id,
            "app_version": VERSION,
            "priority": urgency,
        }
        if key is not None:
            options |= {"deduplication_id": key, "duplication_policy": "return-existing"}
        with worded_errors(self.engine):
            found = self._client.enqueue(options, **arguments).get_workflow_id()
        return Asked(found, is_new=found == job_id)

    def job(self, job_id: str) -> Job:
        """Raises UnknownJob."""
        with worded_errors(self.engine):
            found = self._client.list_workflows(workflow_ids=[job_id])
        if not found:
            raise UnknownJob(job_id)
        return _job(found[0])

    def jobs(
        self,
        *,
        deed: str | list[str] | None = None,
        states: Collection[State] = (),
        limit: int = 100,
    ) -> list[Job]:
        """The jobs asked for last, newest first; of one deed or some, in some states alone."""
        wanted = [theirs for theirs, ours in STATES.items() if ours in states] or None
        with worded_errors(self.engine):
            found = self._client.list_workflows(
                name=deed, status=wanted, limit=limit, sort_desc=True
            )
        return [_job(workflow) for workflow in found]

    def running(self, job_ids: list[str] | None = None, *, loads: bool = False) -> list[Job]:
        """Jobs that a worker has, or had when it died; of some ids alone.

        loads  with their arguments.
        """
        with worded_errors(self.engine):
            found = self._client.list_workflows(
                workflow_ids=job_ids, status="PENDING", load_input=loads, load_output=False
            )
        return [_job(workflow) for workflow in found]

    def unfinished(self) -> dict[tuple[str, State], int]:
        """How many jobs of each queue wait, and how many run."""
        counted: dict[tuple[str, State], int] = {}
        with worded_errors(self.engine):
            for (queue, theirs), many in unfinished(self.engine).items():
                place = (queue, STATES[theirs])
                counted[place] = counted.get(place, 0) + many
        return counted

    def wait(self, job_id: str) -> Job:
        """The job, once it is over.  Raises UnknownJob."""
        while not (job := self.job(job_id)).is_over:
            self._clock.sleep(LOOK_SECONDS)
        return job

    def cancel(self, job_id: str) -> bool:
        """Call a job off; one that runs stops within seconds.  False: it was over already.

        Raises UnknownJob.
        """
        if self.job(job_id).is_over:
            return False
        with worded_errors(self.engine):
            self._client.cancel_workflow(job_id)
        return True

    def hand_on(self, job: Job, *, because_dead: bool) -> None:
        """Put a job back into its queue, for another worker to go on with.

        because_dead  its worker died with it: a job that keeps killing is given up.
        """
        with worded_errors(self.engine):
            if because_dead and not self._spare(job):
                return
            self._client.resume_workflow(job.id, queue_name=job.queue)

    def forget(self, finished_before: datetime, *, deeds: Collection[str] = ()) -> int:
        """Delete jobs that were over by then, of all deeds or of these; returns how many."""
        over = [theirs for theirs, ours in STATES.items() if ours in OVER]
        forgotten = 0
        with worded_errors(self.engine):
            while True:
                found = self._client.list_workflows(
                    status=over,
                    name=list(deeds) or None,
                    completed_before=finished_before.isoformat(),
                    limit=FORGOTTEN_AT_ONCE,
                    load_input=False,
                    load_output=False,
                )
                if not found:
                    return forgotten
                self._client.delete_workflows([workflow.workflow_id for workflow in found])
                forgotten += len(found)

    def _spare(self, job: Job) -> bool:
        takeovers = job.takeovers + 1
        marks: dict[str, Any] = {"takeovers": takeovers}
        if takeovers > MOST_TAKEOVERS:
            marks["given_up"] = f"{takeovers} workers died of this job; it was not tried again."
        self._client.update_workflow_attributes(job.id, marks, merge=True)
        if takeovers > MOST_TAKEOVERS:
            self._client.cancel_workflow(job.id)
        return takeovers <= MOST_TAKEOVERS


def until_the_database_is_back(work: Callable[[], Any], wait: Callable[[float], bool]) -> Any:
    """Work, and again when the database is back that went away under it; what that returns.

    wait  waits so many seconds; True: it is not to be tried again.

    Raises what the last try raised.
    """
    waited, seconds = 0.0, LEAST_WAIT_SECONDS
    while True:
        try:
            return work()
        except (StoreUnavailable, StoreFull) as error:
            if waited >= AWAY_SECONDS:
                raise
            log.warning("%s  The job tries again in %.1f s.", error, seconds)
            if wait(seconds):
                raise
        waited, seconds = waited + seconds, min(2 * seconds, MOST_WAIT_SECONDS)


def _job(workflow: "WorkflowStatus") -> Job:
    marks = workflow.attributes or {}
    given_up = marks.get("given_up")
    error = workflow.error
    return Job(
        id=workflow.workflow_id,
        deed=workflow.name,
        queue=workflow.queue_name,
        arguments=dict(workflow.input["kwargs"]) if workflow.input else {},
        state="failed" if given_up else STATES[workflow.status],
        worker=workflow.executor_id,
        takeovers=marks.get("takeovers", 0),
        asked_at=_moment(workflow.created_at) or datetime.now(UTC),
        started_at=_moment(workflow.dequeued_at),
        finished_at=_moment(workflow.completed_at),
        result=workflow.output,
        error=given_up or (str(error) if error else None),
        # DBOS brings an error back as one of its own that carries the name of ours.
        error_kind=getattr(error, "name", type(error).__name__) if error else None,
    )


def _moment(milliseconds: int | None) -> datetime | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)


def _make_tables(jobs: Engine) -> None:
    # Only a worker brings them to a newer form; who merely asks makes them if need be.
    if not has_jobs(jobs):
        from dbos import DBOS

        DBOS.migrate(jobs.url.render_as_string(hide_password=False), schema=SCHEMA)


def quieten() -> None:
    """Let DBOS say only what its reader needs, and nowhere but in this program's log."""
    log = logging.getLogger("dbos")
    if not any(isinstance(one, _OnlyTrouble) for one in log.filters):
        log.addHandler(logging.NullHandler())  # else it writes to the console by itself
        log.setLevel(logging.WARNING)  # below that it advertises its makers' console
        log.addFilter(_OnlyTrouble())


class _OnlyTrouble(logging.Filter):
    """Drops what is no trouble: a cancelled job, or one that failed with a sentence of ours.

    The sentence is kept with the job, where whoever asked for it looks.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        from dbos import error as theirs

        error = record.exc_info[1] if record.exc_info else None
        is_cancelled = isinstance(
            error, theirs.DBOSAwaitedWorkflowCancelledError | theirs.DBOSWorkflowCancelledError
        )
        is_told = isinstance(error, CratewiseError)
        return not (is_cancelled or is_told or "was cancelled during" in record.getMessage())
