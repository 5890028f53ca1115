"""How much a crate can be worth at most, and what it can be worth with a given copy in it.

Money and places in the crate get a price of their own, and what counts towards a minimum
order a reward (Lagrange multipliers): a copy then is taken when it is worth more than it
takes, and a seller is ordered from when their copies together bring more than the parcel.
The sum bounds every real crate from above, whatever the prices; those that give the
lowest bound are looked for.  One copy per master and what parcels weigh are left out,
which only raises the bound.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cratewise.picks.crate import Copy, Terms, Wish

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 50  # of a golden section: the interval shrinks to 10⁻¹⁰ of itself
GOLDEN = (5**0.5 - 1) / 2


class Relaxed(NamedTuple):
    """bound    no crate is worth more.
    reach    (n,) no crate with that copy in it is worth more
    sellers  the most rewarding first
    """

    bound: float
    reach: "Floats"
    sellers: tuple[str, ...]


def relax(copies: Sequence[Copy], terms: Mapping[str, Terms], wish: Wish) -> Relaxed:
    """The bounds of all crates from these copies."""
    import numpy as np

    names, seller = np.unique([copy.seller for copy in copies], return_inverse=True)
    fares = [terms[name].fare for name in names.tolist()]
    worth = np.array([copy.worth for copy in copies])
    cost = np.array([copy.price for copy in copies], dtype=np.float64)
    cost += np.array([fare.a_record for fare in fares], dtype=np.float64)[seller]
    opening = np.array([fare.opening for fare in fares], dtype=np.float64)
    least = np.array([terms[name].least_order for name in names.tolist()], dtype=np.float64)
    counts = np.where(least[seller] > 0, [copy.price for copy in copies], 0)
    must = np.array([copy.id in wish.must for copy in copies])
    # An empty crate is none: a seller who is alone is ordered from.
    is_forced = (np.bincount(seller, must, minlength=len(names)) > 0) | (len(names) == 1)
    places = wish.most_records

    def bring(money: float, place: float, reward: float) -> tuple["Floats", "Floats", float]:
        """What copies and sellers bring at these prices, and the bound."""
        gain = worth - money * cost - place + reward * counts
        taken = np.where(must, gain, np.maximum(gain, 0))
        sums = np.bincount(seller, taken, minlength=len(names)).astype(np.float64)
        brought = sums - money * opening - reward * least
        total = np.where(is_forced, brought, np.maximum(brought, 0)).sum()
        return gain, brought, money * wish.budget + place * (places or 0) + float(total)

    dearest = float((worth / np.maximum(cost, 1)).max())

    def money_at(place: float, reward: float) -> float:
        return _lowest(lambda money: bring(money, place, reward)[2], dearest + reward)

    place = reward = 0.0
    if places is not None:
        place = _lowest(lambda at: bring(money_at(at, 0), at, 0)[2], float(worth.max()))
    if least.any():
        reward = _lowest(lambda at: bring(money_at(place, at), place, at)[2], dearest)
    gain, brought, bound = bring(money_at(place, reward), place, reward)
    # Taking a copy in costs what it lacks, and what its seller lacks to be ordered from.
    lack = np.where(is_forced, 0, np.minimum(brought, 0))
    reach = bound + np.where(must, 0, np.minimum(gain, 0)) + lack[seller]
    return Relaxed(bound, reach, tuple(names[np.argsort(-brought, kind="stable")].tolist()))


def _lowest(function: Callable[[float], float], end: float) -> float:
    """Where a convex function of 0 to `end` is lowest."""
    low, high = 0.0, end
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(STEPS):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = function(right)
    return (low + high) / 2
