"""Logistic regression, and a few more of it on parts of the verdicts, to hold it honest.

Each member learns from two thirds of the artists.  On the others it says how well a
score holds for artists that nobody judged: what calibration needs.  How far the members
lie apart says how sure the whole is: what a draw among possible tastes needs.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cratewise.taste.verdicts import Verdicts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Bools = NDArray[np.bool_]

FOLDS = 3  # each leaves out a third of the artists
ROUNDS = 3  # with the artists dealt anew: 9 members
TRUST = 0.05  # inverse strength of the pull towards 0; 0.02 and 0.1 rank as well (docs/LOG.md)
STEPS = 200  # of L-BFGS, at most
NEAR_ENOUGH = 1e-3  # of the gradient; a finer solution ranked no better


@dataclass(frozen=True)
class Line:
    """A score: features times slopes, plus a start.

    slopes  (c,) or (c, k) for k members;  start  scalar or (k,)
    """

    slopes: "Floats"
    start: "Floats"


@dataclass(frozen=True)
class Fitted:
    """What was learnt.

    whole     from all verdicts
    members   k of them, each from a part
    held_out  (rounds, m) score of each verdict by that member of each round which did not
              see its artist; NaN where every one did
    """

    whole: Line
    members: Line
    held_out: "Floats"


def fit(table: "Singles", verdicts: Verdicts, artists: list[str], seed: int) -> Fitted:
    """Learn from m verdicts.

    table    (m, c) features
    artists  m names; those without one stand each alone
    """
    from threadpoolctl import threadpool_limits

    # Ten small solutions: several threads of the linear algebra only wait for each other,
    # and take seven times the processor and the time (docs/LOG.md).
    with threadpool_limits(1, "blas"):
        return _fitted(table, verdicts, artists, seed)


def _fitted(table: "Singles", verdicts: Verdicts, artists: list[str], seed: int) -> Fitted:
    import numpy as np

    weights = verdicts.balanced
    whole = _line(table, verdicts.keep, weights)
    held_out = np.full((ROUNDS, len(table)), np.nan)
    slopes, starts = [], []
    for turn, seen in _parts(verdicts.keep, artists, np.random.default_rng(seed)):
        member = _line(table[seen], verdicts.keep[seen], weights[seen], near=whole)
        slopes.append(member.slopes)
        starts.append(member.start)
        held_out[turn, ~seen] = table[~seen] @ member.slopes + member.start
    if not slopes:  # too few verdicts to spare any
        slopes, starts = [whole.slopes], [whole.start]
    return Fitted(whole, Line(np.column_stack(slopes), np.array(starts)), held_out)


def _line(table: "Singles", keep: "Bools", weights: "Floats", near: Line | None = None) -> Line:
    """The line that tells keeps from skips; sought from `near`, which saves half the steps."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    # Keeps and skips count the same in every part too, whichever artists it left out.
    half = len(keep) / 2
    weights = weights * np.where(keep, half / weights[keep].sum(), half / weights[~keep].sum())
    model = LogisticRegression(C=TRUST, max_iter=STEPS, tol=NEAR_ENOUGH, warm_start=True)
    if near is not None:
        model.classes_ = np.array([False, True])
        model.coef_ = near.slopes[None]
        model.intercept_ = np.array([near.start])
    model.fit(table, keep, sample_weight=weights)
    return Line(model.coef_[0].astype(np.float64), model.intercept_[0].astype(np.float64))


def _parts(
    keep: "Bools", artists: list[str], random: "np.random.Generator"
) -> "list[tuple[int, Bools]]":
    """(round, (m,) mask) which verdicts each member sees; each is left out once a round.

    Artists stay whole, unless all keeps (or all skips) are one artist's.  There are no
    parts when there is but one keep or one skip.
    """
    import numpy as np

    if min(keep.sum(), (~keep).sum()) < 2:
        return []
    names = [name or f"\n{row}" for row, name in enumerate(artists)]
    _, group = np.unique(names, return_inverse=True)
    if min(len(set(group[keep])), len(set(group[~keep]))) < 2:
        group = np.arange(len(keep))
    folds = [_dealt(keep, group, random) for _ in range(ROUNDS)]
    parts = [
        (turn, fold != left_out) for turn, fold in enumerate(folds) for left_out in range(FOLDS)
    ]
    return [
        (turn, seen) for turn, seen in parts if not seen.all() and 0 < keep[seen].sum() < seen.sum()
    ]


def _dealt(
    keep: "Bools", group: "NDArray[np.int64]", random: "np.random.Generator"
) -> "NDArray[np.int64]":
    """(m,) the fold of each verdict: artists with keeps are dealt first, then the others.

    Dealt like cards, so that each fold gets its share of the few keeps.
    """
    import numpy as np

    liked = np.unique(group[keep])
    others = np.setdiff1d(group, liked)
    order = np.concatenate([random.permutation(liked), random.permutation(others)])
    fold_of = np.empty(group.max() + 1, dtype=np.int64)
    fold_of[order] = np.arange(len(order)) % FOLDS
    return fold_of[group]
