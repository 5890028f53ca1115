"""Draw one record by free energy: desire against novelty, at a temperature.

    F = -u - T s          p proportional to exp(-F / (k T))

u  utility, 0 to 1: the rank by desire, 1 for the most desired
s  novelty, 0 to 1: how far a record is from what the stock is full of (novelty.py)
T  temperature, 0.1 to 1: how much novelty counts beside desire, and how wide the draw is
k  Boltzmann's constant of this crate

Cold, the most desired wins.  As T grows the odds tend to exp(s / k): novelty alone.
Everything here is numbers in, numbers out; whoever calls knows accounts and dates.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

COLDEST, HOTTEST = 0.1, 1.0
BOLTZMANN = 0.1  # at T = 0.5 some 20 of 500 candidates then share the draw
CANDIDATES = 500  # the most desired that take part
FEWEST = 10  # below that nothing is drawn: the best is shown
DESIRE_VOTES_MOVE = 0.2  # of the temperature, at most
NEUTRAL_VOTE, WIDEST_VOTE = 3.0, 2.0  # votes run from 1 to 5

BY_FREE_ENERGY = "thermodynamic_boltzmann"
BY_SCORE = "fallback_highest_score"


@dataclass(frozen=True, slots=True)
class Odds:
    """What a draw is made from; every array is (n,), a place a candidate.

    probability  of being drawn; sums to 1.
    effective    how many candidates share the draw: exp of the entropy of their probabilities.
    """

    utility: Floats
    novelty: Floats
    free_energy: Floats
    probability: Floats
    temperature: float
    boltzmann: float
    effective: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """The candidate that was drawn.

    place   its index among the candidates.
    method  BY_FREE_ENERGY, or BY_SCORE where there was too little to draw from.
    """

    place: int
    method: str
    odds: Odds
    seed: int


def most_desired(desire: ArrayLike, n: int = CANDIDATES) -> NDArray[np.intp]:
    """The places of the n most desired, best first; unknown (NaN) desire takes no part.

    desire  (m,), m of any size; equal ones keep their order.
    """
    wanted = np.asarray(desire, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(wanted))
    if known.size > n:
        # Everything as good as the n-th best, so that ties at the edge are cut by place.
        edge = np.partition(wanted[known], known.size - n)[known.size - n]
        known = known[wanted[known] >= edge]
    return known[np.argsort(-wanted[known], kind="stable")][:n]


def utilities(desire: ArrayLike) -> Floats:
    """The rank of each candidate by desire, 1 the most desired, 0 the least.

    desire  (n,) without NaN.  Equals share the mean of their ranks; all equal: 1/2 each.
    """
    wanted = np.asarray(desire, dtype=np.float64)
    if wanted.size < 2:
        return np.full(wanted.shape, 0.5)
    _, group, size = np.unique(wanted, return_inverse=True, return_counts=True)
    before = np.cumsum(size) - size
    ranks: Floats = (before + (size - 1) / 2)[group] / (wanted.size - 1)
    return ranks


def temperature(
    unjudged_share: float, probability: ArrayLike | None = None, desire_votes: ArrayLike = ()
) -> float:
    """How warm to draw: warmer while little is judged, and where the model is of two minds.

    unjudged_share  0 to 1: the share of the stock without a verdict.
    probability     (n,) of keep for the candidates; None while no model is live.
    desire_votes    earlier picks' votes for desirability, 1 to 5.  Loved picks leave room
                    for daring ones, up to a fifth warmer; unloved ones cool the next draw.
    """
    spread = 0.0
    if probability is not None and np.size(probability) > 1:
        # A standard deviation of numbers from 0 to 1 is 1/2 at most.
        spread = min(2 * float(np.nanstd(np.asarray(probability, dtype=np.float64))), 1.0)
    warmth = 0.5 + 0.3 * min(max(unjudged_share, 0.0), 1.0) + 0.2 * spread
    warmth *= 1 + DESIRE_VOTES_MOVE * vote_balance(desire_votes)
    return min(max(warmth, COLDEST), HOTTEST)


def vote_balance(votes: ArrayLike) -> float:
    """The mean of votes from 1 to 5, as -1 (all ones) to 1 (all fives); 0 without any."""
    cast = np.asarray(votes, dtype=np.float64)
    return float((cast.mean() - NEUTRAL_VOTE) / WIDEST_VOTE) if cast.size else 0.0


def odds(
    desire: ArrayLike, novelty: ArrayLike, warmth: float, boltzmann: float = BOLTZMANN
) -> Odds:
    """The chances of n candidates.

    desire   (n,) without NaN: keep probability, or rule score; only its order counts.
    novelty  (n,) 0 to 1; NaN, a record that says nothing, counts as 0.
    warmth   the temperature, above 0.
    """
    utility = utilities(desire)
    strange = np.clip(np.nan_to_num(np.asarray(novelty, dtype=np.float64)), 0.0, 1.0)
    energy = -utility - warmth * strange
    exponent = -energy / (boltzmann * warmth)
    # Shifted, so that the largest is exp(0): cold draws would overflow else.
    weight = np.exp(exponent - exponent.max())
    probability = weight / weight.sum()
    return Odds(
        utility, strange, energy, probability, warmth, boltzmann,
        effective=_effective(probability),
    )  # fmt: skip


def _effective(probability: Floats) -> float:
    drawable = probability[probability > 0]
    return float(np.exp(-(drawable * np.log(drawable)).sum()))


def draw(
    desire: ArrayLike,
    novelty: ArrayLike,
    warmth: float,
    seed: int,
    boltzmann: float = BOLTZMANN,
) -> Drawn | None:
    """Draw one of n candidates; the same candidates and seed draw the same one.

    Arguments as in `odds`.  None without candidates; the most desired with fewer than FEWEST.
    """
    if not np.size(desire):
        return None
    chances = odds(desire, novelty, warmth, boltzmann)
    if np.size(desire) < FEWEST:
        best = int(np.argmax(np.asarray(desire, dtype=np.float64)))
        return Drawn(best, BY_SCORE, chances, seed)
    noise = np.random.default_rng(seed).gumbel(size=chances.free_energy.size)
    # The largest of (log-odds + Gumbel noise) falls on each with its probability, and
    # nothing underflows when cold.
    heat = -chances.free_energy / (chances.boltzmann * chances.temperature)
    return Drawn(int(np.argmax(heat + noise)), BY_FREE_ENERGY, chances, seed)


def seed_of(account_id: int, day: date, redraw: int = 0) -> int:
    """The seed of an account's draw on a day; each redraw has another.  Below 2^63."""
    words = f"{account_id}/{day.isoformat()}/{redraw}".encode()
    return int.from_bytes(hashlib.blake2b(words, digest_size=8).digest()) >> 1
