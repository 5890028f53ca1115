"""An API on each database, with a simulated Discogs behind it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from tests.api.serving import Api, served

from cratewise.simulator import Simulator, World

SELLERS = {"alice": 250, "bob": 2_400, "carol": 20_500}


@pytest.fixture
def discogs() -> Iterator[Simulator]:
    """Answers take long enough for somebody to watch."""
    world = World(sellers=SELLERS)
    with Simulator(world, rate_limit=60, minute_seconds=0.5, latency=(0.02, 0.06)) as simulator:
        yield simulator


@pytest.fixture
def _settings(
    store: Engine, database_url: str, discogs: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", database_url)
    monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", discogs.url)
    monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", World.token("digger"))
    monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.5")  # nobody waits for a slot
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")


@pytest.fixture
def api(_settings: None) -> Iterator[Api]:
    """An API that works no jobs: what is asked for waits."""
    with served() as api:
        yield api


@pytest.fixture
def working_api(_settings: None) -> Iterator[Api]:
    """An API that works its jobs itself."""
    with served(is_working=True) as api:
        yield api


@pytest.fixture
def earlier(_settings: None) -> Iterator[Api]:
    """An API that answers the earlier page too."""
    with served(legacy=True) as api:
        yield api
