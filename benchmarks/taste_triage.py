"""How many fewer verdicts triage needs than plain chance, for the same quality.

    python -m benchmarks.taste_triage [--listeners 20] [--verdicts 300] [--pool styled|plain]

Simulated listeners (see taste_quality.py) judge ten listings at a time, which are chosen
from all releases by 60 % of the artists; after each batch a model learns.  What it is
worth is measured on all releases by the other artists, of whom nobody judged any.

chance    every listing with the same chance
triage    as `cratewise triage` chooses, verdicts weighted by the odds of being shown
alike     as triage chooses, all verdicts weighing the same

Tells average precision after so many verdicts, keeps found by then, and by how many fewer
verdicts triage reaches what chance reaches at the end.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.taste_quality import FILES, FOLDER, TRAINING, Pool, read_pool
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from cratewise.learning.clusters import cluster
from cratewise.learning.dataset import ORDER_FLOOR
from cratewise.learning.next_batch import BEST, ENOUGH_OF_ARTIST, SAMPLED
from cratewise.picks import triage
from cratewise.score import rule_score
from cratewise.taste import models, stock
from cratewise.taste.stock import Stock

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

STEPS = (20, 50, 100, 150, 200, 250, 300, 400, 500)
ARMS = ("chance", "triage", "alike")


@dataclass(frozen=True)
class Listener:
    """Whom is asked: candidates' truth and the test's."""

    truth: NDArray[np.bool_]
    tested: NDArray[np.bool_]
    seed: int


@dataclass(frozen=True)
class Stall:
    """What may be asked about, ready to be seen by a model.

    listings, cluster, score, release, artist  (n) candidates
    test                               listings by artists who are never asked about
    """

    seen: Stock
    listings: list[dict[str, Any]]
    cluster: Rows
    score: Floats
    release: Rows
    artist: Rows
    test: list[dict[str, Any]]


def main() -> int:
    asked = _arguments()
    if not asked.folder.is_dir():
        print(f"{asked.folder} is not there: without its listeners nothing can be measured")
        return 0
    pool = read_pool(asked.folder, asked.pool)
    seen = stock.read(pool.listings)
    curves: dict[str, list[list[tuple[float, int]]]] = {arm: [] for arm in asked.arms}
    for stall, listener in _asked(pool, seen, asked.listeners):
        for arm in asked.arms:
            began = time.perf_counter()
            curves[arm].append(_curve(arm, stall, listener, asked.verdicts))
            print(
                f"  listener {listener.seed} {arm} {time.perf_counter() - began:.0f} s",
                file=sys.stderr,
                flush=True,
            )
    _show(asked.pool, curves, asked.verdicts)
    return 0


def _curve(arm: str, stall: Stall, listener: Listener, verdicts: int) -> list[tuple[float, int]]:
    """AP and keeps found after each batch of ten."""
    random = np.random.default_rng(listener.seed)
    rows: list[int] = []
    chances: list[float] = []
    model: models.Model | None = None
    curve = []
    while len(rows) < verdicts:
        for place, chance in _batch(arm, stall, rows, model, random):
            rows.append(place)
            chances.append(chance)
        keep = listener.truth[rows]
        if 0 < keep.sum() < len(keep):
            weights = _weights(arm, chances)
            judged = [stall.listings[row] for row in rows]
            model = models.make("cratewise").fit(judged, keep.tolist(), stall.seen, weights)
        said = np.zeros(len(stall.test)) if model is None else model.predict_proba(stall.test)
        ties = np.random.default_rng(0).random(len(said)) * 1e-9
        curve.append(
            (float(average_precision_score(listener.tested, said + ties)), int(keep.sum()))
        )
    return curve


def _batch(
    arm: str, stall: Stall, rows: list[int], model: models.Model | None, random: np.random.Generator
) -> Iterator[tuple[int, float]]:
    is_free = ~np.isin(stall.release, stall.release[rows])
    free = np.flatnonzero(is_free)
    if arm == "chance":
        for place in random.choice(free, triage.BATCH, replace=False).tolist():
            yield place, 1.0
        return
    worth, opinions = stall.score, None
    if model is not None:
        opinions = model.opinions(stall.listings)
        worth = opinions.mean(axis=0)
    best = free[np.argsort(-worth[free], kind="stable")[:BEST]]
    even = random.choice(free, min(SAMPLED, len(free)), replace=False)
    places = np.union1d(best, even)
    judged = np.bincount(
        np.array(stall.artist[rows], dtype=np.int64), minlength=int(stall.artist.max()) + 1
    )
    covered = np.bincount(stall.cluster[rows], minlength=int(stall.cluster.max()) + 1)
    pool = triage.Pool(
        release=stall.release[places],
        artist=stall.artist[places],
        is_met=(judged >= ENOUGH_OF_ARTIST)[stall.artist[places]],
        cluster=stall.cluster[places],
        covered=covered,
        score=stall.score[places],
        is_best=np.isin(places, best),
        is_sampled=np.isin(places, even),
        stock=len(free),
        opinions=None if opinions is None else opinions[:, places],
    )
    for one in triage.choose(pool, triage.BATCH, random):
        yield int(places[one.place]), one.chance


def _weights(arm: str, chances: list[float]) -> list[float]:
    if arm != "triage":
        return [1.0] * len(chances)
    least = min(chances)
    return [max(ORDER_FLOOR, least / chance) for chance in chances]


def _asked(pool: Pool, seen: Stock, most: int) -> Iterator[tuple[Stall, Listener]]:
    found = 0
    for name in np.random.default_rng(7).permutation(sorted(pool.likes)).tolist():
        random = np.random.default_rng(int(name))
        liked = np.intersect1d(pool.known, pool.likes[name])
        others = np.setdiff1d(pool.known, liked)
        train = np.concatenate(
            [random.permutation(some)[: round(TRAINING * len(some))] for some in (liked, others)]
        )
        truth = np.isin(pool.artist, liked)
        candidates = np.flatnonzero(np.isin(pool.artist, train))
        test = np.flatnonzero(np.isin(pool.artist, np.setdiff1d(pool.known, train)))
        if truth[candidates].sum() < 40 or truth[test].sum() < 10:
            continue
        listings = [pool.listings[row] for row in candidates]
        want, have, price = ([one[key] for one in listings] for key in ("want", "have", "price"))
        stall = Stall(
            seen,
            listings,
            cluster(listings, [], 0)[0],
            np.nan_to_num(rule_score(want, have, price), nan=-1e9),
            np.arange(len(listings)),
            pool.artist[candidates],
            [pool.listings[row] for row in test],
        )
        yield stall, Listener(truth[candidates], truth[test], int(name))
        found += 1
        if found == most:
            return


def _show(name: str, curves: dict[str, list[list[tuple[float, int]]]], verdicts: int) -> None:
    steps = [step for step in STEPS if step <= verdicts]
    listeners = len(next(iter(curves.values())))
    print(
        f"\n{name}, {listeners} listeners: average precision (keeps found) after so many verdicts"
    )
    print(f"  {'':9}" + "".join(f"{step:>15}" for step in steps))
    means = {}
    for arm, every in curves.items():
        table = np.array(every, dtype=np.float64)  # listeners, batches, 2
        means[arm] = table[:, :, 0].mean(axis=0)
        cells = [table[:, step // triage.BATCH - 1].mean(axis=0) for step in steps]
        print(f"  {arm:9}" + "".join(f"{ap:9.3f} ({keeps:3.0f})" for ap, keeps in cells))
    if "chance" not in curves:
        return
    last = np.array([curve[-1][0] for curve in curves["chance"]])
    for arm, every in curves.items():
        if arm != "chance":
            gain = np.array([curve[-1][0] for curve in every]) - last
            low, high = _interval(gain)
            reached = np.flatnonzero(means[arm] >= means["chance"][-1])
            needed = f"{(int(reached[0]) + 1) * triage.BATCH}" if len(reached) else "more than that"
            print(
                f"  {arm}: what chance reaches after {verdicts} verdicts after {needed}; "
                f"at the end {gain.mean():+.3f} ({low:+.3f} to {high:+.3f})"
            )


def _interval(gains: Floats) -> tuple[float, float]:
    random = np.random.default_rng(0)
    drawn = random.choice(gains, size=(2_000, len(gains))).mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--pool", default="styled", choices=list(FILES))
    parser.add_argument("--listeners", type=int, default=20)
    parser.add_argument("--verdicts", type=int, default=300)
    parser.add_argument("--arms", nargs="+", default=list(ARMS), choices=ARMS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
