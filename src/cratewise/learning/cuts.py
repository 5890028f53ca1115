"""What a threshold would mean: of verdicts that were predicted, how many it gets right and finds.

The predictions are those that were really told before each verdict, so nothing here was
learnt from what it is measured on.
"""

from collections.abc import Sequence
from typing import NamedTuple

from cratewise.store.judgements import Judgement

STEPS = 100  # thresholds from 0.01 to 0.99
FEWEST = 20  # predicted verdicts, below which the curve would tell of chance alone


class Cut(NamedTuple):
    """A threshold, tried on verdicts.

    threshold  the chance from which on a keep is predicted, above 0, below 1
    right      share of those predicted that were kept, 0 to 1; None: nothing was predicted
    found      share of those kept that were predicted, 0 to 1
    f1         their harmonic mean, 0 to 1
    """

    threshold: float
    right: float | None
    found: float
    f1: float


def cuts(judged: Sequence[Judgement]) -> list[Cut]:
    """Every threshold of a whole percent; empty while too few verdicts were predicted.

    judged  those that stand; those without a prediction take no part
    """
    told = [(one.predicted, one.verdict == "keep") for one in judged if one.predicted is not None]
    keeps = sum(is_kept for _, is_kept in told)
    if len(told) < FEWEST or not 0 < keeps < len(told):
        return []
    return [_cut(step / STEPS, told, keeps) for step in range(1, STEPS)]


def _cut(threshold: float, told: Sequence[tuple[float, bool]], keeps: int) -> Cut:
    called = [is_kept for chance, is_kept in told if chance >= threshold]
    hits = sum(called)
    return Cut(
        threshold=threshold,
        right=hits / len(called) if called else None,
        found=hits / keeps,
        f1=2 * hits / (len(called) + keeps),
    )
