"""`cratewise serve` as a program: ready, described, measured, ended by Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from sqlalchemy import Engine, text
from tests.api.serving import Api, served

from cratewise.cli.serve import free_port
from cratewise.errors import SettingError
from cratewise.store.engine import writing

COMMAND = [sys.executable, "-m", "cratewise", "serve", "--port", "0", "--json"]


@contextmanager
def serving(*options: str, **environ: str) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """The program, and what it told once it was ready."""
    with subprocess.Popen(
        [*COMMAND, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
    ) as program:
        try:
            assert program.stdout is not None
            yield program, json.loads(program.stdout.readline())
        finally:
            program.kill()


def test_it_is_ready_when_it_tells_its_address_and_ctrl_c_ends_it_well(database_url: str) -> None:
    with serving(CRATEWISE_DATABASE_URL=database_url) as (program, told):
        ready = httpx2.get(f"{told['url']}/readyz")
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=60)

    assert ready.status_code == 200
    assert (program.returncode, out, err) == (0, "", "")


def test_its_worker_begins_behind_the_first_answer() -> None:
    """Loading what jobs need kept everybody waiting for the first page: 0.6 s of 2."""
    with serving() as (_, told), httpx2.Client(base_url=told["url"]) as http:
        first = http.get("/readyz").json()["workers"]
        workers = first
        while "this one among them" not in workers["detail"]:
            assert "about to work" in workers["detail"] or "none of them" in workers["detail"]
            workers = http.get("/readyz").json()["workers"]

    assert workers["detail"] == "1 alive, this one among them."


def test_what_is_needed_for_jobs_and_for_discogs_loads_behind_the_first_answer() -> None:
    script = "import sys, cratewise.cli.serve, cratewise.api.app; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()

    assert not {"dbos", "discogs_sdk", "sklearn", "scipy", "skops", "ortools", "pandas"} & set(
        loaded
    )


TOLD_TO_END_EARLY = """
import asyncio, os, signal, sys, threading, types
from cratewise.cli.serve import _serve, free_port

async def app(scope, receive, send):
    await receive()
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(0)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})

here = types.SimpleNamespace(is_closing=threading.Event(), begin=lambda: print("began"))
port = free_port("127.0.0.1", 0)
asyncio.run(_serve(app, here, "127.0.0.1", port, lambda: print("told")))
sys.stdout.flush()
os._exit(0)  # a thread of Granian's may still run and would panic while Python is taken down
"""


def test_told_to_end_while_it_starts_it_ends() -> None:
    """It waited for ever for itself to answer, and no signal but SIGKILL ended it."""
    command = [sys.executable, "-c", TOLD_TO_END_EARLY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        try:
            out, err = program.communicate(timeout=60)
        finally:
            program.kill()

    assert (program.returncode, out, err) == (0, b"", b"")


def test_without_work_it_serves_and_says_that_nobody_works() -> None:
    with serving("--no-work") as (program, told):
        ready = httpx2.get(f"{told['url']}/readyz")
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=60)

    assert ready.status_code == 200
    assert not ready.json()["workers"]["is_ok"]
    assert program.returncode == 0


def test_each_request_is_a_line_of_the_log_with_its_id() -> None:
    with serving("--no-work", CRATEWISE_LOG_LEVEL="info") as (program, told):
        httpx2.get(f"{told['url']}/api/v1/home", headers={"X-Request-Id": "mine-1"})
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=60)

    lines = [json.loads(line) for line in err.splitlines()]
    line = next(line for line in lines if line.get("request_id") == "mine-1")
    assert (line["event"], line["path"], line["status"]) == ("request", "/api/v1/home", 200)


def test_a_taken_port_is_told_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(SettingError, match=f"--port: cannot listen on 127.0.0.1:{port}"):
            free_port("127.0.0.1", port)


def test_a_database_of_another_schema_is_not_ready(api: Api, store: Engine) -> None:
    with writing(store) as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    answer = api.get("/readyz")

    assert answer.status_code == 503
    assert not answer.json()["migrations"]["is_ok"]
    assert api.get("/healthz").json()["status"] == "ok"


def test_metrics_count_requests_by_route_and_tell_pulls_and_quota(api: Api) -> None:
    for number in (1, 2):
        api.get(f"/api/v1/listings/{number}")

    told = api.get("/metrics").text

    route = 'route="/api/v1/listings/{listing_id}"'
    assert f'cratewise_requests_total{{method="GET",{route},status="404"}} 2.0' in told
    assert "cratewise_quota_limit 60.0" in told
    assert 'cratewise_pulls{state="running"} 0.0' in told


def test_the_schema_is_openapi_3_1_and_nothing_else_is_served_beside_it(api: Api) -> None:
    schema = api.read("/schema/openapi.json")

    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/pulls/{pull_id}/events" in schema["paths"]
    assert api.get("/schema").headers["content-type"].endswith("json")
    for page in ("swagger", "redoc", "elements", "rapidoc", "scalar", "oauth2-redirect.html"):
        assert api.get(f"/schema/{page}").status_code == 404


def test_every_refusal_that_is_described_is_a_problem(api: Api) -> None:
    paths = api.read("/schema/openapi.json")["paths"]

    for path, methods in paths.items():
        for method, described in methods.items():
            for status, answer in described["responses"].items():
                if status >= "400" and path.startswith("/api/"):
                    assert "application/problem+json" in answer["content"], (method, path, status)


def test_a_huge_body_is_refused_by_its_length_before_it_is_sent(api: Api) -> None:
    connection = HTTPConnection(urlsplit(api.url).netloc)
    connection.putrequest("POST", "/api/v1/pulls")
    connection.putheader("Content-Length", "2000000")
    connection.endheaders()

    answer = connection.getresponse()

    assert (answer.status, json.load(answer)["title"]) == (413, "The request is too large")
    connection.close()


def test_the_wrong_method_and_a_broken_body_are_told_as_problems(api: Api) -> None:
    answers = {
        405: api.http.put("/api/v1/home"),
        400: api.http.post("/api/v1/pulls", content=b"{"),
    }

    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


@pytest.mark.usefixtures("_settings")
def test_a_built_page_is_served_under_a_strict_policy(tmp_path: Path) -> None:
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<h1>Cratewise</h1>")
    (web / "assets" / "app-1a2b.js").write_text("1")
    (tmp_path / "secret.txt").write_text("secret")

    with served(web_folder=web) as api:
        index, own_address = api.get("/"), api.get("/sellers/alice")
        script = api.get("/assets/app-1a2b.js")
        missing = [api.get("/assets/none.js"), api.get("/api/v1/none"), api.get("/api/none")]
        outside = api.http.get("/%2e%2e/secret.txt")

    assert index.text == own_address.text == "<h1>Cratewise</h1>"
    assert index.headers["content-type"].startswith("text/html")
    assert "script-src 'self';" in index.headers["content-security-policy"]
    assert "unsafe" not in index.headers["content-security-policy"]
    assert "immutable" in script.headers["cache-control"]
    assert script.headers["content-type"].startswith("text/javascript")
    assert [answer.status_code for answer in missing] == [404, 404, 404]
    assert "secret" not in outside.text


def test_without_a_page_the_address_says_so(api: Api, tmp_path: Path) -> None:
    with served(web_folder=tmp_path) as bare:
        answer = bare.get("/")

    assert answer.status_code == 404
    assert "/schema/openapi.json" in answer.json()["detail"]
