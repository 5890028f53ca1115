"""Whom the reaper takes for dead, by a clock that is turned by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Engine
from tests.conftest import HandClock

from cratewise.durable import Desk
from cratewise.inventory.claim import new_worker
from cratewise.reaper import BEAT_SECONDS, SILENT_SECONDS, Reaper
from cratewise.store.engine import is_sqlite, reading, writing
from cratewise.store.line import connection_name
from cratewise.store.workers import WorkerRow, all_workers, beat

OTHER = "another-machine/1f2e 4711 12.50 0123456789ab"
OURS = "this-machine/3a4b 42 1.00 ba9876543210"


@dataclass
class Ward:
    """A reaper that looks with each beat of its own, as a worker makes it."""

    store: Engine
    reaper: Reaper
    clock: HandClock

    def hear(self, at: datetime) -> None:
        row = WorkerRow(
            id=OTHER,
            host="another-machine",
            pid=4711,
            door="work",
            queues=("pulls", "upkeep"),
            version="1.0",
            started_at=at,
            heartbeat_at=at,
        )
        with writing(self.store) as db:
            beat(db, row, at)

    def watch_for(self, seconds: float) -> None:
        for _ in range(round(seconds / BEAT_SECONDS)):
            self.clock.advance(BEAT_SECONDS)
            self.reaper.look()

    def known(self) -> list[str]:
        with reading(self.store) as db:
            return [row.id for row in all_workers(db)]


@pytest.fixture
def ward(store: Engine, clock: HandClock) -> Iterator[Ward]:
    with Desk(store) as desk:
        yield Ward(store, Reaper(store, desk, OURS, clock), clock)


def test_a_worker_that_falls_silent_is_buried(ward: Ward) -> None:
    ward.hear(ward.clock.now())

    ward.watch_for(SILENT_SECONDS)
    assert ward.known() == [OTHER]
    ward.watch_for(BEAT_SECONDS)
    assert ward.known() == []


def test_whoever_is_buried_keeps_and_waits_for_no_lock(ward: Ward, store: Engine) -> None:
    """A frozen worker's threads took a lock one after the other, a quarter minute each."""
    if is_sqlite(store):
        pytest.skip("only its waking or its end frees SQLite's file")
    ward.hear(ward.clock.now())
    url = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    names = [connection_name(name) for name in (OTHER, OURS)]
    with (
        psycopg.connect(url, application_name=names[0]) as frozen,
        psycopg.connect(url, application_name=names[0]) as reads,
        psycopg.connect(url, application_name=names[1]) as alive,
    ):
        frozen.execute("SELECT pg_advisory_xact_lock(1), pg_current_xact_id()")
        alive.execute("SELECT pg_advisory_xact_lock(2), pg_current_xact_id()")
        reads.execute("SELECT 1")

        ward.watch_for(SILENT_SECONDS + BEAT_SECONDS)

        with pytest.raises(psycopg.OperationalError, match="terminat"):
            frozen.execute("SELECT 1")
        reads.execute("SELECT 1")
        alive.execute("SELECT pg_advisory_xact_lock(1)")  # nobody has it
    with reading(store) as db:
        ours = db.exec_driver_sql("SHOW application_name").scalar_one()
    assert ours == connection_name(new_worker())


def test_a_worker_that_beats_is_alive_whatever_its_clock_says(ward: Ward) -> None:
    for beats in range(10):
        ward.hear(ward.clock.now() - timedelta(days=400) + timedelta(microseconds=beats))
        ward.watch_for(BEAT_SECONDS)

    assert ward.known() == [OTHER]


def test_silence_that_we_slept_through_ourselves_does_not_count(ward: Ward) -> None:
    """A database that was locked for a minute kept every worker from its beat."""
    ward.hear(ward.clock.now())
    ward.watch_for(BEAT_SECONDS)

    ward.clock.advance(60)
    ward.reaper.look()
    ward.watch_for(SILENT_SECONDS - BEAT_SECONDS)
    assert ward.known() == [OTHER]


def test_a_worker_that_was_buried_by_mistake_is_known_again_with_its_next_beat(ward: Ward) -> None:
    ward.hear(ward.clock.now())
    ward.watch_for(SILENT_SECONDS + BEAT_SECONDS)
    assert ward.known() == []

    ward.hear(ward.clock.now())
    ward.watch_for(BEAT_SECONDS)

    assert ward.known() == [OTHER]


def test_what_is_known_of_a_worker_is_what_it_told(ward: Ward) -> None:
    begun = ward.clock.now()
    ward.hear(begun)

    with reading(ward.store) as db:
        (row,) = all_workers(db)

    assert (row.host, row.pid, row.door, row.queues) == (
        "another-machine",
        4711,
        "work",
        ("pulls", "upkeep"),
    )
    assert (row.version, row.started_at, row.heartbeat_at) == ("1.0", begun, begun)
