"""Leave out the copies that cannot be needed for the best crate; exact, not a guess.

A copy dominates another of the same seller when it is worth as much or more, costs no
more and weighs no more.  In a crate of at most k records the k - 1 others take at most
k - 1 masters.  So whatever copy is dominated by k copies of k different masters can be
swapped for one of them, and the crate is no worse: nobody needs it.

A seller's minimum order breaks this, since a cheaper copy may miss it: pack.py asks anew.
"""

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, groupby
from operator import attrgetter

from cratewise.picks.crate import Copy, Terms, Wish


def most_records(copies: Sequence[Copy], terms: Mapping[str, Terms], wish: Wish) -> int:
    """No crate within the budget holds more records than this."""
    cheapest: dict[int, int] = {}
    for copy in copies:
        price = copy.price + terms[copy.seller].fare.a_record
        cheapest[copy.master] = min(price, cheapest.get(copy.master, price))
    opening = min((terms[copy.seller].fare.opening for copy in copies), default=0)
    sums = list(accumulate(sorted(cheapest.values())))
    affordable = bisect_right(sums, wish.budget - opening)
    return affordable if wish.most_records is None else min(affordable, wish.most_records)


def undominated(copies: Iterable[Copy], most: int, *, must: Collection[int]) -> list[Copy]:
    """The copies that the best crate of at most `most` records may need.

    must  ids that stay, whatever they are.
    """
    by_seller = attrgetter("seller")
    return [
        copy
        for _, group in groupby(sorted(copies, key=by_seller), by_seller)
        for copy in _undominated(list(group), most, must)
    ]


def _undominated(copies: Sequence[Copy], most: int, must: Collection[int]) -> list[Copy]:
    """Of one seller's copies."""
    weights = sorted({copy.grams for copy in copies})
    # What was met so far, for each weight: the lowest price of each master that weighs no more.
    lowest: list[dict[int, int]] = [{} for _ in weights]
    prices: list[list[int]] = [[] for _ in weights]
    kept = []
    for copy in sorted(copies, key=lambda one: (-one.worth, one.price, one.grams, one.id)):
        place = weights.index(copy.grams)
        own = lowest[place].get(copy.master)
        same_music = own is not None and own <= copy.price
        if copy.id in must or (not same_music and bisect_right(prices[place], copy.price) < most):
            kept.append(copy)
        for heavier in range(place, len(weights)):
            before = lowest[heavier].get(copy.master)
            if before is not None and before <= copy.price:
                continue
            if before is not None:
                prices[heavier].remove(before)
            lowest[heavier][copy.master] = copy.price
            insort(prices[heavier], copy.price)
    return kept
