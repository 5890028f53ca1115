"""In which order rows stand: kept for every order that was asked for, mended when rows change.

An order is the rows sorted by one or two keys, ties by our own id.  A page of a large
search walks along it; the few rows that a small search found are sorted for themselves.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.discount import bring_discounts_up_to_date, with_other_copies
from cratewise.shelf.marks import Marks
from cratewise.shelf.query import Key, Order, Sort, Value
from cratewise.shelf.shelf import Bools, Floats, Ints, Places, Shelf, look_up
from cratewise.shelf.sieve import EVERY, Rows, want_have
from cratewise.store.shelf_rows import NEVER

MOST_KEPT = 12  # orders; 4 bytes a listing each
FEW = 20_000  # rows that are sorted sooner than an order is walked along
STEP = 65_536  # rows of an order that are looked at together

Keys: TypeAlias = Callable[[Rows], Sequence[Floats]]
"""What rows are sorted by, ascending; infinite where unknown."""


@dataclass
class Kept:
    """An order as it was at a version of the shelf."""

    rows: NDArray[np.int32]
    version: int
    epoch: tuple[int, ...]


class Orders:
    """The orders of one shelf; whoever asks holds its lock."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()

    def rows(self, order: Order, marks: Marks) -> NDArray[np.int32]:
        """Every row of the shelf, in an order."""
        of_whom = {
            "landed": marks.landed_by,
            "probability": marks.predicted_by,
            "price": (marks.prices_from,),
            "discount": (marks.prices_from is None,),
        }.get(order.sort)
        name, keys = (order, of_whom), keys_of(self.shelf, order, marks)
        shelf = self.shelf
        epoch = (shelf.epoch, shelf.artists.epoch, shelf.titles.epoch)
        kept = self._kept.pop(name, None)
        changed = None
        if kept is not None and kept.epoch == epoch:
            changed = shelf.changed_since(kept.version)
        if changed is not None and order.sort == "discount":
            changed = with_other_copies(shelf, changed)
        if kept is None or changed is None:
            rows = _sorted(keys, len(shelf))
        else:
            rows = _mended(kept.rows, keys, changed, len(shelf))
        self._kept[name] = Kept(rows, shelf.version, epoch)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return rows

    def page(self, rows: Places, order: Order, marks: Marks, *, offset: int, limit: int) -> Places:
        """Of these rows, which are in their own order, those of a page in another."""
        if offset >= len(rows):
            return rows[:0]
        if order.sort == "discount":
            bring_discounts_up_to_date(self.shelf)
        if len(rows) <= FEW:
            keys = keys_of(self.shelf, order, marks)(rows)
            return rows[np.lexsort(tuple(reversed(keys)))[offset : offset + limit]]
        return _walk(self.rows(order, marks), rows, offset, limit, len(self.shelf))


def behind(shelf: Shelf, rows: Places, order: Order, marks: Marks, key: Key) -> Bools:
    """Which of these rows stand behind a key.  (n,)"""
    if order.sort == "discount":
        bring_discounts_up_to_date(shelf)
    keys = keys_of(shelf, order, marks)(rows)
    mine = _ends_of(shelf, order, key)
    hits: Bools = shelf.listings["id"][rows] > key.id
    for column, end in zip(reversed(keys), reversed(mine), strict=True):
        hits = (column > end) | ((column == end) & hits)
    return hits


def key_of(shelf: Shelf, row: int, order: Order, marks: Marks) -> Key:
    """Where a row stands in an order."""
    number = int(shelf.listings["id"][row])
    if order.sort in _BY_NAME:
        release = shelf.listings["release"][row]
        names = {"artist": shelf.artists, "title": shelf.titles}
        return Key(
            tuple(names[name][int(shelf.releases[name][release])] for name in _BY_NAME[order.sort]),
            number,
        )
    [[value]] = keys_of(shelf, Order(order.sort, False), marks)(np.array([row]))
    return Key((None if np.isinf(value) else float(value),), number)


def _ends_of(shelf: Shelf, order: Order, key: Key) -> list[float]:
    sign = -1.0 if order.is_descending else 1.0
    if order.sort in _BY_NAME:
        names = {"artist": shelf.artists, "title": shelf.titles}
        pairs = zip(_BY_NAME[order.sort], key.values, strict=True)
        return [sign * names[name].place(str(value)) for name, value in pairs]
    [value] = key.values
    return [np.inf if value is None else sign * float(_number(value))]


def _number(value: Value) -> float:
    return float(value) if isinstance(value, (int, float)) else np.inf


_BY_NAME: dict[Sort, tuple[str, str]] = {
    "artist": ("artist", "title"),
    "title": ("title", "artist"),
}


def keys_of(shelf: Shelf, order: Order, marks: Marks) -> Keys:
    """What an order sorts by."""
    sign = -1.0 if order.is_descending else 1.0

    def keys(rows: Rows) -> list[Floats]:
        columns = _plain_keys(shelf, order.sort, marks, rows)
        return [np.where(np.isnan(column), np.inf, sign * column) for column in columns]

    return keys


def _plain_keys(shelf: Shelf, sort: Sort, marks: Marks, rows: Rows) -> list[Floats]:
    """The values of rows; NaN: unknown."""
    listings = shelf.listings
    match sort:
        case "score":
            return [listings["score"][rows].astype(np.float64)]
        case "discount":
            below = listings["discount"][rows].astype(np.float64)
            # Beside other copies, whose prices it would tell.
            return [below if marks.prices_from is None else np.full_like(below, np.nan)]
        case "price":
            return [_shown(listings["price_usd"][rows], listings["price_read_at"][rows], marks)]
        case "listed":
            return [_known(listings["posted_at"][rows], NEVER)]
        case "landed" | "probability":
            own = marks.landed if sort == "landed" else marks.probability
            return [own[rows].astype(np.float64)]
        case _:
            return _keys_of_releases(shelf, sort, listings["release"][rows])


def _keys_of_releases(shelf: Shelf, sort: Sort, releases: NDArray[np.int32]) -> list[Floats]:
    if sort == "year":
        return [_known(look_up(shelf.releases["year"], releases), 0)]
    if sort == "want_have":
        return [want_have(shelf, releases.astype(np.intp))]
    names = {"artist": shelf.artists, "title": shelf.titles}
    return [
        look_up(names[name].places, look_up(shelf.releases[name], releases))
        for name in _BY_NAME[sort]
    ]


def _shown(prices: Floats, read_at: Ints, marks: Marks) -> Floats:
    if marks.prices_from is None:
        return prices
    return np.where(read_at < marks.prices_from, np.nan, prices)


def _known(values: Ints, unknown: int) -> Floats:
    return np.where(values == unknown, np.nan, values.astype(np.float64))


def _sorted(keys: Keys, count: int) -> NDArray[np.int32]:
    columns = keys(EVERY)
    if not count:
        return np.zeros(0, np.int32)
    return np.lexsort(tuple(reversed(columns))).astype(np.int32)


def _mended(rows: NDArray[np.int32], keys: Keys, changed: Places, count: int) -> NDArray[np.int32]:
    """An order after some of its rows changed, and others came behind the last."""
    if not len(changed):
        return rows
    is_changed = np.zeros(count, np.bool_)
    is_changed[changed] = True
    stayed = rows[~look_up(is_changed, rows)]
    columns = keys(changed)
    by_key = np.lexsort((changed, *reversed(columns)))
    moved, values = changed[by_key], [column[by_key] for column in columns]
    return np.insert(stayed, _places(stayed, keys, moved, values), moved.astype(np.int32))


def _places(order: NDArray[np.int32], keys: Keys, rows: Places, values: Sequence[Floats]) -> Places:
    """Before which of an order each row belongs: a search by halves for all at once."""
    low, high = np.zeros(len(rows), np.intp), np.full(len(rows), len(order), np.intp)
    while (is_open := low < high).any():
        middle = (low + high) // 2
        probe = order[np.minimum(middle, len(order) - 1)].astype(np.intp)
        is_before: Bools = probe < rows
        for column, value in zip(reversed(keys(probe)), reversed(values), strict=True):
            is_before = (column < value) | ((column == value) & is_before)
        low = np.where(is_open & is_before, middle + 1, low)
        high = np.where(is_open & ~is_before, middle, high)
    return low


def _walk(order: NDArray[np.int32], rows: Places, offset: int, limit: int, count: int) -> Places:
    """The hits number `offset` to `offset + limit` along an order."""
    is_hit = np.zeros(count, np.bool_)
    is_hit[rows] = True
    found, passed = [], 0
    for begin in range(0, count, STEP):
        step = order[begin : begin + STEP]
        hits = step[look_up(is_hit, step)]
        first = max(offset - passed, 0)
        found.append(hits[first : max(offset + limit - passed, 0)])
        passed += len(hits)
        if passed >= offset + limit:
            break
    return np.concatenate(found).astype(np.intp)
