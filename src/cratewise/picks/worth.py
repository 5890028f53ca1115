"""What having a record is worth to somebody who packs a crate (docs/decisions/0029)."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Literal

from cratewise.grades import Grade
from cratewise.score import demand_of
from cratewise.store.copies import CopyForSale

Worth = Literal["demand", "score", "wants"]
WORTHS: tuple[Worth, ...] = ("demand", "score", "wants")

# What a record keeps of its worth in a grade.  Dealers' price guides take half off for VG+
# and three quarters for VG; whoever wants to hear it minds less.  A guess between the two.
KEPT_IN_GRADE: Mapping[int | None, float] = {
    Grade.MINT: 1.0,
    Grade.NEAR_MINT: 1.0,
    Grade.VERY_GOOD_PLUS: 0.8,
    Grade.VERY_GOOD: 0.55,
    Grade.GOOD_PLUS: 0.35,
    Grade.GOOD: 0.2,
    Grade.FAIR: 0.1,
    Grade.POOR: 0.05,
}
KEPT_UNGRADED = 0.5

Valuing = Callable[[CopyForSale], float | None]


def valuing(by: Worth, copies: Sequence[CopyForSale], *, has_taste: bool = False) -> Valuing:
    """How copies are valued among these: 0 and more; None where too little is known.

    demand     the rule score without its part for the price, since the budget counts that,
               less what its grade takes; beyond what the middle one of these copies has,
               unless
    has_taste  a model tells which are worth having at all
    score      the rule score as it stands
    wants      1 for what is on the wantlist, 0 for all else
    """
    if by == "wants":
        return lambda copy: float(copy.is_wanted)
    if by == "score":
        return lambda copy: None if copy.score is None else max(copy.score, 0.0)
    known = [demand for copy in copies if (demand := _demand(copy)) is not None]
    ordinary = median(known) if known and not has_taste else 0.0

    def beyond(copy: CopyForSale) -> float | None:
        demand = _demand(copy)
        if demand is None:
            return None
        return max(demand - ordinary, 0.0) * KEPT_IN_GRADE.get(copy.media_grade, KEPT_UNGRADED)

    return beyond


def _demand(copy: CopyForSale) -> float | None:
    return demand_of(copy.want, copy.have)
