"""How good a refit is on verdicts that it did not see.

prequential  what was really told before each verdict, by whichever model was there
hold_out     what this kind of model, learnt from the earlier verdicts, says of the later
uniform      the same of those verdicts alone that were asked for by plain chance
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from cratewise.learning.dataset import Dataset
from cratewise.learning.measures import Measures, measure
from cratewise.store.judgements import Judgement
from cratewise.taste.models import Model, make
from cratewise.taste.stock import Stock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HELD_OUT = 0.5  # of the verdicts, the later ones
STEPS = 5  # in which they are predicted, each by what came before it
FEW = 500  # verdicts; above that one step of the last fifth tells enough, and costs one fit
LAST = 0.2


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Measures by how the predictions were made; None where there is nothing to measure."""

    prequential: Measures | None
    hold_out: Measures | None
    uniform: Measures | None


class HeldOut(msgspec.Struct, frozen=True, kw_only=True):
    """The later verdicts, as predicted from the earlier ones.

    first    the place of the first of them among the verdicts
    chances  (n,)
    """

    first: int
    chances: list[float]


def learn(kind: str, known: Dataset, stock: Stock | None, seed: int = 0) -> Model:
    """A model of a kind, learnt from a dataset.  Raises TooFewVerdicts."""
    has_rates = any(known.rates)
    return make(kind, seed).fit(
        known.listings, known.keep, stock, known.weights, known.rates if has_rates else None
    )


def hold_out(kind: str, known: Dataset, stock: Stock | None) -> HeldOut | None:
    """Predict the later verdicts in order of time; None where too few come before them."""
    count = len(known.judged)
    first = round(count * (1 - LAST if count > FEW else HELD_OUT))
    step = max(1, -(-(count - first) // (1 if count > FEW else STEPS)))
    chances: list[float] = []
    for start in range(first, count, step):
        before = known.first(start)
        if not before.can_tell_apart:
            return None
        model = learn(kind, before, stock)
        chances += model.predict_proba(
            known.listings[start : start + step][: count - start]
        ).tolist()
    return HeldOut(first=first, chances=chances) if chances else None


def report(known: Dataset, held_out: HeldOut | None, threshold: float | None) -> Report:
    """Measure what was predicted, really and anew.

    threshold  the user's; None: the best F1's
    """
    real = [place for place, one in enumerate(known.judged) if one.predicted is not None]
    told = [one.predicted for one in known.judged if one.predicted is not None]
    return Report(
        prequential=_measured(known, real, told, threshold),
        hold_out=_held_out(known, held_out, threshold, lambda _: True),
        uniform=_held_out(known, held_out, threshold, lambda one: one.shown_because == "uniform"),
    )


def rule_scores(judged: Sequence[Judgement]) -> "Floats":
    """(n,) the rule's, of each listing as it was judged; NaN unknown."""
    import numpy as np

    return np.array([one.listing.get("score") for one in judged], dtype=np.float64)


def _held_out(
    known: Dataset,
    held_out: HeldOut | None,
    threshold: float | None,
    counts: Callable[[Judgement], bool],
) -> Measures | None:
    if held_out is None:
        return None
    places = [
        (place, chance)
        for place, chance in enumerate(held_out.chances, held_out.first)
        if counts(known.judged[place])
    ]
    return _measured(known, [one for one, _ in places], [one for _, one in places], threshold)


def _measured(
    known: Dataset, places: list[int], chances: list[float], threshold: float | None
) -> Measures | None:
    import numpy as np

    if not places:
        return None
    return measure(
        np.array(chances),
        np.array(known.keep)[places],
        rule_scores([known.judged[place] for place in places]),
        np.array(known.weights)[places],
        threshold=threshold,
    )
