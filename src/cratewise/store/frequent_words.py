"""Words that very many releases have, found without asking the database for all of them again.

A database finds a rare word in a fraction of a millisecond, and takes tens of them to
count off a hundred thousand ids.  Those lists are kept, and brought up to date with
the releases whose words have changed since.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from cratewise.clock import Clock, SystemClock
from cratewise.store.word_forms import Asked, asked_words, has_words
from cratewise.store.words import Ids, changed_words, find_releases

FREQUENT = 5_000  # releases; shorter lists are found about as fast as they are brought up to date
MOST_IDS = 4_000_000  # kept over all words: 32 MB
# A transaction may end that long after the moment that its rows carry.
LATEST_COMMIT = timedelta(seconds=20)
KEPT_FOR = timedelta(minutes=10)  # then found anew, were a clock wrong by more than that

Key = tuple[Asked, ...] | None


@dataclass(slots=True)
class _Kept:
    ids: npt.NDArray[np.int64]
    found_at: datetime
    up_to: datetime


@dataclass(slots=True)
class FrequentWords:
    """`find_releases` with a memory; any thread may call it."""

    clock: Clock = field(default_factory=SystemClock)
    _kept: OrderedDict[Key, _Kept] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, db: Connection, words: str) -> Ids:
        """What `find_releases` finds."""
        asked, now = asked_words(words), self.clock.now()
        with self._lock:
            kept = self._kept.get(asked)
        if kept is None or not kept.found_at <= now < kept.found_at + KEPT_FOR:
            ids = find_releases(db, words)
            self._keep(asked, _Kept(ids, now, now))
            return ids
        ids = _brought_up_to_date(db, asked, kept)
        self._keep(asked, _Kept(ids, kept.found_at, now))
        return ids

    def _keep(self, asked: Key, kept: _Kept) -> None:
        kept.ids.flags.writeable = False  # whoever got them shares them
        with self._lock:
            self._kept.pop(asked, None)
            if kept.ids.size >= FREQUENT:
                self._kept[asked] = kept
            while sum(one.ids.size for one in self._kept.values()) > MOST_IDS:
                self._kept.popitem(last=False)


def _brought_up_to_date(db: Connection, asked: Key, kept: _Kept) -> Ids:
    changed = changed_words(db, kept.up_to - LATEST_COMMIT)
    if not changed:
        return kept.ids
    met = [number for number, words in changed if asked is None or has_words(words, asked)]
    others = np.setdiff1d(kept.ids, [number for number, _ in changed], assume_unique=True)
    return np.union1d(others, np.array(met, np.int64))
