"""Every answer is as the description of the API says: status, kind, and every field."""

import httpx2
import pytest
from sqlalchemy import Engine, insert, select, update
from tests.api.described import Call, Description
from tests.api.serving import Api
from tests.builders import NOON, a_follow, a_listing, a_pull, a_seller

from cratewise.store.engine import reading, writing
from cratewise.store.tables import listings, price_changes, releases, wants

MASTER = 77
UNKNOWN = {"integer": "987654321", "string": "nobody-here"}


@pytest.fixture
def known(earlier: Api, store: Engine) -> dict[str, object]:
    """What there is, by the names of parameters and fields that mean it."""
    account = earlier.here.account().id
    with writing(store) as db:
        alice, bob = a_seller(db, "alice", discogs_id=7), a_seller(db, "bob")
        for seller in (alice, bob):
            a_follow(db, account, seller)
        ids = [a_listing(db, alice, want=10 * n) for n in range(1, 30)]
        a_listing(db, bob, price_minor=None, currency=None, media_grade=None, want=None, have=None)
        a_pull(db, alice, seen=29, coverage=1.0)
        a_pull(db, bob, kind="csv", state="failed", outcome="No.")
        change = {"listing_id": ids[0], "changed_at": NOON, "old_price_minor": 5}
        db.execute(insert(price_changes).values(change | {"old_currency": "EUR"}))
        release = db.scalar(select(listings.c.release_id).where(listings.c.id == ids[0]))
        is_this = releases.c.id == release
        db.execute(update(releases).where(is_this).values(master_id=MASTER))
        want = {"account_id": account, "release_id": release, "synced_at": NOON}
        db.execute(insert(wants).values(want))
    pull = earlier.http.post("/api/v1/pulls", json={"seller": "bob"}).json()["id"]
    earlier.http.post(f"/api/v1/pulls/{pull}/cancel")  # so that whoever watches it is let go
    judged = earlier.http.post(
        "/api/v1/judgements",
        json={"verdicts": [{"key": "k", "listing_id": ids[1], "verdict": "keep"}]},
    )
    pick = earlier.get("/api/v1/picks/today").json().get("id", 1)
    search = earlier.http.post("/api/v1/searches", json={"name": "jazz"}).json()["id"]
    alert = earlier.http.post("/api/v1/alerts", json={"search_id": search, "way": "feed"}).json()
    feed = earlier.http.post(f"/api/v1/alerts/{alert['id']}/feed-address").json()["address"]
    rules = {"format_holds": ["LP"], "media_grade_at_least": None, "wants_over_haves": False}
    earlier.http.put("/api/v1/presets/alice", json=rules).raise_for_status()
    terms = {"origin": "DE", "currency": "EUR", "first_minor": 450, "further_minor": 50}
    rule = earlier.http.post("/api/v1/postage", json=terms).json()["id"]
    return {
        "secret": feed.rpartition("/")[2], "rule_id": rule, "master_id": MASTER,
        "search_id": search, "alert_id": alert["id"], "way": "feed",
        "name": "alice", "seller": "alice", "listing_id": ids[0], "release_id": release,
        "pull_id": pull, "pick_id": pick, "amount": "12EUR", "listing_ids": ids[2],
        "judgement_id": _first_number(judged), "verdict": "skip", "key": "another",
    }  # fmt: skip


def _first_number(answer: httpx2.Response) -> int:
    return int(answer.raise_for_status().json()["results"][0]["judgement"]["id"])


def test_every_answer_is_as_it_is_described(
    earlier: Api, store: Engine, known: dict[str, object]
) -> None:
    description = Description(earlier.read("/schema/openapi.json"))
    wrong: dict[str, list[str]] = {}
    well = set()

    def check(call: Call, answer: httpx2.Response) -> None:
        if found := description.problems_of(call, answer):
            wrong.setdefault(call.name, []).extend(found)
        if answer.is_success:
            well.add(call.name)

    for call in description.calls():
        told = description.request(call, known)
        check(call, earlier.http.request(**told))
        odd = {**told, "params": {**told["params"], "nonsense": "1"}}
        check(call, earlier.http.request(**odd))
        check(call, earlier.http.request(**{**told, "url": _elsewhere(call)}))
        if "json" in told:
            nonsense: list[object] = [[], {}, {"nonsense": 1}]
            for body in nonsense:
                check(call, earlier.http.request(**{**told, "json": body}))

    assert not wrong, "\n".join(f"{name}: {one}" for name, all in wrong.items() for one in all)
    every = {call.name for call in description.calls()}
    assert len(well) > 0.8 * len(every), f"asked in vain: {sorted(every - well)}"
    with reading(store) as db:
        assert db.scalar(select(listings.c.id).limit(1))


def _elsewhere(call: Call) -> str:
    """The address of something that there is not."""
    path = call.path
    for parameter in call.operation.get("parameters", ()):
        if parameter["in"] == "path":
            unknown = UNKNOWN.get(parameter["schema"].get("type", "string"), "nobody-here")
            path = path.replace(f"{{{parameter['name']}}}", unknown)
    return path
