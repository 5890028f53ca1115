"""The stock laid out for novelty: from a sample of what came lately, once a day."""

import threading
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from cratewise.picks.novelty import Space, lay_out
from cratewise.picks.thermo import seed_of
from cratewise.store.described import described
from cratewise.store.pickable import ids_for_sale, newest_listing

if TYPE_CHECKING:
    from sqlalchemy import Connection

RECENT = timedelta(days=7)
FEWEST_RECENT = 100  # with fewer, all that is for sale is laid out
SAMPLE = 10_000

_laid_out: dict[tuple[str, date, int], Space] = {}
_laying = threading.Lock()


def space_of(db: "Connection", place: str, now: datetime) -> Space:
    """The stock laid out; done once a day in a process, and anew when listings arrived."""
    key = place, now.date(), newest_listing(db)
    with _laying:
        if key not in _laid_out:
            _laid_out.clear()
            _laid_out[key] = _lay_out_stock(db, now)
        return _laid_out[key]


def _lay_out_stock(db: "Connection", now: datetime) -> Space:
    """From a sample of what arrived within a week, else of all; seeded by the day."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    ids = ids_for_sale(db, arrived_since=now - RECENT)
    if len(ids) < FEWEST_RECENT:
        ids = ids_for_sale(db)
    seed = seed_of(0, now.date())
    if len(ids) > SAMPLE:
        ids = np.sort(np.random.default_rng(seed).choice(ids, SAMPLE, replace=False))
    told = described(db, ids.tolist())
    # So small that several threads of the linear algebra mostly wait for each other.
    with threadpool_limits(1):
        return lay_out([told[number] for number in sorted(told)], seed)
