"""What every test may ask for: a real database of either kind, a clock turned by hand."""

import os
import shutil
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from tests.postgres import PostgresServer, postgres_binaries

from cratewise.store.engine import open_engine
from cratewise.store.migrate import upgrade

ROOT = Path(__file__).parent.parent

# Whether a test passes must not depend on how fast the machine is, or how loaded.
settings.register_profile("any-speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-speed")

# A script that starts the tests in its background hands down that Ctrl-C is ignored, and
# every process under test would inherit that: those that Ctrl-C is to end would never end.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class HandClock:
    """Time that stands still until a test, or a sleeper, moves it."""

    def __init__(self, start: datetime = datetime(2026, 11, 1, 12, tzinfo=UTC)) -> None:
        self._now = start
        self._elapsed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(max(seconds, 0.0))

    def advance(self, seconds: float) -> None:
        self._elapsed += seconds
        self._now += timedelta(seconds=seconds)

    def jump(self, seconds: float) -> None:
        """Move the wall clock alone, as a time server does."""
        self._now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def samples() -> Path:
    """Recorded answers of Discogs, kept beside the repository; a user's clone has none."""
    folder = ROOT.parent / "shared" / "discogs-samples"
    if not folder.is_dir():
        pytest.skip("no recorded samples beside this clone")
    return folder


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A test sees none of the settings, keys or data of whoever runs it."""
    for name in os.environ:
        if name.startswith(("CRATEWISE_", "DISCOGS_", "DBOS__")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("CRATEWISE_DATA_DIR", str(tmp_path / "cratewise"))
    monkeypatch.setenv("CRATEWISE_RATES_URL", "off")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: the one told by CRATEWISE_TEST_POSTGRES_URL, else one of our own."""
    told = os.environ.get("CRATEWISE_TEST_POSTGRES_URL")
    if told:
        yield told
        return
    binaries = postgres_binaries()
    if binaries is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is missing, and CI must not leave it out")
        pytest.skip("PostgreSQL is not installed")
    with PostgresServer(binaries) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of SQLite, as it is after all migrations; to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "cratewise.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres_url: str) -> Iterator[str]:
    """The name of an empty database of PostgreSQL after all migrations; to be copied."""
    with _database_of_postgres(postgres_url, "") as url:
        _migrate(url)
        yield str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, on SQLite and on PostgreSQL in turn.

    Nothing is in it; a test that asks for `store` too finds it migrated.
    """
    is_migrated = "store" in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "cratewise.sqlite"
        if is_migrated:
            shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("migrated_database") if is_migrated else ""
    with _database_of_postgres(request.getfixturevalue("postgres_url"), template) as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Engine]:
    """A migrated, empty database."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def _migrate(database_url: str) -> None:
    engine = open_engine(database_url)
    upgrade(engine)
    engine.dispose()


@contextmanager
def _database_of_postgres(server_url: str, template: str) -> Iterator[str]:
    """The address of a database of its own, a copy of the template if one is named."""
    server = make_url(server_url)
    name = f"cratewise_{uuid.uuid4().hex[:12]}"
    copied = f' TEMPLATE "{template}"' if template else ""
    admin = open_engine(server)
    try:
        _outside_transaction(admin, f'CREATE DATABASE "{name}"{copied}')
        yield server.set(database=name).render_as_string(hide_password=False)
        _outside_transaction(admin, f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        admin.dispose()


def _outside_transaction(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text(statement))
