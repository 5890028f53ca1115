"""`/api/v1/wants` and what it makes Discogs hear."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, insert
from tests.api.serving import Api, served
from tests.builders import NOON, a_follow, a_listing, a_seller
from tests.wants.conftest import Cratewise

from cratewise.simulator import Simulator, World
from cratewise.simulator.members import Member
from cratewise.store.engine import writing
from cratewise.store.tables import wants

WANTS = "/api/v1/wants"


@pytest.fixture
def discogs(cratewise: Cratewise, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 20})) as simulator:
        monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", simulator.url)
        monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", World.token("digger"))
        monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
        monkeypatch.setattr("cratewise.wants.outbox.UNDO_FOR", NOON - NOON)
        yield simulator


@pytest.fixture
def digger(discogs: Simulator) -> Member:
    return discogs.world.seller("digger")


@pytest.fixture
def api(discogs: Simulator) -> Iterator[Api]:
    """One that works no jobs: what is asked for waits."""
    with served() as api:
        yield api


def a_want(store: Engine, account_id: int, release_id: int) -> None:
    row = {"account_id": account_id, "release_id": release_id, "synced_at": NOON}
    with writing(store) as db:
        db.execute(insert(wants).values(row))


def test_lists_are_synced_and_a_want_reaches_discogs_by_a_job(
    discogs: Simulator, digger: Member
) -> None:
    unwanted = next(
        number
        for number in map(discogs.world.catalogue.release_id, range(1000))
        if number not in digger.wants
    )
    with served(is_working=True) as api:
        asked = api.http.post(f"{WANTS}/sync").json()
        api.here.desk.wait(asked["id"])
        synced = api.read(f"{WANTS}/sync/{asked['id']}")
        added = api.http.post(WANTS, json={"release_id": unwanted}).json()
        deliveries = api.here.desk.jobs(deed="deliver_outbox")
        api.here.desk.wait(deliveries[0].id)
        sent = api.read(f"{WANTS}/outbox", delivered=True)["changes"]
        page, collection = api.read(WANTS, limit=2, page=2), api.read("/api/v1/collection")

    assert synced["sentences"] == [
        "Wantlist: 340 releases; 340 added.",
        "Collection: 270 releases; 270 added.",
    ]
    assert (added["is_new"], added["change"]["state"]) == (True, "waiting")
    assert [(one["deed"], one["state"]) for one in sent] == [("add", "delivered")]
    assert unwanted in digger.wants
    assert (page["count"], page["pages"], len(page["wants"])) == (341, 171, 2)
    assert (collection["count"], len(collection["owned"])) == (270, 50)


def test_a_change_is_listed_and_taken_back(api: Api) -> None:
    change = api.http.post(WANTS, json={"release_id": 249504}).json()["change"]
    again = api.http.post(WANTS, json={"release_id": 249504}).json()

    assert (again["is_new"], again["change"]["id"]) == (False, change["id"])
    assert [one["id"] for one in api.read(f"{WANTS}/outbox")["changes"]] == [change["id"]]
    assert api.read(WANTS)["waiting"] == 1
    undone = api.http.delete(f"{WANTS}/outbox/{change['id']}").json()
    assert (undone["is_new"], undone["change"]) == (True, None)
    assert api.read(WANTS)["count"] == 0
    assert api.http.delete(f"{WANTS}/outbox/{change['id']}").status_code == 404


def test_a_want_that_is_not_there_is_removed_without_a_word(api: Api) -> None:
    answer = api.http.delete(f"{WANTS}/249504")

    assert answer.status_code == 200
    assert answer.json() == {"release_id": 249504, "is_new": False, "change": None}


@pytest.mark.parametrize("body", [{}, {"release_id": 0}, {"release_id": "x"}, {"release": 1}])
def test_a_want_that_makes_no_sense_is_refused(api: Api, body: dict[str, object]) -> None:
    assert api.http.post(WANTS, json=body).status_code == 400
    assert api.read(WANTS)["count"] == 0
    assert api.get(f"{WANTS}/sync/none").status_code == 404


def test_sellers_are_ranked_by_how_much_of_the_wantlist_they_have(api: Api, store: Engine) -> None:
    me = api.here.account().id
    with writing(store) as db:
        alice, bob, carol = a_seller(db, "alice"), a_seller(db, "bob"), a_seller(db, "carol")
        a_follow(db, me, alice)
        a_follow(db, me, bob)
        ids = [a_listing(db, alice, id=77_001, price_minor=1000)]
        a_listing(db, alice, id=77_002, price_minor=500)  # nobody wants it
        ids += [a_listing(db, bob, id=77_003, price_minor=800)]
        a_listing(db, bob, id=77_004, price_minor=900, gone_at=NOON)
        a_listing(db, carol, id=77_005)  # followed by nobody
    for release_id in (77_001, 77_003, 77_004, 77_005):
        a_want(store, me, release_id)
    origin = {"seller": "bob", "currency": "EUR", "first_minor": 400, "further_minor": 100}
    assert api.http.post("/api/v1/postage", json=origin).status_code == 201

    told = api.read(f"{WANTS}/sellers")

    assert [(one["seller"], one["wants"], one["exact"]) for one in told["sellers"]] == [
        ("bob", 1, 1), ("alice", 1, 1)
    ]  # fmt: skip
    assert [one["listing_ids"] for one in told["sellers"]] == [[ids[1]], [ids[0]]]
    assert told["sellers"][0]["landed"] == {"minor": 1200, "currency": "EUR", "amount": "12.00"}
    assert told["sellers"][1]["landed"] is None
    assert told["sellers"][1]["price"]["minor"] == 1000
    listed = {one["release_id"]: one["for_sale"] for one in api.read(WANTS)["wants"]}
    assert listed == {77_001: 1, 77_003: 1, 77_004: 0, 77_005: 0}
