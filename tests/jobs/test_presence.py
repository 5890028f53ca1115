"""Processes find each other through the database, and say what is missing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update
from tests.api.serving import served
from tests.builders import a_listing, a_seller
from typer.testing import CliRunner

from cratewise.cli.app import app
from cratewise.clock import SystemClock
from cratewise.discogs.sealing import KEY_FILE
from cratewise.durable import Desk
from cratewise.enqueue import enqueue_learning
from cratewise.presence import Presence, what_is_missing, who_is_here
from cratewise.store.engine import writing
from cratewise.store.tables import listings, workers


@pytest.fixture
def _settings(store: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", database_url)


@pytest.fixture
def learner(_settings: None) -> Iterator[subprocess.Popen[str]]:
    """`cratewise work --only learning`, once it works."""
    with subprocess.Popen(
        [sys.executable, "-m", "cratewise", "work", "--only", "learning", "--json"],
        stdout=subprocess.PIPE, text=True, env=dict(os.environ),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["queues"] == ["learning"]
        yield process
        process.kill()


def doctor() -> dict[str, dict[str, Any]]:
    answer = CliRunner().invoke(app, ["doctor", "--offline", "--json"])
    return {one["what"]: one for one in json.loads(answer.stdout)}


def test_what_nobody_takes_is_told_everywhere_and_the_rest_serves(
    store: Engine, learner: subprocess.Popen[str]
) -> None:
    with served() as api:
        ready = api.get("/readyz")
        told = api.read("/api/v1/processes")
        found = doctor()

        assert ready.status_code == 200
        assert "Nobody reads stock" in ready.json()["workers"]["detail"]
        # It says no more of what somebody does than it looked at.
        assert any(
            one.endswith(f"({learner.pid}) takes learning") for one in ready.json()["processes"]
        )
        assert not any("learns" in one for one in ready.json()["missing"])
        assert {one["door"]: one["works"] for one in told["processes"]} == {
            "serve": [], "work": ["learning"],
        }  # fmt: skip
        assert [one["pid"] for one in told["processes"] if one["works"]] == [learner.pid]
        assert "pulls" in [one["work"] for one in told["missing"]]
        assert not found["workers"]["is_well"]
        assert "--only pulls,upkeep,outbox" in found["workers"]["remedy"]
        assert api.get("/api/v1/home").status_code == 200


def test_a_worker_kept_to_a_kind_of_work_does_that_and_leaves_the_rest(
    store: Engine, learner: subprocess.Popen[str]
) -> None:
    with Desk(store) as desk:
        other = desk.ask("throw_away", queue="upkeep")
        asked = enqueue_learning(desk, 1)

        assert desk.wait(asked.job_id).is_over
        assert desk.job(other.job_id).state == "queued"


def test_a_process_that_was_killed_is_seen_to_be_gone(
    store: Engine, learner: subprocess.Popen[str]
) -> None:
    learner.send_signal(signal.SIGKILL)
    learner.wait()

    (dead,) = who_is_here(store, SystemClock().now())

    assert not dead.is_alive
    assert dead.sentence.endswith("fell silent")
    assert "learning" in what_is_missing([dead])


def test_a_process_that_serves_is_seen_until_it_ends(store: Engine) -> None:
    with Presence(store, SystemClock()):
        (one,) = who_is_here(store, SystemClock().now())
        assert one.is_alive
        assert one.sentence.endswith("answers")
        assert one.row.pid == os.getpid()
        silent = who_is_here(store, SystemClock().now() + timedelta(seconds=60))
        assert [one.is_alive for one in silent] == [False]

    assert who_is_here(store, SystemClock().now()) == []


@pytest.mark.usefixtures("_settings")
def test_the_doctor_looks_at_everything_and_nothing_is_wrong_in_a_new_installation() -> None:
    found = doctor()

    assert list(found) == [
        "versions", "disk", "key", "database", "migrations", "clock", "credentials", "catalogue",
        "workers", "schedules", "Discogs", "quota",
    ]  # fmt: skip
    assert all(one["is_well"] for one in found.values()), found


@pytest.mark.usefixtures("_settings")
def test_the_doctor_says_what_to_do_about_jobs_that_nobody_works(store: Engine) -> None:
    with Desk(store) as desk:
        enqueue_learning(desk, 1)

    found = doctor()["workers"]

    assert not found["is_well"]
    assert "jobs that wait: 1" in found["found"]
    assert "cratewise work" in found["remedy"]


@pytest.mark.usefixtures("_settings")
def test_the_doctor_notices_a_clock_that_was_set_back(store: Engine) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db))
        db.execute(update(listings).values(touched_at=SystemClock().now() + timedelta(days=2)))

    assert not doctor()["clock"]["is_well"]
    assert "set the clock" in doctor()["clock"]["remedy"]


@pytest.mark.usefixtures("_settings")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_the_doctor_notices_a_key_that_others_can_read(tmp_path: Any) -> None:
    folder = tmp_path / "cratewise"
    folder.mkdir(exist_ok=True)
    (folder / KEY_FILE).write_bytes(b"key")
    (folder / KEY_FILE).chmod(0o644)

    assert doctor()["key"]["remedy"] == f"chmod 600 {folder / KEY_FILE}"


@pytest.mark.usefixtures("_settings")
def test_a_worker_for_the_catalogue_alone_says_that_there_is_none() -> None:
    answer = CliRunner().invoke(app, ["work", "--only", "catalog"])

    assert answer.exit_code != 0
    assert "There is no catalogue at" in answer.output


def test_who_is_silent_for_long_is_told_as_silent(store: Engine) -> None:
    with Presence(store, SystemClock()):
        with writing(store) as db:
            late = SystemClock().now() - timedelta(seconds=90)
            db.execute(update(workers).values(heartbeat_at=late))
        assert [one.is_alive for one in who_is_here(store, SystemClock().now())] == [False]
