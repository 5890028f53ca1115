"""`cratewise postage` and `/api/v1/postage`."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.api.serving import Api, served
from tests.builders import a_listing, a_seller
from tests.wants.conftest import Cratewise

from cratewise.store.engine import writing

Answered = Callable[..., Any]


@pytest.fixture
def _alice(store: Engine) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db, "Alice"), ships_from="United Kingdom")


@pytest.mark.usefixtures("_alice")
def test_a_sellers_postage_is_noted_and_shown_first(
    cratewise: Cratewise, answered: Answered
) -> None:
    answered("postage", "--from", "United Kingdom", "--first", "5")
    told = answered(
        "postage", "--seller", "ALICE", "--first", "4.50GBP", "--further", "0.75",
        "--source", "shop terms", "--on", "2026-10-01",
    )  # fmt: skip

    assert [(rule["seller"], rule["origin"], rule["sentence"]) for rule in told["rules"]] == [
        ("Alice", None, "£4.50, each further record £0.75"),
        (None, "United Kingdom", "€5.00, each further record €0.00"),
    ]
    assert (told["rules"][0]["source"], told["rules"][0]["told_on"]) == ("shop terms", "2026-10-01")
    table = cratewise("postage").stdout
    assert table.splitlines()[1].split("\t")[1:4] == [
        "Alice", "DE", "£4.50, each further record £0.75"
    ]  # fmt: skip


def test_tiers_by_weight_may_be_typed_in_any_order(answered: Answered) -> None:
    told = answered("postage", "--from", "Japan", "--tier", "2000=1700JPY", "--tier", "500=900")

    assert told["rules"][0]["sentence"] == "up to 500 g ¥900, up to 2,000 g ¥1,700"


@pytest.mark.usefixtures("_alice")
def test_a_country_that_no_listing_names_is_kept_and_remarked(cratewise: Cratewise) -> None:
    result = cratewise("postage", "--from", "England", "--first", "5EUR")

    assert result.exit_code == 0
    assert "No listing ships from 'England' so far; they name United Kingdom." in result.stderr


def test_a_rule_is_forgotten_by_its_number(cratewise: Cratewise, answered: Answered) -> None:
    [rule] = answered("postage", "--from", "Japan", "--first", "5")["rules"]

    assert answered("postage", "--forget", str(rule["id"]))["rules"] == []
    assert cratewise("postage", "--forget", str(rule["id"])).exit_code == 3
    assert "is unknown" in cratewise("postage").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--first", "5"], 2, "Whose postage is it?"),
        (["--from", "Japan"], 2, "What does a parcel with one record cost?"),
        (["--from", "Japan", "--further", "5"], 2, "What does a parcel with one record cost?"),
        (["--from", " ", "--first", "5"], 2, "From which country?"),
        (["--from", "Japan", "--seller", "x", "--first", "5"], 2, "leave one of both out"),
        (["--from", "Japan", "--first", "cheap"], 2, "'cheap'"),
        (["--from", "Japan", "--first", "5GBP", "--further", "1EUR"], 2, "Name one currency"),
        (["--from", "Japan", "--first", "5", "--tier", "500=3"], 2, "either the price"),
        (["--from", "Japan", "--tier", "heavy=3"], 2, "is no tier"),
        (["--from", "Japan", "--tier", "0=3"], 2, "above 0"),
        (["--seller", "nobody", "--first", "5"], 3, "Nothing of the seller 'nobody' is kept"),
    ],
)
def test_postage_that_makes_no_sense_is_refused_in_a_sentence(
    cratewise: Cratewise, answered: Answered, arguments: list[str], code: int, sentence: str
) -> None:
    result = cratewise("postage", *arguments)

    assert result.exit_code == code, result.output
    assert sentence in " ".join(result.stderr.replace("│", " ").split())
    assert answered("postage")["rules"] == []


@pytest.fixture
def api(cratewise: Cratewise) -> Any:
    with served() as api:
        yield api


@pytest.mark.usefixtures("_alice")
def test_postage_is_noted_changed_and_forgotten_over_http(api: Api) -> None:
    terms = {"currency": "GBP", "first_minor": 450, "further_minor": 75, "source": "shop terms"}
    noted = api.http.post("/api/v1/postage", json={"seller": "alice", **terms})
    rule = noted.json()
    where = f"/api/v1/postage/{rule['id']}"

    assert (noted.status_code, rule["seller"], rule["country"]) == (201, "Alice", "DE")
    assert api.read(where)["sentence"] == "£4.50, each further record £0.75"
    tiers = {"currency": "EUR", "tiers": [{"grams": 500, "minor": 380}]}
    changed = api.http.put(where, json=tiers).json()
    assert (changed["id"], changed["seller"], changed["first_minor"]) == (rule["id"], "Alice", None)
    assert api.read("/api/v1/postage") == {"country": "DE", "rules": [changed]}
    assert api.http.delete(where).status_code == 204
    assert api.get(where).status_code == 404
    assert api.http.delete(where).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        ({"first_minor": 1, "further_minor": 0}, 400, "bad-request"),
        ({"seller": "alice", "origin": "Japan", "first_minor": 1, "further_minor": 0}, 400,
         "bad-request"),
        ({"origin": " ", "first_minor": 1, "further_minor": 0}, 400, "bad-request"),
        ({"origin": "Japan"}, 422, "bad-postage"),
        ({"origin": "Japan", "first_minor": -1, "further_minor": 0}, 400, "bad-request"),
        ({"origin": "Japan", "first_minor": 1, "further_minor": 0, "currency": "XXX"}, 422,
         "bad-money"),
        ({"seller": "nobody", "first_minor": 1, "further_minor": 0}, 404, "unread-seller"),
    ],
)  # fmt: skip
def test_postage_that_makes_no_sense_is_a_problem(
    api: Api, body: dict[str, Any], status: int, problem: str
) -> None:
    answer = api.http.post("/api/v1/postage", json={"currency": "EUR", **body})

    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"urn:cratewise:problem:{problem}"
    assert api.read("/api/v1/postage")["rules"] == []
