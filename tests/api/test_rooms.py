"""Sellers, presets, rates, settings and home over HTTP."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert
from tests.api.serving import Api
from tests.builders import a_follow, a_listing, a_pull, a_seller

from cratewise.inventory.claim import new_worker
from cratewise.shelf.find import Finder
from cratewise.simulator import Simulator
from cratewise.store.engine import writing
from cratewise.store.hidden import hide
from cratewise.store.tables import price_changes

UNKNOWN_PRESET = "urn:cratewise:problem:unknown-preset"


def test_a_seller_is_followed_noted_muted_and_forgotten(api: Api, discogs: Simulator) -> None:
    first = api.http.post("/api/v1/sellers", json={"seller": "ALICE"})
    again = api.http.post("/api/v1/sellers", json={"seller": "alice"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["seller"], first.json()["claimed"]) == ("alice", 250)
    assert [one["seller"] for one in api.read("/api/v1/sellers")["sellers"]] == ["alice"]

    noted = api.http.patch("/api/v1/sellers/Alice", json={"note": "slow post"}).json()
    muted = api.http.patch("/api/v1/sellers/alice", json={"is_muted": True}).json()
    assert (noted["note"], noted["is_muted"]) == ("slow post", False)
    assert (muted["note"], muted["is_muted"]) == ("slow post", True)

    assert api.http.delete("/api/v1/sellers/alice").status_code == 204
    assert api.read("/api/v1/sellers")["sellers"] == []
    assert api.get("/api/v1/sellers/alice").status_code == 404
    assert len(discogs.requests) == 2


def test_a_seller_is_forgotten_with_all_that_was_read_of_them(api: Api, store: Engine) -> None:
    with writing(store) as db:
        alice, bob = a_seller(db), a_seller(db, "bob")
        a_follow(db, api.here.account().id, alice)
        a_listing(db, alice)
        bobs = a_listing(db, bob)

    assert api.http.delete("/api/v1/sellers/alice").status_code == 204

    assert [one["id"] for one in api.read("/api/v1/listings")["listings"]] == [bobs]


def test_a_seller_is_not_forgotten_in_the_middle_of_a_pull(api: Api, store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        a_follow(db, api.here.account().id, alice)
        a_pull(db, alice, state="running", finished_at=None)

    answer = api.http.delete("/api/v1/sellers/alice")

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:cratewise:problem:pull-under-way"
    assert api.get("/api/v1/sellers/alice").status_code == 200


def test_a_misspelt_seller_is_told_who_may_be_meant(api: Api, store: Engine) -> None:
    with writing(store) as db:
        a_seller(db, "grooveyard")

    problem = api.get("/api/v1/sellers/grooveyrad").json()

    assert problem["similar"] == ["grooveyard"]


def test_the_keeper_rule_is_read_changed_and_reset(api: Api) -> None:
    rule = {"format_holds": ["CD"], "media_grade_at_least": "VG+", "wants_over_haves": False}

    changed = api.http.put("/api/v1/presets/keeper", json=rule).json()

    assert changed["rule"] == rule
    assert changed["sentence"] == "CD, VG+ or better"
    assert api.read("/api/v1/presets")["presets"] == [changed]
    assert api.http.delete("/api/v1/presets/keeper").json()["is_shipped"]
    assert api.read("/api/v1/presets/keeper")["rule"]["format_holds"] == ["LP"]


def test_presets_are_made_used_one_at_a_time_and_forgotten(api: Api) -> None:
    rule = {"format_holds": ["CD"], "media_grade_at_least": None, "wants_over_haves": False}

    def used() -> dict[str, bool]:
        return {one["name"]: one["is_used"] for one in api.read("/api/v1/presets")["presets"]}

    made = api.http.put("/api/v1/presets/small discs", json=rule).json()
    assert (made["name"], made["rule"], made["is_used"]) == ("small discs", rule, False)
    assert used() == {"keeper": True, "small discs": False}
    assert api.http.post("/api/v1/presets/small discs/use").json()["is_used"]
    assert used() == {"keeper": False, "small discs": True}

    assert api.http.delete("/api/v1/presets/small discs").json()["name"] == "keeper"
    assert used() == {"keeper": True}
    assert api.http.post("/api/v1/presets/small discs/use").status_code == 404
    assert api.http.delete("/api/v1/presets/small discs").json()["type"] == UNKNOWN_PRESET


def test_what_a_preset_marks_changes_with_the_one_in_use(api: Api) -> None:
    account = api.here.account()
    with writing(api.here.engine) as db:
        seller = a_seller(db)
        a_follow(db, account.id, seller)
        a_listing(db, seller, format="CD, Album")
    everything: dict[str, object] = {
        "format_holds": [],
        "media_grade_at_least": None,
        "wants_over_haves": False,
    }
    api.http.put("/api/v1/presets/all", json=everything).raise_for_status()

    [listing] = api.read("/api/v1/listings")["listings"]
    assert not listing["is_keeper"]
    api.http.post("/api/v1/presets/all/use").raise_for_status()
    [listing] = api.read("/api/v1/listings")["listings"]
    assert listing["is_keeper"]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"format_holds": ["LP"]}, "body.media_grade_at_least"),
        (
            {"format_holds": "LP", "media_grade_at_least": None, "wants_over_haves": True},
            "body.format_holds",
        ),
        (
            {"format_holds": [], "media_grade_at_least": "good", "wants_over_haves": "often"},
            "body.wants_over_haves",
        ),
        (
            {"format_holds": [], "media_grade_at_least": "shiny", "wants_over_haves": True},
            "body.media_grade_at_least",
        ),
    ],
)
def test_a_keeper_rule_that_makes_no_sense_is_refused(api: Api, rule: object, field: str) -> None:
    answer = api.http.put("/api/v1/presets/keeper", json=rule)

    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_currency_and_country_are_changed(api: Api) -> None:
    assert api.read("/api/v1/settings")["currency"] == "EUR"

    changed = api.http.patch("/api/v1/settings", json={"currency": "gbp", "country": "gb"}).json()

    assert (changed["currency"], changed["country"]) == ("GBP", "GB")
    assert api.read("/api/v1/listings")["currency"] == "GBP"


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"currency": "florins"}, 422, "bad-money"),
        ({"country": "Germany"}, 400, "bad-request"),
        ({"colour": "red"}, 400, "bad-request"),
        ({"currency": None}, 400, "bad-request"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    api: Api, body: object, status: int, name: str
) -> None:
    answer = api.http.patch("/api/v1/settings", json=body)

    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:cratewise:problem:{name}"
    assert api.read("/api/v1/settings")["currency"] == "EUR"


def test_rates_convert_what_is_asked(api: Api) -> None:
    told = api.read("/api/v1/rates", currency="usd", day="2020-03-13")
    converted = api.read("/api/v1/rates/convert", amount="100USD", day="2020-03-14")

    assert told["buys"]["EUR"] == pytest.approx(1 / 1.1104)  # as the bank published
    assert converted["converted"] == {"minor": 9006, "currency": "EUR", "amount": "90.06"}
    assert converted["day"] == "2020-03-13"  # a Friday; Saturday has none
    assert api.read("/api/v1/rates/convert", amount="1EUR", to="XAF")["converted"] is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("rates?currency=XYZ", 422),
        ("rates?day=someday", 400),
        ("rates/convert", 400),
        ("rates/convert?amount=much", 422),
    ],
)
def test_rates_that_make_no_sense_are_refused(api: Api, path: str, status: int) -> None:
    assert api.http.get(f"/api/v1/{path}").status_code == status


def test_rates_are_not_refreshed_where_that_is_switched_off(api: Api) -> None:
    answer = api.http.post("/api/v1/rates/refresh")

    assert answer.status_code == 409
    assert "CRATEWISE_RATES_URL" in answer.json()["detail"]


def test_home_counts_what_is_kept_and_what_is_new_since_the_last_look(
    api: Api, store: Engine
) -> None:
    now = api.here.clock.now()
    hour = timedelta(hours=1)
    with writing(store) as db:
        alice, muted = a_seller(db), a_seller(db, "bob")
        a_follow(db, api.here.account().id, alice)
        new = {"first_seen_at": now - hour, "touched_at": now - hour}
        old = {"first_seen_at": now - 999 * hour, "touched_at": now - hour}
        a_listing(db, alice, **new)
        a_listing(db, alice, gone_at=now - hour, **old)
        cheaper = a_listing(db, alice, price_minor=900, **old)
        a_listing(db, muted, **new)
        for before, after in ((1000, 950), (950, 900)):
            db.execute(insert(price_changes).values(
                listing_id=cheaper, changed_at=now - hour, old_price_minor=before,
                old_currency="EUR", new_price_minor=after, new_currency="EUR",
            ))  # fmt: skip

    home = api.read("/api/v1/home")
    assert home["counts"] == {"sellers": 1, "listings": 3, "gone": 1, "releases": 4}
    news = home["news"]
    assert (news["arrived"], news["cheaper"], news["gone"]) == (1, 1, 1)

    api.http.post("/api/v1/home/looked")
    news = api.read("/api/v1/home")["news"]
    assert (news["arrived"], news["cheaper"], news["gone"]) == (0, 0, 0)

    api.http.post("/api/v1/home/looked", params={"at": (now - 2 * hour).isoformat()})
    assert api.read("/api/v1/home")["news"]["arrived"] == 1  # a look taken back
    ahead = api.http.post("/api/v1/home/looked", params={"at": (now + hour).isoformat()}).json()
    assert datetime.fromisoformat(ahead["looked_at"]) <= api.here.clock.now()
    assert api.read("/api/v1/home", since=(now - 2 * hour).isoformat())["news"]["arrived"] == 1


def test_home_counts_alike_before_the_shelf_is_loaded_and_after(api: Api, store: Engine) -> None:
    now = api.here.clock.now()
    with writing(store) as db:
        seller = a_seller(db)
        for n in range(7):
            a_listing(db, seller, score=float(n), first_seen_at=now, touched_at=now)
        a_listing(db, seller, gone_at=now)
        hide(db, api.here.account().id, "listing", "6", now)

    after = api.read("/api/v1/home")
    api.here.finder = Finder(store, api.here.clock)
    before = api.read("/api/v1/home")
    assert not api.here.finder.is_loaded

    assert before["counts"] == after["counts"]
    assert after["counts"]["listings"] == 7
    assert [one["id"] for one in before["news"]["best"]] == [7, 6, 5, 4, 3]
    assert [one["id"] for one in after["news"]["best"]] == [7, 5, 4, 3, 2]  # not the hidden one


def test_home_shows_pulls_that_wait_or_run(api: Api, store: Engine) -> None:
    with writing(store) as db:
        now = api.here.clock.now()
        going = {"state": "running", "finished_at": None, "heartbeat_at": now}
        number = a_pull(db, a_seller(db, "carol"), worker=new_worker(), **going)
        a_pull(db, a_seller(db, "dave"), worker="", **going)  # its worker died
    asked = api.http.post("/api/v1/pulls", json={"seller": "alice"}).json()["id"]

    shown = {pull["id"]: pull["state"] for pull in api.read("/api/v1/home")["pulls"]}

    assert shown == {asked: "queued", str(number): "running"}


def test_a_pull_whose_worker_is_no_more_does_not_run(api: Api, store: Engine) -> None:
    """A pull that died of a full disk could not note it, and said `running` ever after."""
    with writing(store) as db:
        alice = a_seller(db)
        a_follow(db, api.here.account().id, alice)
        number = a_pull(db, alice, state="running", finished_at=None, worker="")

    assert api.read("/api/v1/sellers/alice")["pull_state"] == "stopped"
    assert api.read(f"/api/v1/pulls/{number}")["state"] == "stopped"


@pytest.mark.parametrize(
    "request_line",
    ["PUT /api/v1/searches/4?q=dub", "POST /api/v1/searches?q=x", "POST /api/v1/hidden"],
)
def test_a_body_that_is_not_there_is_asked_for(api: Api, request_line: str) -> None:
    method, _, path = request_line.partition(" ")

    answer = api.http.request(method, path)

    problem = answer.json()
    assert (answer.status_code, problem["field"]) == (400, "body")
    assert (
        problem["detail"]
        == "This request needs a body as JSON; /schema/openapi.json tells its fields."
    )
