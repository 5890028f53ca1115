"""How many fewer verdicts triage needs than plain chance, for the same quality.

    python -m benchmarks.taste_triage [--listeners 100] [--verdicts 200] [--pool styled|plain]

Simulated listeners (see taste_quality.py) judge ten listings at a time, which are chosen
from all releases by 60 % of the artists; a model learns when a refit would be due.  What
it is worth is measured on all releases by the other artists, of whom nobody judged any.

chance    every listing with the same chance
triage    as `cratewise triage` chooses, verdicts weighted by the odds of being shown
explore   as triage chooses, but nothing because it may please
alike     as triage chooses, all verdicts weighing the same

Tells average precision after so many verdicts, keeps found by then, the paired gain, and
how many verdicts of triage are worth so many of chance: where the mean curves, made
rising, reach the same.  Intervals are of 90 %, by drawing the listeners anew.  A curve a
listener is kept in --keep, so that a run that was ended goes on.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from benchmarks.taste_quality import FILES, FOLDER, TRAINING, Pool, read_pool
from numpy.typing import NDArray
from sklearn.isotonic import isotonic_regression
from sklearn.metrics import average_precision_score

from cratewise.learning.clusters import cluster
from cratewise.learning.dataset import ORDER_FLOOR
from cratewise.learning.next_batch import BEST, ENOUGH_OF_ARTIST, SAMPLED
from cratewise.learning.refit import NEW, NEW_SHARE
from cratewise.picks import triage
from cratewise.score import rule_score
from cratewise.taste import models, stock
from cratewise.taste.stock import Stock

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

EVERY = 20  # verdicts between two looks at the test
SHOWN = 40  # of which those are told
DRAWS = 2_000  # of listeners, for an interval
ARMS = ("chance", "triage", "explore", "alike")


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
            curves[arm].append(_remembered(arm, stall, listener, asked))
        seen.forget()
    _show(asked.pool, curves)
    return 0


def _remembered(
    arm: str, stall: Stall, listener: Listener, asked: argparse.Namespace
) -> list[tuple[float, int]]:
    """The curve of a listener: as it was kept, else anew, and then kept."""
    key = f"{asked.pool} {listener.seed} {arm} {asked.verdicts}"
    if asked.keep is not None and asked.keep.exists():
        for line in asked.keep.read_text().splitlines():
            told = json.loads(line)
            if told["of"] == key:
                return [(ap, keeps) for ap, keeps in told["curve"]]
    worked = time.process_time()
    curve = _curve(arm, stall, listener, asked.verdicts)
    print(f"  {key}: {time.process_time() - worked:.0f} s", file=sys.stderr, flush=True)
    if asked.keep is not None:
        with asked.keep.open("a") as file:
            file.write(json.dumps({"of": key, "curve": curve}) + "\n")
    return curve


def _curve(arm: str, stall: Stall, listener: Listener, verdicts: int) -> list[tuple[float, int]]:
    """AP and keeps found after each EVERY verdicts."""
    random = np.random.default_rng(listener.seed)
    rows: list[int] = []
    chances: list[float] = []
    model: models.Model | None = None
    learnt = 0
    curve = []
    while len(rows) < verdicts:
        for place, chance in _batch(arm, stall, rows, model, random):
            rows.append(place)
            chances.append(chance)
        is_looked_at = len(rows) % EVERY == 0
        keep = listener.truth[rows]
        is_due = arm != "chance" and len(rows) - learnt >= max(NEW, NEW_SHARE * learnt)
        if (is_due or is_looked_at) and 0 < keep.sum() < len(keep):
            weights = _weights(arm, chances)
            judged = [stall.listings[row] for row in rows]
            model = models.make("cratewise").fit(judged, keep.tolist(), stall.seen, weights)
            learnt = len(rows)
        if is_looked_at:
            said = np.zeros(len(stall.test)) if model is None else model.predict_proba(stall.test)
            ties = np.random.default_rng(0).random(len(said)) * 1e-9
            precision = float(average_precision_score(listener.tested, said + ties))
            curve.append((precision, int(keep.sum())))
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
    exploited = 0.0 if arm == "explore" else triage.EXPLOITED
    with patch.object(triage, "EXPLOITED", exploited):
        chosen = triage.choose(pool, triage.BATCH, random)
    for one in chosen:
        yield int(places[one.place]), one.chance


def _weights(arm: str, chances: list[float]) -> list[float]:
    if arm in {"chance", "alike"}:
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


def _show(name: str, curves: dict[str, list[list[tuple[float, int]]]]) -> None:
    tables = {arm: np.array(every, dtype=np.float64) for arm, every in curves.items()}
    listeners, looks, _ = next(iter(tables.values())).shape
    steps = EVERY * np.arange(1, looks + 1)
    shown = [look for look in range(looks) if steps[look] % SHOWN == 0]
    print(
        f"\n{name}, {listeners} listeners: average precision (keeps found) after so many verdicts"
    )
    print(f"  {'':9}" + "".join(f"{steps[look]:>22}" for look in shown))
    for arm, table in tables.items():
        cells = [table[:, look].mean(axis=0) for look in shown]
        print(f"  {arm:9}" + "".join(f"{ap:16.3f} ({keeps:3.0f})" for ap, keeps in cells))
    if "chance" not in tables:
        return
    usual = tables["chance"][:, :, 0]
    for arm, table in tables.items():
        if arm == "chance":
            continue
        own = table[:, :, 0]
        gains = [_interval((own - usual)[:, look]) for look in shown]
        print(f"  {arm + ' above chance':30}" + "  ".join(_told(gain, "+.3f") for gain in gains))
        over_all = _interval((own - usual)[:, shown[0] :].mean(axis=1))
        print(
            f"  {arm}: from {steps[shown[0]]} on in the mean {_told(over_all, '+.3f')} above chance"
        )
        for look in shown:
            needed = _needed(own, usual, steps, look)
            print(f"  {arm}: worth {steps[look]} by chance are {_told(needed, '.0f')} verdicts")


Three = tuple[float, float, float]  # a figure, and its interval


def _needed(own: Floats, usual: Floats, steps: Rows, look: int) -> Three:
    """How many verdicts of one's own bring the mean AP that chance has at a look.

    The mean curves are made rising, since a few hundred listeners leave dents in them;
    what is beyond the last look counts as that.
    """
    random = np.random.default_rng(0)
    drawn = random.integers(len(own), size=(DRAWS, len(own)))
    drawn[0] = np.arange(len(own))

    def reached(some: Rows) -> float:
        mine, theirs = (isotonic_regression(table[some].mean(axis=0)) for table in (own, usual))
        places = np.concatenate([[0], steps])
        rising = np.concatenate([[0.0], mine]) + 1e-12 * places
        return float(np.interp(theirs[look], rising, places))

    found = np.array([reached(some) for some in drawn])
    low, high = np.quantile(found, [0.05, 0.95])
    return float(found[0]), float(low), float(high)


def _interval(gains: Floats) -> Three:
    random = np.random.default_rng(0)
    drawn = random.choice(gains, size=(DRAWS, len(gains))).mean(axis=1)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return float(gains.mean()), float(low), float(high)


def _told(figure: Three, form: str) -> str:
    value, low, high = (format(one, form) for one in figure)
    return f"{value} ({low} to {high})"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--pool", default="styled", choices=list(FILES))
    parser.add_argument("--listeners", type=int, default=100)
    parser.add_argument("--verdicts", type=int, default=200)
    parser.add_argument("--arms", nargs="+", default=["chance", "triage"], choices=ARMS)
    parser.add_argument("--keep", type=Path, help="a file for the curves")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
