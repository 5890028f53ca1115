"""Everything moves from one database to another, or into one file and back; or nothing does."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.engine import make_url
from tests.conftest import HandClock
from tests.market import an_account_of, pull_from

from cratewise.errors import BackupRefused, CopyDiffers, StoreNotEmpty
from cratewise.simulator import Simulator, World
from cratewise.store.backup import back_up, check_backup, restore
from cratewise.store.copy import STAYS_BEHIND, copy_database
from cratewise.store.engine import open_engine, reading, writing
from cratewise.store.migrate import schema_version, upgrade
from cratewise.store.migrations import known_versions
from cratewise.store.tables import listings, metadata, sellers


@pytest.fixture
def filled(store: Engine, clock: HandClock) -> Engine:
    """A database with a seller's stock, pulled twice, so that it has a history."""
    with Simulator(World(sellers={"alice": 120})) as simulator:
        pull_from(simulator, store, clock, "alice", kind="full")
        pull_from(simulator, store, clock, "alice", kind="full")
    return store


@pytest.fixture
def other(filled: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty database of the other kind."""
    if filled.dialect.name == "postgresql":
        engine = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
        upgrade(engine)
        yield engine
        engine.dispose()
        return
    server = open_engine(make_url(request.getfixturevalue("postgres_url")))
    admin = server.execution_options(isolation_level="AUTOCOMMIT")
    name = f"cratewise_other_{os.getpid()}"
    with admin.connect() as db:
        db.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine = open_engine(server.url.set(database=name))
    upgrade(engine)
    yield engine
    engine.dispose()
    with admin.connect() as db:
        db.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.dispose()


def rows_of(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with reading(engine) as db:
        return {
            table.name: [
                tuple(row) for row in db.execute(select(table).order_by(*table.primary_key))
            ]
            for table in metadata.sorted_tables
            if table.name not in STAYS_BEHIND
        }


def test_a_database_of_the_other_kind_holds_the_same_afterwards(
    filled: Engine, other: Engine
) -> None:
    told: list[tuple[str, int, int]] = []

    copied = copy_database(filled, other, lambda *said: told.append(said))

    assert rows_of(other) == rows_of(filled)
    assert all(one.there == one.here for one in copied)
    assert ("listings", 120, 120) in told


def test_new_rows_are_numbered_behind_those_that_were_copied(
    filled: Engine, other: Engine, clock: HandClock
) -> None:
    """Numbers that came with their rows leave PostgreSQL's own counting at 1."""
    copy_database(filled, other)

    with writing(other) as db:
        row = {"username": "bob", "username_key": "bob", "created_at": clock.now()}
        number = db.execute(insert(sellers).values(row)).inserted_primary_key
    assert number is not None
    assert number[0] > 1


def test_nothing_is_copied_over_what_is_kept(
    filled: Engine, other: Engine, clock: HandClock
) -> None:
    account_id = an_account_of(other, clock)

    with pytest.raises(StoreNotEmpty, match="is not empty"):
        copy_database(filled, other)

    assert an_account_of(other, clock) == account_id
    with reading(other) as db:
        assert db.scalar(select(func.count()).select_from(listings)) == 0


def test_a_copy_that_breaks_off_leaves_the_other_empty(filled: Engine, other: Engine) -> None:
    def lose_power(name: str, done: int, _rows: int) -> None:
        if name == "listings" and done:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        copy_database(filled, other, lose_power)

    assert not any(rows_of(other).values())
    assert all(one.here == one.there for one in copy_database(filled, other))


def test_a_copy_that_counts_less_than_the_original_is_undone(
    filled: Engine, tmp_path: Path
) -> None:
    short = open_engine(f"sqlite:///{tmp_path / 'short.sqlite'}")
    upgrade(short)
    with writing(short) as db:
        db.exec_driver_sql(
            "CREATE TRIGGER thief AFTER INSERT ON listings WHEN (NEW.id % 60) = 0"
            " BEGIN DELETE FROM listings WHERE id = NEW.id; END"
        )

    with pytest.raises(CopyDiffers, match="Of 120 rows of listings 118 arrived"):
        copy_database(filled, short)

    assert not any(rows_of(short).values())
    short.dispose()


class PowerCutError(Exception):
    pass


def test_a_backup_holds_everything_and_restores_into_either_kind(
    filled: Engine, other: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "crates.backup"

    back_up(filled, path)
    restored = restore(path, other)

    assert rows_of(other) == rows_of(filled)
    assert all(one.there == one.here for one in restored)
    assert sorted(file.name for file in tmp_path.glob("crates*")) == ["crates.backup"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_backup_is_one_moment_while_a_pull_goes_on(
    store: Engine, clock: HandClock, tmp_path: Path
) -> None:
    taken: list[Path] = []

    def take(_progress: object) -> None:
        if len(taken) < 3:
            taken.append(tmp_path / f"{len(taken)}.backup")
            back_up(store, taken[-1])

    with Simulator(World(sellers={"alice": 400})) as simulator:
        pull_from(simulator, store, clock, "alice", kind="full", on_progress=take)

    for path in taken:
        check_backup(path)
        with closing(sqlite3.connect(path)) as file:
            pages = file.execute("SELECT coalesce(sum(unseen), 0) FROM pull_pages").fetchone()
            kept = file.execute("SELECT count(*) FROM listings").fetchone()
        assert pages == kept
    assert len(taken) == 3


def test_a_backup_overwrites_no_file(store: Engine, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("dear")

    with pytest.raises(BackupRefused, match="is there already"):
        back_up(store, path)

    assert path.read_text() == "dear"


@pytest.mark.parametrize("damage", ["cut", "letter", "another program's", "newer", "none"])
def test_what_is_no_whole_backup_is_refused_and_nothing_changes(
    store: Engine, tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "crates.backup"
    if damage != "none":
        back_up(store, path)
    with (
        closing(sqlite3.connect(path))
        if damage in ("another program's", "newer")
        else closing(sqlite3.connect(":memory:")) as file
    ):
        if damage == "another program's":
            file.execute("PRAGMA application_id = 1")
        if damage == "newer":
            file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.commit()
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-9000])
    if damage == "letter":
        path.write_text("dear " * 1000)

    with pytest.raises(BackupRefused):
        restore(path, store)


def test_every_bit_of_a_backup_that_is_another_is_noticed(filled: Engine, tmp_path: Path) -> None:
    path = tmp_path / "crates.backup"
    back_up(filled, path)
    whole = path.read_bytes()
    places = range(100, len(whole), len(whole) // 50)

    for place in places:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BackupRefused, match="damaged"):
            check_backup(path)

    path.write_bytes(whole)
    assert check_backup(path) == known_versions()[-1]


def test_a_backup_lies_as_it_lay_when_it_was_restored(
    filled: Engine, other: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "a folder" / "50 % of crates?#.backup"
    path.parent.mkdir()
    back_up(filled, path)
    before = path.read_bytes()

    restore(path, other)

    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_backup_of_an_earlier_schema_is_brought_up_to_date_on_the_way(
    store: Engine, tmp_path: Path
) -> None:
    from alembic import command

    from cratewise.store.migrate import configured_for

    old = open_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
    with old.begin() as db:
        command.upgrade(configured_for(db), "0003")
        db.exec_driver_sql(
            "INSERT INTO accounts (id, name, currency, country, created_at)"
            " VALUES (7, 'local', 'EUR', 'DE', 0)"
        )
    path = tmp_path / "old.backup"
    old.dispose()
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as file:
        file.execute("VACUUM INTO ?", (str(path),))
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA application_id = {0x43_57_42_4B}")
        file.commit()

    restored = restore(path, store)

    assert {one.table: one.here for one in restored}["accounts"] == 1
    assert schema_version(store) == known_versions()[-1]
    assert sorted(file.name for file in tmp_path.glob("old.backup*")) == ["old.backup"]


def test_the_commands_say_what_they_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cratewise(*arguments: str, database: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "cratewise", *arguments],
            env={**os.environ, "CRATEWISE_DATABASE_URL": f"sqlite:///{tmp_path / database}"},
            capture_output=True,
            text=True,
            check=False,
        )

    cratewise("region", "--currency", "CHF", "--country", "CH", database="one.sqlite")
    keyless = cratewise("backup", str(tmp_path / "keyless"), database="one.sqlite")
    monkeypatch.setenv("CRATEWISE_SECRET_KEY", Fernet.generate_key().decode())
    saved = cratewise("backup", str(tmp_path / "b"), database="one.sqlite")
    again = cratewise("backup", str(tmp_path / "b"), database="one.sqlite")
    restored = cratewise("restore", str(tmp_path / "b"), database="two.sqlite")
    addresses = [f"sqlite:///{tmp_path / name}" for name in ("two.sqlite", "three.sqlite")]
    copied = cratewise("db", "copy", *addresses, database="two.sqlite")

    typo = cratewise("db", "copy", f"{addresses[1]}x", addresses[0], database="d")
    nonsense = cratewise("db", "copy", addresses[0], "postgres", database="d")

    assert saved.returncode == 0, saved.stderr
    assert "CRATEWISE_SECRET_KEY" in saved.stderr
    assert keyless.returncode == 0, keyless.stderr
    assert "nowhere" not in keyless.stderr  # nothing was ever sealed
    assert again.returncode == 6
    assert "no backup overwrites" in again.stderr
    assert restored.returncode == 0, restored.stderr
    assert copied.returncode == 0, copied.stderr
    assert "accounts\t1\t1" in copied.stdout
    assert "CHF" in cratewise("region", database="three.sqlite").stdout
    assert typo.returncode == 6
    assert "There is no database at" in typo.stderr
    assert not (tmp_path / "three.sqlitex").exists()
    assert nonsense.returncode == 2
    assert "Invalid value for TARGET: expected sqlite:///FILE" in nonsense.stderr
