"""The two official exports, of a wantlist and of a collection, on both databases."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from tests.conftest import HandClock
from tests.market import an_account_of

from cratewise.errors import ImportRefused, WrongColumns
from cratewise.store.engine import reading, writing
from cratewise.store.listing_row import ReleaseRow
from cratewise.store.releases import find_release, meet_releases
from cratewise.store.tables import owned
from cratewise.store.wants import Want, find_want, keep_wants, owned_ids, wanted_ids
from cratewise.wants.list_file import ImportedList, import_list

WANTS = "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,Notes\r\n"
COLLECTION = (
    "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added,"
    "Collection Media Condition,Collection Sleeve Condition,Collection Notes\r\n"
)
BLUE = 'AMLH 64866,Joni Mitchell,Blue,Reprise,"LP, Album",5,1971,249504,the red sleeve\r\n'
ODD = "X1,Nobody,Nothing,None,LP,,0,4.33E+09,\r\n"


def file_of(tmp_path: Path, text: str, at: datetime | None = None) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8", newline="")
    if at is not None:
        os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def imported(store: Engine, clock: HandClock, path: Path) -> ImportedList:
    return import_list(store, path, account_id=an_account_of(store, clock), clock=clock)


def test_a_wantlist_export_tells_what_is_wanted(
    store: Engine, clock: HandClock, tmp_path: Path
) -> None:
    found = imported(store, clock, file_of(tmp_path, WANTS + BLUE))

    assert found.sentence == "Wantlist: 1 release; 1 added."
    with reading(store) as db:
        want = find_want(db, an_account_of(store, clock), 249504)
        release = find_release(db, 249504)
    assert want == Want(249504, "the red sleeve", 5)
    assert release is not None
    assert (release.artist, release.title, release.format, release.year, release.want) == (
        "Joni Mitchell", "Blue", "LP, Album", 1971, None
    )  # fmt: skip


def test_a_collection_export_counts_copies_and_names_folders(
    store: Engine, clock: HandClock, tmp_path: Path
) -> None:
    copy = "X,Yes,Drama,Atlantic,LP,{},1980,386,{},2020-11-12 12:24:52,Mint (M),,\r\n"
    text = COLLECTION + copy.format("", "Upstairs") + copy.format("4", "Cellar")

    found = imported(store, clock, file_of(tmp_path, text))

    assert (found.gathered.entries, found.gathered.releases) == (2, 1)
    with reading(store) as db:
        row = db.execute(select(owned)).one()
    assert (row.release_id, row.copies, row.folder, row.rating) == (386, 2, "Cellar", 4)
    assert row.added_at == datetime(2020, 11, 12, 12, 24, 52, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "kind", "entries"),
    [("wantlist_export.csv", "wants", 359), ("collection_export_2020.csv", "collection", 250)],
)
def test_recorded_exports_are_read_whole_and_again_change_nothing(
    store: Engine, clock: HandClock, samples: Path, *, name: str, kind: str, entries: int
) -> None:
    found = imported(store, clock, samples / "csv" / name)
    again = imported(store, clock, samples / "csv" / name)

    assert (found.gathered.kind, found.gathered.entries) == (kind, entries)
    assert found.gathered.releases == entries
    assert found.bad == []
    assert (again.gathered.added, again.gathered.removed) == (0, 0)


def test_what_a_newer_export_lacks_is_taken_off(
    store: Engine, clock: HandClock, tmp_path: Path
) -> None:
    imported(store, clock, file_of(tmp_path, WANTS + BLUE, clock.now()))
    clock.advance(3600)

    found = imported(store, clock, file_of(tmp_path, WANTS, clock.now()))

    assert found.sentence == "Wantlist: 0 releases; 1 removed."
    with reading(store) as db:
        assert wanted_ids(db, an_account_of(store, clock)) == set()


def test_a_file_older_than_the_last_sync_takes_nothing_off_and_tells_so(
    store: Engine, clock: HandClock, tmp_path: Path
) -> None:
    written_at = clock.now()
    clock.advance(86_400)
    account_id = an_account_of(store, clock)
    with writing(store) as db:
        meet_releases(db, [ReleaseRow(1), ReleaseRow(249504)], clock.now())
        keep_wants(db, account_id, [Want(1), Want(249504, "as Discogs says")], clock.now())

    found = imported(store, clock, file_of(tmp_path, WANTS + BLUE, written_at))

    assert "the list was synced since, so nothing was taken off" in found.sentence
    with reading(store) as db:
        assert wanted_ids(db, account_id) == {1, 249504}
        want = find_want(db, account_id, 249504)
    assert want is not None
    assert want.notes == "as Discogs says"


def test_a_bad_line_costs_itself_and_takes_nothing_off(
    store: Engine, clock: HandClock, tmp_path: Path
) -> None:
    account_id = an_account_of(store, clock)
    with writing(store) as db:
        meet_releases(db, [ReleaseRow(1)], clock.now())
        keep_wants(db, account_id, [Want(1)], clock.now())
    clock.advance(3600)

    found = imported(store, clock, file_of(tmp_path, WANTS + ODD + BLUE, clock.now()))

    assert found.bad == [(2, "Its release_id is '4.33E+09'; expected a number.")]
    assert found.sentence.endswith("Left out: 1 bad line, so nothing was taken off.")
    with reading(store) as db:
        assert wanted_ids(db, account_id) == {1, 249504}


@pytest.mark.parametrize(
    "name",
    [
        "collection_export_custom_columns_2018.csv",
        "inventory_export_header_2026.csv",
        "seller_inventory_187_with_suggestion.csv",
    ],
)
def test_a_file_of_another_kind_is_refused_in_a_sentence(
    store: Engine, clock: HandClock, samples: Path, name: str
) -> None:
    with pytest.raises(WrongColumns, match="is not Discogs' wantlist or collection export: it has"):
        imported(store, clock, samples / "csv" / name)

    with reading(store) as db:
        account_id = an_account_of(store, clock)
        assert wanted_ids(db, account_id) | owned_ids(db, account_id) == set()


@pytest.mark.parametrize("text", ["", "\0\0\0", "release_id\n1\n"])
def test_what_is_no_export_is_refused(
    store: Engine, clock: HandClock, tmp_path: Path, text: str
) -> None:
    with pytest.raises(ImportRefused):
        imported(store, clock, file_of(tmp_path, text))
    with pytest.raises(ImportRefused, match="There is no file"):
        imported(store, clock, tmp_path / "none.csv")


def test_what_a_listing_told_of_a_release_stays(
    store: Engine, clock: HandClock, tmp_path: Path
) -> None:
    with writing(store) as db:
        listed = ReleaseRow(249504, artist="Joni Mitchell", title="Blue (Remastered)")
        meet_releases(db, [listed], clock.now())

    imported(store, clock, file_of(tmp_path, WANTS + BLUE))

    with reading(store) as db:
        release = find_release(db, 249504)
    assert release is not None
    assert (release.title, release.label) == ("Blue (Remastered)", "Reprise")
