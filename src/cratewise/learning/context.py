"""The stock that models see listings through: read once, for all refits of some hours.

Of a large one a part is read, and no stock holds all that there is of an artist: who its
artists and labels are is told by all that is kept, and by the catalogue where there is one.
"""

import threading
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.catalog.lookup import open_catalog
from cratewise.catalog.profiles import outlines
from cratewise.errors import CatalogError
from cratewise.store.described import described
from cratewise.store.engine import reading
from cratewise.store.profiles import Kind, each_profile
from cratewise.store.standing import ids_for_sale
from cratewise.taste import columns
from cratewise.taste.at_large import AtLarge, Known
from cratewise.taste.columns import folded
from cratewise.taste.stock import Stock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection, Engine

MOST = 100_000  # listings; of a larger stock as many are drawn, the same ones each time
KEPT_FOR = timedelta(hours=6)
AT_ONCE = 5_000  # listings that lie in memory as mappings
SEVERAL = 2  # releases; of one that is kept the stock knows as much
GROWN = 0.2  # more or fewer listings than when it was read: it is read anew

_lock = threading.Lock()
_read: dict[str, tuple[Stock, datetime, int]] = {}  # by database: when, of how many


def stock_of(engine: "Engine", now: datetime, catalog: Path | None = None) -> Stock:
    """The stock of an index, as it was some hours ago at most.

    catalog  its file, which tells of artists and labels what is not kept here
    """
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
            told = columns.joined(parts)
            stock = Stock(
                told,
                AtLarge(
                    _at_large(db, "artist", catalog, set(told.artist)),
                    _at_large(db, "label", catalog, set(told.label)),
                ),
            )
        _read[place] = (stock, now, len(ids))
        return stock


def _at_large(
    db: "Connection", kind: Kind, catalog: Path | None, names: Collection[str]
) -> Iterator[Sequence[Known]]:
    """What is known of those of these names: by all that is kept, then by the catalogue."""
    yield from each_profile(db, kind, least=SEVERAL)
    if catalog is None or not catalog.exists():
        return
    try:
        with open_catalog(catalog) as opened:
            for some in each_profile(db, kind):
                yield outlines(opened, [one for one in some if folded(one.name) in names])
    except CatalogError:
        return  # describing tells what is wrong with it


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
