"""What whoever asks for a job sees of it."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from tests.jobs.toys import Tools, ticks, worker

from cratewise.durable import Desk
from cratewise.errors import StoreError, UnknownJob
from cratewise.store.engine import is_sqlite, open_engine, reading, writing
from cratewise.store.jobs import jobs_file
from cratewise.store.workers import all_workers


@pytest.fixture
def index(store: Engine) -> Engine:
    ticks.create(store)
    return store


@pytest.fixture
def desk(index: Engine) -> Iterator[Desk]:
    with Desk(index) as desk:
        yield desk


def test_a_queue_that_a_worker_takes_from_later_waits_until_that_is_so(
    index: Engine, desk: Desk, tmp_path: Path
) -> None:
    """As the catalogue's is: its file may be made long after the worker began."""
    file = tmp_path / "catalog.sqlite"
    asked = desk.ask("count", queue="slow", to=1)
    later = {"slow": file.exists}
    with worker(index, Tools(index, allowed=1), only=["quick"], later=later):
        failed = desk.wait(desk.ask("fail", queue="quick", because="a reason").job_id)
        assert failed.state == "failed"  # it works, and yet:
        assert desk.job(asked.job_id).state == "queued"
        with reading(index) as db:
            assert [one.queues for one in all_workers(db)] == [("quick",)]

        file.touch()
        assert desk.wait(asked.job_id).state == "done"
        with reading(index) as db:
            assert [one.queues for one in all_workers(db)] == [("quick", "slow")]


def test_a_worker_beats_on_though_it_cannot_find_out_what_else_to_take(
    index: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """It asked first and beat then: a folder that could not be read made it look dead."""

    def is_so() -> bool:
        raise PermissionError("the folder of the catalogue")

    def beats() -> list[datetime]:
        with reading(index) as db:
            return [one.heartbeat_at for one in all_workers(db)]

    with worker(index, Tools(index), only=["quick"], later={"slow": is_so}):
        first = beats()
        while beats() == first:
            pass
        assert len(beats()) == 1
    assert "the folder of the catalogue" in caplog.text


def test_a_job_asked_for_while_nobody_works_is_done_when_somebody_does(
    index: Engine, desk: Desk
) -> None:
    asked = desk.ask("count", queue="slow", to=3)
    assert desk.job(asked.job_id).state == "queued"

    with worker(index, Tools(index, allowed=3)) as here:
        job = desk.wait(asked.job_id)

    assert (job.state, job.result, job.worker) == ("done", {"counted": 3}, here.id)
    assert (job.deed, job.queue, job.arguments) == ("count", "slow", {"to": 3})
    assert job.finished_at is not None
    assert job.started_at is not None
    assert job.asked_at <= job.started_at <= job.finished_at


def test_a_job_that_fails_keeps_the_sentence_and_the_kind_of_its_error(
    index: Engine, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    asked = desk.ask("fail", queue="quick", because="The seller moved to Mars.")

    with worker(index, Tools(index)):
        job = desk.wait(asked.job_id)

    assert (job.state, job.error) == ("failed", "The seller moved to Mars.")
    assert job.error_kind == "ToyStopped"
    # The log has the sentence too, and nothing more: it was foreseen.
    assert [record.getMessage() for record in caplog.records] == [
        "Job failed: The seller moved to Mars."
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_a_job_that_fails_by_a_mistake_of_ours_leaves_a_traceback_in_the_log(
    index: Engine, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    asked = desk.ask("fail", queue="quick", because="a bug")

    with worker(index, Tools(index)):
        job = desk.wait(asked.job_id)

    assert (job.state, job.error_kind) == ("failed", "ZeroDivisionError")
    assert "Traceback" in caplog.text
    assert "ZeroDivisionError: a bug" in caplog.text


def test_a_job_whose_database_goes_away_under_it_is_done_when_it_is_back(
    index: Engine, desk: Desk
) -> None:
    """A restart of PostgreSQL was how every pull that was under way ended."""
    asked = desk.ask("come back", queue="quick", after=2)

    with worker(index, tools := Tools(index, allowed=2)):
        job = desk.wait(asked.job_id)

    assert (job.state, job.result) == ("done", "there after 2")
    assert [tools.told.get() for _ in range(3)] == [f"tried {asked.job_id}"] * 3


def test_a_job_that_nobody_works_though_it_is_ours_is_worked_after_all(
    index: Engine, desk: Desk, tmp_path: Path
) -> None:
    """Where DBOS could not write how a job ended, it said that it ran, for as long as we lived."""
    file = tmp_path / "now"
    asked = desk.ask("count", queue="slow", to=1)
    tools = Tools(index, allowed=1)
    later = {"slow": file.exists}
    with worker(index, tools, only=["quick"], later=later, idle_seconds=0.3) as here:
        table = "workflow_status" if is_sqlite(index) else "dbos.workflow_status"
        with desk.engine.begin() as db:
            left = {"worker": here.id, "job": asked.job_id}
            statement = "SET status = 'PENDING', executor_id = :worker WHERE workflow_uuid = :job"
            db.execute(text(f"UPDATE {table} {statement}"), left)
        assert desk.job(asked.job_id).state == "running"
        file.touch()

        assert desk.wait(asked.job_id).state == "done"


def test_a_job_that_waits_for_its_database_can_be_cancelled(index: Engine, desk: Desk) -> None:
    asked = desk.ask("come back", queue="quick", after=100)

    with worker(index, tools := Tools(index, allowed=100)):
        tools.wait_for("tried")
        desk.cancel(asked.job_id)
        job = desk.wait(asked.job_id)

    assert job.state == "cancelled"


def test_asking_twice_with_one_key_gives_one_job_until_it_is_over(
    index: Engine, desk: Desk
) -> None:
    first = desk.ask("count", queue="slow", key="alice", to=1)
    again = desk.ask("count", queue="slow", key="alice", to=1)
    other = desk.ask("count", queue="slow", key="bob", to=1)

    assert first.is_new
    assert other.is_new
    assert (again.job_id, again.is_new) == (first.job_id, False)

    with worker(index, Tools(index, allowed=2)):
        desk.wait(first.job_id)
    assert desk.ask("count", queue="slow", key="alice", to=1).is_new


def test_the_more_urgent_job_goes_first(index: Engine, desk: Desk) -> None:
    slow = desk.ask("count", queue="slow", urgency=3, to=1)
    quick = desk.ask("count", queue="slow", urgency=1, to=1)

    with worker(index, Tools(index, allowed=2)):
        jobs = [desk.wait(asked.job_id) for asked in (quick, slow)]

    began = [job.started_at for job in jobs if job.started_at]
    assert began == sorted(began)


def test_a_job_that_waits_is_cancelled_and_never_begins(index: Engine, desk: Desk) -> None:
    asked = desk.ask("count", queue="slow", to=1)
    later = desk.ask("count", queue="slow", to=1)

    assert desk.cancel(asked.job_id)
    with worker(index, Tools(index, allowed=2)):
        desk.wait(later.job_id)

    assert desk.job(asked.job_id).state == "cancelled"
    assert desk.job(asked.job_id).started_at is None
    assert not desk.cancel(later.job_id)


def test_a_job_that_runs_stops_when_cancelled_and_its_queue_goes_on(
    index: Engine, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    tools = Tools(index, allowed=2)
    with worker(index, tools):
        endless = desk.ask("count", queue="slow", to=1_000_000)
        behind = desk.ask("count", queue="slow", to=1)
        tools.wait_for(f"counted {endless.job_id} 2")

        desk.cancel(endless.job_id)
        tools.wait_for(f"stopped {endless.job_id} cancelled")
        tools.allowed.release()
        assert desk.wait(behind.job_id).state == "done"

    job = desk.job(endless.job_id)
    assert (job.state, job.error, job.result) == ("cancelled", None, None)
    assert caplog.records == []


def test_jobs_are_listed_newest_first_and_by_deed_and_state(index: Engine, desk: Desk) -> None:
    old, middle, new = [desk.ask("count", queue="slow", to=n).job_id for n in (1, 2, 3)]
    desk.cancel(middle)
    failing = desk.ask("fail", queue="quick", because="never begun").job_id

    assert [job.id for job in desk.jobs()] == [failing, new, middle, old]
    assert [job.id for job in desk.jobs(deed="count", states=["queued"])] == [new, old]
    assert [job.id for job in desk.jobs(limit=1)] == [failing]


def test_jobs_long_over_are_forgotten_and_those_that_wait_are_not(
    index: Engine, desk: Desk
) -> None:
    over, waiting = (desk.ask("count", queue="slow", to=1).job_id for _ in range(2))
    desk.cancel(over)

    assert desk.forget(datetime.now(UTC) - timedelta(days=1)) == 0
    assert desk.forget(datetime.now(UTC) + timedelta(days=1)) == 1

    assert desk.job(waiting).state == "queued"
    with pytest.raises(UnknownJob, match=over):
        desk.job(over)
    with pytest.raises(UnknownJob):
        desk.cancel(over)


def test_what_is_asked_is_kept_as_json_and_never_as_something_that_runs(
    index: Engine, desk: Desk
) -> None:
    asked = desk.ask("count", queue="slow", to=3)

    schema = "" if index.dialect.name == "sqlite" else "dbos."
    with desk.engine.connect() as db:
        kept, kind = db.execute(
            text(
                f"SELECT i.inputs, s.serialization FROM {schema}workflow_input i"
                f" JOIN {schema}workflow_status s USING (workflow_uuid) WHERE workflow_uuid = :id"
            ),
            {"id": asked.job_id},
        ).one()

    assert kind == "portable_json"
    assert json.loads(kept) == {"namedArgs": {"to": 3}, "positionalArgs": []}


def test_jobs_lie_beside_the_index_and_never_among_its_tables(index: Engine, desk: Desk) -> None:
    desk.ask("count", queue="slow", to=3)

    with index.connect() as db:
        if index.dialect.name == "sqlite":
            asked = "SELECT name FROM sqlite_master"
            assert jobs_file(index).exists()
            with desk.engine.connect() as jobs:
                assert jobs.scalar(text("PRAGMA journal_mode")) == "wal"
                assert jobs.scalar(text("PRAGMA synchronous")) == 1  # NORMAL
        else:
            asked = "SELECT table_name FROM information_schema.tables WHERE table_schema='public'"
        assert "workflow_status" not in set(db.scalars(text(asked)))


def test_a_database_in_memory_is_refused_with_a_sentence() -> None:
    index = open_engine("sqlite://")

    with pytest.raises(StoreError, match="in a file"):
        Desk(index)
    index.dispose()


def test_a_worker_starts_and_ends_without_a_word(
    index: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    with worker(index, Tools(index)):
        pass

    assert [one.getMessage() for one in caplog.records if "alembic" not in one.name] == []


def test_a_process_has_one_worker(index: Engine) -> None:
    with worker(index, Tools(index)), pytest.raises(RuntimeError, match="already"):
        worker(index, Tools(index)).start()
    with worker(index, Tools(index)):
        pass  # and may have another when the first has ended


def test_a_worker_outlives_a_database_in_trouble(
    index: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    def known() -> list[str]:
        with reading(index) as db:
            return [row.id for row in all_workers(db)]

    with worker(index, Tools(index)) as here:
        with writing(index) as db:
            db.execute(text("ALTER TABLE workers RENAME TO mislaid"))
        while "Jobs go on" not in caplog.text:
            pass
        with writing(index) as db:
            db.execute(text("ALTER TABLE mislaid RENAME TO workers"))
            db.execute(text("DELETE FROM workers"))

        while known() != [here.id]:
            pass
    assert known() == []


def test_a_job_that_was_taken_away_and_came_back_is_worked_once_at_a_time(
    index: Engine, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Another worker took ours for dead; before it could begin, we had the job again."""
    tools = Tools(index, allowed=1)
    with worker(index, tools):
        job_id = desk.ask("count", queue="slow", to=3).job_id
        tools.wait_for(f"counted {job_id} 1")

        desk.hand_on(desk.job(job_id), because_dead=True)
        tools.wait_for(f"stopped {job_id} lost")
        tools.allowed.release(2)
        job = desk.wait(job_id)

    assert (job.state, job.result, job.takeovers) == ("done", {"counted": 3}, 1)
    with reading(index) as db:
        assert db.scalars(select(ticks.c.n).order_by(ticks.c.id)).all() == [1, 2, 3]
    assert caplog.records == []
