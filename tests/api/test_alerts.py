"""Searches are saved and report over HTTP; a feed is Atom."""

from urllib.parse import parse_qsl
from xml.etree import ElementTree

from sqlalchemy import Engine
from tests.api.serving import Api
from tests.builders import RATES, a_listing, a_seller

from cratewise.alerts.report import report
from cratewise.store.engine import writing

ATOM = "{http://www.w3.org/2005/Atom}"


def saved(api: Api, name: str, **query: str) -> int:
    answer = api.http.post("/api/v1/searches", params=query, json={"name": name})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


def test_a_search_is_saved_listed_renamed_and_forgotten(api: Api, store: Engine) -> None:
    with writing(store) as db:
        a_seller(db)
    number = saved(api, "cheap jazz", q="coltrane", max_price="20", seller="ALICE")

    one = api.read(f"/api/v1/searches/{number}")
    assert one["terms"]["words"] == "coltrane"
    assert one["terms"]["price_to"]["minor"] == 2000
    again = api.http.post("/api/v1/searches", json={"name": "cheap jazz"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:cratewise:problem:search-exists")
    renamed = api.http.patch(f"/api/v1/searches/{number}", json={"name": "jazz"})
    assert renamed.json()["name"] == "jazz"
    assert [one["name"] for one in api.read("/api/v1/searches")["searches"]] == ["jazz"]
    assert api.http.delete(f"/api/v1/searches/{number}").status_code == 204
    assert api.get(f"/api/v1/searches/{number}").status_code == 404


def test_a_saved_search_is_read_again_from_its_own_address(api: Api, store: Engine) -> None:
    with writing(store) as db:
        a_seller(db, "Vinyl & Co")
    asked = (
        "q=sun+ra&format=LP&format=Vinyl&seller=Vinyl+%26+Co&max_year=1980&min_price=5.00EUR"
        "&min_grade=VG%2B&since=2026-11-01T12%3A00%3A00%2B00%3A00&only_gone=true&wanted=false"
        "&judged=neither&min_probability=0.5&fresh=true"
    )
    one = api.http.post(f"/api/v1/searches?{asked}", json={"name": "all of it"}).json()
    again = api.http.post(f"/api/v1/searches?{one['query']}", json={"name": "again"}).json()

    assert one["query"] == again["query"]
    assert sorted(parse_qsl(one["query"])) == sorted(parse_qsl(asked))
    plain = api.http.post("/api/v1/searches", json={"name": "anything"}).json()
    assert plain["query"] == ""


def test_a_feed_tells_what_came(api: Api, store: Engine) -> None:
    search = saved(api, "sun ra & co", q="sun ra")
    made = api.http.post("/api/v1/alerts", json={"search_id": search, "way": "feed"}).json()
    now = api.here.clock.now()
    with writing(store) as db:
        times = {"first_seen_at": now, "last_seen_at": now, "touched_at": now}
        a_listing(db, a_seller(db), artist="Sun Ra\x01", title="<Lanquidity>", **times)
    assert report(store, api.here.finder, lambda: RATES, api.here.clock) == 1

    answer = api.get(made["feed"])

    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    assert feed.findtext(f"{ATOM}title") == "Cratewise: sun ra & co"
    [where] = feed.findall(f"{ATOM}link")
    assert (where.get("rel"), where.get("href")) == ("self", made["feed"])
    [entry] = feed.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Sun Ra – <Lanquidity>"
    assert "Data provided by Discogs." in (entry.findtext(f"{ATOM}summary") or "")
    full = api.read(f"/api/v1/alerts/{made['id']}")
    assert [one["state"] for one in full["deliveries"]] == ["sent"]
    assert api.http.delete(f"/api/v1/alerts/{made['id']}").status_code == 204


def test_an_alert_that_cannot_be_told_is_refused(api: Api) -> None:
    search = saved(api, "any", q="any")

    def refused(**told: object) -> tuple[int, str]:
        answer = api.http.post("/api/v1/alerts", json={"search_id": search, **told})
        return answer.status_code, answer.json()["type"].rpartition(":")[2]

    assert refused(way="webhook", target="http://127.0.0.1/") == (422, "bad-address")
    assert refused(way="webhook", target="nowhere") == (422, "bad-address")
    assert refused(way="mail", target="nobody") == (422, "bad-address")
    assert refused(way="pigeon") == (400, "bad-request")
    assert refused(way="feed", search_id=99) == (404, "unknown-search")
    confirmed = {"way": "webhook", "target": "http://127.0.0.1/", "may_be_private": True}
    answer = api.http.post("/api/v1/alerts", json={"search_id": search, **confirmed})
    assert answer.status_code == 201


def test_a_search_can_find_something_else_and_its_alerts_go_on_with_that(
    api: Api, store: Engine
) -> None:
    search = saved(api, "ra", q="sun ra")
    made = {"search_id": search, "way": "feed"}
    alert = api.http.post("/api/v1/alerts", json=made).json()["id"]

    changed = api.http.put(
        f"/api/v1/searches/{search}", params={"artist": "Alice Coltrane"}, json={}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["name"] == "ra"
    assert changed.json()["terms"] == {"artists": ["Alice Coltrane"]}
    renamed = api.http.put(f"/api/v1/searches/{search}", json={"name": "all"})
    assert (renamed.json()["name"], renamed.json()["terms"]) == ("all", {})
    api.http.put(f"/api/v1/searches/{search}", params={"q": "coltrane"}, json={})

    now = api.here.clock.now()
    with writing(store) as db:
        seller = a_seller(db)
        times = {"first_seen_at": now, "last_seen_at": now, "touched_at": now}
        a_listing(db, seller, artist="Sun Ra", **times)
        found = a_listing(db, seller, artist="John Coltrane", **times)
    assert report(store, api.here.finder, lambda: RATES, api.here.clock) == 1
    [delivery] = api.read(f"/api/v1/alerts/{alert}")["deliveries"]
    assert delivery["listings"] == [found]


def test_a_search_that_makes_no_sense_stays_as_it_was(api: Api) -> None:
    search = saved(api, "ra", q="sun ra")
    other = saved(api, "other", q="x")

    swapped = api.http.put(
        f"/api/v1/searches/{search}", params={"min_year": 1990, "max_year": 1980}, json={}
    )
    taken = api.http.put(f"/api/v1/searches/{other}", json={"name": "ra"})

    assert (swapped.status_code, swapped.json()["field"]) == (400, "query.min_year")
    assert taken.status_code == 409
    assert api.http.put("/api/v1/searches/99", json={}).status_code == 404
    assert api.read(f"/api/v1/searches/{search}")["terms"] == {"words": "sun ra"}


def test_an_alert_can_tell_otherwise_and_of_something_else(api: Api) -> None:
    search, other = saved(api, "ra", q="sun ra"), saved(api, "other", q="x")
    made = {"search_id": search, "way": "feed"}
    alert = f"/api/v1/alerts/{api.http.post('/api/v1/alerts', json=made).json()['id']}"

    def changed(**told: object) -> tuple[int, object, object]:
        answer = api.http.patch(alert, json=told).json()
        return answer["search_id"], answer["way"], answer["target"]

    assert changed(search_id=other) == (other, "feed", "")
    assert changed(way="mail", target="me@example.org") == (other, "mail", "me@example.org")
    assert changed(target="you@example.org") == (other, "mail", "you@example.org")
    assert changed(search_id=search) == (search, "mail", "you@example.org")
    assert changed(way="terminal") == (search, "terminal", "")
    for told, status in (
        ({"way": "webhook"}, 422), ({"way": "mail"}, 422), ({"search_id": 99}, 404),
        ({"way": "webhook", "target": "http://127.0.0.1/"}, 422), ({"ways": "feed"}, 400),
    ):  # fmt: skip
        assert api.http.patch(alert, json=told).status_code == status, told
    assert api.read(alert)["way"] == "terminal"
    assert api.http.patch("/api/v1/alerts/99", json={}).status_code == 404
