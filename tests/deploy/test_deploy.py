"""What Dockerfile, compose.yaml and deploy/ run: the same words, as plain processes."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml  # type: ignore[import-untyped]  # for one file
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from tests.api.serving import served
from tests.deploy.bare import why_not

from cratewise.cli.serve import free_port
from cratewise.enqueue import QUEUES
from cratewise.settings import SETTINGS

# In containers all of it runs on PostgreSQL, see test_bare.py.
PLAIN = ["sqlite"] if not why_not() else ["sqlite", "postgresql"]
ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
UNITS = sorted((ROOT / "deploy").glob("*.service"))
PUBLIC = "https://crates.example"


def lines_of(unit: Path, name: str) -> list[str]:
    found = (line.partition("=") for line in unit.read_text("utf-8").splitlines())
    return [value for key, _, value in found if key == name]


@contextmanager
def running(words: Sequence[str], **environ: str) -> Iterator[str]:
    """A command of the program, once it says that it is there; what it said."""
    with subprocess.Popen(
        [sys.executable, "-m", "cratewise", *words, "--json"],
        env=os.environ | environ, stdout=subprocess.PIPE, text=True,
    ) as one:  # fmt: skip
        assert one.stdout is not None
        try:
            yield one.stdout.readline()
        finally:
            one.terminate()
            assert one.wait() == 0  # it ends in order


def at(port: int, words: Sequence[str]) -> list[str]:
    """The command with a free port in the place of its own."""
    return [str(port) if word == "8000" else word for word in words]


@pytest.fixture
def environment(store: Engine, database_url: str, tmp_path: Path) -> dict[str, str]:
    """What compose.yaml gives its containers, with values in the places of its variables."""
    values = {
        "CRATEWISE_PUBLIC_URL": PUBLIC,
        "CRATEWISE_SECRET_KEY": Fernet.generate_key().decode(),
        "CRATEWISE_METRICS_TOKEN": "for-prometheus",
    }
    given = COMPOSE["x-cratewise"]["environment"]
    filled = {
        name: re.sub(r"\$\{(\w+):[^}]*\}", lambda found: values.get(found[1], ""), text)
        for name, text in given.items()
    }
    filled |= {"CRATEWISE_DATABASE_URL": database_url, "CRATEWISE_DATA_DIR": str(tmp_path / "data")}
    return {**filled, "CRATEWISE_RATES_URL": "off"}


@pytest.mark.parametrize("database_url", PLAIN, indirect=True)
def test_the_containers_of_compose_serve_and_work_together(environment: dict[str, str]) -> None:
    services = COMPOSE["services"]
    port = free_port("127.0.0.1", 0)
    with ExitStack() as stack:
        for name in ("work", "learning"):
            told = stack.enter_context(running(services[name]["command"], **environment))
            assert json.loads(told)["queues"]
        stack.enter_context(running(at(port, services["api"]["command"]), **environment))
        ready = httpx2.get(f"http://127.0.0.1:{port}/readyz").json()

        assert ready["is_ready"]
        assert ready["workers"] == {"is_ok": True, "detail": "2 alive, this one is none of them."}
        assert ready["processes"] == []  # anybody may ask
        # The very words of the Dockerfile's health check.
        said = re.search(r"HEALTHCHECK .* CMD (\[.*\])", (ROOT / "Dockerfile").read_text("utf-8"))
        assert said is not None
        _, *check = json.loads(said[1].replace(":8000", f":{port}"))
        assert subprocess.run([sys.executable, *check], check=False).returncode == 0
        host = {"host": PUBLIC.removeprefix("https://")}
        signed_out = httpx2.get(f"http://127.0.0.1:{port}/api/v1/home", headers=host)
        assert signed_out.status_code == 401


def test_the_workers_of_compose_take_every_kind_of_work_once() -> None:
    taken = [
        name
        for service in ("work", "learning")
        for name in COMPOSE["services"][service]["command"][-1].split(",")
    ]

    assert sorted(taken) == sorted(queue.name for queue in QUEUES)


@pytest.mark.parametrize("database_url", PLAIN, indirect=True)
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_command_of_a_unit_runs(
    unit: Path, store: Engine, database_url: str, tmp_path: Path
) -> None:
    (line,) = lines_of(unit, "ExecStart")
    program, *words = shlex.split(line)
    port = free_port("127.0.0.1", 0)

    assert program == "/opt/cratewise/bin/cratewise"
    environ = {"CRATEWISE_DATABASE_URL": database_url, "CRATEWISE_RATES_URL": "off"}
    with running(at(port, words), **environ, CRATEWISE_DATA_DIR=str(tmp_path)) as told:
        assert json.loads(told).get("worker") or json.loads(told)["url"].endswith(str(port))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_gives_its_process_nothing_that_it_does_not_need(unit: Path) -> None:
    assert lines_of(unit, "User") == ["cratewise"]
    assert lines_of(unit, "NoNewPrivileges") == ["yes"]
    assert lines_of(unit, "ProtectSystem") == ["strict"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_every_line_of_the_units() -> None:
    told = subprocess.run(
        ["systemd-analyze", "verify", *map(str, UNITS)], capture_output=True, text=True, check=False
    )

    about_ours = [line for line in told.stderr.splitlines() if "cratewise" in line]
    assert [one for one in about_ours if "is not executable" not in one] == []  # nor need it be


def test_every_setting_that_is_given_is_one_of_ours() -> None:
    ours = {one.name for one in SETTINGS}
    for file in (ROOT / "compose.yaml", ROOT / "deploy" / "compose.env.example", *UNITS):
        for name in re.findall(r"CRATEWISE_[A-Z_]+", file.read_text("utf-8")):
            assert name in ours, (file.name, name)


def test_the_container_runs_without_root_and_listens_where_the_gate_still_looks() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    last = lines[max(n for n, line in enumerate(lines) if line.startswith("FROM")) :]

    assert "USER cratewise" in last
    assert not any(line.startswith("COPY . ") for line in last)
    assert 'CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]' in last


def test_in_a_container_the_host_is_looked_at_though_all_addresses_are_listened_on(
    tmp_path: Path,
) -> None:
    port = free_port("127.0.0.1", 0)
    words = ["serve", "--host", "0.0.0.0", "--port", str(port), "--no-work"]
    with running(words, CRATEWISE_DATA_DIR=str(tmp_path), CRATEWISE_RATES_URL="off"):
        url = f"http://127.0.0.1:{port}/api/v1/home"

        assert httpx2.get(url).status_code == 200
        assert httpx2.get(url, headers={"host": "crates.example"}).status_code == 403


def test_every_number_that_the_board_shows_is_told(
    store: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", database_url)
    board: Any = json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))
    expressions = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    named = {name for one in expressions for name in re.findall(r"(?:cratewise|process)_\w+", one)}

    with served() as api:
        api.read("/api/v1/home")
        told = api.get("/metrics").text

    assert len(named) >= 12
    for name in named:
        assert re.search(rf"^{name}[{{ ]", told, re.MULTILINE), name
