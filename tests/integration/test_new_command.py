"""`cratewise new`: what is news to whoever looks, and what it costs them to have looked."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update
from tests.builders import a_follow, a_listing, a_seller
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.cli.opening import open_account, open_settings
from cratewise.store.engine import writing
from cratewise.store.tables import listings, price_changes

NOW = datetime.now(UTC).replace(microsecond=0)  # the program's own clock is a real one
OLD = NOW - timedelta(days=60)


@pytest.fixture(autouse=True)
def _the_store_is_the_programs(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    url = store.url.render_as_string(hide_password=False)
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", url)
    monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
    monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")


@pytest.fixture
def stock(store: Engine) -> dict[str, int]:
    """Our own ids of what came an hour ago, fell in price today, and went two days ago."""
    account = open_account(open_settings(), store, may_ask=False)
    with writing(store) as db:
        alice, bob = a_seller(db), a_seller(db, "bob")
        for seller in (alice, bob):
            a_follow(db, account.id, seller)

        def listed(seller: int, first: datetime, **more: Any) -> int:
            times = {"first_seen_at": first, "price_read_at": NOW, "last_seen_at": NOW}
            return a_listing(db, seller, touched_at=NOW, **times, **more)

        found = {
            "came": listed(alice, NOW - timedelta(hours=1), title="Came"),
            "fell": listed(alice, OLD, title="Fell", price_minor=1500),
            "went": listed(bob, OLD, title="Went", gone_at=NOW - timedelta(days=2)),
        }
        row = {"listing_id": found["fell"], "changed_at": NOW - timedelta(hours=2)}
        row |= {"old_price_minor": 2000, "new_price_minor": 1500}
        db.execute(insert(price_changes).values(**row, old_currency="EUR", new_currency="EUR"))
    return found


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["new", *arguments])


def told(*arguments: str) -> list[tuple[str, str]]:
    """Kinds and titles."""
    result = cratewise(*arguments, "--json")
    assert result.exit_code == 0, result.output
    changes = json.loads(result.stdout)["changes"]
    return [(one["kind"], one["listing"]["title"]) for one in changes]


def test_a_look_shows_what_happened_and_the_next_one_what_happened_since(
    store: Engine, stock: dict[str, int]
) -> None:
    first = [("new", "Came"), ("cheaper", "Fell"), ("gone", "Went")]

    assert told("--peek") == told() == first
    assert told() == []
    with writing(store) as db:
        later = datetime.now(UTC)
        db.execute(update(listings).where(listings.c.id == stock["came"]).values(gone_at=later))
    assert told() == [("gone", "Came")]
    assert told("--since", "3d") == [("gone", "Came"), *first]


def test_a_part_of_the_news_leaves_the_rest_unseen(stock: dict[str, int]) -> None:
    assert told("ALICE") == [("new", "Came"), ("cheaper", "Fell")]
    assert told("--kind", "cheaper", "--kind", "gone") == [("cheaper", "Fell"), ("gone", "Went")]
    assert told("--since", f"{NOW - timedelta(minutes=90):%Y-%m-%dT%H:%M}") == [("new", "Came")]
    assert len(told()) == 3


def test_each_change_is_a_line_with_both_prices(stock: dict[str, int]) -> None:
    result = cratewise("--peek")

    [header, _, fell, _] = result.stdout.splitlines()
    assert header.split("\t")[:5] == ["when", "what", "artist – title", "price", "was"]
    assert fell.split("\t")[1:5] == ["cheaper", "Alice Coltrane – Fell", "€15.00", "€20.00"]
    assert "1 new, 1 cheaper, 1 gone." in result.stderr
    assert "Data provided by Discogs." in result.stderr


def test_more_than_is_shown_is_counted(stock: dict[str, int]) -> None:
    result = cratewise("--limit", "1", "--peek")

    assert len(result.stdout.splitlines()) == 2
    assert "The last 1 of 3; `--limit` shows more." in result.stderr


def test_nothing_new_is_said_in_a_sentence(store: Engine) -> None:
    result = cratewise()

    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing happened, as far as was read." in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--since", "once"], 2, "'once' is no moment"),
        (["--since", "2999-01-01"], 2, "has yet to come"),
        (["--kind", "sold"], 2, "expected one of new, cheaper"),
        (["nobody"], 3, "nobody"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    stock: dict[str, int], arguments: list[str], code: int, sentence: str
) -> None:
    result = cratewise(*arguments)

    assert result.exit_code == code
    assert sentence in " ".join(result.output.split())
