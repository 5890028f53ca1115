"""Suggest artists, labels, styles, genres, sellers and catalogue numbers while somebody types.

All names are kept in memory.  New ones are added as they come; how well known each is
gets counted anew once in a while, behind the answer.
"""

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, get_args

from cratewise.clock import Clock, SystemClock
from cratewise.shelf.name_list import NameList
from cratewise.store.engine import reading
from cratewise.store.known_names import Kind, KnownName, known_names, names_since

if TYPE_CHECKING:
    from sqlalchemy import Engine

KINDS: tuple[Kind, ...] = get_args(Kind)
FRESH_FOR = timedelta(seconds=1)  # between two looks at what is new
COUNTED_FOR = timedelta(minutes=10)  # then names are counted anew
MOST_NEW = 20_000  # names; more, and they are counted anew at once
LATEST_COMMIT = timedelta(seconds=20)  # a transaction may end that long after its rows' moment
MOST_AT_ONCE = 50
LONGEST = 100  # letters; no name is found by more

Lists = Mapping[Kind, NameList]
NO_LISTS: Lists = {kind: NameList(()) for kind in KINDS}
NO_NAMES: Mapping[Kind, frozenset[str]] = {kind: frozenset() for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name; see KnownName."""

    kind: Kind
    name: str
    entries: int
    have: int


@dataclass(frozen=True, slots=True)
class _Names:
    """All names as of `counted_at`, and those that came until `looked_at`."""

    counted: Lists
    new: Lists
    new_names: Mapping[Kind, frozenset[str]]
    counted_at: datetime
    looked_at: datetime


class Suggestions:
    """The names of one database; any thread may ask."""

    def __init__(self, engine: "Engine", clock: Clock | None = None) -> None:
        self._engine = engine
        self._clock = clock or SystemClock()
        self._names: _Names | None = None
        self._looking, self._counting = Lock(), Lock()
        self._behind = ThreadPoolExecutor(1, thread_name_prefix="suggestions")

    def suggest(
        self, typed: str, *, kinds: Collection[Kind] = KINDS, limit: int = 8
    ) -> list[Suggestion]:
        """Names that begin with what was typed, then those that hold it, best-known first.

        limit  of each kind, at most MOST_AT_ONCE.

        Nothing typed suggests the best-known.  Raises StoreUnavailable.
        """
        names = self._fresh()
        return [
            Suggestion(kind, *found)
            for kind in KINDS
            if kind in kinds
            for found in _found(names, kind, typed[:LONGEST], min(limit, MOST_AT_ONCE))
        ]

    def begin(self) -> None:
        """Count behind the scenes, so that whoever types first need not wait for it."""
        self._behind.submit(self._count_unless_counted, None)

    def count(self) -> None:
        """Count anew how well each name is known."""
        with self._counting:
            self._names = _counted(self._engine, self._clock.now())

    def close(self) -> None:
        self._behind.shutdown()

    def _fresh(self) -> _Names:
        while (names := self._names) is None:
            self.count()
        now = self._clock.now()
        if now - names.looked_at < FRESH_FOR or not self._looking.acquire(blocking=False):
            return names  # or another thread looks just now
        try:
            fresh = _looked(self._engine, names, now)
            if fresh.counted_at + COUNTED_FOR < now or _is_long(fresh.new):
                self._behind.submit(self._count_unless_counted, fresh.counted_at)
            if self._names is names:
                self._names = fresh
            return fresh
        finally:
            self._looking.release()

    def _count_unless_counted(self, counted_at: datetime | None) -> None:
        names = self._names
        if names is None or names.counted_at == counted_at:
            self.count()


def _counted(engine: "Engine", now: datetime) -> _Names:
    lists: dict[Kind, NameList] = {}
    with reading(engine) as db:
        for kind in KINDS:
            lists[kind] = _name_list(kind, known_names(db, kind))
    return _Names(lists, NO_LISTS, NO_NAMES, counted_at=now, looked_at=now)


def _looked(engine: "Engine", names: _Names, now: datetime) -> _Names:
    with reading(engine) as db:
        found = names_since(db, names.looked_at - LATEST_COMMIT)
    unknown = {
        kind: frozenset(name for name in found[kind] if not names.counted[kind].has(name))
        for kind in KINDS
    }
    if all(unknown[kind] <= names.new_names[kind] for kind in KINDS):
        return replace(names, looked_at=now)
    new_names = {kind: names.new_names[kind] | unknown[kind] for kind in KINDS}
    new = {
        kind: _name_list(kind, (KnownName(name, entries=1, have=0) for name in new_names[kind]))
        for kind in KINDS
    }
    return replace(names, new=new, new_names=new_names, looked_at=now)


def _name_list(kind: Kind, names: Iterable[KnownName]) -> NameList:
    return NameList(names, spaces_count=kind != "catalog_number")


def _is_long(lists: Lists) -> bool:
    return sum(len(one) for one in lists.values()) > MOST_NEW


def _found(names: _Names, kind: Kind, typed: str, limit: int) -> list[KnownName]:
    known = names.counted[kind].find(typed, limit)
    return known + names.new[kind].find(typed, limit - len(known))
