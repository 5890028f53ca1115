"""The program as a shell meets it: a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cratewise.cli.app import DEEDS

HEAVY = {"numpy", "sqlalchemy", "dbos", "alembic", "httpx2", "discogs_sdk", "rich", "cryptography"}


def cratewise(*arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cratewise", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **changes},
        check=False,
    )


def test_help_names_every_command_and_says_where_to_begin() -> None:
    answer = cratewise("--help")

    assert answer.returncode == 0
    assert all(f"  {name} " in answer.stdout for name in DEEDS)
    assert "cratewise demo" in answer.stdout


def test_help_loads_nothing_heavy() -> None:
    answer = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cratewise", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = {line.rpartition("|")[2].strip() for line in answer.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & HEAVY


def test_a_mistyped_command_is_met_with_the_right_one() -> None:
    answer = cratewise("seller")

    assert answer.returncode == 2
    assert "Did you mean 'sellers'?" in answer.stderr


def test_a_mistyped_option_is_a_matter_of_usage() -> None:
    answer = cratewise("db", "status", "--colour")

    assert answer.returncode == 2
    assert "--colour" in answer.stderr


def test_nonsense_in_a_setting_names_the_setting() -> None:
    answer = cratewise("db", "status", CRATEWISE_DATABASE_URL="mysql://somewhere/else")

    assert answer.returncode == 2
    assert answer.stderr.startswith("cratewise: CRATEWISE_DATABASE_URL: ")
    assert "Traceback" not in answer.stderr


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "letter.sqlite"
    file.write_bytes(b"Dear Sir or Madam, " * 100)

    answer = cratewise("sellers", CRATEWISE_DATABASE_URL=f"sqlite:///{file}")

    assert answer.returncode == 6
    assert f"{file} cannot be used: file is not a database." in answer.stderr
    assert file.read_bytes().startswith(b"Dear Sir")


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    url = "postgresql://digger:secret@127.0.0.1:1/crates"

    answer = cratewise("sellers", CRATEWISE_DATABASE_URL=url)

    assert answer.returncode == 6
    assert "postgresql://digger:***@127.0.0.1:1/crates cannot be used" in answer.stderr
    assert "secret" not in answer.stderr


def test_the_database_is_made_and_told_of(tmp_path: Path) -> None:
    changes = {"CRATEWISE_DATA_DIR": str(tmp_path / "new")}

    before = cratewise("db", "status", "--json", **changes)
    upgrade = cratewise("db", "upgrade", **changes)
    after = cratewise("db", "status", "--json", **changes)

    assert json.loads(before.stdout)["schema"] is None
    assert upgrade.returncode == 0
    assert json.loads(after.stdout)["is_newest"] is True


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_offers_the_commands(shell: str) -> None:
    answer = cratewise(
        _CRATEWISE_COMPLETE=f"complete_{shell}",
        COMP_WORDS="cratewise se",
        COMP_CWORD="1",
        _TYPER_COMPLETE_ARGS="cratewise se",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )

    assert "sellers" in answer.stdout
    assert "demo" not in answer.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently on Windows")
def test_a_reader_that_goes_away_is_no_error_worth_a_word() -> None:
    reading_end, writing_end = os.pipe()
    os.close(reading_end)

    with os.fdopen(writing_end, "wb") as nowhere:
        answer = subprocess.run(
            [sys.executable, "-m", "cratewise", "db", "status"],
            stdout=nowhere,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert answer.stderr == b""
    assert answer.returncode == 141
