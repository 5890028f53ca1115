"""A crate packed by hand: the most worth for the money first, as long as it fits.

No more than a beginning for the solver, and what the benchmark compares with.
"""

from collections.abc import Mapping, Sequence

from cratewise.picks.crate import Copy, Terms, Wish


def greedily(
    copies: Sequence[Copy], terms: Mapping[str, Terms], wish: Wish
) -> tuple[Copy, ...] | None:
    """Copies that fit all limits; None when it ends below a minimum order or without a must.

    A seller is opened by as many of the best for the money as the budget allows, so that
    the parcel's postage is shared; sellers come in the order of what they give for it.
    """
    begun = [copy for copy in copies if copy.id in wish.must]
    best: tuple[Copy, ...] | None = None
    for order in (_by_rate, _by_worth):
        chosen = list(begun)
        sellers = {copy.seller for copy in begun}
        ordered = sorted(copies, key=order)
        while True:
            chosen = _filled(chosen, ordered, terms, wish, sellers)
            found = max(
                (
                    _filled(chosen, ordered, terms, wish, {*sellers, other})
                    for other in terms.keys() - sellers
                ),
                key=_worth,
                default=chosen,
            )
            if _worth(found) <= _worth(chosen):
                break
            chosen, sellers = found, {copy.seller for copy in found}
        if is_within(chosen, terms, wish) and (best is None or _worth(chosen) > _worth(best)):
            best = tuple(chosen)
    return best


def is_within(copies: Sequence[Copy], terms: Mapping[str, Terms], wish: Wish) -> bool:
    """Whether a crate keeps to all limits."""
    ids = {copy.id for copy in copies}
    masters = {copy.master for copy in copies}
    if len(masters) < len(copies) or not wish.must <= ids or wish.without & ids:
        return False
    if wish.most_records is not None and len(copies) > wish.most_records:
        return False
    total = 0
    for seller in {copy.seller for copy in copies}:
        parcel = [copy for copy in copies if copy.seller == seller]
        prices = sum(copy.price for copy in parcel)
        postage = terms[seller].fare.cost(len(parcel), sum(copy.grams for copy in parcel))
        if postage is None or prices < terms[seller].least_order:
            return False
        total += prices + postage
    return total <= wish.budget


def _by_rate(copy: Copy) -> tuple[float, int]:
    return -copy.worth / (copy.price + 1), copy.id


def _by_worth(copy: Copy) -> tuple[float, int]:
    return -copy.worth, copy.id


def _worth(copies: Sequence[Copy]) -> float:
    return sum(copy.worth for copy in copies)


def _filled(
    begun: Sequence[Copy],
    ordered: Sequence[Copy],
    terms: Mapping[str, Terms],
    wish: Wish,
    sellers: set[str],
) -> list[Copy]:
    """What was begun, and whatever of these sellers still fits, in this order."""
    chosen = list(begun)
    masters = {copy.master for copy in chosen}
    parcels = {
        seller: (
            sum(copy.seller == seller for copy in chosen),
            sum(copy.grams for copy in chosen if copy.seller == seller),
        )
        for seller in sellers
    }
    fares = {seller: terms[seller].fare for seller in sellers}
    left = wish.budget - sum(copy.price for copy in chosen)
    left -= sum(fares[seller].cost(*parcel) or 0 for seller, parcel in parcels.items())
    most = len(ordered) if wish.most_records is None else wish.most_records
    for copy in ordered:
        if copy.seller not in sellers or copy.master in masters or len(chosen) >= most:
            continue
        records, grams = parcels[copy.seller]
        before = fares[copy.seller].cost(records, grams)
        after = fares[copy.seller].cost(records + 1, grams + copy.grams)
        if before is None or after is None or copy.price + after - before > left:
            continue
        left -= copy.price + after - before
        parcels[copy.seller] = records + 1, grams + copy.grams
        masters.add(copy.master)
        chosen.append(copy)
    return chosen
