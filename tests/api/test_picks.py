"""Over HTTP: the record of the day, votes, its landscape, and crates."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert, select
from tests.api.serving import Api
from tests.builders import a_listing, a_seller

from cratewise.store.accounts import local_account
from cratewise.store.engine import writing
from cratewise.store.tables import accounts, listings, wants

V1 = "/api/v1"


@pytest.fixture
def stock(api: Api, store: Engine) -> list[int]:
    now = api.here.clock.now()
    with writing(store) as db:
        local_account(db, currency="EUR", country="DE", at=now)
        seller = a_seller(db, "dora")
        return [
            a_listing(
                db, seller, score=60.0 - n, want=900 - 70 * n, price_minor=500 + 100 * n,
                artist=f"Artist {n % 5}", year=1960 + n, price_read_at=now,
            )
            for n in range(12)
        ]  # fmt: skip


def sent(api: Api, path: str, body: Any = None) -> Any:
    answer = api.http.post(f"{V1}{path}", json=body)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def test_the_record_of_the_day_stays_until_it_is_drawn_again(api: Api, stock: list[int]) -> None:
    pick = api.read(f"{V1}/picks/today")

    assert api.read(f"{V1}/picks/today") == pick
    assert pick["listing"]["id"] == pick["was"]["listing_id"]
    assert pick["method"] == "thermodynamic_boltzmann"
    assert pick["candidates"] == 12
    again = sent(api, "/picks/redraw")
    assert again["redraw"] == 1
    assert api.read(f"{V1}/picks/today") == again
    assert api.read(f"{V1}/picks/{pick['id']}") == pick
    page = api.read(f"{V1}/picks", limit=1)
    assert [one["id"] for one in page["picks"]] == [again["id"]]
    rest = api.read(f"{V1}/picks", before=page["next_before"])
    assert [one["id"] for one in rest["picks"]] == [pick["id"]]
    assert rest["next_before"] is None


def test_a_landscape_has_every_candidate_and_the_one_drawn(api: Api, stock: list[int]) -> None:
    pick = api.read(f"{V1}/picks/today")

    land = api.read(f"{V1}/picks/{pick['id']}/landscape")

    assert {point["listing_id"] for point in land["points"]} == set(stock)
    assert sum(point["probability"] for point in land["points"]) == pytest.approx(1)
    drawn = land["points"][land["picked"]]
    for name in ("utility", "novelty", "free_energy", "probability"):
        assert drawn[name] == pytest.approx(pick[name])


def test_a_vote_tells_what_it_moves(api: Api, stock: list[int]) -> None:
    pick = api.read(f"{V1}/picks/today")

    voted = sent(api, f"/picks/{pick['id']}/votes", {"desirability": 1, "novelty": 5})

    assert voted["before"] == {"temperature": 0, "novelty": 0}
    assert voted["after"] == pytest.approx({"temperature": -0.2, "novelty": 0.3})
    assert [one["novelty"] for one in voted["pick"]["votes"]] == [5]
    assert sent(api, "/picks/redraw")["temperature_moved"] == pytest.approx(-0.2)


def test_a_crate_is_packed_with_its_sums(api: Api, stock: list[int]) -> None:
    crate = sent(api, "/crates", {
        "sellers": ["DORA"], "budget": "30EUR", "postage": {"first": "5", "further": "1"},
        "without": [stock[0]],
    })  # fmt: skip

    prices = sum(one["own_price"]["minor"] for one in crate["listings"])
    postage = 500 + 100 * (len(crate["listings"]) - 1)
    assert crate["price"]["minor"] == prices
    assert crate["orders"] == [
        {"seller": "dora", "postage": {"minor": postage, "currency": "EUR",
                                       "amount": f"{postage / 100:.2f}"}}
    ]  # fmt: skip
    assert crate["total"]["minor"] == prices + postage <= 3000
    assert crate["is_optimal"] is True
    assert crate["left_out"][0]["left_out_because"] == "excluded"
    unknown = sent(api, "/crates", {"budget": "30"})
    assert unknown["orders"] == [{"seller": "dora", "postage": None}]


def test_a_crate_is_asked_for_by_our_own_ids_alone(
    api: Api, store: Engine, stock: list[int]
) -> None:
    with writing(store) as db:  # Discogs' number of another listing is our own id of the first
        other = listings.update().where(listings.c.id == stock[-1])
        db.execute(other.values(discogs_listing_id=stock[0]))

    crate = sent(api, "/crates", {"budget": "300", "must": [stock[0]], "without": [stock[1]]})

    inside = {one["id"] for one in crate["listings"]}
    assert stock[0] in inside
    assert stock[1] not in inside


def test_what_is_picked_or_packed_is_marked_as_wanted(
    api: Api, store: Engine, stock: list[int]
) -> None:
    with writing(store) as db:
        account = db.scalar(select(accounts.c.id))
        ids = db.scalars(select(listings.c.release_id)).all()
        row = {"account_id": account, "synced_at": api.here.clock.now()}
        db.execute(insert(wants), [row | {"release_id": number} for number in ids])

    assert api.read(f"{V1}/picks/today")["listing"]["is_wanted"]
    crate = sent(api, "/crates", {"budget": "30"})
    assert all(one["is_wanted"] for one in crate["listings"] + crate["left_out"])


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        ("/picks/999/votes", {"desirability": 3, "novelty": 3}, 404, "unknown-pick"),
        ("/picks/999/votes", {"desirability": 6, "novelty": 3}, 422, "bad-vote"),
        ("/crates", {"budget": "1"}, 422, "no-crate"),
        ("/crates", {"budget": "soon"}, 400, "bad-request"),
        ("/crates", {"budget": "20", "must": [77]}, 422, "no-crate"),
        ("/crates", {"budget": "20", "sellers": ["nobody"]}, 404, "unread-seller"),
        ("/crates", {"budget": "20", "min_grade": "fine"}, 400, "bad-request"),
        ("/crates", {"budget": "20", "postage": {"first": "3USD"}}, 400, "bad-request"),
        ("/crates", {"budget": "20", "by": "colour"}, 400, "bad-request"),
    ],
)
@pytest.mark.usefixtures("stock")
def test_what_makes_no_sense_is_a_problem(
    api: Api, path: str, body: Any, status: int, kind: str
) -> None:
    answer = api.http.post(f"{V1}{path}", json=body)

    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"urn:cratewise:problem:{kind}"


def test_without_stock_there_is_nothing_to_pick(api: Api) -> None:
    answer = api.get(f"{V1}/picks/today")

    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("Nothing has been read yet")
