"""Over HTTP: whose Discogs account is connected, and everything that is yours in one file."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import httpx2
import pytest
from tests.api.serving import Api, served
from tests.builders import NOON, a_follow, a_listing, a_seller, an_account

from cratewise.simulator import Simulator, World
from cratewise.simulator.world import CONSUMER_KEY, CONSUMER_SECRET
from cratewise.store.alerts import find_alert, give_feed_address, make_alert, note_found
from cratewise.store.engine import reading, writing
from cratewise.store.own_rows import KEYS, MADE_ANEW, own_tables
from cratewise.store.searches import save_search
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


def test_oauth_is_allowed_on_discogs_page_whose_code_is_typed_in(
    alone: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert alone.read(f"{V1}/discogs")["may_allow"] is False
    refused = alone.http.post(f"{V1}/discogs/oauth")
    assert refused.status_code == 409
    assert "CRATEWISE_DISCOGS_CONSUMER_KEY" in refused.json()["detail"]

    told = replace(
        alone.here.settings,
        discogs_consumer_key=CONSUMER_KEY,
        discogs_consumer_secret=CONSUMER_SECRET,
    )
    monkeypatch.setattr(alone.here, "settings", told)
    assert alone.read(f"{V1}/discogs")["may_allow"] is True
    nothing_begun = alone.http.put(f"{V1}/discogs/oauth", json={"code": "guess"})
    assert nothing_begun.status_code == 409
    page = alone.http.post(f"{V1}/discogs/oauth").json()["page"]
    wrong = alone.http.put(f"{V1}/discogs/oauth", json={"code": "guess"})
    assert wrong.status_code == 409
    form = {"oauth_token": page.partition("=")[2], "username": "digger", "allow": "1"}
    shown = httpx2.post(page.partition("?")[0], data=form).text
    code = shown.partition('id="verifier">')[2].partition("<")[0]
    answer = alone.http.put(f"{V1}/discogs/oauth", json={"code": f" {code} "})

    assert answer.status_code == 200, answer.text
    assert (answer.json()["username"], answer.json()["kind"]) == ("digger", "oauth")
    again = alone.http.put(f"{V1}/discogs/oauth", json={"code": code})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("token", "status"),
    [
        ("nobody-has-this-token", 409),
        ("two words", 400),
        ("copied-with-its-end-of-line\n", 400),
        ("with-its-ümlaut", 400),
    ],
)
def test_what_is_no_token_is_told_and_changes_nothing(alone: Api, token: str, status: int) -> None:
    alone.http.put(f"{V1}/discogs", json={"token": DIGGER}).raise_for_status()

    answer = alone.http.put(f"{V1}/discogs", json={"token": token})

    assert answer.status_code == status
    assert token.strip() not in answer.text
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


def test_alerts_come_with_what_they_told_and_who_may_read_a_feed_stays_here(alone: Api) -> None:
    mine = alone.here.account().id
    with writing(alone.here.engine) as db:
        seller = a_seller(db)
        a_seller(db, "nobody_follows")
        a_follow(db, mine, seller)
        for account, target in ((mine, "mine"), (an_account(db, name="bob"), "theirs")):
            search = save_search(db, account, "all", "{}", NOON).id
            number = make_alert(db, account, search, way="feed", target=target, at=NOON)
            give_feed_address(db, account, number, f"hash of {target}")
            note_found(db, find_alert(db, number), [a_listing(db, seller)], NOON, at_once=5)

    answer = alone.get(f"{V1}/export/everything")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        told = {
            name.removesuffix(".ndjson"): [json.loads(line) for line in file.open(name)]
            for name in file.namelist()
            if name.endswith(".ndjson")
        }
    assert [alert["target"] for alert in told["alerts"]] == ["mine"]
    assert "hash of" not in str(told)
    assert [one["alert_id"] for one in told["deliveries"]] == [told["alerts"][0]["id"]]
    assert len(told["alert_listings"]) == 1
    assert [one["username"] for one in told["sellers"]] == ["alice"]
    assert datetime.fromisoformat(told["alerts"][0]["created_at"]) == NOON


def test_no_table_of_somebodys_own_is_left_out_unnoticed(alone: Api) -> None:
    held = {name for name, table in metadata.tables.items() if "account_id" in table.c}
    known = {table.name for table in own_tables()} | KEYS | MADE_ANEW

    with reading(alone.here.engine):
        assert held <= known
