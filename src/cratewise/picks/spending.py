"""The best order from one seller whose minimum order binds, exactly: every sum is tried.

Where a minimum order takes most of the budget, dear copies have to be in, bounds are
loose and CP-SAT is far from a proof.  But prices are whole and the budget is some
thousands of them, so for each number of records and each sum of prices the largest worth
can be told, one copy after the other (dynamic programming over what is spent).  Of a large
stock only those copies take part with which a crate can be worth most; what the best of
the others can come to bounds what is missed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from cratewise.picks.crate import Copy, Terms, Wish

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Wholes = NDArray[np.int32]
    Bytes = NDArray[np.uint8]

MOST_CELLS = 150_000_000  # copies x records x sums: half a second, and a bit of memory each
FEWEST = 50  # copies for which there must be room: it bounds records x sums, 4 bytes each
AT_ONCE = 32_768  # of them in a block
MOST_WORTH = 2**29  # no order is worth more, as whole numbers: each record's worth is off by 1
NOWHERE = -(2**30)  # what no copies come to; below 0 whatever is added


class Best(NamedTuple):
    """The best order that was found; bound: none is worth more."""

    copies: tuple[Copy, ...]
    bound: float


class _Room(NamedTuple):
    """What is left beside the copies that must be in.

    records  at most; None: they cost nothing each, and are not counted
    least, most  sum of prices, for no record more; `a_record` less for each
    """

    records: int | None
    least: int
    most: int
    a_record: int


def by_spending(
    copies: Sequence[Copy], reach: "Floats", terms: Mapping[str, Terms], wish: Wish
) -> Best | None:
    """The best order from the one seller of these copies.

    copies  as feasible.py leaves them: each fits alone, none has the music of a must
    reach   (n,) no crate with a copy is worth more

    None where it would take too long, or the copies that took part make no order.
    """
    sellers = {copy.seller for copy in copies}
    if len(sellers) != 1 or terms[copies[0].seller].fare.tiers:
        return None
    musts = [copy for copy in copies if copy.id in wish.must]
    room = _room(musts, terms[copies[0].seller], wish)
    if room.most < 0 or (room.records or 0) < 0:
        return None
    reached = sorted(zip(reach.tolist(), copies, strict=True), key=lambda one: -one[0])
    others = [(most, copy) for most, copy in reached if copy.id not in wish.must]
    if not others:
        return Best(tuple(musts), _worth(musts)) if room.least == 0 else None
    return _best_of(musts, others, room)


def _best_of(
    musts: Sequence[Copy], others: Sequence[tuple[float, Copy]], room: _Room
) -> Best | None:
    """others: by what a crate with each can be worth at most, the most first."""
    if _cells(room) > MOST_CELLS // FEWEST:
        return None
    count = MOST_CELLS // _cells(room)
    part = [copy for _, copy in others[:count]]
    best = _filled(part, room, is_order=bool(musts))
    if best is None:
        return None
    must_worth = _worth(musts)
    rest = [copy for most, copy in others if most > must_worth + _worth(best)]
    if count >= len(others) or len(rest) <= count:
        return Best((*musts, *best), must_worth + _worth(best))  # the others cannot be better
    seeming = _coarsely(rest, room)
    # What seems best may miss a limit by some coins; what is in it may still be needed.
    seen = {copy.id for copy in part}
    also = [copy for copy in seeming if copy.id not in seen]
    again = _filled(part[: count - len(also)] + also, room, is_order=bool(musts))
    best = max(best, again or best, key=_worth)
    bound = min(others[count][0], must_worth + _worth(seeming))
    return Best((*musts, *best), max(bound, must_worth + _worth(best)))


def _worth(copies: Iterable[Copy]) -> float:
    return sum(copy.worth for copy in copies)


def _cells(room: _Room) -> int:
    return ((room.records or 0) + 1) * (room.most + 1)


def _coarsely(copies: Sequence[Copy], room: _Room) -> list[Copy]:
    """What seems best with prices rounded down to a coarser coin: no order is worth more.

    Each record may so seem cheaper by nearly a coin, and a minimum order be missed by as much.
    """
    coin = -(-len(copies) * _cells(room) // MOST_CELLS)
    records = room.records
    if records is None:
        records = room.most // max(1, min(copy.price for copy in copies))
    coarse = _Room(
        room.records,
        max(0, -(-(room.least - records * (coin - 1)) // coin)),
        room.most // coin,
        room.a_record // coin,
    )
    rounded = [replace(copy, price=copy.price // coin) for copy in copies]
    chosen = {copy.id for copy in _filled(rounded, coarse, is_order=True) or ()}
    return [copy for copy in copies if copy.id in chosen]


def _room(musts: Sequence[Copy], terms: Terms, wish: Wish) -> _Room:
    fare, spent = terms.fare, sum(copy.price for copy in musts)
    most = wish.budget - fare.opening - spent - fare.a_record * len(musts)
    least = max(terms.least_order - spent, 0)
    records = None if wish.most_records is None else wish.most_records - len(musts)
    if fare.a_record:
        affordable = max(most - least, -1) // fare.a_record
        records = affordable if records is None else min(records, affordable)
    return _Room(records, least, most, fare.a_record)


def _filled(copies: Sequence[Copy], room: _Room, *, is_order: bool) -> tuple[Copy, ...] | None:
    """The copies of the largest worth within the room, one of each music.

    is_order  there is something already: nothing more is an answer
    """
    affordable = (copy for copy in copies if copy.price <= room.most)
    copies = sorted(affordable, key=attrgetter("master"))
    sums = _Sums(copies, room)
    for _, several in groupby(copies, attrgetter("master")):
        sums.add(list(several))
    place = _best_place(sums.table, room, is_order=is_order)
    if place is None:
        return None
    return _walked_back(copies, sums.taken, place, counted=room.records is not None)


class _Sums:
    """The most worth for each number of records and sum of prices, by the copies so far.

    table  (records, sums) whole numbers, below 0 what no copies come to; where records are
           not counted there is one row, and taking a copy stays in it
    taken  of each copy its price, and the places where it is the best that can be taken
    """

    def __init__(self, copies: Sequence[Copy], room: _Room) -> None:
        import numpy as np

        self._counted = int(room.records is not None)
        self._width = room.most + 1
        self.table = np.full(((room.records or 0) + 1, self._width), NOWHERE, dtype=np.int32)
        self.table[0, 0] = 0
        self.taken: list[tuple[int, Bytes]] = []
        richest = sorted((copy.worth for copy in copies), reverse=True)
        self._scale = MOST_WORTH / (sum(richest[: _most_taken(copies, room)]) or 1.0)
        self._deep = max(1, AT_ONCE // self._width)  # rows of a block
        self._came = np.empty((self._deep, self._width), dtype=np.int32)
        self._is_better = np.empty((self._deep, self._width), dtype=bool)
        self._music = 0  # how many were added: no order has more records

    def add(self, same: Sequence[Copy]) -> None:
        """Copies of one music, of which one at most is taken."""
        import numpy as np

        rows = min(len(self.table) - self._counted, self._music + 1)
        bits = [
            np.zeros((rows, -(-(self._width - copy.price) // 8)), dtype=np.uint8) for copy in same
        ]
        # From the last row up, a block after the other, each small enough to stay in the
        # processor's own memory: what a block is made from is still as it was.
        for end in range(rows, 0, -self._deep):
            begin = max(0, end - self._deep)
            before = self.table[begin:end]
            if len(same) > 1:
                before = before.copy()
            for copy, told in zip(same, bits, strict=True):
                told[begin:end] = self._take(copy, before, begin, end)
        self._music += 1
        self.taken += [(copy.price, told) for copy, told in zip(same, bits, strict=True)]

    def _take(self, copy: Copy, before: "Wholes", begin: int, end: int) -> "Bytes":
        """Take a copy wherever that is better; returns where, as bits."""
        import numpy as np

        width = self._width - copy.price
        came = self._came[: end - begin, :width]
        is_better = self._is_better[: end - begin, :width]
        now = self.table[begin + self._counted : end + self._counted, copy.price :]
        np.add(before[:, :width], np.int32(copy.worth * self._scale), out=came)
        np.greater(came, now, out=is_better)
        np.maximum(came, now, out=now)
        return np.packbits(is_better, axis=1)


def _most_taken(copies: Sequence[Copy], room: _Room) -> int:
    """No order holds more records than this."""
    sums = accumulate(sorted(copy.price for copy in copies))
    affordable = sum(spent <= room.most for spent in sums)
    return affordable if room.records is None else min(affordable, room.records)


def _best_place(best: "Wholes", room: _Room, *, is_order: bool) -> tuple[int, int] | None:
    """Records and sum of the most worth that the seller and the budget allow."""
    import numpy as np

    rows, sums = np.arange(best.shape[0])[:, None], np.arange(best.shape[1])
    allowed = (sums >= room.least) & (sums <= room.most - room.a_record * rows)
    if not is_order:
        allowed = allowed & (sums > 0)  # nothing at all is no order
    worth = np.where(allowed, best, NOWHERE)
    place = int(worth.argmax())
    row, spent = divmod(place, best.shape[1])
    return (row, spent) if worth[row, spent] >= 0 else None


def _walked_back(
    copies: Sequence[Copy],
    taken: "list[tuple[int, Bytes]]",
    place: tuple[int, int],
    *,
    counted: bool,
) -> tuple[Copy, ...]:
    """Which copies led to a place: from the last to the first, one of each music."""
    row, spent = place
    chosen: list[Copy] = []
    done = -1  # the music of the copy taken last: its others were not taken
    for copy, (price, bits) in zip(reversed(copies), reversed(taken), strict=True):
        column = spent - price
        if copy.master == done or column < 0 or row < counted:
            continue
        if row - counted >= len(bits):
            continue  # more records than there was music so far
        byte = int(bits[row - counted, column // 8])
        if byte >> (7 - column % 8) & 1:
            chosen.append(copy)
            row, spent, done = row - counted, column, copy.master
    return tuple(chosen)
