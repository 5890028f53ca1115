"""A process that is stopped while it writes: a closed laptop, a machine that swaps."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from tests.builders import NOON

from cratewise.errors import StoreUnavailable
from cratewise.store import engine as opened
from cratewise.store.engine import is_sqlite, reading, writing
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
