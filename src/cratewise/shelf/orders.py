"""In which order rows stand: kept for every order that was asked for, mended when rows change.

An order is the rows sorted by one or two keys, ties by our own id.  A page of a large
search walks along it; the few rows that a small search found are sorted for themselves.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.discount import bring_discounts_up_to_date, with_other_copies
from cratewise.shelf.kept_hits import EVERY, Rows
from cratewise.shelf.marks import Marks
from cratewise.shelf.query import Key, Order, Sort, Value
from cratewise.shelf.release_sieve import want_have
from cratewise.shelf.shelf import Bools, Floats, Ints, Places, Shelf, look_up
from cratewise.shelf.sieve import Hits
from cratewise.store.shelf_rows import NEVER

MOST_KEPT = 12  # orders; 4 bytes a listing each
MOST_LOOSE = 2_000  # rows that changed, until they are put into an order where they belong
FEW = 20_000  # rows that are sorted sooner than an order is walked along
FIRST_STEP = 2_048  # rows of an order that are looked at together: a first page needs few
STEP = 65_536  # and then

Keys: TypeAlias = Callable[[Rows], Sequence[Floats]]
"""What rows are sorted by, ascending; infinite where unknown."""


@dataclass
class Kept:
    """An order as it was at a version of the shelf."""

    rows: NDArray[np.int32]
    version: int
    epoch: tuple[int, ...]


class Standing(NamedTuple):
    """Rows in an order, but for those that are loose: they belong elsewhere, or stand nowhere."""

    rows: NDArray[np.int32]
    loose: Places


class Draft(NamedTuple):
    """What an order is made from: see `Orders.columns`, `in_order` and `Orders.keep`."""

    name: Hashable
    columns: Sequence[Floats]
    version: int
    epoch: tuple[int, ...]


class Orders:
    """The orders of one shelf; whoever asks holds its lock.

    lacking  orders that were asked for and are not kept, by their names: whoever has time
             makes them.
    """

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.lacking: dict[Hashable, Order] = {}
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()

    def page(self, hits: Hits, order: Order, marks: Marks, *, offset: int, limit: int) -> Places:
        """Of the hits, those of a page in an order."""
        if offset >= hits.count:
            return np.zeros(0, np.intp)
        keys = keys_of(self.shelf, order, marks)
        kept = self._rows(hits, order, marks, most_loose=MOST_LOOSE)
        if kept is None:
            return _least(hits.rows, keys, offset + limit)[offset:]
        is_hit = hits.mask(len(self.shelf))
        if len(kept.loose):
            return _walk_beside(kept, is_hit, keys, offset, limit)
        return _walk(kept.rows, is_hit, offset, limit)

    def page_behind(
        self, hits: Hits, order: Order, marks: Marks, key: Key, *, limit: int
    ) -> tuple[Places, int]:
        """Of the hits, the next behind a key in an order, and how many are behind it in all."""
        standing = self._rows(hits, order, marks, most_loose=0)
        keys, mine = keys_of(self.shelf, order, marks), _ends_of(self.shelf, order, key)
        if standing is None:
            rows = hits.rows
            rows = rows[_is_behind(self.shelf, rows, keys(rows), mine, key.id)]
            return _least(rows, keys, limit), len(rows)
        # The row of the key, or the one that would stand there were it still on the shelf.
        kept = standing.rows
        row = np.searchsorted(self.shelf.listings["id"], key.id, side="right")
        [at] = _places(kept, keys, np.array([row]), [np.array([value]) for value in mine])
        later, mask = kept[at:], hits.mask(len(self.shelf))
        return _walk(later, mask, 0, limit), int(np.count_nonzero(look_up(mask, later)))

    def columns(self, order: Order, marks: Marks) -> Draft:
        """What every row is sorted by, to be made an order of without the lock."""
        bring_up_to_date(self.shelf, order)
        columns = keys_of(self.shelf, order, marks)(EVERY)
        return Draft(self._name(order, marks), columns, self.shelf.version, self._epoch)

    def keep(self, draft: Draft, rows: NDArray[np.int32]) -> None:
        """Keep an order that was made, `rows`, as it was when it was drafted."""
        self._kept[draft.name] = Kept(rows, draft.version, draft.epoch)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _rows(self, hits: Hits, order: Order, marks: Marks, *, most_loose: int) -> Standing | None:
        """Every row of the shelf in an order, if it is kept and worth walking along."""
        bring_up_to_date(self.shelf, order)
        if hits.count <= FEW:
            return None
        name, shelf = self._name(order, marks), self.shelf
        kept = self._kept.pop(name, None)
        changed = None
        if kept is not None and kept.epoch == self._epoch:
            changed = shelf.changed_since(kept.version)
        if kept is None or changed is None:
            self.lacking[name] = order
            return None
        if order.sort == "discount":
            changed = with_other_copies(shelf, changed)
        if len(changed) > most_loose:
            rows = _mended(kept.rows, keys_of(shelf, order, marks), changed, len(shelf))
            kept, changed = Kept(rows, shelf.version, self._epoch), changed[:0]
        self._kept[name] = kept
        return Standing(kept.rows, changed)

    def _name(self, order: Order, marks: Marks) -> Hashable:
        of_whom = {
            "landed": marks.landed_by,
            "probability": marks.predicted_by,
            "price": (marks.prices_from,),
            "discount": (marks.prices_from is None,),
        }
        return order, of_whom.get(order.sort)

    @property
    def _epoch(self) -> tuple[int, ...]:
        return self.shelf.epoch, self.shelf.artists.epoch, self.shelf.titles.epoch


def bring_up_to_date(shelf: Shelf, order: Order) -> None:
    if order.sort == "discount":
        bring_discounts_up_to_date(shelf)


def _is_behind(
    shelf: Shelf, rows: Places, keys: Sequence[Floats], mine: Sequence[float], number: int
) -> Bools:
    """Which of these rows, by their keys, stand behind a key and our own id.  (n,)"""
    hits: Bools = shelf.listings["id"][rows] > number
    for column, end in zip(reversed(keys), reversed(mine), strict=True):
        hits = (column > end) | ((column == end) & hits)
    return hits


def _least(rows: Places, keys: Keys, many: int) -> Places:
    """The first so many of some rows, which are in their own order, sorted."""
    columns = keys(rows)
    if many * 4 < len(rows):
        # Only what is no larger than the last of them need be sorted.
        is_near = columns[0] <= np.partition(columns[0], many)[many]
        rows, columns = rows[is_near], [column[is_near] for column in columns]
    return rows[np.lexsort(tuple(reversed(columns)))[:many]]


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


def in_order(draft: Draft) -> NDArray[np.int32]:
    """All rows in an order.

    That is what a stable sort finds, which takes three times as long: ranks and rows in
    one number.
    """
    first, *others = draft.columns
    count = len(first)
    if not count:
        return np.zeros(0, np.int32)
    rank = _ranks(first)
    for column in others:
        rank = _ranks(rank * count + _ranks(column))
    ordered = rank * count + np.arange(count)
    ordered.sort()
    return (ordered % count).astype(np.int32)


def _ranks(values: NDArray[Any]) -> Ints:
    """Of each how many distinct values are less."""
    order = np.argsort(values)
    ordered = values[order]
    rank = np.zeros(len(values), np.int64)
    rank[order[1:]] = np.cumsum(ordered[1:] != ordered[:-1])
    return rank


def _mended(rows: NDArray[np.int32], keys: Keys, changed: Places, count: int) -> NDArray[np.int32]:
    """An order after some of its rows changed, and others came behind the last."""
    if not len(changed):
        return rows
    is_changed = np.zeros(count, np.bool_)
    is_changed[changed] = True
    at = np.flatnonzero(look_up(is_changed, rows))
    stayed = np.concatenate([rows[begin:end] for begin, end in _between(at, len(rows))])
    columns = keys(changed)
    by_key = np.lexsort((changed, *reversed(columns)))
    moved, values = changed[by_key], [column[by_key] for column in columns]
    return np.insert(stayed, _places(stayed, keys, moved, values), moved.astype(np.int32))


def _between(places: Places, count: int) -> Iterable[tuple[int, int]]:
    """The stretches between some places among so many: few long copies instead of many short."""
    return zip([0, *(places + 1).tolist()], [*places.tolist(), count], strict=True)


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


def _walk_beside(kept: Standing, is_hit: Bools, keys: Keys, offset: int, limit: int) -> Places:
    """As `_walk`, with the hits that are loose put among those of the order."""
    loose, settled = kept.loose[is_hit[kept.loose]], is_hit.copy()
    settled[kept.loose] = False
    begin = max(offset - len(loose), 0)  # no more than the loose ones come in between
    near = np.concatenate([_walk(kept.rows, settled, begin, offset - begin + limit), loose])
    in_order = np.lexsort((near, *reversed(keys(near))))
    return near[in_order[offset - begin :][:limit]]


def _walk(order: NDArray[np.int32], is_hit: Bools, offset: int, limit: int) -> Places:
    """The hits number `offset` to `offset + limit` along an order."""
    found, passed = [], 0
    step = FIRST_STEP
    begin = 0
    while begin < len(order) and passed < offset + limit:
        rows = order[begin : begin + step]
        hits = rows[look_up(is_hit, rows)]
        first = max(offset - passed, 0)
        found.append(hits[first : max(offset + limit - passed, 0)])
        passed += len(hits)
        begin += step
        step = STEP
    return np.concatenate([np.zeros(0, np.intp), *found])
