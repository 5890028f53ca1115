"""`cratewise cheapest` and `/api/v1/wants/cheapest`, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from tests.api.serving import served
from tests.builders import NOON, a_follow, a_listing, a_seller, an_account
from tests.wants.conftest import Cratewise
from tests.wants.test_copies import another_copy

from cratewise.store.engine import writing
from cratewise.store.postage import keep_postage
from cratewise.store.tables import wants

Answered = Callable[..., Any]
ONE, TWO, THREE, NOWHERE = 92_001, 92_002, 92_003, 92_004


@pytest.fixture(autouse=True)
def numbers(store: Engine) -> dict[str, int]:
    """Alice has one and two, bob has two cheaper, carol cheaper still; her postage is unknown."""
    with writing(store) as db:
        me = an_account(db)
        sellers = {name: a_seller(db, name) for name in ("alice", "bob", "carol")}
        for number in sellers.values():
            a_follow(db, me, number)
        a_listing(db, a_seller(db, "dave"), id=NOWHERE)  # followed by nobody
        ids = {
            "one": a_listing(db, sellers["alice"], id=ONE, price_minor=1000),
            "two": a_listing(db, sellers["alice"], id=TWO, price_minor=1300),
            "bobs": another_copy(db, sellers["bob"], TWO, price_minor=1000, media_grade=4),
            "carols": another_copy(db, sellers["carol"], TWO, price_minor=100),
            "three": a_listing(db, sellers["carol"], id=THREE, price_minor=700),
        }
        for name in ("alice", "bob"):
            told = {
                "country": "DE", "currency": "EUR", "first_minor": 500, "further_minor": 100,
                "tiers": (), "source": "", "told_on": NOON.date(),
            }  # fmt: skip
            keep_postage(db, me, told, seller_id=sellers[name])
        for release_id in (ONE, TWO, NOWHERE):
            row = {"account_id": me, "release_id": release_id, "synced_at": NOON}
            db.execute(insert(wants).values(row))
    return ids


def bought(way: dict[str, Any]) -> list[tuple[str, list[int]]]:
    return [
        (parcel["seller"], [copy["release_id"] for copy in parcel["copies"]])
        for parcel in way["parcels"]
    ]


def test_the_whole_wantlist_is_bought_where_it_costs_least_with_postage(
    cratewise: Cratewise, answered: Answered
) -> None:
    way = answered("cheapest")

    assert bought(way) == [("alice", [ONE, TWO])]
    assert (way["price"], way["postage"], way["total"], way["gap"]) == (23.0, 6.0, 29.0, 0.0)
    assert way["left_out"] == {str(NOWHERE): "no seller that you follow has it"}
    lines = cratewise("cheapest")
    told = "2 wants from 1 seller: €23.00 and €6.00 postage, €29.00 in all; no way is cheaper."
    assert told in " ".join(lines.stdout.split())
    assert f"Release {NOWHERE} is left out: no seller that you follow has it." in lines.stderr


def test_unknown_postage_is_no_bargain_and_is_told(
    cratewise: Cratewise, answered: Answered
) -> None:
    way = answered("cheapest", str(TWO), str(THREE))

    assert bought(way) == [("carol", [TWO, THREE])]
    assert (way["parcels"][0]["postage"], way["total"]) == (None, 8.0)
    lines = cratewise("cheapest", str(TWO), str(THREE))
    assert "Nobody told what carol asks for postage" in lines.stderr
    assert bought(answered("cheapest", str(TWO))) == [("bob", [TWO])]


def test_what_a_parcel_is_assumed_to_cost_counts(answered: Answered) -> None:
    cheap = answered("cheapest", str(TWO), "--assume", "2")
    dear = answered("cheapest", str(TWO), "--assume", "20EUR")

    assert (bought(cheap), cheap["total"]) == ([("carol", [TWO])], 3.0)
    assert bought(dear) == [("bob", [TWO])]


def test_a_grade_is_kept_to(answered: Answered) -> None:
    assert bought(answered("cheapest", str(TWO), "--grade", "VG+")) == [("alice", [TWO])]
    none = answered("cheapest", str(TWO), "--grade", "M")
    assert none["parcels"] == []
    assert none["left_out"] == {str(TWO): "no copy has that grade and a comparable price"}


@pytest.mark.parametrize("arguments", [["x"], ["--assume", "little"], ["--seconds", "0"]])
def test_what_makes_no_sense_is_refused(cratewise: Cratewise, arguments: list[str]) -> None:
    assert cratewise("cheapest", *arguments).exit_code == 2


def test_the_cheapest_way_is_found_over_http(cratewise: Cratewise) -> None:
    with served() as api:
        way = api.http.post("/api/v1/wants/cheapest", json={}).json()
        two = api.http.post("/api/v1/wants/cheapest", json={
            "release_ids": [TWO], "assumed": {"minor": 200, "currency": "EUR"}}).json()  # fmt: skip
        bad = api.http.post("/api/v1/wants/cheapest", json={"min_grade": "fine"})
        odd = api.http.post(
            "/api/v1/wants/cheapest", json={"assumed": {"minor": 200, "currency": "KPW"}}
        )
        worse = api.http.post("/api/v1/wants/cheapest", json={"release_ids": []})

    assert bought(way) == [("alice", [ONE, TWO])]
    assert way["total"] == {"minor": 2900, "currency": "EUR", "amount": "29.00"}
    assert [one["release_id"] for one in way["left_out"]] == [NOWHERE]
    assert bought(two) == [("carol", [TWO])]
    assert bad.json()["field"] == "body.min_grade"
    assert worse.status_code == 400
    assert odd.json()["type"] == "urn:cratewise:problem:bad-money"
