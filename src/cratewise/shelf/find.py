"""Find listings: a page of them by number or by key, in any order, and how many there are.

wanted -> words are looked up -> rows are sifted -> a page in order -> our own ids
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cratewise.clock import Clock
from cratewise.shelf.fresh import FreshShelf
from cratewise.shelf.marks import Marks, no_marks
from cratewise.shelf.orders import Orders, behind, key_of
from cratewise.shelf.query import Filter, Key, Order, Reader
from cratewise.shelf.shelf import Ints, Places, Shelf
from cratewise.shelf.sieve import sift

if TYPE_CHECKING:
    from sqlalchemy import Engine

FindReleases = Callable[[str], Ints]


@dataclass(frozen=True, slots=True)
class Found:
    """Listings in their order, by our own ids; next_key: of the last, None where none is left.

    count  how many there are in all; of a page by key: behind the key.
    """

    ids: list[int]
    count: int
    next_key: Key | None


class Finder:
    """Answers about everything that was read, as the database is now; any thread may ask.

    find_releases  Discogs' ids, sorted, of the releases that some words find.
    """

    def __init__(self, engine: "Engine", clock: Clock, *, find_releases: FindReleases) -> None:
        self._fresh = FreshShelf(engine, clock)
        self._find_releases = find_releases
        self._orders: Orders | None = None

    def numbered_page(
        self, wanted: Filter, order: Order, reader: Reader, *, page: int, limit: int
    ) -> Found:
        """The wanted listings of page 1, 2, ... of `limit` each."""
        shelf, found = self._fresh.get(), self._words(wanted)
        with shelf.lock:
            marks = self._marks(shelf, reader)
            rows = sift(shelf, wanted, reader, marks, found)
            return self._page(shelf, rows, order, marks, offset=(page - 1) * limit, limit=limit)

    def page_after(
        self, wanted: Filter, order: Order, reader: Reader, key: Key | None, *, limit: int
    ) -> Found:
        """The `limit` wanted listings behind a key; None: the first ones."""
        shelf, found = self._fresh.get(), self._words(wanted)
        with shelf.lock:
            marks = self._marks(shelf, reader)
            rows = sift(shelf, wanted, reader, marks, found)
            if key is not None:
                rows = rows[behind(shelf, rows, order, marks, key)]
            return self._page(shelf, rows, order, marks, offset=0, limit=limit)

    def _page(
        self, shelf: Shelf, rows: Places, order: Order, marks: Marks, *, offset: int, limit: int
    ) -> Found:
        if self._orders is None or self._orders.shelf is not shelf:
            self._orders = Orders(shelf)
        shown = self._orders.page(rows, order, marks, offset=offset, limit=limit)
        is_last = not len(shown) or offset + len(shown) >= len(rows)
        next_key = None if is_last else key_of(shelf, int(shown[-1]), order, marks)
        return Found(shelf.listings["id"][shown].tolist(), len(rows), next_key)

    def _marks(self, shelf: Shelf, reader: Reader) -> Marks:  # noqa: ARG002
        return no_marks(shelf)

    def _words(self, wanted: Filter) -> Ints | None:
        if not wanted.words.strip():
            return None
        return np.asarray(self._find_releases(wanted.words), np.int64)
