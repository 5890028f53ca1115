"""`cratewise alerts` as a shell meets it, on both databases."""

import json
import re
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from tests.builders import a_listing, a_seller
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.clock import SystemClock
from cratewise.store.alerts import end_delivery, put_off, take_due
from cratewise.store.engine import writing


@pytest.fixture(autouse=True)
def _the_store_is_the_programs(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", store.url.render_as_string(hide_password=False))
    monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
    monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["alerts", *arguments], prog_name="cratewise")


def told() -> Any:
    result = cratewise("--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def a_record_comes(store: Engine, **columns: object) -> None:
    now = SystemClock().now()
    with writing(store) as db:
        seller = a_seller(db, f"alice{columns.get('price_minor', '')}")
        a_listing(
            db, seller, artist="Sun Ra", title="Lanquidity",
            first_seen_at=now, last_seen_at=now, touched_at=now, price_read_at=now, **columns,
        )  # fmt: skip


def test_what_came_is_told_at_the_terminal_once_whether_or_not_a_server_runs(
    store: Engine,
) -> None:
    """Only a worker looked, so that without one nothing was ever found."""
    assert "Alert 1 tells by terminal" in cratewise("--on", "sun ra").stdout
    a_record_comes(store)

    shown = cratewise().stdout
    assert shown.startswith("sun ra found:\n  Sun Ra – Lanquidity (LP, Album, VG+): ")
    assert re.search(r" at alice, priced \d\d \w+ \d{4}, \d\d:\d\d UTC\.", shown)
    assert "Data provided by Discogs." in shown
    assert told()["found"] == []
    assert told()["alerts"][0]["sent"] == 1


def test_an_alert_reports_on_all_that_a_saved_search_asks(store: Engine) -> None:
    """Over the command line an alert could look for words alone."""
    saved = CliRunner().invoke(app, ["search", "sun ra", "--max-price", "5", "--save", "cheap ra"])
    assert "`cratewise alerts --on 'cheap ra'`" in saved.stderr
    again = CliRunner().invoke(app, ["search", "ra", "--save", "cheap ra"])
    assert again.exit_code != 0
    assert "'cheap ra'" in again.stderr
    cratewise("--on", "cheap ra")

    a_record_comes(store)  # for 20 euros
    assert told()["found"] == []
    a_record_comes(store, price_minor=400)
    assert [len(one["listings"]) for one in told()["found"]] == [1]


def test_a_delivery_that_does_not_arrive_is_shown_with_its_reason(store: Engine) -> None:
    made = cratewise("--on", "sun ra", "--webhook", "http://127.0.0.1:9/", "--private")
    assert made.exit_code == 0, made.output
    a_record_comes(store)
    first = cratewise()
    assert "sends what waits" in first.stderr
    now = SystemClock().now()

    with writing(store) as db:
        delivery = take_due(db, now, now)
        assert delivery is not None
        put_off(db, delivery.id, now, "127.0.0.1:9 answers 500.")
    assert told()["alerts"][0]["problem"] == "127.0.0.1:9 answers 500."
    with writing(store) as db:
        end_delivery(db, delivery.id, "failed", now, "127.0.0.1:9 does not answer.")
    assert "127.0.0.1:9 does not answer." in cratewise().stdout
    assert told()["alerts"][0]["failed"] == 1


def test_in_server_mode_no_webhook_in_a_private_network_is_taken_even_if_confirmed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CRATEWISE_MODE", "server")
    monkeypatch.setenv("CRATEWISE_SECRET_KEY", Fernet.generate_key().decode())
    monkeypatch.setenv("CRATEWISE_PUBLIC_URL", "https://crates.example")
    for address in ("127.0.0.1:9", "2130706433", "[::ffff:10.0.0.1]", "169.254.169.254"):
        made = cratewise("--on", "sun ra", "--webhook", f"http://{address}/", "--private")
        assert (made.exit_code, "stays refused" in made.stderr) == (2, True), made.output
    assert told()["alerts"] == []


def test_a_feed_tells_where_it_is_read() -> None:
    assert "/api/v1/alerts/1/feed" in cratewise("--on", "sun ra", "--feed").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--on", " "], 2, "say what to look for"),
        (["--on", "x", "--webhook", "http://127.0.0.1/"], 2, "meant, by `--private` or, in"),
        (["--on", "x", "--webhook", "ftp://x"], 2, "is no address of the web"),
        (["--on", "x", "--mail", "nobody"], 2, "is no mail address"),
        (["--on", "x", "--mail", "a@b.c", "--feed"], 2, "an alert tells in one way"),
        (["--on", "x", "--mail", "a@b.c", "--webhook", "http://x.example"], 2, "make one for each"),
        (["--forget", "77"], 3, "There is no alert 77."),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    arguments: list[str], code: int, said: str
) -> None:
    refused = cratewise(*arguments)

    assert refused.exit_code == code
    assert said in " ".join(refused.output.split())


def test_an_alert_on_signs_alone_says_what_it_can_find(store: Engine) -> None:
    made = cratewise("--on", "!!!")

    assert (made.exit_code, "only names that are just these signs" in made.stderr) == (0, True)
