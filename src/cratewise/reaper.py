"""Notice workers that died, and put their jobs back into their queues.

DBOS does not notice: a dead worker's jobs would say `running` for ever.  So workers
beat in a table of ours, and each watches the others.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Engine

from cratewise.clock import Clock
from cratewise.durable import Desk, Job
from cratewise.inventory.claim import has_ended
from cratewise.store import workers
from cratewise.store.engine import end_connections_of, end_frozen_writers, reading, writing
from cratewise.store.pulls import let_go

BEAT_SECONDS = 5.0
# A beat, this and the queue's next look make less than the 30 s in which work must go on.
SILENT_SECONDS = 20.0
IDLE_SECONDS = 15.0  # that nobody works a job of ours: longer than one takes to begin or to end


class Reaper:
    """Notices workers that ended or fell silent, and puts their jobs back into their queues.

    One of this machine that ended is found dead at once.  Any other is dead when its
    beat did not change for `silent_seconds` of our own time: clocks of other machines
    do not matter, nor does a database that kept all of us waiting, because then we
    looked late ourselves and begin anew.
    """

    def __init__(
        self,
        index: Engine,
        desk: Desk,
        own_id: str,
        clock: Clock,
        *,
        beat_seconds: float = BEAT_SECONDS,
        silent_seconds: float = SILENT_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._index = index
        self._desk = desk
        self._own_id = own_id
        self._clock = clock
        self._late_seconds = 3 * beat_seconds
        self._silent_seconds = silent_seconds
        self._idle_seconds = idle_seconds
        self._idle_since: dict[str, float] = {}  # jobs that are ours, and that nobody works
        self._looked = clock.monotonic()
        self._heard: dict[str, tuple[datetime | None, float]] = {}  # worker: beat, seen first when

    def look(self) -> list[Job]:
        """Look once; returns the jobs that were handed on."""
        running = [job for job in self._desk.running() if job.worker != self._own_id]
        with reading(self._index) as db:
            beats: dict[str, datetime | None] = {
                row.id: row.heartbeat_at
                for row in workers.all_workers(db)
                if row.id != self._own_id
            }
        for job in running:
            beats.setdefault(str(job.worker), None)  # buried, but its jobs were not handed on
        end_frozen_writers(self._index)  # whose rows others may wait for
        silent = self._silent(beats)
        for worker in silent:
            end_connections_of(self._index, worker)
        dead = [worker for worker in silent if self._bury(worker, beats[worker])]
        left = [job for job in running if job.worker in dead]
        for job in left:
            self._desk.hand_on(job, because_dead=True)
        return left

    def put_back_idle(self, working: Collection[str]) -> list[Job]:
        """Put our own jobs that none of our threads works back into their queues; which.

        DBOS leaves a job to nobody when it cannot write how it began or ended, as on a
        full disk: the job would say for ever that it runs here.

        working  the ids of those that are worked.
        """
        now = self._clock.monotonic()
        running = [job for job in self._desk.running() if job.worker == self._own_id]
        idle = [job for job in running if job.id not in working]
        self._idle_since = {job.id: self._idle_since.get(job.id, now) for job in idle}
        put_back = []
        for job in idle:
            if now - self._idle_since[job.id] >= self._idle_seconds:
                self._desk.hand_on(job, because_dead=False)
                del self._idle_since[job.id]
                put_back.append(job)
        return put_back

    def _silent(self, beats: dict[str, datetime | None]) -> list[str]:
        now = self._clock.monotonic()
        if now - self._looked > self._late_seconds:
            self._heard.clear()
        self._looked = now
        unchanged = {
            worker: since
            for worker, (beat, since) in self._heard.items()
            if beats.get(worker) == beat
        }
        self._heard = {worker: (beat, unchanged.get(worker, now)) for worker, beat in beats.items()}
        return [
            worker
            for worker, (_, since) in self._heard.items()
            if has_ended(worker) or now - since >= self._silent_seconds
        ]

    def _bury(self, worker: str, beat: datetime | None) -> bool:
        with writing(self._index) as db:
            is_ours = beat is None or workers.bury(db, worker, beat)
            if is_ours:
                let_go(db, worker)
            return is_ours
