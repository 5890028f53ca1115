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
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from cratewise.picks.crate import Copy, Terms, Wish

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bytes = NDArray[np.uint8]

MOST_CELLS = 150_000_000  # copies x records x sums: half a second, and a bit of memory each
FEWEST = 50  # copies; of fewer the best order is too seldom the best of all


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
    count = MOST_CELLS // _cells(room)
    if count < min(FEWEST, len(others)):
        return None
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
    import numpy as np

    affordable = (copy for copy in copies if copy.price <= room.most)
    copies = sorted(affordable, key=attrgetter("master"))
    # (records, sums): where records are not counted, taking one stays in the same row.
    counted = room.records is not None
    rows = (room.records or 0) + 1
    best = np.full((rows, room.most + 1), -np.inf)
    best[0, 0] = 0
    taken: list[tuple[int, Bytes]] = []  # where each copy is the best that can be taken
    for _, several in groupby(copies, attrgetter("master")):
        same = list(several)
        before = best.copy() if len(same) > 1 else best
        for copy in same:
            came = before[: rows - counted, : room.most + 1 - copy.price] + copy.worth
            now = best[int(counted) :, copy.price :]
            is_better = came > now
            np.copyto(now, came, where=is_better)
            taken.append((copy.price, np.packbits(is_better, axis=1)))
    place = _best_place(best, room, is_order=is_order)
    return None if place is None else _walked_back(copies, taken, place, counted=counted)


def _best_place(best: "Floats", room: _Room, *, is_order: bool) -> tuple[int, int] | None:
    """Records and sum of the most worth that the seller and the budget allow."""
    import numpy as np

    rows, sums = np.arange(best.shape[0])[:, None], np.arange(best.shape[1])
    allowed = (sums >= room.least) & (sums <= room.most - room.a_record * rows)
    if not is_order:
        allowed = allowed & (sums > 0)  # nothing at all is no order
    worth = np.where(allowed, best, -np.inf)
    place = int(worth.argmax())
    row, spent = divmod(place, best.shape[1])
    return (row, spent) if worth[row, spent] > -np.inf else None


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
        byte = int(bits[row - counted, column // 8])
        if byte >> (7 - column % 8) & 1:
            chosen.append(copy)
            row, spent, done = row - counted, column, copy.master
    return tuple(chosen)
