"""A start from the shelf's file shows what a start from the database alone shows."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, update
from tests.builders import a_listing, a_seller, an_account
from tests.conftest import HandClock
from tests.shelf.plain import READER
from tests.shelf.stocked import a_mixed_stock, much_said

from cratewise.shelf import fresh
from cratewise.shelf.facets import FACETS
from cratewise.shelf.find import Finder
from cratewise.shelf.query import SORTS, Filter, Order
from cratewise.store.engine import is_sqlite, open_engine, writing
from cratewise.store.following import forget
from cratewise.store.retention import note_thrown
from cratewise.store.shelf_copies import MOST_KNOWN, know_copy, knows_copy
from cratewise.store.tables import listings, releases

Open = Callable[[], Finder]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shelf.npz"


@pytest.fixture
def start(
    store: Engine, clock: HandClock, path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Start anew, with the file that was kept, of a stock that was read and kept once."""
    monkeypatch.setattr(fresh, "WORTH_A_FILE", 1)
    with writing(store) as db:
        an_account(db)
        a_mixed_stock(db, 60)
        much_said(db, READER.account_id)
    opened: list[Finder] = []

    def started() -> Finder:
        opened.append(Finder(store, clock, path))
        return opened[-1]

    first = started()
    look(first)
    first.keep()
    yield started
    for finder in opened:
        finder.close()


def look(finder: Finder, **terms: Any) -> list[int]:
    wanted = Filter(gone="with", hidden="with", **terms)
    return finder.numbered_page(wanted, Order("title"), READER, page=1, limit=200).ids


def same_as_the_database(finder: Finder, store: Engine, clock: HandClock) -> bool:
    plain = Finder(store, clock)
    for sort in SORTS:
        for wanted in (Filter(gone="with"), Filter(words="blue"), Filter(styles=("House",))):
            pages = [
                one.numbered_page(wanted, Order(sort), READER, page=1, limit=200)
                for one in (finder, plain)
            ]
            assert pages[0] == pages[1]
    counted = [
        one.facets(Filter(), READER, FACETS, news_since=clock.now() - timedelta(days=1))
        for one in (finder, plain)
    ]
    return counted[0] == counted[1] and len(finder) == len(plain) > 0


def test_a_start_from_the_file_reads_no_rows(start: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def every_listing(_: object) -> None:
        raise AssertionError("All rows were read.")

    monkeypatch.setattr(fresh, "every_listing", every_listing)

    assert len(look(start())) >= 60


def test_a_start_from_the_file_shows_what_the_database_holds(
    store: Engine, clock: HandClock, start: Open
) -> None:
    assert same_as_the_database(start(), store, clock)


def test_what_changed_since_the_file_was_written_shows(
    store: Engine, clock: HandClock, start: Open
) -> None:
    clock.advance(600)
    now = clock.now()
    with writing(store) as db:
        seller = a_seller(db, "dave")
        new = a_listing(db, seller, artist="Moondog", touched_at=now, first_seen_at=now)
        db.execute(update(listings).where(listings.c.id == 1).values(score=99.0, touched_at=now))
        db.execute(
            update(releases).where(releases.c.id == 2).values(country="Peru", changed_at=now)
        )
        forget(db, READER.account_id, 3)  # carol

    finder = start()

    assert same_as_the_database(finder, store, clock)
    assert look(finder, artists=("Moondog",)) == [new]
    assert look(finder, score_from=90.0) == [1]
    before = finder
    before.keep()
    assert same_as_the_database(start(), store, clock)


def test_listings_that_went_without_a_word_have_all_read_anew(
    store: Engine, clock: HandClock, start: Open
) -> None:
    with writing(store) as db:
        db.execute(delete(listings).where(listings.c.id == 5))

    assert same_as_the_database(start(), store, clock)


def test_what_was_thrown_away_has_all_read_anew(
    store: Engine, clock: HandClock, start: Open
) -> None:
    with writing(store) as db:
        db.execute(delete(listings).where(listings.c.id == 5))
        a_listing(db, 1)
        note_thrown(db, "gone listings", clock.now())

    assert same_as_the_database(start(), store, clock)


def test_a_file_that_is_old_is_read_no_more(store: Engine, clock: HandClock, start: Open) -> None:
    clock.advance(300)
    later = start()
    look(later)
    later.keep()
    with writing(store) as db:  # as no writer of ours does it
        db.execute(update(listings).where(listings.c.id == 1).values(score=99.0))
    assert look(start(), score_from=90.0) == []

    clock.advance(8 * 86_400)
    assert look(start(), score_from=90.0) == [1]


def test_a_database_that_was_restored_from_an_earlier_backup_is_read_anew(
    tmp_path: Path, clock: HandClock, path: Path, start: Open, store: Engine
) -> None:
    if not is_sqlite(store):
        pytest.skip("One database suffices: a backup of it is a copy of its file.")
    backup, original = (
        sqlite3.connect(one) for one in (tmp_path / "backup", str(store.url.database))
    )
    original.backup(backup)
    backup.close()
    original.close()
    clock.advance(600)
    with writing(store) as db:  # what the backup does not have
        changed = update(listings).where(listings.c.id == 1)
        db.execute(changed.values(score=99.0, touched_at=clock.now()))
    later = start()
    look(later)
    later.keep()
    restored = open_engine(f"sqlite:///{tmp_path / 'backup'}")
    clock.advance(600)
    with writing(restored) as db:
        db.execute(update(listings).where(listings.c.id == 2).values(touched_at=clock.now()))

    finder = Finder(restored, clock, path)

    assert look(finder, score_from=90.0) == []
    assert same_as_the_database(finder, restored, clock)
    restored.dispose()


@pytest.mark.parametrize("harm", ["torn", "none", "another form", "something else"])
def test_a_file_that_cannot_be_used_is_as_good_as_none(  # noqa: PLR0917 - fixtures
    harm: str,
    store: Engine,
    clock: HandClock,
    path: Path,
    start: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if harm == "torn":
        path.write_bytes(path.read_bytes()[:-200])
    elif harm == "none":
        path.unlink()
    elif harm == "another form":
        monkeypatch.setattr("cratewise.shelf.on_disk.FORM", 0)
    else:
        path.write_text("a letter")

    finder = start()

    assert same_as_the_database(finder, store, clock)
    finder.keep()
    assert [one.name for one in path.parent.iterdir() if "npz" in one.name] == [path.name]


def test_a_file_is_written_when_serving_begins_and_when_it_ends(
    store: Engine, clock: HandClock, path: Path, start: Open
) -> None:
    path.unlink()
    finder = start()
    finder.begin()
    finder.settle()
    first = path.read_bytes()

    with writing(store) as db:
        a_listing(db, 1, touched_at=clock.now())
    look(finder)
    finder.close()

    assert path.read_bytes() != first
    assert path.stat().st_mode & 0o077 == 0


def test_what_has_not_changed_is_not_written_again(
    path: Path, start: Open, clock: HandClock
) -> None:
    written_at = []
    for _ in range(3):
        clock.advance(300)
        finder = start()
        finder.begin()
        finder.settle()
        finder.close()
        written_at.append(path.stat().st_mtime_ns)

    # The first of them read the last minute before the file was written once more.
    assert written_at[0] == written_at[1] == written_at[2]


def test_a_folder_that_takes_no_file_stops_nobody(
    store: Engine, clock: HandClock, start: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    finder = Finder(store, clock, tmp_path / "nowhere" / "shelf.npz")
    finder.begin()
    finder.settle()
    assert same_as_the_database(finder, store, clock)
    finder.close()

    assert "nowhere" in caplog.text


def test_of_many_copies_the_newest_are_known(store: Engine, clock: HandClock) -> None:
    with writing(store) as db:
        for n in range(MOST_KNOWN + 2):
            clock.advance(1)
            know_copy(db, f"copy {n}", clock.now())

        assert not knows_copy(db, "copy 1")
        assert knows_copy(db, "copy 2")
        assert knows_copy(db, f"copy {MOST_KNOWN + 1}")
