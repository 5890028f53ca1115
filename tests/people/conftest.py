"""A server for many: everybody signs in, nobody is somebody else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from tests.api.serving import Api, served

from cratewise.clock import SystemClock
from cratewise.people.secrets import hash_of, new_secret
from cratewise.simulator import Simulator, World
from cratewise.simulator.world import CONSUMER_KEY, CONSUMER_SECRET
from cratewise.store.engine import writing
from cratewise.store.invitations import make_invitation

PUBLIC = "https://crates.example"
COOKIE = "__Host-cratewise"
PASSWORD = "correct horse battery"


@dataclass
class Person:
    """Somebody's browser; the reverse proxy in front speaks https with it."""

    url: str
    secret: str = ""
    csrf: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        headers = {"host": PUBLIC.removeprefix("https://"), **more.pop("headers", {})}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={it}" for name, it in self.cookies.items())
        if self.csrf and method not in ("GET", "HEAD"):
            headers.setdefault("x-csrf-token", self.csrf)
        answer = httpx2.request(method, f"{self.url}{path}", headers=headers, timeout=60, **more)
        for line in answer.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer

    def read(self, path: str, **query: Any) -> Any:
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def signed_in(self, answer: httpx2.Response) -> "Person":
        assert answer.status_code in (200, 201), answer.text
        self.csrf = answer.json()["csrf"]
        return self


@pytest.fixture
def discogs() -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 30}), minute_seconds=0.2) as simulator:
        yield simulator


@pytest.fixture
def server(
    store: Engine, database_url: str, discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Api]:
    for name, value in {
        "DATABASE_URL": database_url,
        "MODE": "server",
        "PUBLIC_URL": PUBLIC,
        "SECRET_KEY": Fernet.generate_key().decode(),
        "DISCOGS_API_URL": discogs.url,
        "DISCOGS_MINUTE_SECONDS": "0.2",
        "DISCOGS_CONSUMER_KEY": CONSUMER_KEY,
        "DISCOGS_CONSUMER_SECRET": CONSUMER_SECRET,
        "METRICS_TOKEN": "for-prometheus",
        "TRUSTED_PROXIES": "127.0.0.1",
    }.items():
        monkeypatch.setenv(f"CRATEWISE_{name}", value)
    with served() as api:
        yield api


def invited(server: Api, role: str = "member") -> str:
    """What an owner hands to somebody."""
    secret, now = new_secret(), SystemClock().now()
    with writing(server.here.engine) as db:
        make_invitation(
            db, hash_of(secret), role=role, made_by=None, at=now, expires_at=now + timedelta(days=1)
        )
    return secret


def joined(server: Api, name: str, role: str = "member") -> Person:
    """Somebody who just made an account."""
    body = {"invitation": invited(server, role), "name": name, "password": PASSWORD}
    person = Person(server.url)
    return person.signed_in(person.ask("POST", "/api/v1/session/join", json=body))


@pytest.fixture
def ann(server: Api) -> Person:
    return joined(server, "Ann", "owner")


@pytest.fixture
def bob(server: Api) -> Person:
    return joined(server, "Bob")
