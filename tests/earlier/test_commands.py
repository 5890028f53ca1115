"""The move as a shell sees it: the report, two files beside the database, prices converted."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine
from tests.conftest import HandClock
from tests.market import opened_discogs

from cratewise.discogs.connect import OUT_OF_BAND, ask, finish
from cratewise.discogs.credential import Consumer
from cratewise.simulator import Simulator, World
from cratewise.simulator.world import CONSUMER_KEY, CONSUMER_SECRET

EXPORT = (
    "Listing ID,Record Artist,Record Title,Record Label,Record Format,Record Year,Seller,"
    "Record Price,Media Condition,Score,Kept,Evaluated\n"
    '7,Basic Channel,Q 1.1,BC,12",1993,alice,12.50,Mint (M),44.10,True,True\n'
    "8,Other,One,BC,LP,1990,alice,1.00,Scratched,2.00,False,False\n"
)


def cratewise(
    *arguments: str | Path, stdin: str = "", **changes: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cratewise", *map(str, arguments)],
        env={**os.environ, "CRATEWISE_RATES_URL": "off", **changes},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_report_counts_both_sides_and_says_what_differs_and_why(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, encoding="utf-8")

    dry = cratewise("import", "legacy", path, "--dry-run")
    wet = cratewise("import", "legacy", path)
    again = json.loads(cratewise("import", "legacy", path, "--json").stdout)

    assert dry.returncode == wet.returncode == 0, wet.stderr
    assert "listings\t2\t2\t\n" in dry.stdout
    assert "Nothing was written" in dry.stderr
    assert "listings\t2\t2\t2\n" in wet.stdout
    assert "verdicts\t1\t1\t1\n" in wet.stdout
    assert "1 listings: a condition that is no grade: kept without one." in wet.stdout
    assert {one["new"] for one in again["moved"]} == {0}


def test_sellers_that_were_followed_are_followed(tmp_path: Path) -> None:
    path = tmp_path / "user_inventories.json"
    shop = {"last_inventory": "2025-01-01", "record_ids": [1, 2]}
    path.write_text(json.dumps({"alice": shop, "bob": shop, "a/b": shop}))

    answer = cratewise("import", "legacy", "--sellers-from", path)

    assert answer.returncode == 0, answer.stderr
    assert "2 sellers are followed now" in answer.stdout
    assert "'a/b'" in answer.stderr
    assert {"alice", "bob"} <= set(cratewise("sellers").stdout.split())


@pytest.mark.parametrize("content", ["", "[]", '{"alice": 3}', "no"])
def test_another_file_is_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "some.json"
    path.write_text(content)

    answer = cratewise("import", "legacy", "--sellers-from", path)

    assert answer.returncode == 7
    assert str(path) in answer.stderr


def allowed(simulator: Simulator, clock: HandClock, store: Engine) -> dict[str, str]:
    """What a member allowed the earlier system, as it kept that."""
    consumer = Consumer(CONSUMER_KEY, CONSUMER_SECRET)
    with opened_discogs(simulator, store, clock) as discogs:
        asked = ask(discogs, consumer, OUT_OF_BAND, clock)
        with httpx2.Client(follow_redirects=True) as browser:
            form = {"oauth_token": asked.token, "allow": "1"}
            page = browser.post(f"{simulator.url}/oauth/authorize", data=form).text
        code = re.search(r'id="verifier">(\w+)<', page)
        assert code is not None, page
        told = finish(discogs, consumer, asked, code[1], clock)
    return {"token": told.token, "secret": told.secret}


def test_an_earlier_token_is_taken_over_and_never_shown(
    tmp_path: Path, store: Engine, clock: HandClock
) -> None:
    path = tmp_path / "token.json"
    with Simulator(World(sellers={"alice": 3})) as simulator:
        told = allowed(simulator, clock, store)
        path.write_text(json.dumps(told))
        where = {"CRATEWISE_DISCOGS_API_URL": simulator.url}
        keys = {
            "CRATEWISE_DISCOGS_CONSUMER_KEY": CONSUMER_KEY,
            "CRATEWISE_DISCOGS_CONSUMER_SECRET": CONSUMER_SECRET,
        }
        taken = cratewise("connect", "--from", path, **where, **keys)
        path.write_text(json.dumps({**told, "secret": "worthless"}))
        refused = cratewise("connect", "--from", path, **where, **keys)
        alone = cratewise("connect", "--from", path, **where)

    assert taken.returncode == 0, taken.stderr
    assert "Connected as " in taken.stdout
    assert refused.returncode == 4
    assert alone.returncode == 2
    assert "CRATEWISE_DISCOGS_CONSUMER_KEY" in alone.stderr
    for answer in (taken, refused, alone):
        assert told["secret"] not in answer.stdout + answer.stderr
        assert told["token"] not in answer.stdout + answer.stderr


def test_prices_of_a_seller_are_shown_converted_and_stay_as_they_are() -> None:
    with Simulator(World(sellers={"alice": 12})) as simulator:
        keys = {
            "CRATEWISE_DISCOGS_API_URL": simulator.url,
            "CRATEWISE_DISCOGS_MINUTE_SECONDS": "1",
        }
        assert cratewise("pull", "alice", **keys).returncode == 0
    before = cratewise("export").stdout

    shown = cratewise("rates", "convert", "--seller", "alice", "--to", "USD", "--json")
    table = cratewise("rates", "convert", "--seller", "alice", "--to", "USD")

    rows = [json.loads(line) for line in shown.stdout.splitlines()]
    assert len(rows) == 12
    assert all(row["converted"] and row["converted_currency"] == "USD" for row in rows)
    assert all(
        row["converted"] == pytest.approx(row["price"] * row["rate"], abs=0.006) for row in rows
    )
    assert "in USD" in table.stdout
    assert cratewise("export").stdout == before
    assert cratewise("rates", "convert").returncode == 2


def test_listings_are_written_as_the_earlier_program_wrote_them(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, encoding="utf-8")
    cratewise("import", "legacy", path)

    twelve = list(csv.DictReader(cratewise("export", "--layout", "earlier").stdout.splitlines()))
    full = list(csv.DictReader(cratewise("export", "--layout", "earlier-full").stdout.splitlines()))
    bad = cratewise("export", "--layout", "other")

    told = next(csv.reader(EXPORT.splitlines()))
    assert list(twelve[0]) == told
    kept = {row["Record Title"]: (row["Kept"], row["Evaluated"]) for row in twelve}
    assert kept == {"Q 1.1": ("true", "true"), "One": ("false", "false")}
    assert {"seller_id", "discogs_id", "genres", "catno", "added"} <= set(full[0])
    assert bad.returncode == 2
    again = tmp_path / "again.csv"
    again.write_text(cratewise("export", "--layout", "earlier").stdout)
    assert cratewise("import", "legacy", again, "--dry-run").returncode == 0
