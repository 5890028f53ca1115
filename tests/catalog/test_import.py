"""A monthly dump becomes a catalogue; what is no good dump costs nothing."""

import hashlib
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.catalog.dumps import STOCKHOLM, a_dump, a_release
from tests.conftest import HandClock

from cratewise.catalog import dump_file
from cratewise.catalog import import_dump as import_dump_module
from cratewise.catalog.files import CatalogFiles, roll_back
from cratewise.catalog.import_dump import Imported, Order, Progress, import_dump
from cratewise.catalog.lookup import Artist, Credit, Label, open_catalog
from cratewise.catalog.parsed import Parsed, People
from cratewise.errors import (
    BrokenCatalog,
    BrokenDump,
    ImportStopped,
    ImportUnderWay,
    NoCatalog,
    StoreFull,
    TruncatedDump,
    WrongChecksum,
    WrongDump,
)
from cratewise.store import catalog_links
from cratewise.store.catalog_file import CatalogWriter, Columns, how_far
from cratewise.store.catalog_links import Pairs

NAME = "discogs_20261001_releases.xml.gz"


@pytest.fixture
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dump of some thousand releases has several blocks, and each is a transaction."""
    monkeypatch.setattr(dump_file, "BLOCK", 2**19)
    monkeypatch.setattr(import_dump_module, "AT_ONCE", 500)


@pytest.fixture
def files(tmp_path: Path) -> CatalogFiles:
    return CatalogFiles(tmp_path / "kept" / "catalog.sqlite")


def imported(files: CatalogFiles, dump: Path, clock: HandClock, **order: Any) -> Imported:
    return import_dump(files, Order(dump, **order), clock=clock)


def digest(path: Path) -> str:
    """Of all that a catalogue holds, but for when it was made."""
    with sqlite3.connect(path) as db:
        lines = [line for line in db.iterdump() if "'made_at'" not in line]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def many(count: int) -> Iterator[str]:
    """So many releases that they fill several blocks."""
    for number in range(1, count + 1):
        yield a_release(number, title=f"Record {number} " + "long " * 40, master=number // 3)


def test_everything_that_a_dump_tells_of_a_release_can_be_looked_up(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    done = imported(files, a_dump(tmp_path / NAME, [STOCKHOLM, a_release(2)]), clock)

    assert (done.releases, done.doubled, done.resumed) == (2, 0, 0)
    with open_catalog(files.current) as catalog:
        facts = catalog.releases([3, 1])[1]
        assert set(catalog.releases([3, 1])) == {1}
        assert (facts.title, facts.artist, facts.format) == (
            "Stockholm",
            "The Persuader",
            '2x12", 33 ⅓ RPM',
        )
        assert facts.artists == [Artist(1, "The Persuader", "")]
        assert facts.labels == [Label(5, "Svek", "SK032")]
        assert (facts.master_id, facts.original_year, facts.year) == (1660109, 1999, 1999)
        assert (facts.genres, facts.styles) == (["Electronic"], ["Deep House"])
        assert (facts.country, facts.released) == ("Sweden", "1999-03-00")
        assert facts.barcodes == ["7 332414 00001 2"]
        assert facts.videos == ["https://www.youtube.com/watch?v=afMHNll9EVM"]
        assert facts.credits == [Credit(239, "Written-By"), Credit(507025, "Lacquer Cut By")]
        assert catalog.names([239, 1]) == {239: "Jesper Dahlbäck"}
        assert (catalog.of_artist(1), catalog.of_label(9)) == ([1], [2])
        assert catalog.edition.file == NAME


def test_the_original_year_is_that_of_the_first_pressing_or_what_masters_tell(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    pressings = [a_release(1, master=5, released="1999"), a_release(2, master=5, released="1971")]
    dump = a_dump(tmp_path / NAME, [*pressings, a_release(3, master=6, released="2001")])
    imported(files, dump, clock)
    with open_catalog(files.current) as catalog:
        assert [facts.id for facts in catalog.pressings(5)] == [2, 1]
        assert {facts.original_year for facts in catalog.pressings(5)} == {1971}

    master = '<master id="5"><main_release>2</main_release><year>1969</year></master>'
    masters = a_dump(tmp_path / "masters.xml", [master], root="masters")
    imported(files, dump, clock, masters=masters)
    with open_catalog(files.current) as catalog:
        assert {facts.original_year for facts in catalog.pressings(5)} == {1969}
        assert {facts.original_year for facts in catalog.pressings(6)} == {2001}


def test_a_release_that_stands_there_twice_is_kept_once_as_it_stood_last(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    twice = [a_release(1, title="First"), a_release(2), a_release(1, title="Second")]
    done = imported(files, a_dump(tmp_path / NAME, twice), clock)

    assert (done.releases, done.doubled) == (2, 1)
    with open_catalog(files.current) as catalog:
        assert catalog.releases([1])[1].title == "Second"


@pytest.mark.parametrize("between", [0, 30_000])
def test_a_release_that_stands_there_twice_is_found_by_those_alone_whom_it_named_last(
    files: CatalogFiles, tmp_path: Path, clock: HandClock, between: int
) -> None:
    """Both beside each other in one block, and far apart, in two transactions."""
    first = a_release(1, artists=[(5, "Was"), (6, "Stays")], labels=[(8, "Was", "")], master=3)
    second = a_release(1, artists=[(6, "Stays"), (7, "Came")], labels=[(9, "Is", "")], master=4)
    others = [a_release(number, artists=[(5, "Was")]) for number in range(2, 2 + between)]
    done = imported(files, a_dump(tmp_path / NAME, [first, *others, second]), clock)

    assert (done.releases, done.doubled) == (1 + between, 1)
    with open_catalog(files.current) as catalog:
        assert [catalog.of_artist(number) for number in (6, 7)] == [[1], [1]]
        assert catalog.of_artist(5) == list(range(2, 2 + between))
        assert (1 in catalog.of_label(8), 1 in catalog.of_label(9)) == (False, True)
        assert [len(catalog.pressings(master)) for master in (3, 4)] == [0, 1]


def test_an_artist_with_more_releases_than_a_block_of_the_file_holds_has_them_all(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    various = [(194, "Various"), (194 + 16, "Rotor")]  # whose numbers lie in one drawer
    records = (a_release(number, artists=[various[number % 3 == 0]]) for number in range(1, 10_001))
    imported(files, a_dump(tmp_path / NAME, records), clock)

    with open_catalog(files.current) as catalog:
        assert catalog.of_artist(194) == [one for one in range(1, 10_001) if one % 3]
        assert catalog.of_artist(210) == list(range(3, 10_001, 3))
        assert catalog.of_artist(178) == []


@pytest.mark.parametrize("name", ["releases.xml", "releases.xml.gz"])
@pytest.mark.parametrize("parser", ["fast", "plain"])
def test_gz_and_plain_and_both_parsers_make_the_same_catalogue(
    files: CatalogFiles, tmp_path: Path, clock: HandClock, name: str, parser: Any
) -> None:
    dump = a_dump(tmp_path / name, [STOCKHOLM, *many(300)])
    plain = tmp_path / "plain"
    plain.mkdir()
    other = a_dump(plain / name, [STOCKHOLM, *many(300)])
    imported(files, dump, clock, parser=parser)
    control = CatalogFiles(tmp_path / "control.sqlite")
    imported(control, other, clock)

    same = [line for path in (files, control) for line in [digest(path.current)]]
    assert same[0] == same[1]


def test_without_credits_nobody_is_credited_and_the_rest_is_there(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    imported(files, a_dump(tmp_path / NAME, [STOCKHOLM]), clock, with_credits=False)
    with open_catalog(files.current) as catalog:
        assert catalog.releases([1])[1].credits == []
        assert catalog.releases([1])[1].videos
        assert not catalog.edition.has_credits


def test_of_those_that_are_listed_alone_nothing_else_is_kept(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    dump = a_dump(tmp_path / NAME, many(500))
    done = imported(files, dump, clock, only=frozenset({1, 250, 500, 9_999}))

    assert done.releases == 3
    with open_catalog(files.current) as catalog:
        assert set(catalog.releases([1, 2, 250, 500])) == {1, 250, 500}
        assert catalog.edition.is_only_listed


@pytest.mark.usefixtures("_small_blocks")
def test_of_those_that_are_listed_alone_original_years_are_those_of_all_pressings(
    files: CatalogFiles, tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_dump_module, "BYTES_AT_ONCE", 1)
    years = {number: 1960 + number * 7 % 60 for number in range(1, 2_001)}
    dump = a_dump(
        tmp_path / NAME,
        (
            a_release(number, title="long " * 60, master=number % 500, released=f"{year}-00-00")
            for number, year in years.items()
        ),
    )
    some = frozenset(range(1_000, 1_200))
    whole = CatalogFiles(tmp_path / "whole.sqlite")
    imported(whole, dump, clock)

    stops = iter((False, False, True))
    with pytest.raises(ImportStopped):
        import_dump(files, Order(dump, only=some), clock=clock, should_stop=lambda: next(stops))
    done = imported(files, dump, clock, only=some)

    assert done.releases == 200
    with open_catalog(files.current) as few, open_catalog(whole.current) as all_of_them:
        told = {one.id: one.original_year for one in few.descriptions(some)}
        assert told == {one.id: one.original_year for one in all_of_them.descriptions(some)}
        assert sum(told[number] != years[number] for number in some) > 100


@pytest.mark.usefixtures("_small_blocks")
def test_an_import_that_is_stopped_goes_on_and_ends_as_if_it_had_not_been(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    dump = a_dump(tmp_path / NAME, many(4_000))  # six blocks
    heard: list[Progress] = []
    with pytest.raises(ImportStopped):
        import_dump(
            files, Order(dump), clock=clock, on_progress=heard.append,
            should_stop=lambda: len(heard) >= 2,
        )  # fmt: skip
    assert not files.current.exists()
    begun = how_far(files.partial)
    assert begun is not None
    assert begun[0] == NAME
    assert 0 < begun[1] < 4_000

    done = imported(files, dump, clock)
    assert (done.resumed, done.releases) == (begun[1], 4_000)
    control = CatalogFiles(tmp_path / "control.sqlite")
    imported(control, dump, clock)
    assert digest(files.current) == digest(control.current)
    assert not files.partial.exists()


@pytest.mark.usefixtures("_small_blocks")
def test_an_import_that_is_broken_off_within_a_block_loses_and_doubles_none_of_it(
    files: CatalogFiles, tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second Ctrl-C between two statements noted a block as read which was not stored."""
    dump = a_dump(tmp_path / NAME, many(4_000))  # six blocks
    new_in, met = People.new_in, 0

    def new_in_some(people: People, parsed: Parsed) -> list[tuple[int, str]]:
        nonlocal met
        met += 1
        if met == 4:
            raise KeyboardInterrupt
        return new_in(people, parsed)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(People, "new_in", new_in_some)
        interrupted.setattr(import_dump_module, "AT_ONCE", 1_000)  # two blocks
        with pytest.raises(KeyboardInterrupt):
            imported(files, dump, clock)
    begun = how_far(files.partial)
    assert begun is not None

    done = imported(files, dump, clock)
    assert 0 < begun[1] == done.resumed
    assert (done.releases, done.doubled) == (4_000, 0)
    control = CatalogFiles(tmp_path / "control.sqlite")
    imported(control, dump, clock)
    assert digest(files.current) == digest(control.current)


KILLED = """
import os, signal, sys
from pathlib import Path
from cratewise.catalog import dump_file, import_dump
from cratewise.catalog.files import CatalogFiles
from cratewise.clock import SystemClock

dump_file.BLOCK, import_dump.AT_ONCE = 2**19, 500

def tell(progress):
    if progress.phase == "releases" and progress.releases > 1_500:
        os.kill(os.getpid(), signal.SIGKILL)

order = import_dump.Order(Path(sys.argv[2]))
import_dump.import_dump(
    CatalogFiles(Path(sys.argv[1])), order, clock=SystemClock(), on_progress=tell
)
"""


@pytest.mark.usefixtures("_small_blocks")
def test_an_import_whose_process_is_killed_goes_on_and_ends_as_if_it_had_not_been(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    dump = a_dump(tmp_path / NAME, many(4_000))
    command = [sys.executable, "-c", KILLED, str(files.current), str(dump)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL

    done = imported(files, dump, clock)
    assert 1_500 < done.resumed < 4_000
    control = CatalogFiles(tmp_path / "control.sqlite")
    imported(control, dump, clock)
    assert digest(files.current) == digest(control.current)


def test_rows_that_could_not_be_added_leave_no_trace_in_what_is_committed_later(
    tmp_path: Path,
) -> None:
    def add(writer: CatalogWriter, *ids: int, people: Any = ()) -> None:
        numbers = np.array(ids)
        pairs: Any = dict.fromkeys(("artist", "label"), Pairs(numbers, numbers))
        texts, nobody = [b"told"] * len(ids), [None] * len(ids)
        writer.add(numbers, Columns(texts, texts, nobody), pairs, people)

    with CatalogWriter(tmp_path / "catalog.sqlite") as writer:
        add(writer, 1, 2)
        writer.commit()
        with pytest.raises(BrokenCatalog):
            add(writer, 2, 3, people=[("no number",)])
        assert writer.doubled == 0
        writer.commit()
        add(writer, 4)
        writer.commit()
        writer.finish()
    with sqlite3.connect(tmp_path / "catalog.sqlite") as db:
        assert [row[0] for row in db.execute("SELECT id FROM releases")] == [1, 2, 4]
        named = b"".join(row[0] for row in db.execute("SELECT releases FROM links ORDER BY first"))
        assert np.frombuffer(named, "<u4").tolist() == [1, 1, 2, 2, 4, 4]


def test_an_import_that_ends_while_it_sorts_goes_on_with_what_is_left(
    files: CatalogFiles, tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = a_dump(tmp_path / NAME, many(3_000))
    sort, sorted_before = catalog_links.in_order, 0

    def sort_some(pairs: Pairs) -> Pairs:
        nonlocal sorted_before
        sorted_before += 1
        if sorted_before == 7:  # of three kinds in sixteen drawers
            raise KeyboardInterrupt
        return sort(pairs)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(catalog_links, "in_order", sort_some)
        with pytest.raises(KeyboardInterrupt):
            imported(files, dump, clock)
    assert not files.current.exists()

    assert imported(files, dump, clock).resumed == 3_000
    control = CatalogFiles(tmp_path / "control.sqlite")
    imported(control, dump, clock)
    assert digest(files.current) == digest(control.current)


@pytest.fixture
def in_use(files: CatalogFiles, tmp_path: Path, clock: HandClock) -> CatalogFiles:
    """A catalogue of release 1, which a bad import must leave as it is."""
    imported(files, a_dump(tmp_path / "before.xml", [a_release(1)]), clock)
    return files


def is_as_before(files: CatalogFiles) -> bool:
    with open_catalog(files.current) as catalog:
        return set(catalog.releases(range(100))) == {1} and not files.previous.exists()


@pytest.mark.usefixtures("_small_blocks")
def test_a_dump_that_was_cut_off_is_refused_and_goes_on_once_it_is_whole(
    in_use: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    dump = a_dump(tmp_path / NAME, many(12_000))
    whole = dump.read_bytes()
    dump.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(TruncatedDump, match="ends in the middle"):
        imported(in_use, dump, clock)
    assert is_as_before(in_use)

    dump.write_bytes(whole)
    done = imported(in_use, dump, clock)
    assert done.releases == 12_000
    assert done.resumed > 0


def test_xml_that_was_cut_off_between_two_releases_is_refused_too(
    in_use: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    dump = tmp_path / "releases.xml"
    dump.write_text("<releases>\n" + a_release(2) + "\n" + a_release(3), "utf-8")
    with pytest.raises(TruncatedDump):
        imported(in_use, dump, clock)
    assert is_as_before(in_use)


def test_a_text_of_other_letters_than_utf_8_is_refused(
    in_use: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    """It was an error of Python's own, by which xml2arrow could not say what was wrong."""
    dump = a_dump(tmp_path / "releases.xml", [a_release(5, title="Caf@")])
    dump.write_bytes(dump.read_bytes().replace(b"Caf@", "Café".encode("latin-1")))
    with pytest.raises(BrokenDump):
        imported(in_use, dump, clock)
    assert is_as_before(in_use)


@pytest.mark.parametrize("left", ["<releases", "<releases ", "<releases><release"])
def test_xml_that_was_cut_off_within_its_first_tags_is_refused_too(
    in_use: CatalogFiles, tmp_path: Path, clock: HandClock, left: str
) -> None:
    """The first of them was an error of Python's own."""
    dump = tmp_path / "releases.xml"
    dump.write_text(left, "utf-8")
    with pytest.raises(TruncatedDump):
        imported(in_use, dump, clock)
    assert is_as_before(in_use)


def test_a_damaged_dump_is_refused(in_use: CatalogFiles, tmp_path: Path, clock: HandClock) -> None:
    dump = a_dump(tmp_path / NAME, many(2_000))
    damaged = bytearray(dump.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 40] = b"\xff" * 40
    dump.write_bytes(damaged)
    with pytest.raises(BrokenDump, match="damaged near byte"):
        imported(in_use, dump, clock)
    assert is_as_before(in_use)


@pytest.mark.parametrize(
    "record", ['<release id="7"><title>open</release>', "<release ><title>x</title></release>",
               '<release id="seven"><title>x</title></release>'],
)  # fmt: skip
def test_xml_that_makes_no_sense_is_refused(
    in_use: CatalogFiles, tmp_path: Path, clock: HandClock, record: str
) -> None:
    with pytest.raises(BrokenDump):
        imported(in_use, a_dump(tmp_path / "releases.xml", [a_release(5), record]), clock)
    assert is_as_before(in_use)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<artists><artist><id>1</id></artist></artists>", "artists"),
        ("<masters><master id='1'></master></masters>", "masters"),
        ("listing_id,artist,title\n1,A,B\n", ""),
        ("", ""),
        ("<html><body>Access denied</body></html>", ""),
        ("<releases></releases>", ""),
        ("<releases>\n</releases>\n", ""),
    ],
)
def test_another_file_than_a_dump_of_releases_is_refused_by_name(
    in_use: CatalogFiles, tmp_path: Path, clock: HandClock, text: str, found: str
) -> None:
    wrong = tmp_path / "wrong.xml"
    wrong.write_text(text, "utf-8")
    with pytest.raises(WrongDump) as refused:
        imported(in_use, wrong, clock)
    assert refused.value.found == found
    assert is_as_before(in_use)


def test_a_dump_may_begin_with_a_byte_order_mark(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    dump = a_dump(tmp_path / NAME.removesuffix(".gz"), [STOCKHOLM])
    dump.write_bytes(b"\xef\xbb\xbf" + dump.read_bytes())
    assert imported(files, dump, clock).releases == 1


def test_a_dump_whose_checksum_is_another_is_refused(
    in_use: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    dump = a_dump(tmp_path / NAME, many(100))
    with pytest.raises(WrongChecksum, match="another month, or damaged"):
        imported(in_use, dump, clock, checksums={NAME: "0" * 64})
    assert is_as_before(in_use)

    right = hashlib.sha256(dump.read_bytes()).hexdigest()
    assert imported(in_use, dump, clock, checksums={NAME: right}).is_checked


@pytest.mark.usefixtures("_small_blocks")
def test_a_full_disk_keeps_both_the_old_catalogue_and_what_is_stored_of_the_new(
    in_use: CatalogFiles, tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = a_dump(tmp_path / NAME, many(4_000))
    connect = sqlite3.connect

    def on_a_small_disk(*arguments: Any, **options: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*arguments, **options)
        db.execute("PRAGMA max_page_count = 200")  # SQLite then says what a full disk makes it say
        return db

    with monkeypatch.context() as small:
        small.setattr(sqlite3, "connect", on_a_small_disk)
        with pytest.raises(StoreFull, match="goes on there once there is space"):
            imported(in_use, dump, clock)
    assert is_as_before(in_use)

    done = imported(in_use, dump, clock)
    assert done.releases == 4_000
    assert done.resumed > 0


def test_two_imports_into_one_place_do_not_mix(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    files.current.parent.mkdir()
    with CatalogWriter(files.partial), pytest.raises(ImportUnderWay):
        imported(files, a_dump(tmp_path / NAME, [a_release(1)]), clock)


def test_the_catalogue_before_is_kept_and_can_be_gone_back_to(
    files: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    with pytest.raises(NoCatalog, match="previous"):
        roll_back(files)
    for number in (1, 2, 3):
        imported(files, a_dump(tmp_path / f"{number}.xml", [a_release(number)]), clock)

    def held(path: Path) -> set[int]:
        with open_catalog(path) as catalog:
            return set(catalog.releases([1, 2, 3]))

    assert (held(files.current), held(files.previous)) == ({3}, {2})
    roll_back(files)
    assert (held(files.current), held(files.previous)) == ({2}, {3})
    assert sorted(path.name for path in files.current.parent.iterdir()) == [
        "catalog.previous.sqlite",
        "catalog.sqlite",
    ]


def test_who_reads_a_catalogue_while_it_is_replaced_goes_on_reading_the_old_one(
    in_use: CatalogFiles, tmp_path: Path, clock: HandClock
) -> None:
    with open_catalog(in_use.current) as catalog:
        imported(in_use, a_dump(tmp_path / NAME, [a_release(2)]), clock)
        assert set(catalog.releases([1, 2])) == {1}
    with open_catalog(in_use.current) as catalog:
        assert set(catalog.releases([1, 2])) == {2}


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_file_that_is_no_catalogue_is_told_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(content)
    with pytest.raises(BrokenCatalog, match=r"import latest` makes another\.$"), open_catalog(path):
        pass

    CatalogFiles(path).previous.write_bytes(content)
    with pytest.raises(BrokenCatalog, match="rollback` goes back"), open_catalog(path):
        pass
    with (
        pytest.raises(BrokenCatalog, match=r"makes another\.$"),
        open_catalog(CatalogFiles(path).previous),
    ):
        pass
