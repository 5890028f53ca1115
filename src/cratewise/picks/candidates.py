"""Who takes part in the draw of the day: the most desired that may be picked.

By the live model's chance of keep, or by rule score while none is live; a release once,
by its best copy.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cratewise.picks import thermo
from cratewise.store.described import Described, described
from cratewise.store.pickable import Pickable, best_scored, pickable_among
from cratewise.store.predictions import Predictions, predictions_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    Floats = NDArray[np.float64]

ASKED_FIRST = 4  # times as many as take part are looked at first: some may not


@dataclass(frozen=True, slots=True)
class Candidates:
    """n listings, the most desired first.

    listings     mappings of described.py
    desire       (n,) chance of keep, or rule score
    probability  (n,) chance of keep; None while no model is live
    version      of the model
    """

    listings: list[Described]
    desire: "Floats"
    probability: "Floats | None"
    version: int | None


def candidates(db: "Connection", account_id: int, without: frozenset[int]) -> Candidates:
    """Those that take part; without: releases that do not."""
    import numpy as np

    said = predictions_of(db, account_id)
    if said is None or not len(said.ids):
        best = best_scored(db, account_id, without=without, limit=thermo.CANDIDATES)
        known = [one for one in best if one.score is not None]
        # With no want and have at all, what was met first is as good as anything.
        best = known or best
        desire = np.array([one.score or 0.0 for one in best])
        return _told(db, best, desire, None, None)
    best, chances = _likeliest(db, account_id, said, without)
    return _told(db, best, chances, chances, said.version)


def _told(
    db: "Connection",
    best: list[Pickable],
    desire: "Floats",
    probability: "Floats | None",
    version: int | None,
) -> Candidates:
    told = described(db, [one.listing_id for one in best])
    # A seller may be forgotten between two questions.
    here = [place for place, one in enumerate(best) if one.listing_id in told]
    return Candidates(
        [told[best[place].listing_id] for place in here],
        desire[here],
        None if probability is None else probability[here],
        version,
    )


def _likeliest(
    db: "Connection", account_id: int, said: Predictions, without: frozenset[int]
) -> tuple[list[Pickable], "Floats"]:
    """The listings that are likeliest kept, a release once, best first, and their chances."""
    import numpy as np

    asked = thermo.CANDIDATES * ASKED_FIRST
    while True:
        places = thermo.most_desired(said.probabilities, asked)
        may = pickable_among(db, account_id, said.ids[places].tolist())
        found: dict[int, tuple[Pickable, float]] = {}
        for place in places.tolist():
            one = may.get(int(said.ids[place]))
            if one is not None and one.release_id not in without:
                found.setdefault(one.release_id, (one, float(said.probabilities[place])))
        if len(found) >= thermo.CANDIDATES or asked >= len(said.ids):
            best = list(found.values())[: thermo.CANDIDATES]
            return [one for one, _ in best], np.array([chance for _, chance in best])
        asked *= ASKED_FIRST
