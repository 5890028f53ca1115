"""Find listings: a page of them by number or by key, in any order, and how many there are.

wanted -> words are looked up -> rows are sifted -> a page in order -> our own ids
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cratewise.clock import Clock
from cratewise.errors import CratewiseError, UnknownTerm
from cratewise.shelf.appraise import Appraisal, appraise
from cratewise.shelf.by_words import ByWords
from cratewise.shelf.discount import are_discounts_far_behind, catch_up_with_discounts
from cratewise.shelf.facets import FACETS, Counted, Facet, count_facets
from cratewise.shelf.fresh import FreshShelf
from cratewise.shelf.landed import own_prices
from cratewise.shelf.marks import NO_MARKS, Kept, Marks, marked
from cratewise.shelf.memory import give_back
from cratewise.shelf.orders import Orders, in_order, key_of
from cratewise.shelf.own import Own, read_own
from cratewise.shelf.prices import refuse_swapped_prices
from cratewise.shelf.query import GENRES_STYLES, NATURALLY_DESCENDING, Filter, Key, Order, Reader
from cratewise.shelf.release_sieve import release_hits
from cratewise.shelf.shelf import Bools, Places, Shelf
from cratewise.shelf.sieve import Hits, sift
from cratewise.shelf.totals import Totals, totals_of
from cratewise.store.engine import reading
from cratewise.store.glance import glance

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger(__name__)

EVERYTHING = 2**40  # listings to a page; more than anybody will ever have
SECONDS_BETWEEN_KEEPING = 3600.0  # the shelf in its file
MOST_FACETS = 64  # answers that are kept
# Filters whose listings are kept; a byte a listing each.  Whoever turns a page, sorts anew
# or counts facets asks for the same ones again.
MOST_HITS = 8
# Made when serving begins: how each sort is asked for first.
USUAL = tuple(
    Order(sort, sort in NATURALLY_DESCENDING)
    for sort in ("score", "price", "listed", "artist", "title", "year", "want_have")
)
MOST_MARKS = 8  # readers whose marks are kept; 9 bytes a listing each


@dataclass(frozen=True, slots=True)
class Found:
    """Listings in their order, by our own ids; next_key: of the last, None where none is left.

    count      how many there are in all; of a page by key: behind the key.
    appraised  what they come to for the reader; not where everything was asked for.
    """

    ids: list[int]
    count: int
    next_key: Key | None
    appraised: Mapping[int, Appraisal] = field(default_factory=dict)


@dataclass
class _Looked:
    """The shelf as it is, and what its listings are to whoever looks; the lock is held."""

    shelf: Shelf
    orders: Orders
    marks: Marks
    found: Bools | None  # which releases the words find
    kept: "OrderedDict[object, Hits]"  # of filters that were asked before

    @property
    def version(self) -> str:
        return f"{self.shelf.name}-{self.shelf.version}-{self.marks.version}"

    def sift(self, wanted: Filter, reader: Reader) -> Hits:
        if wanted.words and self.found is not None:  # words may be newer than the shelf
            return sift(self.shelf, wanted, reader, self.marks, self.found)
        asked = (self.version, wanted, *_eyes(reader))
        hits = self.kept.pop(asked, None)
        self.kept[asked] = hits = hits or sift(self.shelf, wanted, reader, self.marks)
        while len(self.kept) > MOST_HITS:
            self.kept.popitem(last=False)
        return hits

    def release_hits(self, wanted: Filter) -> Bools | None:
        return release_hits(self.shelf, wanted, self.found)

    def page(self, hits: Hits, order: Order, *, offset: int, limit: int) -> Found:
        shown = self.orders.page(hits, order, self.marks, offset=offset, limit=limit)
        found = self._found(shown, order, hits.count, is_last=offset + len(shown) >= hits.count)
        return found if limit == EVERYTHING else self._appraised(found)

    def page_behind(self, hits: Hits, order: Order, key: Key, *, limit: int) -> Found:
        shown, left = self.orders.page_behind(hits, order, self.marks, key, limit=limit)
        return self._appraised(self._found(shown, order, left, is_last=len(shown) == left))

    def _appraised(self, found: Found) -> Found:
        return replace(found, appraised=appraise(self.shelf, self.marks, found.ids))

    def _found(self, shown: Places, order: Order, count: int, *, is_last: bool) -> Found:
        next_key = None
        if len(shown) and not is_last:
            next_key = key_of(self.shelf, int(shown[-1]), order, self.marks)
        return Found(self.shelf.listings["id"][shown].tolist(), count, next_key)


class Finder:
    """Answers about everything that was read, as the database is now; any thread may ask."""

    def __init__(self, engine: "Engine", clock: Clock, path: Path | None = None) -> None:
        """path: of a file in which the shelf is kept for the next start."""
        self._engine = engine
        self._clock = clock
        self._fresh = FreshShelf(clock, path)
        self._next_keep = 0.0
        self._behind = ThreadPoolExecutor(1, thread_name_prefix="shelf")
        self._has_begun = False
        self._under_way: set[Hashable] = set()  # what goes on behind the scenes, or will
        self._orders: Orders | None = None
        self._by_words = ByWords(clock)
        self._own: dict[int, Own] = {}
        self._facets: OrderedDict[object, dict[Facet, list[Counted]]] = OrderedDict()
        self._hits: OrderedDict[object, Hits] = OrderedDict()
        self._marks: OrderedDict[tuple[int, str], Kept] = OrderedDict()

    def __len__(self) -> int:
        """How many listings are in memory now; asks nobody."""
        return len(self._fresh)

    @property
    def is_loaded(self) -> bool:
        """Whether whoever asks need not wait until all is read."""
        return self._fresh.is_loaded

    def totals(self) -> Totals:
        """How much is kept in all."""
        with reading(self._engine) as db:
            shelf = self._fresh.get(db)
        with shelf.lock:
            return totals_of(shelf)

    def begin(self) -> None:
        """Load the shelf behind the scenes, so that whoever searches first need not wait.

        From then on orders are made there too, the usual ones at once.
        """
        self._has_begun = True
        self._behind_the_scenes("load", self._load)

    def close(self) -> None:
        """End what goes on behind the scenes; what has not begun there never will."""
        self._behind.shutdown(cancel_futures=True)
        if self._has_begun:
            self._done("keep", self.keep)

    def keep(self) -> None:
        """Put the shelf into its file, unless that holds all already.

        Raises StoreUnavailable, StoreFull; OSError where the file cannot be written.
        """
        self._next_keep = self._clock.monotonic() + SECONDS_BETWEEN_KEEPING
        self._fresh.keep(self._engine)

    def _load(self) -> None:
        with reading(self._engine) as db:
            shelf = self._fresh.get(db)
        with shelf.lock:
            orders = self._orders_of(shelf)
        for order in USUAL:
            _make_order(orders, order, NO_MARKS)
        catch_up_with_discounts(shelf)
        for names in (shelf.artists, shelf.titles, shelf.labels):
            with shelf.lock:
                words = names.words()
            parted = words()
            with shelf.lock:
                names.learn(parted)
        self._learn_words()
        self.keep()

    def _learn_words(self) -> None:
        now = self._clock.now()  # what is kept from here on is looked for again
        with reading(self._engine) as db:
            shelf = self._fresh.get(db)
            if self._by_words.is_behind(shelf):
                self._by_words.catch_up(db, shelf, now)
        give_back()

    def make_orders(self, wanted: Iterable[Order], reader: Reader) -> None:
        """Make orders for large searches to walk along, a reader's own among them."""
        with self._looking(Filter(), reader) as look:
            orders, marks = look.orders, look.marks
        for order in wanted:
            _make_order(orders, order, marks)
        give_back()

    def settle(self) -> None:
        """Wait for all that goes on behind the scenes."""
        self._behind.submit(lambda: None).result()

    def _behind_the_scenes(self, name: Hashable, deed: Callable[..., None], *told: object) -> None:
        """Do something later, once however often it is asked for until then."""
        if name in self._under_way:
            return
        self._under_way.add(name)
        with suppress(RuntimeError):  # closed meanwhile: nobody needs it any more
            self._behind.submit(self._done, name, deed, *told)

    def _done(self, name: Hashable, deed: Callable[..., None], *told: object) -> None:
        try:
            deed(*told)
        except (
            CratewiseError,
            OSError,
        ) as error:  # who searches next does it, or asks for it again
            log.warning("Searches go on, but slower: %s", error)
        except Exception:
            log.exception("Searches go on, but slower.")
        finally:
            self._under_way.discard(name)

    def numbered_page(
        self, wanted: Filter, order: Order, reader: Reader, *, page: int, limit: int
    ) -> Found:
        """The wanted listings of page 1, 2, ... of `limit` each.  Raises StoreUnavailable."""
        with self._looking(wanted, reader) as look:
            hits = look.sift(wanted, reader)
            return look.page(hits, order, offset=(page - 1) * limit, limit=limit)

    def first_page(
        self, wanted: Filter, order: Order, reader: Reader, *, limit: int
    ) -> tuple[Found, Totals]:
        """The first `limit` wanted listings, and how much is kept in all: one look at both."""
        with self._looking(wanted, reader) as look:
            hits = look.sift(wanted, reader)
            return look.page(hits, order, offset=0, limit=limit), totals_of(look.shelf)

    def page_after(
        self, wanted: Filter, order: Order, reader: Reader, key: Key | None, *, limit: int
    ) -> Found:
        """The `limit` wanted listings behind a key; None: the first ones."""
        with self._looking(wanted, reader) as look:
            hits = look.sift(wanted, reader)
            if key is not None:
                return look.page_behind(hits, order, key, limit=limit)
            return look.page(hits, order, offset=0, limit=limit)

    def by_chance(
        self, wanted: Filter, reader: Reader, many: int, dice: Random, *, but: Collection[int] = ()
    ) -> list[int]:
        """At most so many of the wanted listings, drawn among all but some, by our own ids."""
        with self._looking(wanted, reader) as look:
            mask = look.sift(wanted, reader).mask(len(look.shelf)).copy()
            known = look.shelf.rows_of(np.array([*but], np.int64))
            mask[known[known >= 0]] = False
            rows = np.flatnonzero(mask)
            drawn = rows[dice.sample(range(len(rows)), min(many, len(rows)))]
            ids: list[int] = look.shelf.listings["id"][drawn].tolist()
            return ids

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
            asked = (look.version, wanted, *facets, *_eyes(reader), news_since, limit)
            if asked not in self._facets:
                self._facets[asked] = count_facets(
                    look.shelf,
                    wanted,
                    reader,
                    facets,
                    look,
                    news_since=news_since,
                    limit=limit,
                )
                while len(self._facets) > MOST_FACETS:
                    self._facets.popitem(last=False)
            return self._facets[asked]

    def count_not_comparable(self, wanted: Filter, reader: Reader) -> int:
        """How many a price limit leaves out for want of a rate: they are wanted but for it."""
        if wanted.price_from is None and wanted.price_to is None:
            return 0
        but_for_it = msgspec.structs.replace(wanted, price_from=None, price_to=None)
        with self._looking(wanted, reader) as look:
            rows = look.sift(but_for_it, reader).rows
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

    def refuse_impossible(self, wanted: Filter, reader: Reader) -> None:
        """Refuse what nothing can meet: a genre or a style that nothing has, swapped prices.

        Raises UnknownTerm, which suggests the nearest; SwappedRange.
        """
        refuse_swapped_prices(wanted, reader)
        named = {term: getattr(wanted, term) for term in GENRES_STYLES}
        if not any(named.values()):
            return
        with self._looking(Filter(), reader) as look:
            for term, names in named.items():
                terms = look.shelf.genres if term == "genres" else look.shelf.styles
                for name in names:
                    if terms.find(name) is None:
                        raise UnknownTerm(term, name, terms.similar(name))

    @contextmanager
    def _looking(self, wanted: Filter, reader: Reader) -> Iterator[_Looked]:
        account_id = reader.account_id
        with reading(self._engine) as db:
            looks = self._fresh.looks
            seen = glance(db, account_id)
            shelf = self._fresh.get(db, seen.newest, looks)
            asking = self._by_words.ask(db, shelf, wanted.words, seen.words_at)
            before = self._own.get(account_id)
            own = self._own[account_id] = read_own(db, account_id, seen.said, before)
        with shelf.lock:
            orders = self._orders_of(shelf)
            hits = None if asking is None else self._by_words.hits(shelf, asking)
            yield _Looked(shelf, orders, self._marks_of(shelf, own, reader), hits, self._hits)
            lacking, orders.lacking = orders.lacking, {}
            is_behind = are_discounts_far_behind(shelf)
        if self._has_begun:
            if is_behind:
                self._behind_the_scenes("discounts", catch_up_with_discounts, shelf)
            self._catch_up(shelf, lacking, reader)

    def _catch_up(self, shelf: Shelf, lacking: Mapping[Hashable, Order], reader: Reader) -> None:
        for name, order in lacking.items():
            asked = (shelf.name, name)
            self._behind_the_scenes(asked, self.make_orders, [order], reader)
        if self._by_words.is_behind(shelf):
            self._behind_the_scenes("words", self._learn_words)
        if self._clock.monotonic() >= self._next_keep:
            self._behind_the_scenes("keep", self.keep)

    def _orders_of(self, shelf: Shelf) -> Orders:
        orders = self._orders
        if orders is None or orders.shelf is not shelf:
            orders = Orders(shelf)
            # Who began to look before the shelf was loaded anew must not take its orders away.
            if self._fresh.is_current(shelf):
                self._orders = orders
        return orders

    def _marks_of(self, shelf: Shelf, own: Own, reader: Reader) -> Marks:
        whose = (reader.account_id, reader.currency)
        kept = marked(shelf, own, reader, self._marks.pop(whose, None))
        self._marks[whose] = kept
        while len(self._marks) > MOST_MARKS:
            self._marks.popitem(last=False)
        return kept.marks


def _eyes(reader: Reader) -> tuple[object, ...]:
    """What of a reader an answer may depend on."""
    newest = reader.rates.newest_day
    return (reader.account_id, reader.currency, reader.day, newest, reader.priced_since)


def _make_order(orders: Orders, order: Order, marks: Marks) -> None:
    with orders.shelf.lock:
        draft = orders.columns(order, marks)
    rows = in_order(draft)
    with orders.shelf.lock:
        orders.keep(draft, rows)
