"""Who works on a pull, and whether they still live.

A process of this machine that ended is found dead at once, by its number and the
moment it started, since numbers are used again.  Any other worker is dead when its
heartbeat stands still for half a minute of our own time: clocks of two machines
need not agree.
"""

import uuid
from datetime import datetime, timedelta

import psutil

from cratewise.clock import Clock
from cratewise.store.pulls import Pull
from cratewise.this_process import started, this_machine, this_process

HEARTBEAT_SECONDS = 10.0
SILENCE_SECONDS = 30.0  # three heartbeats
LEFT_AFTER = timedelta(minutes=5)  # by the wall clock, and those of two machines may differ
SAME_START_SECONDS = 1.0  # how far two readings of one process' start may lie apart


_over: set[str] = set()  # runs of this process that ended where the database could not be told


def new_worker(job_id: str = "") -> str:
    """A name for one run of a pull by this process; no other run has it.

    job_id  of the job that runs it, if any: see `is_of_job`.
    """
    run = uuid.uuid4().hex[:12]
    return f"{this_process()} {run}@{job_id}" if job_id else f"{this_process()} {run}"


def is_of_job(worker: str | None, job_id: str) -> bool:
    """Whether that run was one of this job's; False without a job."""
    return bool(job_id) and (worker or "").endswith(f"@{job_id}")


class Watch:
    """Looks at a pull again and again, until its worker is found dead."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard: tuple[object, ...] = ()
        self._heard_at = 0.0

    def is_dead(self, pull: Pull) -> bool:
        """Whether nobody works on this running pull, as far as all looks so far tell."""
        heard = (pull.id, pull.worker, pull.heartbeat_at)
        now = self._clock.monotonic()
        if heard != self._heard:
            self._heard, self._heard_at = heard, now
        return has_ended(pull.worker or "") or now - self._heard_at > SILENCE_SECONDS


def is_left(pull: Pull, now: datetime) -> bool:
    """Whether a pull that says it runs is worked on by nobody, as far as one look tells."""
    if pull.state != "running":
        return False
    if has_ended(pull.worker or ""):
        return True
    return pull.heartbeat_at is not None and now - pull.heartbeat_at > LEFT_AFTER


def note_end(worker: str) -> None:
    """Remember that a run of this process is over, so that the next need not wait for it."""
    _over.add(worker)


def has_ended(worker: str) -> bool:
    """Whether the worker was a process of this machine that runs no more, or a run of ours."""
    if worker in _over:
        return True
    try:
        machine, pid, since, _ = worker.rsplit(" ", 3)
        number, moment = int(pid), float(since)
    except ValueError:
        return True  # no name that a worker gives itself
    return machine == this_machine() and not _runs(number, moment)


def _runs(pid: int, since: float) -> bool:
    try:
        process = psutil.Process(pid)
        is_zombie = process.status() == psutil.STATUS_ZOMBIE  # killed; its parent has not looked
        return not is_zombie and abs(started(process) - since) < SAME_START_SECONDS
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True  # somebody's; its heartbeat will tell
