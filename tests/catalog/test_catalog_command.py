"""`cratewise catalog` as a shell meets it, on both databases."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from tests.builders import a_listing, a_seller
from tests.catalog.dumps import STOCKHOLM, a_dump, a_release
from tests.catalog.typed import answered, cratewise

from cratewise.store.engine import reading, writing
from cratewise.store.tables import releases


@pytest.fixture(autouse=True)
def _the_store_is_the_programs(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", store.url.render_as_string(hide_password=False))


def test_an_import_describes_the_listings_that_are_there(store: Engine, tmp_path: Path) -> None:
    with writing(store) as db:
        seller = a_seller(db)
        for number in (1, 2):
            a_listing(db, seller, id=number)
    dump = a_dump(tmp_path / "discogs_20261001_releases.xml.gz", [STOCKHOLM])

    done = answered("import", str(dump))

    assert (done["imported"]["releases"], done["described"]) == (1, 1)
    with reading(store) as db:
        told = db.execute(
            select(releases.c.id, releases.c.styles, releases.c.country).order_by(releases.c.id)
        ).all()
    assert told == [(1, '["Deep House"]', "Sweden"), (2, None, None)]


def test_importing_the_same_again_costs_nothing_unless_it_is_wished(tmp_path: Path) -> None:
    dump = str(a_dump(tmp_path / "discogs_20261001_releases.xml.gz", [STOCKHOLM]))
    answered("import", dump)

    assert answered("import", dump)["imported"] is None
    assert "in use already" in cratewise("import", dump).output
    assert answered("import", dump, "--again")["imported"]["releases"] == 1
    assert answered("import", dump, "--without-credits")["edition"]["has_credits"] is False


def test_only_what_is_listed_is_kept_where_that_is_wished(store: Engine, tmp_path: Path) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db), id=2)
    dump = a_dump(tmp_path / "dump.xml", [a_release(1), a_release(2), a_release(3)])

    assert answered("import", str(dump), "--only-listed")["edition"]["releases"] == 1


def test_the_status_tells_what_is_in_use_and_what_was_before(tmp_path: Path) -> None:
    assert "none at" in cratewise("status").stdout
    assert answered("status")["current"] is None
    for number in (1, 2):
        answered("import", str(a_dump(tmp_path / f"{number}.xml", [a_release(number)])))

    told = answered("status")
    assert (told["current"]["file"], told["previous"]["file"]) == ("2.xml", "1.xml")
    assert "In use: 2.xml, 1 releases" in cratewise("status").stdout
    assert "In use again: 1.xml" in cratewise("rollback").stdout
    assert answered("status")["current"]["file"] == "1.xml"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["rollback"], 7, "There is no previous catalogue"),
        (["import", "missing.xml"], 7, "missing.xml: No such file"),
        (["import", "."], 7, ".: Is a directory"),
        (["import", "ftp://a/b.xml"], 2, "expected an address that begins with https://"),
        (["import", "latest", "--masters", "s3://a/b"], 2, "'--masters'"),
        (["import", "ARTISTS"], 7, "is the dump of artists: expected the one of releases"),
        (["import", "SHORT"], 7, "ends in the middle"),
        (["import", "GOOD", "--checksum", "OTHER"], 7, "does not tell its checksum (it tells of"),
        (["import", "GOOD", "--masters", "GOOD"], 7, "expected the one of masters"),
    ],
)
def test_what_cannot_be_imported_is_told_in_a_sentence(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    places = {
        "GOOD": a_dump(tmp_path / "discogs_20261001_releases.xml.gz", [STOCKHOLM]),
        "ARTISTS": a_dump(tmp_path / "artists.xml", [], root="artists"),
        "SHORT": tmp_path / "short.xml",
        "OTHER": tmp_path / "discogs_20260901_CHECKSUM.txt",
    }
    places["SHORT"].write_text("<releases>" + STOCKHOLM, "utf-8")
    places["OTHER"].write_text(f"{'0' * 64} *discogs_20260901_releases.xml.gz\n", "utf-8")

    result = cratewise(*(str(places.get(word, word)) for word in arguments))

    assert result.exit_code == code
    assert said in " ".join(result.output.split())


def test_a_catalogue_of_another_version_is_told_of_and_never_put_into_use(tmp_path: Path) -> None:
    """`status` failed for as long as such a file was kept, and `rollback` put it into use."""
    for number in (1, 2):
        answered("import", str(a_dump(tmp_path / f"{number}.xml", [a_release(number)])))
    previous = Path(answered("status")["path"]).with_name("catalog.previous.sqlite")
    with sqlite3.connect(previous) as db:
        db.execute("UPDATE about SET value = '0' WHERE name = 'form'")

    told = answered("status")
    assert (told["current"]["file"], told["previous"]) == ("2.xml", None)
    assert "another version of Cratewise made it" in told["problems"][0]
    assert "another version" in cratewise("status").stdout
    refused = cratewise("rollback")
    assert refused.exit_code == 7
    assert answered("status")["current"]["file"] == "2.xml"


def test_a_catalogue_that_nobody_can_use_does_not_take_the_place_of_the_one_before(
    tmp_path: Path,
) -> None:
    for number in (1, 2):
        answered("import", str(a_dump(tmp_path / f"{number}.xml", [a_release(number)])))
    Path(answered("status")["path"]).write_bytes(b"overwritten" * 1_000)

    answered("import", str(a_dump(tmp_path / "3.xml", [a_release(3)])))
    told = answered("status")
    assert (told["current"]["file"], told["previous"]["file"]) == ("3.xml", "1.xml")
