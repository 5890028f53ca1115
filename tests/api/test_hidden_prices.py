"""Where stale prices are hidden, none comes through any door: not alone, nor in a sum or a key."""

import base64
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, update
from tests.api.hidden import Stock, assert_silent
from tests.api.serving import Api, served

from cratewise.errors import SettingError
from cratewise.notices import FRESH_FOR, SHOWN_STEP, shown_since
from cratewise.store.engine import writing
from cratewise.store.tables import listings


@pytest.fixture
def api(_settings: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("CRATEWISE_STALE_PRICES", "hide")
    monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
    monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")
    with served() as api:
        yield api


@pytest.fixture
def stock(api: Api, store: Engine) -> Stock:
    return Stock(api, store)


def test_no_answer_holds_a_hidden_price(api: Api, stock: Stock) -> None:
    known = {"listing_id": stock.stale, "release_id": stock.release, "master_id": 77,
             "alert_id": stock.alert, "search_id": stock.search, "name": "alice",
             "seller": "alice"}  # fmt: skip
    paths = api.read("/schema/openapi.json")["paths"]
    read = [path for path, said in paths.items() if "get" in said and "{job_id}" not in path]
    met = 0
    for path in read:
        place = re.sub(r"\{(\w+)[^}]*\}", lambda found: str(known.get(found[1], 1)), path)
        if place.endswith("/events"):
            continue
        for query in ({}, {"since": "2020-01-01T00:00:00Z"}, {"sort": "price"}):
            answer = api.get(place, **query)
            met += "Dear" in answer.text
            assert_silent(answer.text, place)
    assert met > 8  # the record is met in all of them, without its price


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
def test_an_export_leaves_hidden_prices_out(api: Api, stock: Stock, form: str) -> None:
    text = api.get("/api/v1/export", form=form).text

    assert_silent(text, form)
    assert "Dear" in text
    assert "100.00" in text


@pytest.mark.parametrize("sort", ["price", "landed", "discount", "score"])
def test_no_key_of_a_page_holds_a_hidden_price(api: Api, stock: Stock, sort: str) -> None:
    key, met = "", []
    while key is not None:
        page = api.read("/api/v1/listings", sort=sort, limit=1, key=key)
        met += [one["id"] for one in page["listings"]]
        key = page["next_key"]
        plain = base64.urlsafe_b64decode((key or "") + "==").decode()
        assert_silent(plain, sort)
        assert not re.search(r"0\.98|-97\.|-98\.", plain) or sort == "score"
    assert len(met) == 3
    assert met[0] == stock.fresh or sort in {"score", "discount"}


def test_no_price_limit_tells_where_a_hidden_price_lies(api: Api, stock: Stock) -> None:
    def found(**limits: str) -> list[int]:
        return [one["id"] for one in api.read("/api/v1/listings", **limits)["listings"]]

    assert found(min_price="0") == found(max_price="20000") == [stock.fresh]
    assert found(min_landed="0") == [stock.fresh]
    facets = api.read("/api/v1/facets", facet="price")["facets"]
    assert sum(value["count"] for value in facets[0]["values"]) == 1


def test_sums_reckon_with_shown_prices_alone(api: Api, stock: Stock) -> None:
    crate = api.http.post("/api/v1/crates", json={"budget": "20000EUR", "by": "score"})
    assert crate.status_code == 200, crate.text
    assert_silent(crate.text, "crate")
    assert [one["id"] for one in crate.json()["listings"]] == [stock.fresh]
    assert crate.json()["out_of_question"]["without a price that is shown"] == 2

    way = api.http.post("/api/v1/wants/cheapest", json={})
    assert_silent(way.text, "cheapest")
    assert way.json()["total"]["amount"] == "105.00"
    [left] = way.json()["left_out"]
    assert left["release_id"] == stock.alone
    assert left["reason"].endswith("a price that is shown")

    sellers = {one["seller"]: one for one in api.read("/api/v1/wants/sellers")["sellers"]}
    assert (sellers["alice"]["price"], sellers["alice"]["landed"]) == (None, None)
    assert sellers["bob"]["price"]["amount"] == "100.00"


def test_copies_are_compared_with_shown_prices_alone(api: Api, stock: Stock) -> None:
    copies = api.read(f"/api/v1/releases/{stock.release}")["copies"]

    by_id = {one["id"]: one for one in copies}
    assert by_id[stock.fresh]["landed"]["amount"] == "105.00"
    assert by_id[stock.fresh]["of_release"] is None  # the only other price is hidden
    assert by_id[stock.stale]["landed"] is None
    assert by_id[stock.stale]["is_price_hidden"]


def test_what_is_posted_about_a_listing_tells_no_hidden_price(api: Api, stock: Stock) -> None:
    for path, body in (
        ("/triage", {"size": 5}),
        ("/judgements", {"verdicts": [
            {"key": "k", "listing_id": stock.stale, "verdict": "keep"}]}),
        ("/picks/redraw", None),
    ):  # fmt: skip
        answer = api.http.post(f"/api/v1{path}", json=body)
        assert answer.status_code < 500
        assert_silent(answer.text, path)
    assert_silent(api.get("/api/v1/judgements").text, "judgements")


def test_a_price_is_shown_again_once_it_was_read_anew(
    api: Api, store: Engine, stock: Stock
) -> None:
    now = api.here.clock.now()
    with writing(store) as db:
        db.execute(
            update(listings)
            .where(listings.c.id == stock.stale)
            .values(price_read_at=now, touched_at=now)
        )

    shown = api.read(f"/api/v1/listings/{stock.stale}")
    assert shown["price"]["amount"] == "9876.54"
    assert len(shown["price_changes"]) == 2
    dearest = api.read("/api/v1/listings", sort="price", direction="desc")["listings"][0]
    assert dearest["id"] == stock.stale


@pytest.mark.usefixtures("_settings")
def test_the_earlier_page_which_knows_no_age_is_not_served_where_prices_are_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CRATEWISE_STALE_PRICES", "hide")

    with pytest.raises(SettingError, match="without their age"), served(legacy=True):
        pass


def test_what_may_be_shown_is_decided_by_five_minutes_and_never_too_late() -> None:
    noon = datetime.fromisoformat("2026-11-01T12:00:00+00:00")

    for seconds in (0, 1, 299, 300, 301):
        since = shown_since(noon + timedelta(seconds=seconds))
        oldest = noon + timedelta(seconds=seconds) - FRESH_FOR
        assert oldest <= since < oldest + SHOWN_STEP
    assert shown_since(noon + timedelta(seconds=1)) == shown_since(noon + timedelta(seconds=300))
