"""An earlier database beside our own, both of the same kind."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from tests.earlier.longplaying import build

from cratewise.store.engine import open_engine


@pytest.fixture
def earlier_url(store: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database, of the kind that our own is."""
    if store.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'longplaying.sqlite'}"
        return
    server = make_url(request.getfixturevalue("postgres_url"))
    name = f"longplaying_{uuid.uuid4().hex[:12]}"
    admin = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as db:
        db.execute(text(f'CREATE DATABASE "{name}"'))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as db:
        db.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture
def earlier(earlier_url: str) -> Iterator[Engine]:
    """The earlier database, its tables empty."""
    engine = open_engine(earlier_url)
    build(engine)
    yield engine
    engine.dispose()
