"""What `cratewise doctor` says of a database that cannot be used: what to do, each time."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cratewise.cli.app import app


def told(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, Any]:
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", url)
    answer = CliRunner().invoke(app, ["doctor", "--offline", "--json"])
    assert answer.exit_code == 1, answer.output
    last: dict[str, Any] = json.loads(answer.stdout)[-1]
    assert (last["what"], last["is_well"]) == ("database", False)
    return last


def test_a_damaged_file_is_to_be_restored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "crates.sqlite"
    path.write_text("dear diary " * 1000)

    found = told(monkeypatch, f"sqlite:///{path}")

    assert "file is not a database" in found["found"]
    assert "`cratewise restore` a backup" in found["remedy"]
    assert path.read_text().startswith("dear diary")


def test_a_folder_in_which_nothing_can_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = told(monkeypatch, f"sqlite:///{tmp_path}")
    forbidden = told(monkeypatch, "sqlite:////dev/null/crates.sqlite")

    assert "CRATEWISE_DATA_DIR" in found["remedy"]
    assert "CRATEWISE_DATA_DIR" in forbidden["remedy"]


def test_a_server_that_does_not_answer_is_to_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(monkeypatch, "postgresql://me:secret@127.0.0.1:1/crates")

    assert "start PostgreSQL" in found["remedy"]
    assert "secret" not in json.dumps(found)


def test_an_address_of_another_kind_is_to_be_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "CRATEWISE_DATABASE_URL" in told(monkeypatch, "mysql://me@host/crates")["remedy"]
