"""`cratewise sync`, as people and programs use it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.simulator import Simulator, World


@pytest.fixture(autouse=True)
def discogs(store: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 20})) as simulator:
        monkeypatch.setenv("CRATEWISE_DATABASE_URL", store.url.render_as_string(False))
        monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", simulator.url)
        monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
        yield simulator


@pytest.fixture
def _connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", World.token("digger"))


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="cratewise")


@pytest.mark.usefixtures("_connected")
def test_ones_own_lists_are_read_with_the_token_alone() -> None:
    result = cratewise("sync")

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "Wantlist: 340 releases; 340 added.",
        "Collection: 270 releases; 270 added.",
    ]


def test_public_lists_need_no_token(discogs: Simulator) -> None:
    result = cratewise("sync", "--user", "digger", "--wants", "--json")

    assert result.exit_code == 0, result.output
    [wants] = json.loads(result.stdout)["lists"]
    assert (wants["kind"], wants["releases"], wants["is_whole"]) == ("wants", 340, True)
    assert {request.viewer for request in discogs.requests} == {None}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ([], 4, "Whose lists?"),
        (["--user", "hermit"], 4, "The wantlist of 'hermit' is private"),
        (["--user", "no_such_member"], 3, "no_such_member"),
        (["--user", "a/b"], 3, "cannot be a seller's name"),
        (["--from-csv", "none.csv"], 7, "There is no file none.csv"),
        (["--from-csv", "none.csv", "--wants"], 2, "takes no other option"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(
    arguments: list[str], code: int, sentence: str
) -> None:
    result = cratewise("sync", *arguments)

    assert result.exit_code == code, result.output
    assert sentence in " ".join(result.stderr.split())


def test_both_exports_are_read_at_once(samples: Path) -> None:
    files = [
        samples / "csv" / name for name in ("wantlist_export.csv", "collection_export_2020.csv")
    ]

    result = cratewise("sync", "--from-csv", str(files[0]), "--from-csv", str(files[1]))

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Wantlist: 359 releases; 359 added.\nCollection: 250 releases;")
