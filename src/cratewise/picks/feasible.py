"""Say in a sentence why no crate can be packed, before anything is computed."""

from collections.abc import Mapping, Sequence

from cratewise.errors import BudgetTooSmall, ImpossibleMust
from cratewise.money import Money
from cratewise.picks.crate import Copy, Terms, Wish


def that_fit(copies: Sequence[Copy], terms: Mapping[str, Terms], wish: Wish) -> list[Copy]:
    """The copies that a crate may hold: not excluded, and alone within the budget.

    Raises BudgetTooSmall when none is left, ImpossibleMust.
    """
    allowed = [copy for copy in copies if copy.id not in wish.without]
    costs = [(least_cost(copy, terms[copy.seller]), copy) for copy in allowed]
    affordable = [copy for cost, copy in costs if cost is not None and cost <= wish.budget]
    _check_musts(copies, affordable, wish)
    if not affordable:
        cheapest = min((cost for cost, _ in costs if cost is not None), default=None)
        raise BudgetTooSmall(_too_small(cheapest, wish), needed_minor=cheapest)
    masters = {copy.master for copy in affordable if copy.id in wish.must}
    return [copy for copy in affordable if copy.id in wish.must or copy.master not in masters]


def least_cost(copy: Copy, terms: Terms) -> int | None:
    """What an order with this copy costs at least; None when it cannot be sent."""
    postage = terms.fare.cost(1, copy.grams)
    return None if postage is None else max(copy.price, terms.least_order) + postage


def _too_small(cheapest: int | None, wish: Wish) -> str:
    if cheapest is None:
        return "Nothing is left to choose from."
    needed, budget = Money(cheapest, wish.currency), Money(wish.budget, wish.currency)
    return f"The cheapest order costs {needed} with postage; {budget} buys nothing."


def _check_musts(copies: Sequence[Copy], affordable: Sequence[Copy], wish: Wish) -> None:
    """Raises ImpossibleMust."""
    by_id = {copy.id: copy for copy in copies}
    unknown = sorted(wish.must - by_id.keys())
    if unknown:
        numbers = ", ".join(map(str, unknown))
        raise ImpossibleMust(f"Listing {numbers} cannot be bought from these sellers.", unknown)
    musts = [by_id[number] for number in sorted(wish.must)]
    both = [copy for copy in musts if copy.id in wish.without]
    if both:
        raise _impossible(both, "both must and must not be in the crate")
    within = {copy.id for copy in affordable}
    dear = [copy for copy in musts if copy.id not in within]
    if dear:
        budget = Money(wish.budget, wish.currency)
        raise _impossible(dear, f"alone costs more than {budget}, with postage")
    if wish.most_records is not None and len(musts) > wish.most_records:
        raise _impossible(musts, f"must be in the crate, which may hold {wish.most_records}")
    by_master: dict[int, Copy] = {}
    for copy in musts:
        other = by_master.setdefault(copy.master, copy)
        if other is not copy:
            raise _impossible([other, copy], "are the same music, of which a crate takes one")


def _impossible(copies: Sequence[Copy], problem: str) -> ImpossibleMust:
    named = " and ".join(copy.name or f"listing {copy.id}" for copy in copies)
    return ImpossibleMust(f"{named}: {problem}.", [copy.id for copy in copies])
