"""Verdicts, triage and hiding over HTTP."""

import pytest
from sqlalchemy import Engine
from tests.api.serving import Api
from tests.builders import a_listing, a_seller

from cratewise.store.engine import writing


@pytest.fixture
def stock(store: Engine, api: Api) -> list[int]:
    with writing(store) as db:
        alice = a_seller(db)
        return [a_listing(db, alice, artist=f"Artist {number}") for number in range(15)]


def test_a_batch_is_judged_undone_and_looked_back_at(api: Api, stock: list[int]) -> None:
    batch = api.http.post("/api/v1/triage", json={"size": 5}).json()
    shown = [one["listing"]["id"] for one in batch["shown"]]
    assert (len(shown), batch["left"]) == (5, 10)
    assert all(0 < one["chance"] <= 1 and one["why"] for one in batch["shown"])

    verdicts = [
        {"listing_id": one, "verdict": "keep" if place else "skip", "key": f"key {one}"}
        for place, one in enumerate(shown)
    ]
    first = api.http.post("/api/v1/judgements", json={"verdicts": verdicts}).json()
    again = api.http.post("/api/v1/judgements", json={"verdicts": verdicts}).json()
    assert [one["outcome"] for one in first["results"]] == ["stored"] * 5
    assert [one["outcome"] for one in again["results"]] == ["known"] * 5
    assert (again["keeps"], again["skips"]) == (4, 1)
    assert api.read("/api/v1/triage")["shown"] == []

    number = first["results"][0]["judgement"]["id"]
    undone = api.http.post(f"/api/v1/judgements/{number}/undo").json()
    assert undone["undone_at"] is not None
    wish = {"release_id": batch["shown"][0]["listing"]["release_id"]}
    assert api.http.post("/api/v1/wants", json=wish).status_code == 200
    [left] = api.read("/api/v1/triage")["shown"]
    assert (left["listing"]["id"], left["listing"]["is_wanted"]) == (shown[0], True)
    page = api.read("/api/v1/judgements", limit=3)
    rest = api.read("/api/v1/judgements", limit=3, before=page["next_before"])
    assert [one["verdict"] for one in page["judgements"] + rest["judgements"]] == [
        *["keep"] * 4,
        "skip",
    ]
    assert rest["next_before"] is None


def test_one_bad_verdict_costs_itself_alone(api: Api, stock: list[int]) -> None:
    answer = api.http.post(
        "/api/v1/judgements",
        json={
            "verdicts": [
                {"listing_id": 10**15, "verdict": "keep", "key": "a"},
                {"listing_id": stock[0], "verdict": "keep", "key": "b"},
                {"listing_id": stock[1], "verdict": "skip", "key": "b"},
            ]
        },
    )

    results = answer.json()["results"]
    assert [one["outcome"] for one in results] == ["unknown_listing", "stored", "key_taken"]
    assert results[0]["judgement"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"verdicts": []}, "body.verdicts"),
        ({"verdicts": [{"listing_id": 1, "verdict": "maybe", "key": "a"}]}, "body.verdicts.0"),
        ({"verdicts": [{"listing_id": 1, "verdict": "keep"}]}, "body.verdicts.0"),
        ({}, "body.verdicts"),
    ],
)
def test_verdicts_that_make_no_sense_are_refused_whole(
    api: Api, stock: list[int], body: object, field: str
) -> None:
    answer = api.http.post("/api/v1/judgements", json=body)

    assert answer.status_code == 400
    assert api.read("/api/v1/judgements")["judgements"] == []


def test_a_verdict_that_nobody_gave_cannot_be_undone(api: Api) -> None:
    answer = api.http.post("/api/v1/judgements/7/undo")

    assert (answer.status_code, answer.json()["type"]) == (
        404,
        "urn:cratewise:problem:unknown-judgement",
    )


def test_what_is_hidden_is_not_shown_until_it_is_shown_again(api: Api, stock: list[int]) -> None:
    body = {"kind": "artist", "name": "ARTIST 3"}
    hidden = api.http.post("/api/v1/hidden", json=body).json()
    assert api.http.post("/api/v1/hidden", json=body).json() == hidden

    batch = api.http.post("/api/v1/triage", json={"size": 100}).json()

    assert {one["listing"]["id"] for one in batch["shown"]} == set(stock) - {stock[3]}
    assert api.read("/api/v1/hidden")["hidden"] == [hidden]
    assert api.http.delete(f"/api/v1/hidden/{hidden['id']}").status_code == 204
    assert api.read("/api/v1/hidden")["hidden"] == []


def test_a_label_is_followed_until_it_is_followed_no_more(api: Api) -> None:
    body = {"kind": "label", "name": " Basic Channel "}
    followed = api.http.post("/api/v1/followed", json=body).json()
    again = api.http.post("/api/v1/followed", json=body | {"name": "BASIC CHANNEL"}).json()

    assert followed["name"] == "Basic Channel"
    assert again == followed
    assert api.read("/api/v1/followed")["followed"] == [followed]
    assert api.http.delete(f"/api/v1/followed/{followed['id']}").status_code == 204
    assert api.read("/api/v1/followed")["followed"] == []


@pytest.mark.parametrize("body", [{"kind": "style", "name": "Dub"}, {"kind": "label", "name": " "}])
def test_what_cannot_be_followed_is_refused(api: Api, body: dict[str, str]) -> None:
    assert api.http.post("/api/v1/followed", json=body).status_code == 400
    assert api.read("/api/v1/followed")["followed"] == []


def test_triage_of_an_unread_seller_is_refused(api: Api, stock: list[int]) -> None:
    answer = api.http.post("/api/v1/triage", json={"seller": "nobody"})

    assert (answer.status_code, answer.json()["type"]) == (
        404,
        "urn:cratewise:problem:unread-seller",
    )
