"""Choose what to ask about next: some to please, some to learn from, some by plain chance.

    uniform   any listing with the same chance, at least a fifth of a batch: what is
              measured on these verdicts is unbiased
    exploit   the best by a taste that is drawn from those which the verdicts allow
              (Thompson sampling)
    explore   one of the least certain of a cluster
    cover     while there is no taste: one of the best-scored of a cluster that was
              shown least

Each choice tells the chance that it had, so that a model can learn from verdicts as if
they had been asked for evenly.  Numbers in, numbers out; whoever calls knows accounts.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Bools = NDArray[np.bool_]

BATCH = 10  # listings
UNIFORM = 0.2  # of a batch, rounded up
TASTES = 256  # drawn for Thompson sampling
LEAST_CERTAIN = 5  # of a cluster, among which one is drawn
BEST_SCORED = 20  # of a cluster, likewise: what people know is easier to judge

Because = Literal["uniform", "exploit", "explore", "cover"]


@dataclass(frozen=True)
class Pool:
    """n listings out of a stock, among which a batch is chosen.

    release     (n,) whose copies they are; no release is chosen twice
    cluster     (n,) from 0 to the number of clusters - 1
    covered     (clusters,) how often each was shown before
    score       (n,) the rule's; NaN unknown
    is_best     (n,) in the pool in any case
    is_sampled  (n,) drawn into it evenly from the stock, the best among it too
    stock       how many listings there are to draw from
    opinions    (k, n) chances of a keep by k tastes that the verdicts allow; None: no taste yet
    """

    release: "Codes"
    cluster: "Codes"
    covered: "Codes"
    score: "Floats"
    is_best: "Bools"
    is_sampled: "Bools"
    stock: int
    opinions: "Floats | None"

    def __len__(self) -> int:
        return len(self.release)


@dataclass(frozen=True)
class Choice:
    """A listing that was chosen.

    place   its index in the pool
    chance  with which it was to be in the batch, above 0 to 1
    """

    place: int
    because: Because
    chance: float


@dataclass(frozen=True)
class _Tastes:
    """Tastes that the opinions allow: log-odds (TASTES, n), and how far apart they are (n,)."""

    log_odds: "NDArray[np.float32]"
    spread: "Floats"


def choose(pool: Pool, size: int, random: "np.random.Generator") -> list[Choice]:
    """A batch of at most `size` listings, in an order that tells nothing."""
    import numpy as np

    tastes = None if pool.opinions is None else _tastes(pool.opinions, random)
    is_free = np.ones(len(pool), dtype=bool)
    covered = pool.covered.astype(np.float64)
    missed = np.ones(len(pool))  # chance of each to be in the batch by no slot but the even ones
    chosen: list[tuple[int, Because]] = []
    for kind in _slots(size, has_taste=tastes is not None):
        if not is_free.any():
            break
        odds = _odds(kind, pool, is_free, covered, tastes)
        place = int(random.choice(len(pool), p=odds))
        for one, _ in chosen:
            # What it would have been chosen with now, had it not been before.
            odds[one] = _odds_again(
                kind, pool, one, is_free=is_free, covered=covered, tastes=tastes
            )
        if kind != "uniform":
            missed *= 1 - odds
        is_free &= pool.release != pool.release[place]
        covered[pool.cluster[place]] += 1
        chosen.append((place, kind))
    chance = _chance(pool, missed, sum(kind == "uniform" for _, kind in chosen))
    return [
        Choice(place, because, float(chance[place]))
        for place, because in (chosen[one] for one in random.permutation(len(chosen)))
    ]


def _chance(pool: Pool, missed: "Floats", even: int) -> "Floats":
    """(n,) of each to be in the batch, before anybody knew what would come into the pool."""
    import numpy as np

    evenly = min(1.0, even / max(1, pool.stock))
    entered = np.where(pool.is_best, 1.0, min(1.0, pool.is_sampled.sum() / max(1, pool.stock)))
    chance: Floats = evenly + (1 - evenly) * entered * (1 - missed)
    return chance


def _slots(size: int, *, has_taste: bool) -> list[Because]:
    even = math.ceil(size * UNIFORM)
    rest = size - even
    kinds: list[Because] = ["uniform"] * even
    if not has_taste:
        return kinds + ["cover"] * rest
    return kinds + ["exploit"] * (rest - rest // 2) + ["explore"] * (rest // 2)


def _odds(
    kind: Because, pool: Pool, is_free: "Bools", covered: "Floats", tastes: _Tastes | None
) -> "Floats":
    """(n,) chance of each to be chosen for a slot; sums to 1."""
    import numpy as np

    if kind == "uniform":
        even = is_free & pool.is_sampled
        return _evenly(even if even.any() else is_free)
    if kind == "exploit" and tastes is not None:
        best = np.argmax(np.where(is_free, tastes.log_odds, -np.inf), axis=1)
        return np.bincount(best, minlength=len(pool)) / len(best)
    if kind == "explore" and tastes is not None:
        return _by_cluster(pool, is_free, covered, tastes.spread, LEAST_CERTAIN)
    score = np.nan_to_num(pool.score, nan=-np.inf)
    return _by_cluster(pool, is_free, covered, score, BEST_SCORED)


def _odds_again(
    kind: Because,
    pool: Pool,
    place: int,
    *,
    is_free: "Bools",
    covered: "Floats",
    tastes: _Tastes | None,
) -> float:
    """The odds of one that was chosen already, as if it had not been."""
    before = covered.copy()
    before[pool.cluster[place]] -= 1
    free = is_free | (pool.release == pool.release[place])
    return float(_odds(kind, pool, free, before, tastes)[place])


def _by_cluster(
    pool: Pool, is_free: "Bools", covered: "Floats", worth: "Floats", most: int
) -> "Floats":
    """(n,) one of the clusters shown least, evenly, then one of its `most` worthiest, evenly."""
    import numpy as np

    there = np.unique(pool.cluster[is_free])
    least = there[covered[there] == covered[there].min()]
    odds = np.zeros(len(pool))
    for cluster in least:
        places = np.flatnonzero(is_free & (pool.cluster == cluster))
        best = places[np.argsort(-worth[places], kind="stable")[:most]]
        odds[best] = 1 / len(best) / len(least)
    shared: Floats = odds / odds.sum()
    return shared


def _evenly(which: "Bools") -> "Floats":
    odds: Floats = which / which.sum()
    return odds


def _tastes(opinions: "Floats", random: "np.random.Generator") -> _Tastes:
    """Drawn normally around the opinions' mean with their covariance: k alone would be k."""
    import numpy as np
    from scipy.special import logit

    told = logit(np.clip(opinions, 1e-6, 1 - 1e-6))
    mean = told.mean(axis=0)
    apart = (told - mean) / np.sqrt(max(1, len(told) - 1))
    drawn = mean + random.standard_normal((TASTES, len(told))) @ apart
    return _Tastes(drawn.astype(np.float32), np.sqrt((apart**2).sum(axis=0)))
