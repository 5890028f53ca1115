"""Pack the best crate: leave out what cannot be needed, then let CP-SAT choose.

CP-SAT is OR-Tools' solver for whole numbers: it proves its answer to be the best, or
tells by how much it may fall short when its time is over.
"""

import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from cratewise.errors import CrateError
from cratewise.money import Money
from cratewise.picks.cp_sat import ask_solver
from cratewise.picks.crate import Copy, Crate, Terms, Wish
from cratewise.picks.dominance import most_records, undominated
from cratewise.picks.feasible import that_fit
from cratewise.picks.greedy import greedily, is_within
from cratewise.picks.relaxed import relax
from cratewise.picks.spending import by_spending

SECONDS = 2.0  # for a crate of one seller
SECONDS_AMONG_SELLERS = 10.0
LARGEST_WORTH = 1_000_000  # worths are whole numbers to the solver, the largest at this
MOST_THREADS = 8
LEAST_GAIN = 1 + 1e-6  # which is what rounding worths to whole numbers may cost
LEAST_SECONDS = 0.05  # for a round that begins when the time is over


class Found(NamedTuple):
    """copies: None when there is no crate at all; bound: no crate is worth more."""

    copies: tuple[Copy, ...] | None
    bound: float

    @property
    def worth(self) -> float:
        return -1.0 if self.copies is None else sum(copy.worth for copy in self.copies)


def pack(
    copies: Sequence[Copy], terms: Mapping[str, Terms], wish: Wish, *, seconds: float = SECONDS
) -> Crate:
    """The crate of the largest worth within all limits, as far as `seconds` allow.

    terms  of every seller of whom there is a copy.

    Raises BudgetTooSmall, ImpossibleMust, CrateError where no crate keeps to all limits.
    """
    begun = time.monotonic()
    fitting = that_fit(copies, terms, wish)
    most = most_records(fitting, terms, wish)
    few = undominated([one for one in fitting if one.worth > 0 or one.id in wish.must], most,
                      must=wish.must)  # fmt: skip
    if not few:
        raise CrateError(f"Of {len(copies):,} copies to choose from, none is worth anything here.")
    if _is_bound_by_minimum(few, terms, wish):
        exact = _by_spending(fitting, terms, wish)
        if exact is not None:
            return _crate(exact, terms, len(copies), len(fitting), time.monotonic() - begun)
    # Minimum orders are rarely what limits a crate that uses its budget up, and dominance
    # does not know them: they are left aside at first.
    has_minimum = any(terms[seller].least_order for seller in terms)
    left = begun + seconds - time.monotonic()
    found = _search(few, _freed(terms), wish, left / 3 if has_minimum else left)
    if found.copies is not None and not is_within(found.copies, terms, wish):
        begin = _search(few, terms, wish, seconds / 3)
        left = max(begun + seconds - time.monotonic(), seconds / 3)
        few = fitting
        again = _search(few, terms, wish, left, begin.copies)
        found = Found(again.copies, min(found.bound, again.bound))
    if not found.copies:
        raise CrateError(_nothing(wish))
    return _crate(found, terms, len(copies), len(few), time.monotonic() - begun)


def _freed(terms: Mapping[str, Terms]) -> dict[str, Terms]:
    """The same without minimum orders."""
    return {seller: replace(one, least_order=0) for seller, one in terms.items()}


def _is_bound_by_minimum(copies: Sequence[Copy], terms: Mapping[str, Terms], wish: Wish) -> bool:
    """Whether one seller's minimum order is what limits the crate: by hand it is missed."""
    if len({copy.seller for copy in copies}) > 1 or not terms[copies[0].seller].least_order:
        return False
    by_hand = greedily(copies, _freed(terms), wish)
    return by_hand is None or not is_within(by_hand, terms, wish)


def _by_spending(copies: Sequence[Copy], terms: Mapping[str, Terms], wish: Wish) -> Found | None:
    relaxed = relax(copies, terms, wish)
    exact = by_spending(copies, relaxed.reach, terms, wish)
    return exact and Found(exact.copies, min(exact.bound, relaxed.bound))


def _search(
    copies: Sequence[Copy],
    terms: Mapping[str, Terms],
    wish: Wish,
    seconds: float,
    begun: tuple[Copy, ...] | None = None,
) -> Found:
    """The best crate of all these copies: from few sellers at first, then from more.

    Each round leaves out the copies with which no crate can be better than the best so far.
    """
    end = time.monotonic() + seconds
    relaxed = relax(copies, terms, wish)
    obliged = {copy.seller for copy in copies if copy.id in wish.must}
    best = Found(begun or greedily(copies, terms, wish), relaxed.bound)
    among = 1
    while True:
        is_last = among >= len(relaxed.sellers)
        sellers = obliged | set(relaxed.sellers[:among])
        pool = [
            copy
            for copy, reach in zip(copies, relaxed.reach.tolist(), strict=True)
            if copy.id in wish.must or (copy.seller in sellers and reach > best.worth * LEAST_GAIN)
        ]
        left = max(end - time.monotonic(), LEAST_SECONDS)
        found = solve(pool, terms, wish, best.copies, left if is_last else left / 3)
        copies_now = max((best, found), key=lambda one: one.worth).copies
        best = Found(copies_now, best.bound)
        if is_last:
            return Found(best.copies, min(best.bound, max(found.bound, best.worth)))
        among *= 2


def _crate(
    found: Found, terms: Mapping[str, Terms], candidates: int, compared: int, seconds: float
) -> Crate:
    copies = sorted(found.copies or (), key=lambda one: (one.seller, -one.worth, one.id))
    postage = {}
    for seller, group in groupby(copies, attrgetter("seller")):
        parcel = list(group)
        cost = terms[seller].fare.cost(len(parcel), sum(copy.grams for copy in parcel))
        postage[seller] = cost or 0  # the solver keeps to the weights that are sent
    worth = sum(copy.worth for copy in copies)
    gap = found.bound / worth - 1 if worth else 0.0
    gap = gap if gap > LEAST_GAIN - 1 else 0.0  # sums of the same worths in another order
    return Crate(tuple(copies), postage, gap, candidates, compared, seconds)


def _nothing(wish: Wish) -> str:
    budget = Money(wish.budget, wish.currency)
    asked = [f"a budget of {budget}"]
    if wish.must:
        asked.append(f"{len(wish.must)} records that must be in it")
    if wish.most_records is not None:
        asked.append(f"at most {wish.most_records} records")
    asked.append("the sellers' minimum orders and postage")
    return f"No crate keeps to all of this: {', '.join(asked)}."


def solve(
    copies: Sequence[Copy],
    terms: Mapping[str, Terms],
    wish: Wish,
    hint: Sequence[Copy] | None,
    seconds: float,
) -> Found:
    """What CP-SAT finds in that time, begun from a crate that is known."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    is_in = [model.new_bool_var(f"copy {copy.id}") for copy in copies]
    sellers = _sellers(copies)
    is_open = {seller: model.new_bool_var(f"order from {seller}") for seller in sellers}
    cost = [
        order_cost(model, [copies[n] for n in places], [is_in[n] for n in places],
               is_open[seller], terms[seller])
        for seller, places in sellers.items()
    ]  # fmt: skip
    model.add(sum(cost) <= wish.budget)
    for places in _same_music(copies):
        model.add_at_most_one(is_in[n] for n in places)
    for copy, variable in zip(copies, is_in, strict=True):
        if copy.id in wish.must:
            model.add(variable == 1)
    if wish.most_records is not None:
        model.add(sum(is_in) <= wish.most_records)
    scale = LARGEST_WORTH / (max((copy.worth for copy in copies), default=0.0) or 1.0)
    whole = [round(copy.worth * scale) for copy in copies]
    model.maximize(cp_model.LinearExpr.weighted_sum(is_in, whole))
    _hint(model, copies, is_in, is_open, hint)
    return _answer(model, copies, is_in, scale, seconds)


def order_cost(
    model: Any, copies: Sequence[Copy], is_in: Sequence[Any], is_open: Any, terms: Terms
) -> Any:
    """What an order from one seller costs, with postage, as the solver's sum."""
    from ortools.sat.python.cp_model import LinearExpr

    # One line a copy: "only if the seller is ordered from at all" bounds far better so
    # than one line for all of them.
    for variable in is_in:
        model.add_implication(variable, is_open)
    model.add(sum(is_in) >= is_open)
    if terms.least_order:
        prices = LinearExpr.weighted_sum(is_in, [copy.price for copy in copies])
        model.add(prices >= terms.least_order * is_open)
    fare = terms.fare
    records = LinearExpr.weighted_sum(is_in, [copy.price + fare.a_record for copy in copies])
    if not fare.tiers:
        return records + fare.opening * is_open
    tiers = [model.new_bool_var(f"up to {most} g") for most, _ in fare.tiers]
    model.add(sum(tiers) == is_open)
    grams = LinearExpr.weighted_sum(is_in, [copy.grams for copy in copies])
    model.add(grams <= LinearExpr.weighted_sum(tiers, [most for most, _ in fare.tiers]))
    return records + LinearExpr.weighted_sum(tiers, [cost for _, cost in fare.tiers])


def _sellers(copies: Sequence[Copy]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, copy in enumerate(copies):
        places.setdefault(copy.seller, []).append(place)
    return places


def _same_music(copies: Sequence[Copy]) -> list[list[int]]:
    places: dict[int, list[int]] = {}
    for place, copy in enumerate(copies):
        places.setdefault(copy.master, []).append(place)
    return [several for several in places.values() if len(several) > 1]


def _hint(
    model: Any,
    copies: Sequence[Copy],
    is_in: Sequence[Any],
    is_open: Mapping[str, Any],
    hint: Sequence[Copy] | None,
) -> None:
    if hint is None:
        return
    ids, sellers = {copy.id for copy in hint}, {copy.seller for copy in hint}
    for copy, variable in zip(copies, is_in, strict=True):
        model.add_hint(variable, int(copy.id in ids))
    for seller, variable in is_open.items():
        model.add_hint(variable, int(seller in sellers))


def _answer(
    model: Any, copies: Sequence[Copy], is_in: Sequence[Any], scale: float, seconds: float
) -> Found:
    from ortools.sat.python import cp_model

    threads = min(os.cpu_count() or 1, MOST_THREADS)
    solver, status = ask_solver(model, seconds=seconds, threads=threads)
    if status == cp_model.INFEASIBLE:
        return Found(None, 0.0)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Found(None, math.inf)  # its time was over before it found any
    chosen = tuple(
        copy for copy, variable in zip(copies, is_in, strict=True) if solver.boolean_value(variable)
    )
    if status == cp_model.OPTIMAL:
        return Found(chosen, sum(copy.worth for copy in chosen))
    return Found(chosen, solver.best_objective_bound / scale)
