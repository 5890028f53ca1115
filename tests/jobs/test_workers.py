"""Several workers, real processes, that share queues, die, freeze and leave."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, select
from tests.conftest import ROOT
from tests.jobs.freezing import freeze_outside_transactions
from tests.jobs.toys import Tools, ticks, worker

from cratewise import durable
from cratewise.durable import Desk
from cratewise.store.engine import reading, writing
from cratewise.store.workers import all_workers, leave

pytestmark = pytest.mark.crash


class Someone:
    """A worker that is a process of its own."""

    def __init__(self, index: Engine, *options: str) -> None:
        url = index.url.render_as_string(hide_password=False)
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.jobs.toys", url, *options],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.id = self.wait_for("ready").removeprefix("ready ")

    def wait_for(self, beginning: str) -> str:
        """The next line it tells that begins so; what it told before is passed over."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(beginning):
                return line.strip()
        raise AssertionError(f"It ended without telling {beginning!r}.")

    def allow(self, count: int = 1) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("on\n" * count)
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def wake(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def leave(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait() == 0

    def end(self) -> None:
        if self.process.poll() is None:
            self.wake()
            self.kill()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()


Hire = Callable[..., Someone]


@pytest.fixture
def index(store: Engine) -> Engine:
    ticks.create(store)
    return store


@pytest.fixture
def desk(index: Engine) -> Iterator[Desk]:
    with Desk(index) as desk:
        yield desk


@pytest.fixture
def hire(index: Engine) -> Iterator[Hire]:
    hired: list[Someone] = []

    def hire(*options: str) -> Someone:
        hired.append(Someone(index, *options))
        return hired[-1]

    yield hire
    for someone in hired:
        someone.end()


def counted(index: Engine, job_id: str) -> list[int]:
    with reading(index) as db:
        return list(db.scalars(select(ticks.c.n).where(ticks.c.job == job_id).order_by(ticks.c.id)))


def test_two_workers_share_a_queue(index: Engine, desk: Desk, hire: Hire) -> None:
    anna, ben = hire(), hire()
    jobs = [desk.ask("count", queue="slow", to=1).job_id for _ in range(4)]

    anna.wait_for("counting")
    ben.wait_for("counting")  # while Anna is at hers: each works one at a time
    anna.allow(4)
    ben.allow(4)

    over = [desk.wait(job_id) for job_id in jobs]
    assert {job.worker for job in over} == {anna.id, ben.id}
    assert [counted(index, job_id) for job_id in jobs] == [[1]] * 4


def test_what_a_killed_worker_had_is_taken_on_where_it_stood(
    index: Engine, desk: Desk, hire: Hire
) -> None:
    anna = hire()
    job_id = desk.ask("count", queue="slow", to=5).job_id
    anna.allow(3)
    anna.wait_for(f"counted {job_id} 3")

    anna.kill()
    ben = hire()
    assert ben.wait_for("counting") == f"counting {job_id} 3"
    ben.allow(2)

    job = desk.wait(job_id)
    assert (job.state, job.worker, job.takeovers) == ("done", ben.id, 1)
    assert counted(index, job_id) == [1, 2, 3, 4, 5]
    with reading(index) as db:
        assert [row.id for row in all_workers(db)] == [ben.id]


def test_a_frozen_worker_is_replaced_and_does_no_harm_when_it_wakes(
    index: Engine, desk: Desk, hire: Hire
) -> None:
    anna = hire()
    job_id = desk.ask("count", queue="slow", to=4).job_id
    anna.allow(2)
    anna.wait_for(f"counted {job_id} 2")

    freeze_outside_transactions(anna.process, index, desk)
    ben = hire()
    assert ben.wait_for("counting") == f"counting {job_id} 2"
    anna.wake()
    assert anna.wait_for("stopped") == f"stopped {job_id} lost"
    ben.allow(2)

    job = desk.wait(job_id)
    assert (job.state, job.worker, job.result) == ("done", ben.id, {"counted": 4})
    assert counted(index, job_id) == [1, 2, 3, 4]
    again = desk.ask("count", queue="slow", to=1).job_id
    anna.allow()
    ben.allow()
    assert desk.wait(again).state == "done"
    anna.leave()


def test_a_worker_that_leaves_gives_its_job_back_at_once(
    index: Engine, desk: Desk, hire: Hire
) -> None:
    anna = hire()
    job_id = desk.ask("count", queue="slow", to=3).job_id
    anna.allow()
    anna.wait_for(f"counted {job_id} 1")

    anna.leave()
    assert desk.job(job_id).state == "queued"
    with reading(index) as db:
        assert all_workers(db) == []

    ben = hire()
    ben.allow(2)
    job = desk.wait(job_id)
    assert (job.state, job.takeovers) == ("done", 0)
    assert counted(index, job_id) == [1, 2, 3]


def test_a_job_that_its_workers_die_of_is_given_up(
    index: Engine, desk: Desk, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "MOST_TAKEOVERS", 0)
    anna = hire()
    job_id = desk.ask("count", queue="slow", to=3).job_id
    anna.wait_for("counting")

    anna.kill()
    with worker(index, Tools(index, allowed=9)):
        job = desk.wait(job_id)

    assert (job.state, job.error) == (
        "failed",
        "1 workers died of this job; it was not tried again.",
    )
    assert counted(index, job_id) == []


def test_a_worker_kept_to_some_queues_leaves_the_others_alone_even_after_a_death(
    index: Engine, desk: Desk, hire: Hire
) -> None:
    anna = hire()
    job_id = desk.ask("count", queue="slow", to=1).job_id
    anna.wait_for("counting")
    anna.kill()

    ben = hire("quick")  # takes the dead one's work from it, and not upon itself
    while desk.job(job_id).state != "queued":
        pass
    failing = desk.ask("fail", queue="quick", because="It is Ben's to try.").job_id
    assert desk.wait(failing).worker == ben.id
    assert desk.job(job_id).state == "queued"

    clara = hire("slow")
    clara.allow()
    assert desk.wait(job_id).worker == clara.id


def test_what_is_scheduled_is_done_once_however_many_workers_there_are(
    index: Engine, desk: Desk, hire: Hire
) -> None:
    anna, ben = hire("scheduled"), hire("scheduled")

    while len(counted_jobs(index)) < 4:
        pass
    anna.leave()
    ben.leave()

    noted = counted_jobs(index)
    assert len(noted) == len(set(noted))
    assert all(job_id.startswith("sched-note-") for job_id in noted)
    assert {desk.job(job_id).state for job_id in noted} == {"done"}


def counted_jobs(index: Engine) -> list[str]:
    with reading(index) as db:
        return list(db.scalars(select(ticks.c.job)))


def test_a_job_whose_worker_nobody_remembers_is_taken_on_too(
    index: Engine, desk: Desk, hire: Hire
) -> None:
    """An index was restored from a copy: its table of workers knew nothing of who had the job."""
    anna = hire()
    job_id = desk.ask("count", queue="slow", to=1).job_id
    anna.wait_for("counting")
    anna.kill()

    with writing(index) as db:
        leave(db, anna.id)

    ben = hire()
    ben.allow()
    assert desk.wait(job_id).worker == ben.id
