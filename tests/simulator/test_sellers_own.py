"""What only sellers see, and lists: price suggestions and the inventory export."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discogs_client  # type: ignore[import-untyped]  # it ships no types
import discogs_sdk
import httpx2
import pytest

from cratewise.simulator import Simulator, World
from cratewise.simulator.stock import MEDIA_GRADES

Visit = Any


def sdk(discogs: Simulator, name: str) -> discogs_sdk.Discogs:
    return discogs_sdk.Discogs(token=World.token(name), base_url=discogs.url, max_retries=0)


@pytest.fixture
def market() -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 120})) as simulator:
        yield simulator


@pytest.fixture
def alice(market: Simulator) -> Iterator[discogs_sdk.Discogs]:
    with sdk(market, "alice") as client:
        yield client


def test_a_seller_is_told_a_price_for_each_grade_and_a_buyer_nothing(
    market: Simulator, visit: Visit, alice: discogs_sdk.Discogs
) -> None:
    release_id = market.world.catalogue.release_id(7)
    path = f"/marketplace/price_suggestions/{release_id}"

    told = visit(market, token_of="alice").get(path).json()

    assert list(told) == list(MEDIA_GRADES)
    values = [price["value"] for price in told.values()]
    assert values == sorted(values, reverse=True)
    assert {price["currency"] for price in told.values()} == {
        market.world.seller("alice").currency.code
    }
    assert visit(market, token_of="digger").get(path).json() == {}
    assert visit(market).get(path).status_code == 401
    assert alice.releases.get(release_id).price_suggestions.get() is not None


def test_an_export_is_asked_for_waited_for_and_downloaded(
    market: Simulator, alice: discogs_sdk.Discogs
) -> None:
    number = alice.exports.request()
    with pytest.raises(discogs_sdk.DiscogsAPIError, match="already running"):
        alice.exports.request()
    assert alice.exports.get(number).status == "pending"
    assert alice.exports.get(number).status == "success"

    rows = list(csv.DictReader(io.StringIO(alice.exports.download(number).decode())))

    on_sale = market.world.listings("alice")
    assert {int(row["listing_id"]) for row in rows} == set(on_sale)
    assert [export.id for export in alice.exports.list()] == [number]
    with sdk(market, "digger") as other, pytest.raises(discogs_sdk.NotFoundError):
        other.exports.download(number)


def test_an_export_has_the_columns_that_were_recorded(
    samples: Path, alice: discogs_sdk.Discogs
) -> None:
    number = alice.exports.request()
    assert alice.exports.get(number).status

    first = alice.exports.download(number).decode().splitlines()[0]

    recorded = (samples / "csv" / "inventory_export_header_2026.csv").read_text("utf-8-sig")
    assert first == recorded.splitlines()[0]


def test_what_did_not_change_is_not_sent_again(market: Simulator, visit: Visit) -> None:
    client: httpx2.Client = visit(market, token_of="alice")
    place = httpx2.URL(client.post("/inventory/export").headers["Location"]).path
    client.get(place)
    changed = client.get(place).headers["Last-Modified"]

    same = client.get(place, headers={"If-Modified-Since": changed})
    older = client.get(place, headers={"If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"})

    assert (same.status_code, same.content) == (304, b"")
    assert older.json()["status"] == "success"
    assert visit(market).post("/inventory/export").status_code == 401


def test_both_clients_read_a_list_and_a_private_one_is_its_owners(
    market: Simulator, visit: Visit, alice: discogs_sdk.Discogs
) -> None:
    shown = list(alice.users.get("digger").lists.list())
    read = alice.lists.get(shown[0].id or 0)
    script = discogs_client.Client("CratewiseTests/1.0", user_token=World.token("alice"))
    script._base_url = market.url

    assert len(read.items or []) == 25
    assert len(script.list(shown[0].id).items) == 25
    assert visit(market).get("/users/hermit/lists").json()["lists"] == []
    assert len(visit(market, token_of="hermit").get("/users/hermit/lists").json()["lists"]) == 1
