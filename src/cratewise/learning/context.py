"""The stock that models see listings through: read once, for all refits of some hours.

Of a large one a part is read; who its artists and labels are is counted over all that is
kept (catalog/profiles.py), and told by that.
"""

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cratewise.store.described import described
from cratewise.store.engine import reading
from cratewise.store.profiles import each_profile
from cratewise.store.standing import ids_for_sale
from cratewise.taste import columns
from cratewise.taste.at_large import AtLarge
from cratewise.taste.stock import Stock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Engine

MOST = 100_000  # listings; of a larger stock as many are drawn, the same ones each time
KEPT_FOR = timedelta(hours=6)
AT_ONCE = 5_000  # listings that lie in memory as mappings
SEVERAL = 2  # releases; of one that is kept the stock knows as much
GROWN = 0.2  # more or fewer listings than when it was read: it is read anew

_lock = threading.Lock()
_read: dict[str, tuple[Stock, datetime, int]] = {}  # by database: when, of how many


def stock_of(engine: "Engine", now: datetime) -> Stock:
    """The stock of an index, as it was some hours ago at most."""
    place = engine.url.render_as_string(hide_password=True)
    with _lock:
        with reading(engine) as db:
            ids = ids_for_sale(db)
        found = _read.get(place)
        if found is not None:
            stock, read_at, count = found
            if now - read_at < KEPT_FOR and abs(len(ids) - count) <= GROWN * max(count, 100):
                return stock
        wanted = sample(ids, MOST).tolist()
        with reading(engine) as db:
            parts = [
                columns.read(list(described(db, wanted[start : start + AT_ONCE]).values()))
                for start in range(0, max(1, len(wanted)), AT_ONCE)
            ]
            stock = Stock(
                columns.joined(parts),
                AtLarge(
                    each_profile(db, "artist", least=SEVERAL),
                    each_profile(db, "label", least=SEVERAL),
                ),
            )
        _read[place] = (stock, now, len(ids))
        return stock


def forget_stocks() -> None:
    """Let go of what was read."""
    with _lock:
        _read.clear()


def sample(ids: "NDArray[np.int64]", most: int) -> "NDArray[np.int64]":
    """At most so many of some ids: those with the lowest hashes, so that they stay the same.

    Whole listings by chance, not whole artists: most artists keep some of theirs, and a
    stranger is still known by the listing at hand.
    """
    import numpy as np

    if len(ids) <= most:
        return ids
    mixed = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.sort(ids[np.argpartition(mixed, most)[:most]])
