"""What is one account's is nobody else's: every route is walked by another."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import select
from tests.api.serving import Api
from tests.builders import RATES
from tests.conftest import HandClock
from tests.market import opened_discogs
from tests.people.conftest import Person

from cratewise.inventory.pull import pull
from cratewise.simulator import Simulator
from cratewise.store.engine import reading
from cratewise.store.people_tables import audit_entries
from cratewise.store.tables import accounts, credentials, follows, hidden, judgements, listings

MARK = "ann-keeps-this-to-herself"

# Said by Bob of himself, or of what all share.
OPEN_TO_ALL = {"/api/v1/session"}


def account_id(server: Api, name: str) -> int:
    with reading(server.here.engine) as db:
        return int(db.execute(select(accounts.c.id).where(accounts.c.name == name)).scalar_one())


@pytest.fixture
def stock(server: Api, ann: Person, discogs: Simulator, clock: HandClock) -> list[int]:
    """Listings of a seller whom Ann follows."""
    with opened_discogs(discogs, server.here.engine, clock) as client:
        pull(
            server.here.engine, client, "alice",
            account_id=account_id(server, "Ann"), kind="full", rates=RATES, clock=clock,
        )  # fmt: skip
    with reading(server.here.engine) as db:
        return list(db.scalars(select(listings.c.id).order_by(listings.c.id)))


def told_by(person: Person, stock: list[int]) -> dict[str, Any]:
    """Put something of her own behind every door; what came of it, by a name in its path."""

    def post(path: str, body: object, *, method: str = "POST") -> Any:
        answer = person.ask(method, f"/api/v1{path}", json=body)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json() if answer.content else None

    token = post("/tokens", {"name": MARK})
    verdict = {"key": MARK, "listing_id": stock[0], "verdict": "keep"}
    judged = post("/judgements", {"verdicts": [verdict]})
    hid = post("/hidden", {"kind": "label", "name": MARK})
    terms = {"currency": "EUR", "first_minor": 450, "further_minor": 50, "source": MARK}
    postage = post("/postage", {"origin": "DE", **terms})
    post("/sellers/alice", {"note": MARK}, method="PATCH")
    post("/settings", {"currency": "JPY"}, method="PATCH")
    sessions = person.read("/api/v1/sessions")
    return {
        "token_id": token["id"],
        "session_id": sessions[0]["id"],
        "judgement_id": judged["results"][0]["judgement"]["id"],
        "hidden_id": hid["id"],
        "rule_id": postage["id"],
    }


def filled(path: str, ids: dict[str, Any], stock: list[int]) -> str:
    """A path with Ann's own numbers in the places of its parameters."""
    known = {"listing_id": stock[0], "name": "alice", "seller": "alice", "version": 1, **ids}

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return str(known.get(name, ids.get(f"{path.split('/')[3].rstrip('s')}_id", 1)))

    return re.sub(r"\{(\w+)[^}]*\}", value, path)


def routes(person: Person, method: str) -> list[str]:
    paths = person.read("/schema/openapi.json")["paths"]
    return [path for path, said in paths.items() if method in said and path.startswith("/api/")]


def test_no_answer_to_another_account_holds_what_is_hers(
    ann: Person, bob: Person, stock: list[int]
) -> None:
    ids = told_by(ann, stock)
    paths = [path for path in routes(bob, "get") if not path.endswith("/events")]

    met = 0
    for path in paths:
        place = filled(path, ids, stock)
        hers, his = ann.ask("GET", place), bob.ask("GET", place)
        met += MARK in hers.text
        assert MARK not in his.text, path
        assert his.status_code < 500, (path, his.text)
    assert len(paths) > 30
    assert met >= 4  # the marks are where Ann looks, so the walk could have found them


def test_nothing_that_is_hers_can_be_changed_by_another_account(
    server: Api, ann: Person, bob: Person, stock: list[int]
) -> None:
    ids = told_by(ann, stock)
    hers = account_id(server, "Ann")

    def kept() -> list[str]:
        tables = (hidden, judgements, follows, credentials)
        with reading(server.here.engine) as db:
            return [
                repr(db.execute(select(table).where(table.c.account_id == hers)).all())
                for table in tables
            ] + [repr(db.execute(select(accounts).where(accounts.c.id == hers)).all())]

    before = kept()
    for method in ("delete", "patch", "put", "post"):
        for path in routes(bob, method):
            if path in OPEN_TO_ALL or "{" not in path:
                continue
            answer = bob.ask(method.upper(), filled(path, ids, stock), json={"note": "bob's"})
            assert answer.status_code < 500, (method, path, answer.text)

    assert kept() == before
    assert len(ann.read("/api/v1/tokens")) == 1
    assert ann.ask("GET", "/api/v1/home").status_code == 200


def test_a_job_is_told_to_whoever_asked_for_it_as_what_it_is(
    ann: Person, bob: Person, stock: list[int]
) -> None:
    """A refit's id, asked for as a reading of the wantlist, was an error of ours."""
    v1 = "/api/v1"
    sync = ann.ask("POST", f"{v1}/wants/sync").json()["id"]
    learning = ann.ask("POST", f"{v1}/taste/refit").json()["job_id"]
    body = {"listing_ids": stock[:1]}
    check = ann.ask("POST", f"{v1}/listings/check", json=body).json()["id"]
    places = {f"{v1}/wants/sync": sync, f"{v1}/taste/jobs": learning, f"{v1}/listings/check": check}

    for place, own in places.items():
        assert ann.read(f"{place}/{own}")["id"] == own
        assert bob.ask("GET", f"{place}/{own}").json()["type"].endswith(":unknown-job")
        for other in places.values():
            if other != own:
                assert ann.ask("GET", f"{place}/{other}").json()["type"].endswith(":unknown-job")
        assert ann.ask("GET", f"{v1}/pulls/{own}").json()["type"].endswith(":unknown-pull")


def test_an_account_without_a_credential_acts_with_none_never_with_the_operators(
    server: Api, ann: Person, discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", "operators-own-token")
    before = len(discogs.requests)

    answer = ann.ask("POST", "/api/v1/pulls/estimate", json={"seller": "alice"})

    assert answer.status_code == 200, answer.text
    asked = list(discogs.requests)[before:]
    assert asked
    assert "operators-own-token" not in json.dumps([repr(one) for one in asked])


def test_the_log_of_deeds_tells_no_verdict(server: Api, ann: Person, stock: list[int]) -> None:
    told_by(ann, stock)

    with reading(server.here.engine) as db:
        log = repr(db.execute(select(audit_entries)).all())
    assert "keep" not in log.replace(MARK, "")
