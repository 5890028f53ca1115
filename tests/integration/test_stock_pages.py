"""Pages by key and by number show every listing once, in the same order, ties and all."""

from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import Engine, delete
from tests.builders import NOON, a_listing, a_seller

from cratewise.store.engine import reading, writing
from cratewise.store.stock import Wanted
from cratewise.store.stock_pages import Order, Sort, numbered_page, page_after
from cratewise.store.tables import listings


def a_stock_with_ties(store: Engine) -> set[int]:
    """Thirty listings: few distinct values of everything that is sorted by, and unknown ones."""
    with writing(store) as db:
        alice = a_seller(db)
        return {
            a_listing(
                db,
                alice,
                artist=("alice", "Bob", "ÆON")[n % 3],
                title=("B-side", "a-side")[n % 2],
                year=(None, 1971, 1990)[n % 3],
                score=(None, 7.0, 7.0, 1 / 3)[n % 4],
                price_usd=(None, 0.1, 12.5)[n % 3],
                posted_at=(None, NOON, NOON + timedelta(microseconds=1))[n % 3],
            )
            for n in range(30)
        }


def by_key(store: Engine, order: Order, limit: int) -> list[int]:
    found, key = [], None
    while True:
        with reading(store) as db:
            page = page_after(db, Wanted(), order, key, limit=limit)
        found += [listing.id for listing in page.listings]
        key = page.next_key
        if key is None:
            return found


def by_number(store: Engine, order: Order, limit: int) -> list[int]:
    found: list[int] = []
    for number in range(1, 100):
        with reading(store) as db:
            page = numbered_page(db, Wanted(), order, page=number, limit=limit)
        found += [listing.id for listing in page.listings]
        if page.next_key is None:
            break
    return found


@pytest.mark.parametrize("is_descending", [False, True])
def test_pages_by_key_show_every_listing_once_in_the_order_of_pages_by_number(
    store: Engine, *, is_descending: bool
) -> None:
    ids = a_stock_with_ties(store)

    for sort in get_args(Sort):
        order = Order(sort, is_descending)
        walked = by_key(store, order, limit=7)

        assert set(walked) == ids
        assert walked == by_number(store, order, limit=4) == by_key(store, order, limit=100)


def test_what_is_unknown_stands_last_whichever_way(store: Engine) -> None:
    a_stock_with_ties(store)

    for is_descending in (False, True):
        with reading(store) as db:
            page = numbered_page(db, Wanted(), Order("score", is_descending), page=1, limit=50)
        unknown = [listing.score is None for listing in page.listings]
        assert unknown == sorted(unknown)
        assert any(unknown)


def test_a_page_by_key_repeats_nothing_when_the_stock_before_it_moves(store: Engine) -> None:
    a_stock_with_ties(store)
    order = Order("score", is_descending=True)
    with reading(store) as db:
        first = page_after(db, Wanted(), order, None, limit=5)
        expected = page_after(db, Wanted(), order, first.next_key, limit=5)

    with writing(store) as db:  # the key's own listing is sold, and a better one arrives
        db.execute(delete(listings).where(listings.c.id == first.listings[-1].id))
        a_listing(db, a_seller(db, "bob"), score=99.0)
    with reading(store) as db:
        second = page_after(db, Wanted(), order, first.next_key, limit=5)

    assert second == expected
