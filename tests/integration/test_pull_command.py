"""`cratewise pull` and `cratewise demo` as people and scripts meet them, on both databases."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.market import pages_asked
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.simulator import Simulator, World

EXPORTS = Path(__file__).parents[1] / "exports"


@pytest.fixture
def discogs(store: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    world = World(sellers={"alice": 250, "bob": 120}, currencies={"alice": "EUR"})
    with Simulator(world, rate_limit=60, minute_seconds=0.2) as simulator:
        at(simulator, store, monkeypatch)
        yield simulator


def at(simulator: Simulator, store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program ask this simulator, and keep what it reads in this store."""
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", store.url.render_as_string(False))
    monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", simulator.url)
    monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
    monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", World.token("digger"))
    monkeypatch.setenv("CRATEWISE_RATES_URL", "off")


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="cratewise")


def outcomes(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_person_is_told_the_cost_before_and_the_outcome_after(discogs: Simulator) -> None:
    result = cratewise("pull", "alice")

    assert result.exit_code == 0
    assert "250 listings for sale; reading all of them takes 4 requests" in result.stderr
    assert result.stdout.startswith("alice: 250 of 250 listings read (100 %); 250 new.  4 requests")


def test_several_sellers_are_pulled_one_after_the_other(discogs: Simulator) -> None:
    result = cratewise("pull", "ALICE", "bob", "--json")

    assert [(one["seller"], one["seen"]) for one in outcomes(result)] == [
        ("alice", 250),
        ("bob", 120),
    ]


def test_an_unknown_seller_costs_the_others_nothing(discogs: Simulator) -> None:
    result = cratewise("pull", "nobody", "alice", "--json")

    refused, read = outcomes(result)
    assert result.exit_code == refused["exit_code"] == 3
    assert "nobody" in result.stderr
    assert read["seen"] == 250


def test_looking_again_at_a_stock_that_did_not_move_costs_two_requests(
    discogs: Simulator,
) -> None:
    cratewise("pull", "alice")

    again = outcomes(cratewise("pull", "alice", "--json"))[0]

    assert (again["kind"], again["requests"], again["new"]) == ("quick", 2, 0)


def test_a_full_pull_can_be_asked_for(discogs: Simulator) -> None:
    cratewise("pull", "alice")
    discogs.world.sell("alice", 5)

    again = outcomes(cratewise("pull", "alice", "--full", "--json"))[0]

    assert (again["kind"], again["seen"], again["claimed"]) == ("full", 245, 245)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "SELLER"),
        (["alice", "--quick", "--full"], "--quick, --full"),
        (["alice", "--from-csv", "x.csv"], "--from-csv"),
        (["alice", "--currency", "EUR"], "--from-csv"),
        (["--from-csv", "x.csv", "--seller", "alice"], "--currency EUR"),
    ],
)
def test_options_that_contradict_each_other_are_refused_before_anything_is_asked(
    discogs: Simulator, arguments: list[str], complaint: str
) -> None:
    result = cratewise("pull", *arguments)

    assert result.exit_code == 2
    assert complaint in result.stderr
    assert not discogs.requests


def test_a_wrong_token_is_refused_with_a_sentence(
    discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", "wrong")

    result = cratewise("pull", "alice")

    assert result.exit_code == 4
    assert result.stderr.startswith("cratewise: ")


def test_a_log_names_every_request_and_never_the_token(
    discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEWISE_LOG_LEVEL", "debug")

    log = subprocess.run(
        [sys.executable, "-m", "cratewise", "pull", "bob"],
        env={**os.environ},
        capture_output=True,
        text=True,
        check=True,
    ).stderr

    assert log.count("/users/bob/inventory?") == 2
    assert World.token("digger") not in log


def test_an_export_is_imported_and_its_bad_lines_named(store: Engine, discogs: Simulator) -> None:
    file = str(EXPORTS / "inventory_2026.csv")

    result = cratewise("pull", "--from-csv", file, "--seller", "carol", "--currency", "EUR")
    listed = json.loads(cratewise("listings", "carol", "--json").stdout)

    assert result.exit_code == 0
    assert result.stdout.startswith("inventory_2026.csv holds ")
    assert listed["count"] > 0
    assert not discogs.requests


def test_a_file_that_is_no_export_is_refused(discogs: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "shopping.csv"
    file.write_text("milk,bread\n1,2\n")

    result = cratewise("pull", "--from-csv", str(file), "--seller", "carol", "--currency", "EUR")

    assert result.exit_code == 7
    assert "shopping.csv" in result.stderr


def test_a_missing_file_is_named(discogs: Simulator, tmp_path: Path) -> None:
    file = str(tmp_path / "nothing.csv")

    result = cratewise("pull", "--from-csv", file, "--seller", "carol", "--currency", "EUR")

    assert result.exit_code == 7
    assert "nothing.csv" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no Ctrl-C to one process")
def test_ctrl_c_keeps_what_was_read_and_the_next_pull_goes_on(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Simulator(World(sellers={"bob": 7_000})) as discogs:
        at(discogs, store, monkeypatch)
        # 71 requests do not go into one minute of 60, so it cannot end before it is told to.
        monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "60")
        program = subprocess.Popen(
            [sys.executable, "-m", "cratewise", "pull", "bob"],
            env={**os.environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert program.stderr is not None
        assert "7,000 listings for sale" in program.stderr.readline()
        program.send_signal(signal.SIGINT)
        _, said = program.communicate()
        monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
        result = cratewise("pull", "bob", "--json")
        asked = pages_asked(discogs)

    assert program.returncode == 130
    assert "Stopping" in said
    assert "what was read is kept" in said
    assert (outcomes(result)[0]["seen"], outcomes(result)[0]["coverage"]) == (7_000, 1.0)
    assert len(asked) == len(set(asked)) == 70


def test_without_a_network_a_pull_says_so_soon(
    discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cratewise.cli.progress.FIRST_CONTACT_SECONDS", 0.0)
    discogs.__exit__(None, None, None)

    result = cratewise("pull", "alice")

    assert result.exit_code == 5
    assert "does not answer" in result.stderr


def test_the_demo_works_without_a_terminal_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    result = cratewise("demo", "--minute", "0.25")

    assert result.exit_code == 0
    assert "grooveyard: 250 of 250 listings read (100 %)" in result.stdout
    assert "warehouse: 12,500 of 12,500 listings read (100 %)" in result.stdout
    assert "0.25 s instead of 60" in result.stdout
    ranked = re.findall(r"\$ cratewise top.*?(?=\n\$ cratewise|\Z)", result.stdout, re.DOTALL)
    assert len(ranked) == 2
    assert [len(re.findall(r"people in all|nobody owns it", one)) for one in ranked] == [5, 5]
    assert list(tmp_path.iterdir()) == []


def test_the_demo_can_leave_its_database_to_look_around_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = cratewise("demo", "--minute", "0.25", "--keep")
    folder = re.search(r"CRATEWISE_DATA_DIR=(\S+)", result.stderr)
    assert folder is not None
    monkeypatch.setenv("CRATEWISE_DATA_DIR", folder[1])

    sellers = cratewise("sellers", "--json")
    shutil.rmtree(folder[1])

    assert "warehouse" in sellers.stdout


@pytest.mark.parametrize(
    ("arguments", "at_fault"),
    [
        (("alice", "--deep", "--full"), "--deep"),
        (("alice", "--quick", "--verify", "3"), "--verify"),
        (("alice", "--search", "x", "--verify", "3"), "--search"),
        (("alice", "--quick", "--requests", "30"), "--requests"),
        (("alice", "--requests", "1"), "--requests"),
        (("--from-csv", "a.csv", "--deep"), "--from-csv"),
    ],
)
def test_deeds_of_a_pull_that_exclude_each_other_are_named(
    arguments: tuple[str, ...], at_fault: str
) -> None:
    result = cratewise("pull", *arguments)

    assert result.exit_code == 2
    assert at_fault in result.stderr


def test_nothing_unverified_is_told_and_nothing_is_asked(discogs: Simulator) -> None:
    cratewise("pull", "alice")
    before = len(discogs.requests)
    result = cratewise("pull", "alice", "--verify", "5")

    assert result.stdout == "alice: every listing was seen within 30 days.\n"
    assert len(discogs.requests) == before


def test_who_was_never_read_has_nothing_to_verify(discogs: Simulator) -> None:
    assert cratewise("pull", "alice", "--verify", "5").exit_code == 3


def test_a_seller_is_asked_for_a_title_alone(discogs: Simulator) -> None:
    result = cratewise("pull", "alice", "--search", "nobody has this", "--json")

    assert outcomes(result) == [{"seller": "alice", "found": {"nobody has this": 0}, "new": 0}]
    assert len(discogs.requests) == 2
