"""Killed at any moment, an import goes on, and ends as if it had never been killed."""

import hashlib
import sqlite3
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest
from tests.catalog.dumps import a_dump, a_release

from cratewise.catalog.lookup import open_catalog
from cratewise.store.catalog_file import how_far

IMPORTER = Path(__file__).with_name("importer.py")
RELEASES = 60_000  # five blocks

pytestmark = pytest.mark.crash


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    releases = (
        a_release(number, title=f"Record {number} " + "long " * 40, master=number // 3)
        for number in range(1, RELEASES + 1)
    )
    return a_dump(tmp_path_factory.mktemp("dump") / "discogs_20261001_releases.xml.gz", releases)


def imported(dump: Path, catalog: Path, *, kill_after: int | None = None) -> list[str]:
    """Import in another process, which is killed after so many lines; what it said."""
    command = [sys.executable, "-W", "error", str(IMPORTER), str(dump), str(catalog)]
    said: list[str] = []
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.strip())
            if len(said) == kill_after:
                process.kill()
                break
            process.stdin.write("go on\n")
            process.stdin.flush()
    return said


def digest(path: Path) -> str:
    with sqlite3.connect(path) as db:
        lines = [line for line in db.iterdump() if "'made_at'" not in line]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_an_import_that_is_killed_again_and_again_ends_as_one_that_was_not(
    dump: Path, tmp_path: Path
) -> None:
    whole = imported(dump, tmp_path / "whole.sqlite")
    assert whole[-2:] == ["indexes", "done"]

    catalog = tmp_path / "catalog.sqlite"
    far = 0
    for kill_after in (1, 2, 1):
        said = imported(dump, catalog, kill_after=kill_after)
        assert not catalog.exists()
        begun = how_far(tmp_path / "catalog.partial.sqlite")
        assert begun is not None
        assert begun[1] >= int(said[-1].removeprefix("stored ")) > far  # nothing is read again
        far = begun[1]
    assert imported(dump, catalog)[-1] == "done"

    assert digest(catalog) == digest(tmp_path / "whole.sqlite")


def test_killed_before_the_indexes_are_made_the_catalogue_in_use_stays(
    dump: Path, tmp_path: Path
) -> None:
    catalog = tmp_path / "catalog.sqlite"
    imported(a_dump(tmp_path / "before.xml", [a_release(1)]), catalog)

    last = len(imported(dump, tmp_path / "whole.sqlite")) - 1
    assert imported(dump, catalog, kill_after=last)[-1] == "indexes"
    with open_catalog(catalog) as opened:
        assert set(opened.releases([1, 2])) == {1}

    assert imported(dump, catalog)[-1] == "done"
    with open_catalog(catalog) as opened:
        assert set(opened.releases([1, 2, RELEASES])) == {1, 2, RELEASES}
