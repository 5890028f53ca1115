"""Copies are found by their release, not by reading all that the followed sellers have.

A first version joined the follows; SQLite began at the few sellers, and the copies of one
master took 2 s among 300,000 listings.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from cratewise.store.engine import open_engine, reading
from cratewise.store.migrate import upgrade
from cratewise.store.record_copies import copies_of_master, copies_of_release
from cratewise.store.wanted_copies import copies_per_want, wanted_copies

QUESTIONS: dict[str, Callable[[Connection], object]] = {
    "copies of a release": lambda db: copies_of_release(db, 1, 7),
    "copies of a master": lambda db: copies_of_master(db, 1, 7),
    "copies of all wants": lambda db: wanted_copies(db, 1),
    "copies of some releases": lambda db: wanted_copies(db, 1, [7, 8]),
    "copies per want": lambda db: copies_per_want(db, 1, [7, 8]),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_sqlite_finds_copies_by_their_release(tmp_path: Path, name: str) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'cratewise.sqlite'}")
    upgrade(engine)
    asked: list[tuple[str, Any]] = []

    def remember(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    with reading(engine) as db:
        event.listen(engine, "before_cursor_execute", remember)
        QUESTIONS[name](db)
        event.remove(engine, "before_cursor_execute", remember)
        statement, parameters = asked[-1]
        plan = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    steps = [step[3] for step in plan]
    engine.dispose()

    touching = [step for step in steps if " listings" in step]
    assert touching
    assert all("ix_listings_release_id" in step for step in touching), steps
