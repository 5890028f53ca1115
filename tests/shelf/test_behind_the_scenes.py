"""What is made behind the scenes is made once, and a failure there is nobody's else."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.builders import a_listing, a_seller
from tests.conftest import HandClock
from tests.shelf.plain import READER

from cratewise.errors import StoreUnavailable
from cratewise.shelf import find, orders
from cratewise.shelf.find import Finder
from cratewise.shelf.orders import Orders
from cratewise.shelf.query import Filter, Order
from cratewise.store.engine import reading, writing
from cratewise.store.retention import note_thrown


@pytest.fixture
def finder(store: Engine, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Finder]:
    """Of a stock that is large enough for orders."""
    monkeypatch.setattr(orders, "FEW", 1)
    with writing(store) as db:
        seller = a_seller(db)
        for n in range(4):
            a_listing(db, seller, score=float(n))
    finder = Finder(store, clock)
    yield finder
    finder.close()


def look(finder: Finder, order: Order = Order()) -> list[int]:  # noqa: B008 - never changed
    return finder.numbered_page(Filter(), order, READER, page=1, limit=10).ids


def test_an_order_that_many_ask_for_is_made_once(
    finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    may_go_on = Event()

    def in_order(draft: Any) -> Any:
        may_go_on.wait()
        made.append(draft.name)
        return orders.in_order(draft)

    finder.begin()
    finder.settle()
    monkeypatch.setattr(find, "in_order", in_order)
    order = Order("discount", is_descending=False)
    expected = look(finder, order)
    assert [look(finder, order) for _ in range(5)] == [expected] * 5
    may_go_on.set()
    finder.settle()
    assert len(made) == 1
    assert look(finder, order) == expected
    finder.settle()
    assert len(made) == 1


def test_why_something_failed_behind_the_scenes_is_logged_and_searches_go_on(
    finder: Finder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def in_order(draft: Any) -> Any:
        raise StoreUnavailable("The database went away.")

    monkeypatch.setattr(find, "in_order", in_order)
    finder.begin()
    finder.settle()

    assert "The database went away." in caplog.text
    assert look(finder) == [4, 3, 2, 1]


def test_a_search_while_all_is_closed_is_answered(finder: Finder) -> None:
    finder.begin()
    finder.close()

    assert look(finder, Order("discount", is_descending=False)) == [1, 2, 3, 4]


def test_whoever_looks_at_a_shelf_from_before_leaves_the_orders_of_the_new_one(
    store: Engine, finder: Finder, clock: HandClock
) -> None:
    with reading(store) as db:
        before = finder._fresh.get(db)
    with writing(store) as db:
        note_thrown(db, "gone listings", clock.now())
    with reading(store) as db:
        now = finder._fresh.get(db)
    orders_now = finder._orders_of(now)

    assert now is not before
    assert isinstance(finder._orders_of(before), Orders)
    assert finder._orders_of(now) is orders_now
