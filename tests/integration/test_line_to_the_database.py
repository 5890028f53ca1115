"""A connection that waits in the pool: used again without asking, unless its server ended it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text
from tests.builders import a_listing, a_seller, an_account
from tests.conftest import HandClock
from tests.shelf.plain import READER

from cratewise.shelf.find import Finder
from cratewise.shelf.query import Filter, Order
from cratewise.store import line
from cratewise.store.engine import is_sqlite, open_engine, reading, stand_still, writing
from cratewise.store.tables import listings


@pytest.fixture
def server(store: Engine) -> Iterator[Engine]:
    """The same database by connections of our own; PostgreSQL alone has any to end."""
    if is_sqlite(store):
        pytest.skip("SQLite is a file")
    engine = open_engine(store.url)
    yield engine
    engine.dispose()


def number_of(engine: Engine) -> int:
    """Of the server's process that answers."""
    with reading(engine) as db:
        return int(db.execute(text("SELECT pg_backend_pid()")).scalar_one())


def end(store: Engine, number: int) -> None:
    with writing(store) as db:
        db.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": number})


def test_a_connection_is_used_again(server: Engine) -> None:
    assert number_of(server) == number_of(server)


@pytest.mark.parametrize("trusted_seconds", [0.0, 1e9])
def test_a_connection_that_the_server_ended_is_replaced(
    store: Engine, server: Engine, trusted_seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "TRUSTED_SECONDS", trusted_seconds)
    before = number_of(server)
    end(store, before)

    assert number_of(server) != before


def test_all_that_an_ended_server_left_are_replaced(store: Engine, server: Engine) -> None:
    with reading(server) as one, reading(server) as other:
        before = {
            int(db.execute(text("SELECT pg_backend_pid()")).scalar_one()) for db in (one, other)
        }
    for number in before:
        end(store, number)

    with reading(server) as one, reading(server) as other:
        for db in (one, other):
            assert db.execute(text("SELECT pg_backend_pid()")).scalar_one() not in before


def test_a_reader_begins_no_transaction_until_all_should_stand_still(
    store: Engine, server: Engine
) -> None:
    def status(db: Any) -> str:
        return str(db.connection.driver_connection.info.transaction_status.name)

    with writing(store) as db:
        seller = a_seller(db)
    ids = select(listings.c.id)
    with reading(server) as db:
        assert db.execute(ids).all() == []
        assert status(db) == "IDLE"
        stand_still(db)
        assert db.execute(ids).all() == []
        with writing(store) as other:
            a_listing(other, seller)
        assert db.execute(ids).all() == []
        assert status(db) == "INTRANS"
    with reading(server) as db:
        assert len(db.execute(ids).all()) == 1
        assert status(db) == "IDLE"


def test_a_search_asks_the_database_once(store: Engine, clock: HandClock) -> None:
    """Each statement more is a way to the server and back."""
    with writing(store) as db:
        an_account(db)
        seller = a_seller(db)
        for _ in range(3):
            a_listing(db, seller, artist="Sun Ra")
    clock.advance(120)  # a writer of that moment may yet commit until then
    finder = Finder(store, clock)
    finder.begin()
    finder.settle()
    asked: list[str] = []

    def search(**terms: Any) -> None:
        found = finder.numbered_page(Filter(**terms), Order(), READER, page=1, limit=10)
        assert found.count == 3

    event.listen(store, "before_cursor_execute", lambda *told: asked.append(told[2]))
    for terms in ({}, {"words": "sun ra"}):
        search(**terms)  # looks a minute back, as is done once a second
        asked.clear()
        search(**terms)
        assert len([one for one in asked if one.startswith("SELECT")]) == 1, asked
    finder.close()
