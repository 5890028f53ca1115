"""What is done by itself, over HTTP."""

from typing import Any

from sqlalchemy import Engine
from tests.api.serving import Api
from tests.builders import a_follow, a_seller

from cratewise.store.engine import writing


def follow(store: Engine, api: Api, name: str) -> None:
    with writing(store) as db:
        a_follow(db, api.here.account().id, a_seller(db, name))


def test_schedules_are_listed_changed_and_reset(api: Api, store: Engine) -> None:
    follow(store, api, "alice")

    before = api.read("/api/v1/schedules")["schedules"]
    over_all = api.http.put("/api/v1/schedules/quick", json={"every_minutes": 720})
    hers = api.http.put("/api/v1/schedules/quick?seller=Alice", json={"is_on": False})
    after = api.read("/api/v1/schedules")["schedules"]
    reset = api.http.delete("/api/v1/schedules/quick?seller=alice")

    assert [one["kind"] for one in before] == ["quick", "full", "rates", "alerts", "retention"]
    assert all(one["told"] == "usual" and one["is_on"] for one in before)
    assert (over_all.json()["every_minutes"], over_all.json()["told"]) == (720, "overall")
    assert (hers.json()["seller"], hers.json()["every_minutes"]) == ("alice", 720)
    assert (hers.json()["is_on"], hers.json()["next_at"]) == (False, None)
    assert [one["kind"] for one in after if one["seller"] == "alice"] == ["quick"]
    assert (reset.json()["is_on"], reset.json()["told"]) == (True, "overall")


def test_a_sellers_own_schedules_are_asked_for_by_name(api: Api, store: Engine) -> None:
    follow(store, api, "alice")

    hers = api.read("/api/v1/schedules", seller="ALICE")["schedules"]

    assert [(one["kind"], one["seller"]) for one in hers] == [("quick", "alice"), ("full", "alice")]
    assert all(one["next_at"] for one in hers)


def test_a_schedule_that_makes_no_sense_is_a_problem_with_a_sentence(api: Api) -> None:
    unknown = api.http.put("/api/v1/schedules/daily", json={"is_on": False})
    often = api.http.put("/api/v1/schedules/full", json={"every_minutes": 5})
    whose = api.http.put("/api/v1/schedules/quick?seller=nobody", json={"is_on": False})
    mistyped = api.http.put("/api/v1/schedules/quick", json={"on": False})

    assert [one.status_code for one in (unknown, often, whose, mistyped)] == [404, 422, 404, 400]
    assert unknown.json()["type"] == "urn:cratewise:problem:unknown-schedule"
    assert "every 360 minutes at most" in often.json()["detail"]


def test_what_is_kept_is_told_and_changed(api: Api) -> None:
    kept = api.http.put("/api/v1/retention/gone", json={"days": 365}).json()["kept"]
    for_ever = api.http.put("/api/v1/retention/gone", json={"days": None}).json()["kept"]
    usual = api.http.delete("/api/v1/retention/gone").json()["kept"]

    def of_gone(kept: list[dict[str, Any]]) -> Any:
        return next(one["days"] for one in kept if one["what"] == "gone")

    assert [of_gone(one) for one in (kept, for_ever, usual)] == [365, None, 730]
    assert api.http.put("/api/v1/retention/wants", json={"days": 365}).status_code == 404
    assert api.http.put("/api/v1/retention/gone", json={"days": 3}).status_code == 422
