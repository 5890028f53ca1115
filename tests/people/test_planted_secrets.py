"""Secrets are planted wherever one is told to us, and looked for wherever bytes go."""

import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import make_url
from tests.api.serving import Api, served

from cratewise.discogs.credential import PersonalToken
from cratewise.discogs.sealing import Seal
from cratewise.simulator import Simulator, World
from cratewise.store.credentials import SealedCredential, keep_credential
from cratewise.store.engine import writing

TOKEN = World.token("digger")  # of the account's own, sealed in the database
MAIL_PASSWORD, CONSUMER_SECRET, METRICS = (
    "mail-planted-5",
    "consumer-planted-6",
    "metrics-planted-7",
)
PATHS = (
    *("/api/v1/home", "/api/v1/settings", "/api/v1/pulls", "/api/v1/alerts", "/readyz"),
    *("/nowhere", "/api/v1/listings/1", "/metrics"),
)


@pytest.fixture
def planted(
    store: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Api]:
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", database_url)
    monkeypatch.setenv("CRATEWISE_DATA_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("CRATEWISE_LOG_LEVEL", "debug")
    monkeypatch.setenv("CRATEWISE_SMTP_URL", f"smtp://me:{MAIL_PASSWORD}@127.0.0.1:1")
    monkeypatch.setenv("CRATEWISE_DISCOGS_CONSUMER_KEY", "application")
    monkeypatch.setenv("CRATEWISE_DISCOGS_CONSUMER_SECRET", CONSUMER_SECRET)
    monkeypatch.setenv("CRATEWISE_METRICS_TOKEN", METRICS)
    monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
    with Simulator(World(sellers={"alice": 30}), minute_seconds=0.2) as discogs:
        monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", discogs.url)
        with served(is_working=True) as api:
            sealed = Seal(api.here.settings.data_dir, ()).seal(PersonalToken(TOKEN))
            with writing(store) as db:
                now = api.here.clock.now()
                kept = SealedCredential("token", sealed, "digger", now)
                keep_credential(db, api.here.account().id, kept)
            yield api
            used = [str(one) for one in discogs.requests]
            assert used
            assert all(TOKEN not in one.partition("?")[2] for one in used)


def test_no_planted_secret_is_found_anywhere(
    planted: Api,
    store: Engine,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    http = planted.http
    pull = http.post("/api/v1/pulls", json={"seller": "alice"}).json()["id"]
    list(planted.events(pull))  # until it is over
    http.post("/api/v1/pulls", json={"seller": "nobody-of-that-name"})
    search = http.post("/api/v1/searches", json={"name": "all"}).json()["id"]
    told = {"search_id": search, "way": "mail", "target": "me@example.org"}
    http.post("/api/v1/alerts", json=told)
    answers = [http.get(path).text for path in PATHS]
    answers.append(http.post("/api/v1/pulls", content=b"{broken").text)

    key = (tmp_path / "keys" / "credentials.key").read_text().strip()
    secrets = [TOKEN, MAIL_PASSWORD, CONSUMER_SECRET, METRICS, key]
    if password := make_url(store.url).password:
        secrets.append(str(password))
    written = "".join(capfd.readouterr()) + caplog.text
    assert "request" in written  # something was logged, so that something could be found
    for secret in secrets:
        for form in (secret, quote(secret, safe="")):
            assert form not in written
            assert all(form not in answer for answer in answers)
            for name, kept in rows(store):
                assert form not in kept, name
            for file in (one for one in tmp_path.rglob("*") if one.is_file()):
                if file.name != "credentials.key":
                    assert form.encode() not in file.read_bytes(), file


def rows(store: Engine) -> Iterator[tuple[str, str]]:
    """Every table, of jobs and their arguments too, as text."""
    look = inspect(store)
    schemas = [None] if store.dialect.name == "sqlite" else look.get_schema_names()
    with store.connect() as db:
        for schema in schemas:
            if schema in {"information_schema", "pg_catalog"}:
                continue
            for table in look.get_table_names(schema=schema):
                named = f'"{schema}"."{table}"' if schema else f'"{table}"'
                yield named, repr(db.execute(text(f"SELECT * FROM {named}")).all())
