"""Find listings: a page of them by number or by key, in any order, and how many there are.

wanted -> words are looked up -> rows are sifted -> a page in order -> our own ids
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cratewise.clock import Clock
from cratewise.errors import UnknownTerm
from cratewise.shelf.appraise import Appraisal, appraise
from cratewise.shelf.facets import FACETS, Counted, Facet, count_facets
from cratewise.shelf.fresh import FreshShelf
from cratewise.shelf.landed import own_prices
from cratewise.shelf.marks import Kept, Marks, marked
from cratewise.shelf.orders import Orders, behind, key_of
from cratewise.shelf.own import Own, read_own
from cratewise.shelf.query import Filter, Key, Order, Reader
from cratewise.shelf.shelf import Ints, Places, Shelf
from cratewise.shelf.sieve import sift
from cratewise.store.engine import reading
from cratewise.store.frequent_words import FrequentWords

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

FindReleases = Callable[["Connection", str], Ints]
MOST_FACETS = 64  # answers that are kept
MOST_MARKS = 8  # readers whose marks are kept; 9 bytes a listing each


@dataclass(frozen=True, slots=True)
class Found:
    """Listings in their order, by our own ids; next_key: of the last, None where none is left.

    count  how many there are in all; of a page by key: behind the key.
    """

    ids: list[int]
    count: int
    next_key: Key | None


@dataclass
class _Looked:
    """The shelf as it is, and what its listings are to whoever looks; the lock is held."""

    shelf: Shelf
    orders: Orders
    marks: Marks
    found: Ints | None  # releases that the words find

    @property
    def version(self) -> str:
        return f"{self.shelf.name}-{self.shelf.version}-{self.marks.version}"

    def page(self, rows: Places, order: Order, *, offset: int, limit: int) -> Found:
        shown = self.orders.page(rows, order, self.marks, offset=offset, limit=limit)
        is_last = not len(shown) or offset + len(shown) >= len(rows)
        next_key = None if is_last else key_of(self.shelf, int(shown[-1]), order, self.marks)
        return Found(self.shelf.listings["id"][shown].tolist(), len(rows), next_key)


class Finder:
    """Answers about everything that was read, as the database is now; any thread may ask.

    find_releases  Discogs' ids, sorted, of the releases that some words find.
    """

    def __init__(
        self, engine: "Engine", clock: Clock, *, find_releases: FindReleases | None = None
    ) -> None:
        self._engine = engine
        self._fresh = FreshShelf(clock)
        self._find_releases = find_releases or FrequentWords(clock)
        self._behind = ThreadPoolExecutor(1, thread_name_prefix="shelf")
        self._orders: Orders | None = None
        self._own: dict[int, Own] = {}
        self._facets: OrderedDict[object, dict[Facet, list[Counted]]] = OrderedDict()
        self._marks: OrderedDict[tuple[int, str], Kept] = OrderedDict()

    def begin(self) -> None:
        """Load the shelf behind the scenes, so that whoever searches first need not wait."""
        self._behind.submit(self._load)

    def close(self) -> None:
        self._behind.shutdown()

    def _load(self) -> None:
        with reading(self._engine) as db:
            self._fresh.get(db)

    def numbered_page(
        self, wanted: Filter, order: Order, reader: Reader, *, page: int, limit: int
    ) -> Found:
        """The wanted listings of page 1, 2, ... of `limit` each.  Raises StoreUnavailable."""
        with self._looking(wanted, reader) as look:
            rows = sift(look.shelf, wanted, reader, look.marks, look.found)
            return look.page(rows, order, offset=(page - 1) * limit, limit=limit)

    def page_after(
        self, wanted: Filter, order: Order, reader: Reader, key: Key | None, *, limit: int
    ) -> Found:
        """The `limit` wanted listings behind a key; None: the first ones."""
        with self._looking(wanted, reader) as look:
            rows = sift(look.shelf, wanted, reader, look.marks, look.found)
            if key is not None:
                rows = rows[behind(look.shelf, rows, order, look.marks, key)]
            return look.page(rows, order, offset=0, limit=limit)

    def facets(
        self,
        wanted: Filter,
        reader: Reader,
        facets: Collection[Facet] = FACETS,
        *,
        news_since: datetime,
        limit: int = 50,
    ) -> dict[Facet, list[Counted]]:
        """How many of the wanted listings have each value of some facets: see `facets.py`."""
        with self._looking(wanted, reader) as look:
            day = (reader.day, reader.rates.newest_day)
            asked = (look.version, wanted, *facets, *reader[:2], *day, news_since, limit)
            if asked not in self._facets:
                self._facets[asked] = count_facets(
                    look.shelf,
                    wanted,
                    reader,
                    facets,
                    lambda other: sift(look.shelf, other, reader, look.marks, look.found),
                    news_since=news_since,
                    limit=limit,
                )
                while len(self._facets) > MOST_FACETS:
                    self._facets.popitem(last=False)
            return self._facets[asked]

    def appraised(self, ids: Sequence[int], reader: Reader) -> dict[int, Appraisal]:
        """What listings come to for a reader, by our own ids, as far as they are on the shelf."""
        with self._looking(Filter(), reader) as look:
            return appraise(look.shelf, look.marks, ids)

    def count_not_comparable(self, wanted: Filter, reader: Reader) -> int:
        """How many a price limit leaves out for want of a rate: they are wanted but for it."""
        if wanted.price_from is None and wanted.price_to is None:
            return 0
        but_for_it = msgspec.structs.replace(wanted, price_from=None, price_to=None)
        with self._looking(wanted, reader) as look:
            rows = sift(look.shelf, but_for_it, reader, look.marks, look.found)
            is_priced = look.shelf.listings["price_minor"][rows] >= 0
            return int(np.count_nonzero(is_priced & np.isnan(own_prices(look.shelf, reader, rows))))

    def genres_and_styles(self) -> tuple[list[str], list[str]]:
        """The names of all genres, and of all styles, that were met."""
        with reading(self._engine) as db:
            shelf = self._fresh.get(db)
        with shelf.lock:
            return list(shelf.genres.terms), list(shelf.styles.terms)

    def version(self, reader: Reader) -> str:
        """Another text whenever an answer to this reader may be another."""
        with self._looking(Filter(), reader) as look:
            return look.version

    def refuse_unknown(self, wanted: Filter, reader: Reader) -> None:
        """Refuse a genre or a style that nothing has, and suggest the nearest.

        Raises UnknownTerm.
        """
        with self._looking(Filter(), reader) as look:
            styles = (*wanted.styles, *wanted.all_styles, *wanted.no_styles)
            for term, terms, names in (
                ("genres", look.shelf.genres, wanted.genres),
                ("styles", look.shelf.styles, styles),
            ):
                for name in names:
                    if terms.find(name) is None:
                        raise UnknownTerm(term, name, terms.similar(name))

    @contextmanager
    def _looking(self, wanted: Filter, reader: Reader) -> Iterator[_Looked]:
        with reading(self._engine) as db:
            shelf = self._fresh.get(db)
            found = self._find_releases(db, wanted.words) if wanted.words.strip() else None
            before = self._own.get(reader.account_id)
            own = self._own[reader.account_id] = read_own(db, reader.account_id, before)
        with shelf.lock:
            if self._orders is None or self._orders.shelf is not shelf:
                self._orders = Orders(shelf)
            yield _Looked(shelf, self._orders, self._marks_of(shelf, own, reader), found)

    def _marks_of(self, shelf: Shelf, own: Own, reader: Reader) -> Marks:
        whose = (reader.account_id, reader.currency)
        kept = marked(shelf, own, reader, self._marks.pop(whose, None))
        self._marks[whose] = kept
        while len(self._marks) > MOST_MARKS:
            self._marks.popitem(last=False)
        return kept.marks
