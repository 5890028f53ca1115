"""What was learnt, over HTTP: it serves, is explained, steered and rolled back."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.api.serving import Api
from tests.learning.stocked import likes, stock_up

from cratewise.api.taste import KINDS
from cratewise.enqueue import enqueue_delivery
from cratewise.learning.context import forget_stocks
from cratewise.store.engine import writing
from cratewise.store.model_parts import forget_model_files
from cratewise.taste.models import NAMES


@pytest.fixture
def stock(store: Engine, tmp_path: Path) -> list[int]:
    forget_stocks()
    with writing(store) as db:
        return stock_up(db)


def judge(api: Api, ids: list[int]) -> None:
    verdicts = [
        {"listing_id": one, "verdict": "keep" if likes(one) else "skip", "key": str(one)}
        for one in ids
    ]
    assert api.http.post("/api/v1/judgements", json={"verdicts": verdicts}).status_code == 200


def followed(api: Api, path: str) -> Any:
    """What came of the learning that was asked for there, once it is over."""
    asked = api.http.post(path)
    assert asked.status_code == 202, asked.text
    assert api.here.desk.wait(asked.json()["job_id"]).state == "done"
    return api.read(f"/api/v1/taste/jobs/{asked.json()['job_id']}")


def learnt(api: Api) -> None:
    """Wait until whatever was asked to be learnt is learnt."""
    assert followed(api, "/api/v1/taste/refit")["outcome"]


def test_a_taste_is_learnt_in_the_background_explained_steered_and_rolled_back(
    working_api: Api, stock: list[int]
) -> None:
    api = working_api
    empty = api.read("/api/v1/taste")
    assert empty["live"] is None
    assert empty["sentence"] == (
        "The rule score serves: 20 keeps and 20 skips to come before a model may."
    )
    judge(api, stock[:150])
    learnt(api)

    taste = api.read("/api/v1/taste")
    assert taste["live"]["version"] == 1
    assert taste["live"]["report"]["hold_out"]["gain"]["low"] > 0
    reason = api.read(f"/api/v1/listings/{stock[-1]}/why")
    assert reason["version"] == 1
    assert 0 < reason["chance"] < 1
    assert reason["is_keeper"] == (reason["chance"] >= reason["threshold"])
    assert reason["contributions"][0]["amount"] != 0
    assert api.read("/api/v1/taste/likes")["styles"][0]["name"] == "Dub Techno"
    shown = api.http.post("/api/v1/triage", json={}).json()["shown"]
    assert all(one["predicted_by"] == 1 for one in shown)

    changed = api.http.patch("/api/v1/taste", json={"threshold": 0.9, "kind": "forest-text"})
    assert (changed.json()["threshold"], changed.json()["kind"]) == (0.9, "forest-text")
    assert api.read(f"/api/v1/listings/{stock[-1]}/why")["threshold"] == 0.9
    back = api.http.patch("/api/v1/taste", json={"threshold": None}).json()
    assert (back["threshold"], back["kind"]) == (None, "forest-text")

    assert api.http.post("/api/v1/models/rule/use").json()["live"] is None
    assert api.read(f"/api/v1/listings/{stock[-1]}/why")["chance"] is None
    came = followed(api, "/api/v1/models/1/use")
    assert (came["version"], came["is_live"], came["outcome"]) == (1, True, "Version 1 serves.")
    assert came["error"] is None
    assert api.read(f"/api/v1/listings/{stock[-1]}/why")["version"] == 1
    assert [one["version"] for one in api.read("/api/v1/models")["models"]] == [1]
    assert api.read("/api/v1/models/1")["is_live"]


@pytest.mark.parametrize(
    ("request_line", "body", "status", "name"),
    [
        ("POST models/7/use", None, 404, "unknown-model"),
        ("GET models/7", None, 404, "unknown-model"),
        ("GET taste/jobs/7", None, 404, "unknown-job"),
        ("GET listings/7/why", None, 404, "unknown-listing"),
        ("PATCH taste", {"threshold": 1.5}, 400, "bad-request"),
        ("PATCH taste", {"kind": "oracle"}, 400, "bad-request"),
    ],
)
def test_what_makes_no_sense_is_refused(
    api: Api, request_line: str, body: object, status: int, name: str
) -> None:
    method, path = request_line.split()
    answer = api.http.request(method, f"/api/v1/{path}", json=body)

    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:cratewise:problem:{name}"


def test_a_version_whose_file_is_spoilt_is_refused_before_anything_is_asked_of_a_worker(
    working_api: Api, stock: list[int]
) -> None:
    api = working_api
    judge(api, stock[:100])
    learnt(api)
    for path in api.here.settings.models_dir.iterdir():
        path.write_bytes(b"spoilt")
    with writing(api.here.engine) as db:
        forget_model_files(db, [])

    answer = api.http.post("/api/v1/models/1/use")

    assert answer.status_code == 409
    assert "it was not written by Cratewise" in answer.json()["detail"]
    assert api.here.desk.jobs(deed="use_version") == []


def test_nobody_is_told_of_a_job_that_does_not_learn(working_api: Api) -> None:
    asked = enqueue_delivery(working_api.here.desk)

    answer = working_api.get(f"/api/v1/taste/jobs/{asked.job_id}")

    assert answer.status_code == 404


def test_the_kinds_that_are_told_are_those_that_there_are() -> None:
    assert set(KINDS) == set(NAMES)
