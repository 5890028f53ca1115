"""What `cratewise doctor` says of a database that cannot be used: what to do, each time."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from cratewise.cli.app import app
from cratewise.clock import SystemClock
from cratewise.store.quota import QuotaLedger


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


def test_who_asks_under_another_quota_is_told(
    store: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("home", "office"):
        with QuotaLedger(store, SystemClock()).turn(name) as turn:
            turn.take("background")
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", database_url)
    monkeypatch.setenv("CRATEWISE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CRATEWISE_QUOTA", "home")
    answer = CliRunner().invoke(app, ["doctor", "--offline", "--json"])

    quota = next(one for one in json.loads(answer.stdout) if one["what"] == "quota")
    assert quota["found"].endswith("of the quota 'home'; used lately too: 'office'")
    assert "CRATEWISE_QUOTA" in quota["remedy"]
