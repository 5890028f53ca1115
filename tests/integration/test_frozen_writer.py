"""A process that is stopped while it writes: a closed laptop, a machine that swaps."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, select
from tests.builders import NOON, a_pull, a_seller
from tests.conftest import HandClock
from tests.market import pull_from

from cratewise.errors import StoreUnavailable
from cratewise.simulator import Simulator, World
from cratewise.store import engine as opened
from cratewise.store.engine import end_frozen_writers, is_sqlite, reading, writing
from cratewise.store.workers import WorkerRow, all_workers, beat


def test_postgresql_takes_the_row_from_whoever_sleeps_in_the_middle_of_writing_it(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever took a frozen worker's pull on used to wait until the frozen one woke."""
    if is_sqlite(store):
        pytest.skip("only its waking or its end frees SQLite's file")
    monkeypatch.setattr(opened, "FROZEN_SECONDS", 1)
    worker = WorkerRow(
        id="a", host="h", pid=1, door="work", queues=(), version="1",
        started_at=NOON, heartbeat_at=NOON,
    )  # fmt: skip
    later = NOON + timedelta(seconds=1)

    def sleep_while_writing() -> None:
        with writing(store) as sleeper:
            beat(sleeper, worker, NOON)
            with writing(store) as other:  # waits for the row
                beat(other, worker, later)
            beat(sleeper, worker, NOON)

    with pytest.raises(StoreUnavailable, match="idle"):
        sleep_while_writing()

    with reading(store) as db:
        assert [row.heartbeat_at for row in all_workers(db)] == [later]


@pytest.mark.crash
def test_a_pull_is_taken_over_from_whoever_sleeps_in_the_middle_of_sending(
    store: Engine, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL takes such a one for busy, so its rows stayed locked until it woke."""
    if is_sqlite(store):
        pytest.skip("only its waking or its end frees SQLite's file")
    monkeypatch.setattr(opened, "FROZEN_SECONDS", 0)  # the database's own time is real
    with Simulator(World(sellers={"alice": 250})) as discogs:
        with writing(store) as db:
            pull_id = a_pull(db, a_seller(db), state="running", worker="", started_at=clock.now())
        url = store.url.render_as_string(hide_password=False)
        frozen = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.half_sent", url, str(pull_id)],
            stdout=subprocess.PIPE,
            text=True,
        )
        os.waitpid(frozen.pid, os.WUNTRACED)  # until it stands still

        outcome = pull_from(discogs, store, clock, "alice")

    frozen.send_signal(signal.SIGCONT)
    told, _ = frozen.communicate()
    assert (outcome.seen, outcome.pull_id) == (250, pull_id)
    assert told == "lost\n"


def test_connections_of_other_programs_are_left_alone(
    store: Engine, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_sqlite(store):
        pytest.skip("SQLite has no connections of others")
    monkeypatch.setattr(opened, "FROZEN_SECONDS", 0)
    url = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, application_name="theirs") as other:
        other.execute("CREATE TABLE theirs (n int)")
        other.pgconn.enter_pipeline_mode()
        other.pgconn.send_query_params(b"SELECT 1", [])
        other.pgconn.send_flush_request()
        other.pgconn.flush()
        while other.pgconn.is_busy():
            other.pgconn.consume_input()

        assert end_frozen_writers(store) == 0

        other.pgconn.pipeline_sync()
        other.pgconn.flush()
        while other.pgconn.transaction_status == TransactionStatus.ACTIVE:
            other.pgconn.get_result()
        other.pgconn.exit_pipeline_mode()


def test_whoever_finds_every_connection_in_use_is_told_to_try_again(store: Engine) -> None:
    """A request that found none used to be an error that should not happen."""
    store.pool._timeout = 0.0  # type: ignore[attr-defined]  # seconds; nobody waits here
    with ExitStack() as held:

        def take_them_all() -> None:
            while True:
                held.enter_context(reading(store)).execute(select(1))

        with pytest.raises(StoreUnavailable, match="Every connection to the database is in use"):
            take_them_all()
