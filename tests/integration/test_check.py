"""Listings are checked, one request each; prices too old to be shown are marked, or hidden."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from tests.api.serving import served
from tests.builders import a_listing, a_seller
from tests.conftest import HandClock
from tests.market import an_account_of, opened_discogs, pull_from
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.clock import SystemClock
from cratewise.errors import NotCheckable, UnknownListing
from cratewise.inventory.check import Checked, check
from cratewise.rates import Rates
from cratewise.simulator import Simulator, World
from cratewise.store.engine import reading, writing
from cratewise.store.tables import listings

Cratewise = Callable[..., Result]


@pytest.fixture
def market(store: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 120})) as discogs:
        monkeypatch.setenv("CRATEWISE_DATABASE_URL", store.url.render_as_string(False))
        monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", discogs.url)
        monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", World.token("digger"))
        monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
        monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
        monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")
        yield discogs


@pytest.fixture
def stock(market: Simulator, store: Engine, clock: HandClock) -> dict[int, int]:
    """Our ids of alice's listings, by Discogs'; read a day ago by the system's clock."""
    pull_from(market, store, clock, "alice")
    day_ago = SystemClock().now() - timedelta(days=1)
    with writing(store) as db:
        db.execute(update(listings).values(price_read_at=day_ago, last_seen_at=day_ago))
        rows = db.execute(select(listings.c.discogs_listing_id, listings.c.id)).all()
    market.requests.clear()
    return {row.discogs_listing_id: row.id for row in rows}


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="cratewise")


def checked(market: Simulator, store: Engine, clock: HandClock, *ids: int) -> list[Checked]:
    an_account_of(store, clock)
    later = HandClock(SystemClock().now())
    with opened_discogs(market, store, later) as discogs:
        return list(check(store, discogs, ids, rates=Rates.shipped(), clock=later))


def test_a_check_keeps_price_and_state_for_one_request_each(
    market: Simulator, store: Engine, clock: HandClock, stock: dict[int, int]
) -> None:
    same, dearer, sold = sorted(stock)[:3]
    old = market.world.find_listing(dearer)
    assert old is not None
    market.world.change(dearer, price=old[1].price * 2)
    market.world.remove(sold)

    found = checked(market, store, clock, *(stock[number] for number in (same, dearer, sold)))

    assert [one.state for one in found] == ["same", "changed", "gone"]
    assert len(market.requests) == 3
    assert found[1].before.price_minor is not None
    assert found[1].after.price_minor == found[1].before.price_minor * 2
    assert found[2].after.gone_at is not None
    for one in found[:2]:
        assert one.after.price_read_at is not None
        assert one.before.price_read_at is not None
        assert one.after.price_read_at > one.before.price_read_at


def test_what_cannot_be_checked_is_refused_before_any_request(
    market: Simulator, store: Engine, clock: HandClock, stock: dict[int, int]
) -> None:
    with writing(store) as db:
        imported = a_listing(db, a_seller(db, "bob"), discogs_listing_id=None, source="csv")
    known = next(iter(stock.values()))

    with pytest.raises(NotCheckable, match="came from a file"):
        checked(market, store, clock, known, imported)
    with pytest.raises(UnknownListing):
        checked(market, store, clock, known, 999_999)

    assert market.requests == []


def test_the_cost_is_told_before_and_each_state_after(
    market: Simulator, stock: dict[int, int]
) -> None:
    same, sold = sorted(stock)[:2]
    market.world.remove(sold)

    result = cratewise("check", str(same), str(sold))

    assert result.exit_code == 0, result.output
    assert result.stderr.startswith("Checking 2 listings takes 2 requests")
    assert result.stderr.endswith("1 as they were, 1 gone.\n")
    states = {line.split("\t")[0]: line.split("\t")[4] for line in result.stdout.splitlines()[1:]}
    assert states == {str(same): "same", str(sold): "gone"}


@pytest.mark.usefixtures("stock")
def test_a_page_of_results_is_checked_where_it_is_stale(market: Simulator) -> None:
    first = json.loads(cratewise("check", "--seller", "ALICE", "--limit", "5", "--json").stdout)
    again = cratewise("check", "--seller", "alice", "--limit", "5")

    assert first["counts"]["same"] == 5
    assert len(market.requests) == 5
    assert "All of them were read within six hours" in again.stderr
    every = cratewise("check", "--seller", "alice", "--limit", "5", "--all", "--json")
    assert json.loads(every.stdout)["counts"]["same"] == 5


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 2), (["77"], 3), (["--seller", "nobody"], 3), (["x"], 2)]
)
@pytest.mark.usefixtures("market")
def test_what_is_not_kept_is_not_checked(arguments: list[str], code: int) -> None:
    assert cratewise("check", *arguments).exit_code == code


def test_one_listing_and_a_page_are_checked_over_http(
    market: Simulator, stock: dict[int, int]
) -> None:
    same, sold = sorted(stock)[:2]
    market.world.remove(sold)
    ids = {"listing_ids": [stock[same], stock[sold]]}

    with served(is_working=True) as api:
        before = api.read(f"/api/v1/listings/{stock[same]}")
        one = api.http.post(f"/api/v1/listings/{stock[same]}/check").json()
        cost = api.http.post("/api/v1/listings/check/estimate", json=ids).json()
        asked = api.http.post("/api/v1/listings/check", json=ids)
        api.here.desk.wait(asked.json()["id"])
        done = api.read(f"/api/v1/listings/check/{asked.json()['id']}")
        unknown = api.http.post("/api/v1/listings/999999/check")
        none = api.http.post("/api/v1/listings/check", json={"listing_ids": []})

    assert (before["is_stale"], one["listing"]["is_stale"], one["state"]) == (True, False, "same")
    assert one["price_before"] == before["price"]
    assert (cost["requests"], asked.status_code, done["state"]) == (2, 202, "done")
    assert done["states"] == {str(stock[same]): "same", str(stock[sold]): "gone"}
    assert (unknown.status_code, none.status_code) == (404, 400)


def listed(*arguments: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(cratewise(*arguments, "--json").stdout)["listings"]
    return told


def test_a_stale_price_is_marked_unless_told_to_hide_it_until_it_is_checked(
    stock: dict[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = min(stock)
    marked = next(one for one in listed("listings", "--limit", "200")
                  if one["listing_id"] == number)  # fmt: skip
    assert (marked["is_stale"], marked["price"] is None) == (True, False)

    monkeypatch.setenv("CRATEWISE_STALE_PRICES", "hide")
    hidden = listed("listings", "--limit", "200")
    assert {one["is_price_hidden"] for one in hidden} == {True}
    for name in ("price", "own_price", "price_usd", "currency"):
        assert {one[name] for one in hidden} == {None}
    assert all("it costs" not in one["reason"] for one in hidden)
    with served() as api:
        shown = api.read(f"/api/v1/listings/{stock[number]}")
        copies = api.read(f"/api/v1/releases/{shown['release_id']}")["copies"]
        fresh = api.http.post(f"/api/v1/listings/{stock[number]}/check").json()["listing"]
    assert (shown["price"], shown["is_price_hidden"], copies[0]["price"]) == (None, True, None)
    assert (fresh["is_price_hidden"], fresh["price"] is None) == (False, False)


def test_a_way_with_stale_prices_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATEWISE_STALE_PRICES", "burn")

    result = cratewise("listings")

    assert result.exit_code == 2
    assert "CRATEWISE_STALE_PRICES: 'burn' is neither mark nor hide." in result.stderr


def test_whoever_stops_keeps_what_was_checked(
    market: Simulator, store: Engine, clock: HandClock, stock: dict[int, int]
) -> None:
    an_account_of(store, clock)
    later = HandClock(SystemClock().now())
    ids = sorted(stock.values())[:3]
    with opened_discogs(market, store, later) as discogs:
        looks = check(
            store, discogs, ids, rates=Rates.shipped(), clock=later,
            should_stop=lambda: len(market.requests) == 2,
        )  # fmt: skip
        assert len(list(looks)) == 2

    with reading(store) as db:
        read = db.scalars(select(listings.c.price_read_at).where(listings.c.id.in_(ids))).all()
    assert sum(at == later.now() for at in read) == 2
