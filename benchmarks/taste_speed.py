"""How fast a taste is told of a million listings, and learnt from thousands of verdicts.

    python benchmarks/taste_speed.py [--listings 1000000] [--verdicts 5000]

A synthetic stock: artists, labels and styles as unevenly frequent as on Discogs.  Each
row runs in a process of its own, so that its memory (highest, whole process) is its own.

Promised, with features cached and libraries loaded: cratewise scores 1,000,000 in 30 s;
a refit on 5,000 verdicts, whose stock was read before, takes 5 s and 500 MB.
"""

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from cratewise.taste import models, stock

SCORE_SECONDS = 30.0
REFIT_SECONDS = 5.0
REFIT_MEGABYTES = 500.0
BASIS = 50_000  # listings of the stock beside a refit

Seconds = tuple[float, float]  # on the clock, and of processors
Figures = dict[str, Seconds]


def main() -> int:
    asked = _arguments()
    print(f"{'':42}{'seconds':>9}{'processor':>11}{'MB':>8}")
    refit = _alone(_refit, asked.verdicts)
    _show(f"read a stock of {BASIS:,}", refit, "read")
    _show(f"cratewise: refit on {asked.verdicts:,} verdicts", refit, "fit")
    forest = _alone(_forest, asked.verdicts)
    _show(f"forest-text: refit on {asked.verdicts:,} verdicts", forest, "fit")
    score = _alone(_score, asked.listings)
    _show(f"read a stock of {asked.listings:,}, once", score, "read")
    _show(f"view {asked.listings:,} listings, once", score, "view")
    _show(f"cratewise: score {asked.listings:,}", score, "score")
    is_kept = (
        score["score"][0] <= SCORE_SECONDS
        and refit["fit"][0] <= REFIT_SECONDS
        and refit["MB"][0] <= REFIT_MEGABYTES
    )
    print(
        f"promised {SCORE_SECONDS:.0f} s to score, {REFIT_SECONDS:.0f} s and "
        f"{REFIT_MEGABYTES:.0f} MB to refit: {'kept' if is_kept else 'BROKEN'}"
    )
    return 0 if is_kept else 1


def _score(count: int) -> Figures:
    listings = market(count)
    judged = listings[:200]
    seen, read = _timed(lambda: stock.read(listings))
    model = models.make("cratewise").fit(judged, verdicts(judged), seen)
    _, view = _timed(lambda: seen.view(listings))
    _, score = _timed(lambda: model.predict_proba(listings))
    return {"read": read, "view": view, "score": score, "MB": (_megabytes(), 0.0)}


def _refit(count: int) -> Figures:
    listings = market(max(BASIS, count))
    judged = listings[:count]
    keep = verdicts(judged)
    seen, read = _timed(lambda: stock.read(listings))
    models.make("cratewise").fit(judged[:100], keep[:100], seen)  # libraries are loaded
    _, fit = _timed(lambda: models.make("cratewise").fit(judged, keep, seen))
    return {"read": read, "fit": fit, "MB": (_megabytes(), 0.0)}


def _forest(count: int) -> Figures:
    judged = market(count)
    keep = verdicts(judged)
    models.make("forest-text").fit(judged[:100], keep[:100])
    _, fit = _timed(lambda: models.make("forest-text").fit(judged, keep))
    return {"fit": fit, "MB": (_megabytes(), 0.0)}


def market(count: int) -> list[dict[str, Any]]:
    """Listings; an artist has about eight, a label twenty, one to three of 300 styles each."""
    random = np.random.default_rng(0)
    artist = (random.pareto(1.1, count) * count / 200).astype(int) % max(1, count // 8)
    label = (artist * 7 + random.integers(0, 3, count)) % max(1, count // 20)
    first = (artist * 13 + random.integers(0, 4, count)) % 300
    have = random.lognormal(4, 1.5, count).astype(int)
    want = random.lognormal(3, 1.5, count).astype(int)
    price = random.lognormal(2, 0.8, count).round(2)
    places = ("US", "UK", "Germany", "Italy", "Japan")
    columns = zip(
        *(column.tolist() for column in (artist, label, first, have, want, price)), strict=True
    )
    return [
        {
            "artist": f"Artist {one}",
            "title": f"Title {row % 90_000}",
            "label": f"Label {other}",
            "format": "Vinyl, LP" if row % 3 else 'Vinyl, 12"',
            "country": places[one % 5],
            "year": 1970 + one % 50,
            "genres": ["Electronic"],
            "styles": [f"Style {(style + step) % 300}" for step in range(1 + row % 3)],
            "want": wants,
            "have": owners,
            "price": cost,
            "media_condition": "VG+",
        }
        for row, (one, other, style, owners, wants, cost) in enumerate(columns)
    ]


def verdicts(listings: list[dict[str, Any]]) -> list[bool]:
    """Keeps: a third of the artists, when not too dear."""
    return [int(one["artist"][7:]) % 3 == 0 and one["price"] < 12 for one in listings]


def _timed(work: Callable[[], Any]) -> tuple[Any, Seconds]:
    began = time.perf_counter()
    worked = time.process_time()
    done = work()
    return done, (time.perf_counter() - began, time.process_time() - worked)


def _megabytes() -> float:
    """The most that this process ever held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


def _alone(work: Callable[[int], Figures], count: int) -> Figures:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (count,))


def _show(what: str, figures: Figures, name: str) -> None:
    clock, worked = figures[name]
    print(f"{what:42}{clock:9.2f}{worked:11.2f}{figures['MB'][0]:8.0f}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=1_000_000)
    parser.add_argument("--verdicts", type=int, default=5_000)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
