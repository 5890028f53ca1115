"""Pulls over HTTP: told before, watched live, cancelled, listed."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine
from tests.api.serving import Api
from tests.builders import a_pull, a_seller

from cratewise.durable import Job
from cratewise.inventory.claim import new_worker
from cratewise.simulator import Simulator
from cratewise.store.engine import writing
from cratewise.store.sellers import find_seller


def start(api: Api, seller: str, kind: str = "auto") -> str:
    answer = api.http.post("/api/v1/pulls", json={"seller": seller, "kind": kind})
    assert answer.status_code == 202, answer.text
    pull_id: str = answer.json()["id"]
    return pull_id


def test_a_pull_is_watched_from_its_start_to_its_end(working_api: Api) -> None:
    pull_id = start(working_api, "ALICE")

    events = list(working_api.events(pull_id))

    name, last = events[-1]
    assert name == "end"
    assert (last["state"], last["seen"], last["coverage"]) == ("done", 250, 1.0)
    assert last["outcome"].startswith("alice: 250 of 250 listings read")
    assert {name for name, _ in events[:-1]} == {"progress"}
    seen = [pull["seen"] for _, pull in events]
    assert seen == sorted(seen)
    assert working_api.read(f"/api/v1/pulls/{pull_id}") == last
    assert working_api.read("/api/v1/listings", seller="alice")["count"] == 250


def test_what_a_pull_costs_is_told_before(api: Api, discogs: Simulator) -> None:
    told = api.http.post("/api/v1/pulls/estimate", json={"seller": "bob"}).json()

    assert (told["kind"], told["for_sale"], told["requests"]) == ("full", 2_400, 25)
    assert told["limit"] == 60
    assert told["sentence"].startswith("bob has 2,400 listings for sale")
    assert len(discogs.requests) == 1


def test_what_a_deep_pull_may_cost_is_told_kept_and_heeded(api: Api) -> None:
    asked = {"seller": "carol", "kind": "deep", "requests": 600}
    told = api.http.post("/api/v1/pulls/estimate", json=asked | {"requests": 12}).json()
    started = api.http.post("/api/v1/pulls", json=asked).json()

    assert (told["kind"], told["requests"]) == ("deep", 12)
    assert 0 < told["coverage"] < 1
    assert api.here.desk.job(started["id"]).arguments["requests"] == 600


@pytest.mark.parametrize("kind", ["verify", "wants"])
def test_a_look_at_single_listings_is_watched_to_its_end(working_api: Api, kind: str) -> None:
    list(working_api.events(start(working_api, "alice")))
    cost = {"seller": "alice", "kind": kind, "requests": 7}
    told = working_api.http.post("/api/v1/pulls/estimate", json=cost).json()

    _, last = list(working_api.events(start(working_api, "alice", kind)))[-1]

    assert (told["kind"], told["requests"], told["coverage"]) == (kind, 7, None)
    assert (last["kind"], last["state"], last["number"]) == (kind, "done", None)
    assert last["outcome"].startswith("alice")


def test_a_pull_that_is_cancelled_stops_and_keeps_what_was_read(working_api: Api) -> None:
    pull_id = start(working_api, "bob")
    events = working_api.events(pull_id)
    next(pull for _, pull in events if pull["seen"] > 0)

    answer = working_api.http.post(f"/api/v1/pulls/{pull_id}/cancel")
    last = list(events)[-1]

    assert answer.status_code == 200
    assert last[0] == "end"
    assert last[1]["state"] == "cancelled"
    kept = working_api.read("/api/v1/listings", seller="bob")["count"]
    assert 0 < kept == last[1]["seen"] < 2_400
    assert last[1]["goes_on_until"] > last[1]["finished_at"]
    assert last[1]["pages"] < last[1]["pages_planned"] == 24

    [*_, (_, whole)] = working_api.events(start(working_api, "bob"))
    assert (whole["number"], whole["seen"]) == (last[1]["number"], 2_400)
    assert whole["goes_on_until"] is None


def test_asking_again_for_a_pull_that_waits_gives_the_same_pull(api: Api) -> None:
    first = start(api, "alice")
    again = start(api, "Alice")

    assert again == first
    listed = api.read("/api/v1/pulls")["pulls"]
    assert [(pull["id"], pull["state"], pull["number"]) for pull in listed] == [
        (first, "queued", None)
    ]


def test_a_pull_that_waits_is_cancelled_and_its_events_end(api: Api) -> None:
    pull_id = start(api, "alice")

    cancelled = api.http.post(f"/api/v1/pulls/{pull_id}/cancel").json()

    assert cancelled["state"] == "cancelled"
    assert [name for name, _ in api.events(pull_id)] == ["progress", "end"]


def test_who_watches_a_pull_that_waits_is_let_go_when_the_server_ends(api: Api) -> None:
    events = api.events(start(api, "alice"))
    assert next(events)[1]["state"] == "queued"

    api.here.is_closing.set()

    assert list(events) == []


@pytest.mark.parametrize("path", ["pulls", "pulls/estimate", "sellers"])
def test_a_seller_whom_discogs_does_not_know_is_told_at_once(api: Api, path: str) -> None:
    answer = api.http.post(f"/api/v1/{path}", json={"seller": "nobody-at-all"})

    problem = answer.json()
    assert answer.status_code == problem["status"] == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "urn:cratewise:problem:unknown-seller"
    assert "'nobody-at-all'" in problem["detail"]


def test_an_impossible_name_costs_no_request(api: Api, discogs: Simulator) -> None:
    answer = api.http.post("/api/v1/pulls", json={"seller": "../oauth/identity"})

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:cratewise:problem:impossible-name"
    assert discogs.requests == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.seller"),
        ({"seller": 7}, "body.seller"),
        ({"seller": ""}, "body.seller"),
        ({"seller": "alice", "kind": "some"}, "body.kind"),
        ({"seller": "alice", "kinds": "full"}, "body.kinds"),
        ([], "body"),
        ({"seller": "alice", "requests": 100, "kind": "full"}, "body.requests"),
        ({"seller": "alice", "requests": 1, "kind": "deep"}, "body.requests"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_by_field(api: Api, body: object, field: str) -> None:
    answer = api.http.post("/api/v1/pulls", json=body)

    assert answer.status_code == 400
    assert answer.json()["field"] == field


def test_pulls_of_the_command_line_are_listed_page_by_page(api: Api, store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        numbers = [a_pull(db, alice, seen=n) for n in range(5)]

    first = api.read("/api/v1/pulls", limit=2)
    second = api.read("/api/v1/pulls", limit=2, before=first["before"])
    third = api.read("/api/v1/pulls", limit=2, before=second["before"])

    shown = [pull["number"] for page in (first, second, third) for pull in page["pulls"]]
    assert shown == numbers[::-1]
    assert third["before"] is None
    assert api.read(f"/api/v1/pulls/{numbers[3]}")["seen"] == 3


@pytest.mark.parametrize("begins", ["before", "after"])
@pytest.mark.parametrize("path", ["home", "pulls"])
def test_a_pull_that_begins_while_it_is_listed_is_told_once(
    api: Api, store: Engine, monkeypatch: pytest.MonkeyPatch, path: str, begins: str
) -> None:
    asked = start(api, "alice")
    jobs = api.here.desk.jobs

    def begin() -> None:
        with writing(store) as db:
            seller, now = find_seller(db, "alice"), datetime.now(UTC)
            assert seller is not None
            a_pull(db, seller.id, state="running", worker=new_worker(asked), heartbeat_at=now)

    def while_it_begins(**wanted: Any) -> list[Job]:
        if begins == "before":
            begin()
        told = jobs(**wanted)
        if begins == "after":
            begin()
            return told
        return [msgspec.structs.replace(job, state="running", worker="it") for job in told]

    monkeypatch.setattr(api.here.desk, "jobs", while_it_begins)
    told = api.read(f"/api/v1/{path}")["pulls"]

    assert [pull["id"] for pull in told] == [asked]


@pytest.mark.parametrize("pull_id", ["1", "9" * 30, "none", "a-b"])
def test_a_pull_that_is_none_is_not_found(api: Api, pull_id: str) -> None:
    answers = [
        api.get(f"/api/v1/pulls/{pull_id}"),
        api.get(f"/api/v1/pulls/{pull_id}/events"),
        api.http.post(f"/api/v1/pulls/{pull_id}/cancel"),
    ]

    for answer in answers:
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:cratewise:problem:unknown-pull"
