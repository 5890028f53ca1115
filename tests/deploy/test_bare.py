"""Dockerfile, compose.yaml and deploy/ as they stand: their own words, each in a container."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from tests.deploy.bare import USER, Bare, Network, Running, ask, why_not
from tests.deploy.test_deploy import COMPOSE, ROOT, UNITS, lines_of
from tests.people.conftest import PASSWORD
from tests.postgres import PostgresServer, postgres_binaries

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
ADDRESSES = {"database": 2, "work": 4, "learning": 5, "api": 11, "another api": 12}
INSIDE, OUTSIDE, VISITOR = "172.30.0.3", "203.0.113.1", "203.0.113.9"  # of the proxy; and a person
# A name of no public network: the proxy then makes certificates of its own.
HOST = "crates.internal"
PUBLIC = f"https://{HOST}"
AUTHORITY = Path("caddy", "pki", "authorities", "local", "root.crt")


@pytest.fixture(scope="module", autouse=True)
def _can_be_bare() -> None:
    if reason := why_not():
        pytest.skip(reason)


@pytest.fixture
def network() -> Iterator[Network]:
    with Network(f"cw{os.getpid()}") as network:
        yield network


def said_by_the_image(name: str) -> list[str]:
    """A list of words in the Dockerfile's last stage."""
    found = re.findall(rf"{name} (\[.*\])$", DOCKERFILE, re.MULTILINE)
    words: list[str] = json.loads(found[-1])
    return words


def image_environ() -> dict[str, str]:
    (line,) = re.findall(r"^ENV (.*)$", DOCKERFILE, re.MULTILINE)
    told = dict(pair.split("=", 1) for pair in shlex.split(line))
    return {**told, "PATH": told["PATH"].replace("$PATH", "/usr/bin:/bin")}


ENTRY = said_by_the_image("ENTRYPOINT")
CHECK = said_by_the_image("HEALTHCHECK .* CMD")


def test_the_image_serves_without_rights_from_a_root_that_it_cannot_write(
    network: Network, tmp_path: Path
) -> None:
    name = network.join("172.30.0.9")
    bare = Bare(name, tmp_path / "data", {**image_environ(), "CRATEWISE_RATES_URL": "off"})

    with Running(bare, [*ENTRY, *said_by_the_image("CMD"), "--json"]) as one:
        status, ready = ask(name, "GET", "http://localhost:8000/readyz")
        healthy, rights = bare.run(*CHECK), one.status()
    written = bare.run("sh", "-c", "echo > /data/x && echo kept; echo > /etc/x || echo refused")

    assert json.loads(one.said)["url"] == "http://0.0.0.0:8000"
    assert (status, ready["is_ready"]) == (200, True)
    assert healthy.returncode == 0, healthy.stderr
    assert set(rights["Uid"].split()) == {str(USER)}
    assert int(rights["CapEff"], 16) == int(rights["CapBnd"], 16) == 0
    assert rights["NoNewPrivs"] == "1"
    assert written.stdout.split() == ["kept", "refused"]
    assert (tmp_path / "data" / "cratewise.sqlite").exists()
    assert bare.run(*CHECK).returncode != 0  # nobody is there any more


def test_all_of_compose_runs_as_it_is_written_and_lets_its_first_owner_in(
    network: Network, tmp_path: Path
) -> None:
    services: dict[str, Any] = COMPOSE["services"]
    where = {name: f"172.30.0.{number}" for name, number in ADDRESSES.items()}
    names = {name: network.join(address) for name, address in where.items()}
    environ = {
        **image_environ(),
        **filled(COMPOSE["x-cratewise"]["environment"]),
        "CRATEWISE_RATES_URL": "off",
    }
    hosts = {where["database"]: "database"}
    bare = {
        name: Bare(names[name], tmp_path / "data", environ, hosts)
        for name in ("work", "learning", "api", "another api")
    }
    with ExitStack() as stack:
        a_database(stack, names["database"], where["database"], services["database"])
        running = {
            name: stack.enter_context(
                Running(one, [*ENTRY, *services[name.split()[-1]]["command"], "--json"])
            )
            for name, one in bare.items()
            if name != "another api"
        }
        visitor = a_visitor(stack, network, tmp_path, {where["api"], where["another api"]})
        with Running(bare["another api"], [*ENTRY, *services["api"]["command"], "--json"]):
            ready = visit(visitor, *[("GET", "/readyz", None)] * 8)
            checked = [bare[name].run(*CHECK).returncode for name in ("api", "another api")]
        one_is_away = visit(visitor, *[("GET", "/readyz", None)] * 8)
        invited = json.loads(
            bare["api"].run(*ENTRY, "people", "invite", "--owner", "--json").stdout
        )
        told = {
            "invitation": invited["url"].partition("#")[2], "name": "Ann", "password": PASSWORD,
        }  # fmt: skip
        joined, sessions, metrics = visit(
            visitor,
            ("POST", "/api/v1/session/join", told),
            ("GET", "/api/v1/sessions", None),
            ("GET", "/metrics", None),
        )

    taken = {name: set(json.loads(running[name].said)["queues"]) for name in ("work", "learning")}
    told_to_work = set(services["work"]["command"][-1].split(","))
    assert taken["work"] == told_to_work - {"catalog"}  # there is none yet to describe by
    assert taken["learning"] == {"learning"}
    assert [status for status, _ in ready] == [200] * 8
    assert all(answer["is_ready"] and answer["missing"] == [] for _, answer in ready)
    assert checked == [0, 0]
    assert [status for status, _ in one_is_away] == [200] * 8
    assert invited["url"].startswith(f"{PUBLIC}/join#")
    assert (joined[0], joined[1]["role"]) == (201, "owner")
    assert [one["address"] for one in sessions[1]] == [VISITOR]
    assert metrics[0] == 404  # for Prometheus inside, not for the world


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_as_it_is_written(unit: Path, network: Network, tmp_path: Path) -> None:
    (line,), environ = lines_of(unit, "ExecStart"), lines_of(unit, "Environment")
    name = network.join("172.30.0.9")
    given = dict(one.split("=", 1) for one in environ) | {"CRATEWISE_RATES_URL": "off"}
    bare = Bare(name, tmp_path / "state", {"PATH": "/usr/bin:/bin", **given})

    with Running(bare, [*shlex.split(line), "--json"]) as one:
        told = json.loads(one.said)
        if "url" in told:
            assert ask(name, "GET", "http://127.0.0.1:8000/api/v1/home")[0] == 200

    assert told.get("url", "http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    assert (tmp_path / "state" / "cratewise.sqlite").exists()


VALUES = {
    "CRATEWISE_PUBLIC_URL": PUBLIC,
    "CRATEWISE_SECRET_KEY": Fernet.generate_key().decode(),
    "POSTGRES_PASSWORD": "anything",
}


def filled(given: Mapping[str, str]) -> dict[str, str]:
    """What compose.yaml gives a container, its variables filled in and nothing else changed."""
    return {
        name: re.sub(r"\$\{(\w+):[^}]*\}", lambda found: VALUES.get(found[1], ""), text)
        for name, text in given.items()
    }


def a_visitor(stack: ExitStack, network: Network, folder: Path, servers: Iterable[str]) -> Bare:
    """Somebody outside, whom the proxy of compose.yaml lets in, and nobody else."""
    service = COMPOSE["services"]["proxy"]
    file = "/etc/caddy/Caddyfile"
    assert f"./deploy/Caddyfile:{file}:ro" in service["volumes"]
    told = {"PATH": "/opt/cratewise/bin", "XDG_DATA_HOME": "/data"}  # the latter is the image's
    environ = {**told, **filled(service["environment"])}
    proxy = Bare(
        network.join(INSIDE, OUTSIDE), folder / "certificates", environ,
        dict.fromkeys(servers, "api"), {file: ROOT / "deploy" / "Caddyfile"},
    )  # fmt: skip
    words = ["caddy", "run", "--config", file, "--adapter", "caddyfile"]  # as its image does
    stack.enter_context(Running(proxy, words, until="certificate obtained successfully"))
    trusted = {"/etc/trusted.crt": proxy.state / AUTHORITY}
    return Bare(
        network.join(VISITOR), folder / "visitor",
        {**told, "SSL_CERT_FILE": "/etc/trusted.crt"}, {OUTSIDE: HOST}, trusted,
    )  # fmt: skip


VISIT = """
import json, sys
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener
site, asked = json.loads(sys.argv[1])
browser, answers = build_opener(HTTPCookieProcessor(CookieJar())), []
for method, path, body in asked:
    told = {"Content-Type": "application/json"} if body else {}
    request = Request(site + path, body and json.dumps(body).encode(), told, method=method)
    try:
        with browser.open(request, timeout=60) as answer:
            answers.append([answer.status, json.load(answer)])
    except HTTPError as error:
        answers.append([error.code, error.read().decode()])
print(json.dumps(answers))
"""


def visit(bare: Bare, *asked: tuple[str, str, object]) -> list[tuple[int, Any]]:
    """Ask the site one after the other, as one browser does; the answers."""
    said = bare.run("python", "-c", VISIT, json.dumps([PUBLIC, asked]))
    assert said.returncode == 0, said.stderr
    return [(status, answer) for status, answer in json.loads(said.stdout)]


def a_database(stack: ExitStack, network: str, address: str, service: dict[str, Any]) -> None:
    """PostgreSQL where compose.yaml puts it, healthy by its own check."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed")
    user = service["environment"]["POSTGRES_USER"]
    server = PostgresServer(binaries, listen=address, prefix=("ip", "netns", "exec", network))
    stack.enter_context(server)
    beside = os.environ | {
        "PGHOST": str(server.folder), "PATH": f"{binaries}:{os.environ['PATH']}",
    }  # fmt: skip
    made = [shutil.which("createdb", path=beside["PATH"]) or "createdb", "-U", user, user]
    subprocess.run(made, check=True, env=beside)
    kind, check = service["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    subprocess.run(check, shell=True, check=True, env=beside, stdout=subprocess.DEVNULL)
