"""Over HTTP: whose Discogs account is connected, and everything that is yours in one file."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from tests.api.serving import Api, served
from tests.builders import a_listing, a_seller

from cratewise.simulator import Simulator, World
from cratewise.store.engine import reading, writing
from cratewise.store.own_rows import KEYS, MADE_ANEW, own_tables
from cratewise.store.tables import metadata

V1 = "/api/v1"
DIGGER = World.token("digger")


@pytest.fixture
def alone(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A served installation that nobody connected yet."""
    with Simulator(World(sellers={"alice": 30}), minute_seconds=0.2) as discogs:
        monkeypatch.setenv("CRATEWISE_DATABASE_URL", database_url)
        monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", discogs.url)
        monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
        monkeypatch.delenv("CRATEWISE_DISCOGS_TOKEN", raising=False)
        with served() as api:
            yield api


def test_a_token_is_connected_under_the_name_that_discogs_tells_and_forgotten_again(
    alone: Api,
) -> None:
    before = alone.read(f"{V1}/discogs")
    assert (before["username"], before["requests_a_minute"]) == (None, 25)

    answer = alone.http.put(f"{V1}/discogs", json={"token": DIGGER})
    assert answer.status_code == 200
    assert (answer.json()["username"], answer.json()["kind"]) == ("digger", "token")
    assert answer.json()["requests_a_minute"] == 60
    assert DIGGER not in answer.text

    after = alone.http.delete(f"{V1}/discogs").json()
    assert (after["username"], after["requests_a_minute"]) == (None, 25)


@pytest.mark.parametrize(("token", "status"), [("nobody-has-this-token", 409), ("two words", 400)])
def test_what_is_no_token_is_told_and_changes_nothing(alone: Api, token: str, status: int) -> None:
    alone.http.put(f"{V1}/discogs", json={"token": DIGGER}).raise_for_status()

    answer = alone.http.put(f"{V1}/discogs", json={"token": token})

    assert answer.status_code == status
    assert token not in answer.text
    assert alone.read(f"{V1}/discogs")["username"] == "digger"


def test_everything_of_an_account_is_in_one_file_and_nothing_that_lets_anybody_in(
    alone: Api,
) -> None:
    alone.http.put(f"{V1}/discogs", json={"token": DIGGER}).raise_for_status()
    with writing(alone.here.engine) as db:
        number = a_listing(db, a_seller(db))
    verdict = {"listing_id": number, "verdict": "keep", "key": "one"}
    alone.http.post(f"{V1}/judgements", json={"verdicts": [verdict]}).raise_for_status()
    alone.http.post(f"{V1}/hidden", json={"kind": "label", "name": "Zebra"}).raise_for_status()

    answer = alone.get(f"{V1}/export/everything")

    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        told = {name: file.read(name).decode() for name in file.namelist()}
    assert not KEYS & {name.removesuffix(".ndjson") for name in told}
    [judged] = [json.loads(line) for line in told["judgements.ndjson"].splitlines()]
    assert (judged["verdict"], judged["key"]) == ("keep", "one")
    assert [json.loads(line)["name"] for line in told["hidden.ndjson"].splitlines()] == ["Zebra"]
    assert DIGGER not in "".join(told.values())
    assert "password_hash" not in told["accounts.ndjson"]


def test_no_table_of_somebodys_own_is_left_out_unnoticed(alone: Api) -> None:
    held = {name for name, table in metadata.tables.items() if "account_id" in table.c}
    known = {table.name for table in own_tables()} | KEYS | MADE_ANEW

    with reading(alone.here.engine):
        assert held <= known
