"""`cratewise connect` and `cratewise doctor`: whose token, kept where, and what is wrong."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.simulator import Simulator, World
from cratewise.store.engine import reading
from cratewise.store.tables import credentials

TOKEN = World.token("digger")


@pytest.fixture
def discogs(store: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 120}), rate_limit=60, minute_seconds=0.2) as simulator:
        monkeypatch.setenv("CRATEWISE_DATABASE_URL", store.url.render_as_string(False))
        monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", simulator.url)
        monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
        monkeypatch.setenv("CRATEWISE_RATES_URL", "off")
        yield simulator


def cratewise(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="cratewise", input=typed)


def test_a_token_is_checked_kept_sealed_and_used_from_then_on(
    discogs: Simulator, store: Engine
) -> None:
    connected = cratewise("connect", "--token", "-", typed=f"{TOKEN}\n")
    pulled = cratewise("pull", "alice")

    assert connected.exit_code == 0, connected.output
    assert "Connected as digger." in connected.stdout
    assert pulled.exit_code == 0
    assert discogs.requests[-1].viewer == "digger"
    with reading(store) as db:
        sealed = db.execute(select(credentials.c.sealed)).scalar_one()
    assert TOKEN.encode() not in sealed
    assert TOKEN not in connected.output


def test_a_wrong_token_is_refused_and_the_one_before_stays(discogs: Simulator) -> None:
    cratewise("connect", "--token", TOKEN)

    refused = cratewise("connect", "--token", "WrongToken")

    assert refused.exit_code == 4
    assert "WrongToken" not in refused.output
    assert json.loads(cratewise("connect", "--show", "--json").stdout)["username"] == "digger"


def test_nothing_typed_is_a_matter_of_usage(discogs: Simulator) -> None:
    refused = cratewise("connect", "--token", "two words")

    assert refused.exit_code == 2
    assert "expected a token of plain letters without spaces; make one at" in refused.output
    assert not discogs.requests


def test_a_forgotten_token_is_used_no_more(discogs: Simulator) -> None:
    cratewise("connect", "--token", TOKEN)

    forgotten = cratewise("connect", "--forget")
    cratewise("pull", "alice")

    assert "is forgotten" in forgotten.stdout
    assert discogs.requests[-1].viewer is None
    assert "No token is kept" in cratewise("connect", "--show").stdout


def test_the_doctor_finds_all_well_and_whose_token_it_is(discogs: Simulator) -> None:
    cratewise("connect", "--token", TOKEN)

    seen = cratewise("doctor")

    assert seen.exit_code == 0, seen.output
    assert "the token of `cratewise connect` is digger's" in seen.stdout
    assert "schema " in seen.stdout
    assert "0 listings" in seen.stdout


def test_the_doctor_says_what_a_token_would_change(discogs: Simulator) -> None:
    seen = cratewise("doctor", "--json")

    assert seen.exit_code == 0, seen.output
    assert "without a token it allows 25 requests a minute" in seen.stdout


def test_the_doctor_names_a_wrong_token_and_ends_in_one(
    discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", "WrongToken")

    seen = cratewise("doctor", "--json")

    assert seen.exit_code == 1
    ill = [finding for finding in json.loads(seen.stdout) if not finding["is_well"]]
    assert [finding["what"] for finding in ill] == ["Discogs"]
    assert "CRATEWISE_DISCOGS_TOKEN" in ill[0]["remedy"]


def test_the_doctor_sees_that_discogs_is_out_of_reach(
    discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", "http://127.0.0.1:9")

    assert cratewise("doctor").exit_code == 1
    assert cratewise("doctor", "--offline").exit_code == 0


def test_the_doctor_says_what_ails_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")

    seen = cratewise("doctor", "--json")

    assert seen.exit_code == 1
    assert "cannot be used" in json.loads(seen.stdout)[-1]["found"]
