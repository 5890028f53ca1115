"""Buy one copy of each want for as little as possible, parcels included.  Pure.

Which sellers to order from is what makes it hard: a copy may cost more where something
else is ordered anyway.  CP-SAT proves the best answer, or says how far off it may be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cratewise.picks.cp_sat import ask_solver
from cratewise.picks.crate import Copy, Fare, Terms
from cratewise.picks.pack import order_cost

THREADS = 2  # more bring nothing on problems of this size


@dataclass(frozen=True, slots=True)
class Offer:
    """A copy, and which wants it answers."""

    copy: Copy
    answers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Cover:
    """What to buy.

    copies     by seller, then by id.
    postage    of each seller's parcel.
    uncovered  wants that no order can hold: too heavy, or below what its seller sells for.
    gap        no way is cheaper by more than this share of its cost; 0: it is proved the cheapest.
    """

    copies: tuple[Copy, ...]
    postage: Mapping[str, int]
    uncovered: frozenset[int]
    gap: float

    @property
    def total(self) -> int:
        return sum(copy.price for copy in self.copies) + sum(self.postage.values())


def cover(offers: Sequence[Offer], terms: Mapping[str, Terms], *, seconds: float = 5.0) -> Cover:
    """As many as possible of the wants that the offers answer, for as little as possible.

    terms    of every seller, by name.
    seconds  after which the best way found so far has to do.
    """
    if not offers:
        return Cover((), {}, frozenset(), 0.0)
    chosen, gap = _solve(undominated(offers, terms), terms, seconds)
    copies = sorted((offer.copy for offer in chosen), key=lambda copy: (copy.seller, copy.id))
    answered = frozenset().union(*(offer.answers for offer in chosen))
    uncovered = frozenset().union(*(offer.answers for offer in offers)) - answered
    return Cover(tuple(copies), _postage(copies, terms), uncovered, gap)


def undominated(offers: Sequence[Offer], terms: Mapping[str, Terms]) -> list[Offer]:
    """Offers without those that another one of the same seller can stand in for.

    That answers as much, costs no more and weighs no more.  Where a seller wants a
    least order, a dearer copy may be what reaches it, so all of theirs stay.
    """
    kept: list[Offer] = []
    by_price = sorted(offers, key=lambda offer: (offer.copy.price, offer.copy.grams, offer.copy.id))
    for offer in by_price:
        if terms[offer.copy.seller].least_order or not any(
            _stands_in(better, offer) for better in kept
        ):
            kept.append(offer)
    return kept


def _stands_in(better: Offer, offer: Offer) -> bool:
    return (
        better.copy.seller == offer.copy.seller
        and offer.answers <= better.answers
        and better.copy.grams <= offer.copy.grams
    )


def _solve(
    offers: Sequence[Offer], terms: Mapping[str, Terms], seconds: float
) -> tuple[list[Offer], float]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    is_in = [model.new_bool_var(f"copy {offer.copy.id}") for offer in offers]
    cost = _cost(model, offers, is_in, terms)
    # Leaving a want out costs more than buying everything there is.
    lack, lacking = 1 + _everything(offers, terms), []
    for want in sorted(frozenset().union(*(offer.answers for offer in offers))):
        is_lacking = model.new_bool_var(f"without {want}")
        answers = [
            chosen for offer, chosen in zip(offers, is_in, strict=True) if want in offer.answers
        ]
        model.add_at_least_one([*answers, is_lacking])
        lacking.append(is_lacking)
    model.minimize(cost + lack * sum(lacking))
    solver, status = ask_solver(model, seconds=seconds, threads=THREADS)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return [], 1.0  # its time was over before it found any
    missing = solver.objective_value - solver.best_objective_bound
    bought = solver.objective_value - lack * sum(map(solver.value, lacking))
    gap = 0.0 if status == cp_model.OPTIMAL else max(0.0, missing / max(bought, 1.0))
    pairs = zip(offers, is_in, strict=True)
    return [offer for offer, chosen in pairs if solver.value(chosen)], gap


def _cost(
    model: Any, offers: Sequence[Offer], is_in: Sequence[Any], terms: Mapping[str, Terms]
) -> Any:
    """What all orders cost, with postage, as the solver's sum."""
    costs = []
    for seller in sorted({offer.copy.seller for offer in offers}):
        places = [n for n, offer in enumerate(offers) if offer.copy.seller == seller]
        is_open = model.new_bool_var(f"order from {seller}")
        theirs, chosen = [offers[n].copy for n in places], [is_in[n] for n in places]
        costs.append(order_cost(model, theirs, chosen, is_open, terms[seller]))
    return sum(costs)


def _everything(offers: Sequence[Offer], terms: Mapping[str, Terms]) -> int:
    fares = (terms[offer.copy.seller].fare for offer in offers)
    return sum(offer.copy.price for offer in offers) + sum(map(dearest, fares))


def dearest(fare: Fare) -> int:
    """The most that a record can add to a parcel."""
    return max([fare.first, fare.further, *(cost for _, cost in fare.tiers)])


def _postage(copies: Sequence[Copy], terms: Mapping[str, Terms]) -> dict[str, int]:
    postage = {}
    for seller in dict.fromkeys(copy.seller for copy in copies):
        theirs = [copy for copy in copies if copy.seller == seller]
        cost = terms[seller].fare.cost(len(theirs), sum(copy.grams for copy in theirs))
        postage[seller] = cost or 0
    return postage
