"""Where stale prices are hidden, no command tells one: not in a line, nor in a sum or a file."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select
from tests.builders import a_follow, a_listing, a_seller
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.cli.opening import open_account, open_settings
from cratewise.store.engine import writing
from cratewise.store.tables import listings, price_changes, wants

NOW = datetime.now(UTC)  # the program's own clock is a real one
STALE = NOW - timedelta(hours=7)
SECRETS = ("9876.54", "9,876.54", "12345.67", "12,345.67", "9999.99", "9,999.99", "9976.54")


@pytest.fixture(autouse=True)
def _hiding(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    url = store.url.render_as_string(hide_password=False)
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", url)
    monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
    monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")
    monkeypatch.setenv("CRATEWISE_STALE_PRICES", "hide")


@pytest.fixture
def stock(store: Engine) -> tuple[int, int]:
    """Discogs' number of a dear copy whose price is old, and its release; a fresh one is beside."""
    account = open_account(open_settings(), store, may_ask=False)
    times = {"first_seen_at": NOW, "last_seen_at": NOW, "touched_at": NOW}
    with writing(store) as db:
        seller = a_seller(db)
        a_follow(db, account.id, seller)
        dear = a_listing(db, seller, title="Dear", price_minor=987654, price_read_at=STALE, **times)
        a_listing(db, seller, title="Fresh", price_minor=10_000, price_read_at=NOW, **times)
        row = db.execute(select(listings).where(listings.c.id == dear)).one()
        synced = {"account_id": account.id, "release_id": row.release_id, "synced_at": NOW}
        db.execute(insert(wants).values(synced))
        db.execute(insert(price_changes).values(
            listing_id=dear, changed_at=STALE, old_price_minor=999_999, old_currency="EUR",
            new_price_minor=987_654, new_currency="EUR"))  # fmt: skip
    return int(row.discogs_listing_id), int(row.release_id)


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        ("top",), ("listings",), ("search",), ("search", "--sort", "price"),
        ("search", "--max-price", "20000"), ("search", "--facet", "price"), ("new", "--peek"),
        ("export",), ("export", "--format", "json"), ("copies", "RELEASE"), ("cheapest",),
        ("wants", "--sellers"), ("crate", "alice", "--budget", "20000", "--by", "score"),
        ("why", "LISTING"), ("pick",), ("alerts",), ("check", "--help"),
    ],
)  # fmt: skip
def test_no_command_tells_a_hidden_price(
    stock: tuple[int, int], arguments: tuple[str, ...]
) -> None:
    listing, release = stock
    named = {"LISTING": str(listing), "RELEASE": str(release)}
    told = [named.get(one, one) for one in arguments]

    for form in ((), ("--json",)):
        result = cratewise(*told, *form)
        assert result.exit_code == 0, result.output
        for secret in SECRETS:
            assert secret not in result.output, (told, secret)


def test_hidden_listings_are_met_all_the_same(stock: tuple[int, int]) -> None:
    for arguments in (("search",), ("export",), ("new", "--peek"), ("top",)):
        assert "Dear" in cratewise(*arguments).output
    assert "100.00" in cratewise("export").output
    assert "Dear" not in cratewise("search", "--max-price", "20000").output


def test_the_layout_that_has_no_place_for_an_age_is_not_written(stock: tuple[int, int]) -> None:
    result = cratewise("export", "--layout", "earlier")

    assert result.exit_code == 2
    assert "CRATEWISE_STALE_PRICES" in result.output


def test_an_account_has_old_prices_hidden_and_shown_again(
    stock: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRATEWISE_STALE_PRICES")
    assert "marked once" in cratewise("freshness").output
    assert "9876.54" in cratewise("export").output

    assert "not shown" in cratewise("freshness", "hide").output
    told = json.loads(cratewise("freshness", "--json").output)
    hidden = [cratewise(*one).output for one in (("search",), ("export",), ("listings",), ("new",))]
    layout = cratewise("export", "--layout", "earlier")

    assert told == {"stale_prices": "hide"}
    for output in hidden:
        assert "Dear" in output
        assert not any(secret in output for secret in SECRETS)
    assert "Dear" not in cratewise("search", "--max-price", "20000").output
    assert (layout.exit_code, "freshness" in layout.output) == (2, True)
    cratewise("freshness", "mark")
    assert "9876.54" in cratewise("export").output


def test_what_is_hidden_from_everybody_cannot_be_shown_to_one(stock: tuple[int, int]) -> None:
    result = cratewise("freshness", "mark")

    assert result.exit_code == 2
    assert "CRATEWISE_STALE_PRICES: here it is hide" in result.output
    assert "not shown" in cratewise("freshness").output
