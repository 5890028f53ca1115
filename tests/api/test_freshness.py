"""Each account says whether it sees old prices; nobody sees more than the installation shows."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from tests.api.hidden import Stock, assert_silent
from tests.api.serving import Api, served

from cratewise.errors import SettingError

SEARCH = "/api/v1/listings"


@pytest.fixture
def api(_settings: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
    monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")
    with served() as api:
        yield api


@pytest.fixture
def stock(api: Api, store: Engine) -> Stock:
    return Stock(api, store)


def choose(api: Api, way: str) -> None:
    answer = api.http.patch("/api/v1/settings", json={"stale_prices": way})
    assert answer.status_code == 200, answer.text
    assert answer.json()["stale_prices"] == way
    assert api.read("/api/v1/settings")["stale_prices"] == way


def priced(api: Api) -> int:
    """How many listings the facet of prices counts."""
    [facet] = api.read("/api/v1/facets", facet="price")["facets"]
    return sum(value["count"] for value in facet["values"])


def test_who_has_old_prices_hidden_finds_counts_exports_and_packs_without_them(
    api: Api, stock: Stock
) -> None:
    crate = {"budget": "20000EUR", "by": "score"}
    assert api.read("/api/v1/settings")["stale_prices"] == "mark"
    assert "9876.54" in api.get(SEARCH).text
    assert "9876.54" in api.get("/api/v1/export").text
    assert len(api.read(SEARCH, max_price="20000")["listings"]) == 3
    assert priced(api) == 3

    choose(api, "hide")

    for path in (
        SEARCH,
        f"{SEARCH}/{stock.stale}",
        f"/api/v1/releases/{stock.release}",
        f"/api/v1/alerts/{stock.alert}/feed",
        "/api/v1/export",
        "/api/v1/changes",
        "/api/v1/home",
        "/api/v1/wants/sellers",
    ):
        answer = api.get(path)
        assert answer.status_code == 200, (path, answer.text)
        assert_silent(answer.text, path)
    found = api.read(SEARCH, max_price="20000")["listings"]
    assert [one["id"] for one in found] == [stock.fresh]
    assert priced(api) == 1
    packed = api.http.post("/api/v1/crates", json=crate).json()
    assert [one["id"] for one in packed["listings"]] == [stock.fresh]
    assert api.http.post("/api/v1/wants/cheapest", json={}).json()["total"]["amount"] == "105.00"

    choose(api, "mark")
    assert "9876.54" in api.get(SEARCH).text
    assert priced(api) == 3


def test_an_answer_that_a_browser_kept_is_none_once_old_prices_are_hidden(
    api: Api, stock: Stock
) -> None:
    before = api.get(SEARCH)

    choose(api, "hide")

    again = api.http.get(SEARCH, headers={"If-None-Match": before.headers["etag"]})
    assert again.status_code == 200
    assert_silent(again.text, SEARCH)


def test_what_is_hidden_from_everybody_nobody_shows_to_oneself(
    monkeypatch: pytest.MonkeyPatch, api: Api
) -> None:
    monkeypatch.setenv("CRATEWISE_STALE_PRICES", "hide")
    with served() as strict:
        now = strict.read("/api/v1/settings")
        answer = strict.http.patch("/api/v1/settings", json={"stale_prices": "mark"})
        choose(strict, "hide")

    assert now["stale_prices"] == "hide"
    assert "stale_prices" in now["fixed"]
    assert answer.status_code == 409
    assert "CRATEWISE_STALE_PRICES" in answer.json()["detail"]
    assert "stale_prices" not in api.read("/api/v1/settings")["fixed"]


def test_another_setting_leaves_old_prices_as_they_are(api: Api) -> None:
    choose(api, "hide")

    answer = api.http.patch("/api/v1/settings", json={})

    assert answer.json()["stale_prices"] == "hide"
    wrong = api.http.patch("/api/v1/settings", json={"stale_prices": "burn"})
    assert wrong.status_code == 400


def test_the_earlier_page_is_not_served_where_somebody_has_old_prices_hidden(api: Api) -> None:
    choose(api, "hide")
    with pytest.raises(SettingError, match="cratewise freshness mark"), served(legacy=True):
        pass

    choose(api, "mark")
    with served(legacy=True) as both:
        answer = both.http.patch("/api/v1/settings", json={"stale_prices": "hide"})
    assert answer.status_code == 409
    assert "without their age" in answer.json()["detail"]
