"""A dump that pg_dump itself wrote moves as its database does."""

import gzip
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.engine import make_url
from tests.conftest import HandClock
from tests.earlier.longplaying import listing, put, record
from tests.earlier.test_move import everything, moved_from
from tests.postgres import postgres_binaries

from cratewise.errors import ImportRefused
from cratewise.store.engine import open_engine, reading
from cratewise.store.migrate import upgrade
from cratewise.store.tables import releases


def dumped(url: str, path: Path) -> Path:
    binaries = postgres_binaries()
    assert binaries is not None
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([binaries / "pg_dump", "--file", path, address], check=True)
    return path


@pytest.fixture
def store_on_postgresql(store: Engine) -> Engine:
    if store.dialect.name == "sqlite":
        pytest.skip("pg_dump dumps PostgreSQL")
    return store


def test_a_dump_moves_as_its_database_does(
    store_on_postgresql: Engine, earlier: Engine, earlier_url: str, clock: HandClock, tmp_path: Path
) -> None:
    put(earlier, "seller", {"id": 1, "name": "alice\tand \\bob", "currency": "EUR"})
    put(
        earlier, "record",
        record(1, artist="Tab\tand\nline", title="back\\slash", styles=None, catno=None),
        record(2, genres='"House, Deep House"', artist="Žižek Ünïted"),
    )  # fmt: skip
    put(earlier, "listing", listing(1, 1, 1, evaluated=True), listing(2, 1, 2, record_price=None))
    moved_from(earlier_url, store_on_postgresql, clock)
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    upgrade(other)

    path = dumped(earlier_url, tmp_path / "dump.sql")
    packed = tmp_path / "dump.sql.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    moved_from(str(packed), other, clock)

    with reading(other) as db:
        told = set(db.scalars(select(releases.c.artist)))
    assert told == {"Tab\tand\nline", "Žižek Ünïted"}
    one, two = everything(store_on_postgresql), everything(other)
    assert {name: len(rows) for name, rows in one.items()} == {
        name: len(rows) for name, rows in two.items()
    }
    other.dispose()


def test_a_dump_that_was_cut_off_is_refused_before_anything_moves(
    store_on_postgresql: Engine, earlier: Engine, earlier_url: str, clock: HandClock, tmp_path: Path
) -> None:
    put(earlier, "seller", {"id": 1, "name": "alice", "currency": "EUR"})
    put(earlier, "record", *(record(n) for n in range(1, 40)))
    whole = dumped(earlier_url, tmp_path / "dump.sql").read_bytes()
    cut = tmp_path / "cut.sql.gz"
    cut.write_bytes(gzip.compress(whole)[:-200])

    with pytest.raises(ImportRefused, match="breaks off"):
        moved_from(str(cut), store_on_postgresql, clock)
