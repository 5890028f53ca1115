"""Choose what to ask about next: some to please, some to learn from, some by plain chance.

    uniform   any listing with the same chance, at least a fifth of a batch: what is
              measured on these verdicts is unbiased
    exploit   the best by a taste that is drawn from those which the verdicts allow
              (Thompson sampling)
    explore   one of the least certain of a cluster
    cover     while there is no taste: one of the best-scored of a cluster that was
              shown least

But for the uniform ones, a batch asks about an artist once, and no more about those of
whom enough was judged, while there are others.

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
EXPLOITED = 0.5  # of the rest, rounded up; what is left explores
TASTES = 256  # drawn for Thompson sampling
LEAST_CERTAIN = 5  # of a cluster, among which one is drawn
BEST_SCORED = 20  # of a cluster, likewise: what people know is easier to judge

Because = Literal["uniform", "exploit", "explore", "cover"]


@dataclass(frozen=True)
class Pool:
    """n listings out of a stock, among which a batch is chosen.

    release     (n,) whose copies they are; no release is chosen twice
    artist      (n,) whose records they are; who is unknown has a number of their own
    is_met      (n,) enough by the artist was judged before
    cluster     (n,) from 0 to the number of clusters - 1
    covered     (clusters,) how often each was shown before
    score       (n,) the rule's; NaN unknown
    is_best     (n,) in the pool in any case
    is_sampled  (n,) drawn into it evenly from the stock, the best among it too
    stock       how many listings there are to draw from
    opinions    (k, n) chances of a keep by k tastes that the verdicts allow; None: no taste yet
    """

    release: "Codes"
    artist: "Codes"
    is_met: "Bools"
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
    draw = _Draw(pool, tastes)
    missed = np.ones(len(pool))  # chance of each to be in the batch by no slot but the even ones
    chosen: list[tuple[int, Because]] = []
    for kind in _slots(size, has_taste=tastes is not None):
        if not draw.is_free.any():
            break
        odds = draw.odds(kind)
        place = int(random.choice(len(pool), p=odds))
        if kind != "uniform":
            taken = [one for one, _ in chosen]
            odds[taken] = draw.odds_again(kind, taken)
            missed *= 1 - odds
        draw.take(place)
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
    exploited = math.ceil(rest * EXPLOITED)
    return kinds + ["exploit"] * exploited + ["explore"] * (rest - exploited)


class _Draw:
    """What is left to choose, and with which odds."""

    def __init__(self, pool: Pool, tastes: _Tastes | None) -> None:
        import numpy as np

        self.pool = pool
        self.tastes = tastes
        self.is_free = np.ones(len(pool), dtype=bool)
        self._is_new = ~pool.is_met  # by an artist of whom not enough was judged, nor one chosen
        self.covered = pool.covered.astype(np.float64)
        self._score = np.nan_to_num(pool.score, nan=-np.inf)

    def take(self, place: int) -> None:
        """Choose one; its release's other copies are not free any more either."""
        copies = self.pool.release == self.pool.release[place]
        self.is_free &= ~copies
        self._is_new &= self.pool.artist != self.pool.artist[place]
        self.covered[self.pool.cluster[place]] += 1

    def odds(self, kind: Because) -> "Floats":
        """(n,) chance of each to be chosen for a slot; sums to 1."""
        import numpy as np

        if kind == "uniform":
            even = self.is_free & self.pool.is_sampled
            return _evenly(even if even.any() else self.is_free)
        free = self._open()
        if kind == "exploit" and self.tastes is not None:
            there = np.flatnonzero(free)
            best = there[np.argmax(self.tastes.log_odds[:, there], axis=1)]
            return np.bincount(best, minlength=len(self.pool)) / len(best)
        worth, most = self._worth(kind)
        odds = np.zeros(len(self.pool))
        least = self._least(free, self.covered)
        for cluster in least:
            places = np.flatnonzero(free & (self.pool.cluster == cluster))
            best = places[np.argsort(-worth[places], kind="stable")[:most]]
            odds[best] = 1 / len(best) / len(least)
        shared: Floats = odds / odds.sum()
        return shared

    def odds_again(self, kind: Because, taken: list[int]) -> list[float]:
        """The odds of those that were taken, each as if it had not been."""
        import numpy as np

        pool, open_now = self.pool, self._open()
        # An artist of whom enough was judged is left to chance while there are others.
        may_be = [not pool.is_met[place] or bool(pool.is_met[open_now].all()) for place in taken]
        if kind == "exploit" and self.tastes is not None:
            others = self.tastes.log_odds[:, open_now].max(axis=1, initial=-np.inf)
            best = (self.tastes.log_odds[:, taken] > others[:, None]).mean(axis=0)
            return [float(one) if may else 0.0 for one, may in zip(best, may_be, strict=True)]
        return [
            self._odds_in_cluster(kind, place, open_now) if may else 0.0
            for place, may in zip(taken, may_be, strict=True)
        ]

    def _odds_in_cluster(self, kind: Because, place: int, open_now: "Bools") -> float:
        """The odds of one that was taken, by the clusters as if it had not been."""
        import numpy as np

        pool = self.pool
        worth, most = self._worth(kind)
        free = open_now | (pool.artist == pool.artist[place])
        before = self.covered.copy()
        before[pool.cluster[place]] -= 1
        least = self._least(free, before)
        beside = np.flatnonzero(free & (pool.cluster == pool.cluster[place]))
        better = int((worth[beside] > worth[place]).sum())
        if pool.cluster[place] not in least or better >= most:
            return 0.0
        return 1 / min(most, len(beside)) / len(least)

    def _open(self) -> "Bools":
        """(n,) what may be chosen with a purpose: by new artists while there are any."""
        new = self.is_free & self._is_new
        return new if new.any() else self.is_free

    def _worth(self, kind: Because) -> tuple["Floats", int]:
        """By what the best of a cluster are found, and among how many one is drawn."""
        if kind == "explore" and self.tastes is not None:
            return self.tastes.spread, LEAST_CERTAIN
        return self._score, BEST_SCORED

    def _least(self, free: "Bools", covered: "Floats") -> "Codes":
        """The clusters with something free that were shown least."""
        import numpy as np

        there = np.flatnonzero(np.bincount(self.pool.cluster[free], minlength=len(covered)))
        least: Codes = there[covered[there] == covered[there].min()]
        return least


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
