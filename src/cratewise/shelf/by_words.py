"""Which releases of the shelf some words find.

Behind the scenes the words of all releases are put in memory (word_lists.py); those that
are stored later are asked for with each search, and compared one by one until there are
many.  Until then, and where a single search is all that is asked, the database finds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cratewise.clock import Clock
from cratewise.shelf.shelf import Bools, Ints, Shelf
from cratewise.shelf.word_lists import NO_WORDS, Rows, WordLists
from cratewise.store.engine import reading_once
from cratewise.store.shelf_rows import NEVER
from cratewise.store.tables import microseconds
from cratewise.store.word_forms import Asked, asked_words, has_words
from cratewise.store.words import changed_words, every_words, find_asked, words_of_releases

if TYPE_CHECKING:
    from sqlalchemy import Connection

# A transaction may end that long after the moment that its rows carry.
LATEST_COMMIT_US = 60_000_000
SECONDS_BETWEEN_LONG_LOOKS = 1.0
MOST_LOOSE = 1_000  # releases that are compared one by one
MANY_CHANGED = 8  # once one release in so many changed, all words are read anew
KEPT_FOR = timedelta(hours=1)  # then read anew, were a writer's clock wrong by more than a minute

NOTHING = np.zeros(0, np.int64)


class Words(NamedTuple):
    """What a release is found by, and since when, in microseconds since 1970."""

    kept_at: int
    text: str


@dataclass
class _Known:
    """The words of a shelf's releases.

    lists    of all, as they were read
    later    of those that changed since, by their rows (`superseded`), but for the loose ones
    changed  all that changed since, by Discogs' id
    loose    those of them that are in no list yet
    newest   when the last of them was kept
    covered  how many releases of the shelf have been asked for
    """

    shelf: Shelf
    lists: WordLists
    read_at: datetime
    newest: int
    covered: int
    later: WordLists = NO_WORDS
    superseded: Rows = field(default_factory=lambda: np.zeros(0, np.int32))
    changed: dict[int, Words] = field(default_factory=dict)
    loose: dict[int, Words] = field(default_factory=dict)

    def take_over(self, told: Mapping[int, Words]) -> None:
        for number, words in told.items():
            before = self.changed.get(number)
            # Somebody who looked later may have been here before.
            if before is None or (before != words and before.kept_at <= words.kept_at):
                self.changed[number] = self.loose[number] = words
                self.newest = max(self.newest, words.kept_at)

    def hits(self, asked: tuple[Asked, ...]) -> Bools:
        count = len(self.shelf.releases)
        hits = _longer(self.lists.hits(asked), count)
        hits[self.superseded] = False
        hits |= _longer(self.later.hits(asked), count)
        rows = self.shelf.release_rows_of(np.fromiter(self.loose, np.int64, len(self.loose)))
        has = np.array([has_words(one.text, asked) for one in self.loose.values()], np.bool_)
        hits[rows[rows >= 0]] = has[rows >= 0]
        return hits


class Asking(NamedTuple):
    """What was asked for, and what the database says of it.

    found  the releases that have it, by Discogs' ids, where words are not known
    known  words, where they are; told: how some of them are by now
    covered  how many releases of the shelf were asked for by then
    """

    asked: tuple[Asked, ...]
    found: Ints
    known: _Known | None
    told: Mapping[int, Words]
    covered: int = 0


class ByWords:
    """Answers as `find_releases` does, for a shelf."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: _Known | None = None
        self._next_long_look = 0.0

    def ask(self, db: "Connection", shelf: Shelf, words: str, newest: int) -> Asking | None:
        """Ask the database what `hits` has to know; None: nothing was typed.

        newest  when words were last kept, in microseconds since 1970
        """
        asked = asked_words(words)
        if asked is None:
            return None
        known = self._known
        if known is None or known.shelf is not shelf:
            return Asking(asked, find_asked(db, asked), None, {})
        new, covered = _of_new(db, known)
        return Asking(asked, NOTHING, known, {**self._look(db, known, newest), **new}, covered)

    def _look(self, db: "Connection", known: _Known, newest: int) -> Mapping[int, Words]:
        """What was kept since the newest that is known, and once a second a minute before it."""
        since, began = known.newest, self._clock.monotonic()
        is_long = began >= self._next_long_look
        reach = microseconds(self._clock.now()) - LATEST_COMMIT_US
        # Another page of the same moment may be stored as long as that is within reach.
        if not is_long and (newest < since or newest == since < reach):
            return {}
        if is_long:
            since = min(since - LATEST_COMMIT_US, reach)
        told = {number: Words(at, text) for number, text, at in changed_words(db, since)}
        if is_long:  # where much is written it takes long, and is rarer
            ended = self._clock.monotonic()
            self._next_long_look = ended + max(SECONDS_BETWEEN_LONG_LOOKS, 5 * (ended - began))
        return told

    def hits(self, shelf: Shelf, asking: Asking) -> Bools:
        """Which releases of the shelf have what was asked for; whoever asks holds its lock."""
        if asking.known is not None:
            asking.known.take_over(asking.told)
            asking.known.covered = max(asking.known.covered, asking.covered)
            return asking.known.hits(asking.asked)
        hits = np.zeros(len(shelf.releases), np.bool_)
        rows = shelf.release_rows_of(asking.found)
        hits[rows[rows >= 0]] = True
        return hits

    def is_behind(self, shelf: Shelf) -> bool:
        """Whether whoever has time should call `catch_up`."""
        known = self._known
        return self._is_to_read(shelf) or (known is not None and len(known.loose) > MOST_LOOSE)

    def catch_up(self, db: "Connection", shelf: Shelf, at: datetime) -> None:
        """Read the words of all releases of a shelf, or put those in lists that changed since.

        at  before `db` took its view of the database.
        """
        known = self._known
        if known is None or self._is_to_read(shelf):
            self._read(db, shelf, at)
        else:
            _bind(known)

    def _is_to_read(self, shelf: Shelf) -> bool:
        known = self._known
        if known is None or known.shelf is not shelf:
            return True
        is_old = known.read_at + KEPT_FOR <= self._clock.now()
        return is_old or len(known.changed) * MANY_CHANGED > len(shelf.releases) + MOST_LOOSE

    def _read(self, db: "Connection", shelf: Shelf, at: datetime) -> None:
        lacking: dict[int, Words] = {}
        count = len(shelf.releases)
        with reading_once(db):
            lists = WordLists.of(_with_rows(shelf, count, every_words(db), lacking), count)
        # What very many begin with is found beforehand, so that nobody waits for it.
        for term in lists.frequent_beginnings():
            lists.hits([((term,),)])
        changed, loose = dict(lacking), lacking
        self._known = _Known(
            shelf, lists, at, microseconds(at), count, changed=changed, loose=loose
        )
        self._next_long_look = 0.0


def _of_new(db: "Connection", known: _Known) -> tuple[Mapping[int, Words], int]:
    """Words of releases that came to the shelf, whenever these say that they were kept.

    And how many of the shelf's releases were asked for by now.
    """
    with known.shelf.lock:
        end = len(known.shelf.releases)
        ids = known.shelf.releases["id"][known.covered : end].tolist()
    if not ids:
        return {}, end
    told = {number: Words(at, text) for number, text, at in words_of_releases(db, ids)}
    # Another thread's view of the database may be newer, and have put them on the shelf.
    return told, end if len(told) == len(ids) else known.covered


def _with_rows(
    shelf: Shelf,
    count: int,
    batches: Iterable[tuple[Sequence[int], Sequence[str]]],
    lacking: dict[int, Words],
) -> Iterator[tuple[Rows, list[str]]]:
    """Words with their rows, of which there were so many; those that came later are lacking."""
    for ids, texts in batches:
        with shelf.lock:
            rows = shelf.release_rows_of(np.array(ids, np.int64))
        is_here = (rows >= 0) & (rows < count)
        for n in np.flatnonzero(~is_here).tolist():
            lacking[ids[n]] = Words(NEVER, texts[n])
        yield rows[is_here].astype(np.int32), [*compress(texts, is_here.tolist())]


def _bind(known: _Known) -> None:
    """Make one list of all that changed and is on the shelf, so that few are loose."""
    shelf = known.shelf
    with shelf.lock:
        changed, count = dict(known.changed), len(shelf.releases)
        rows = shelf.release_rows_of(np.fromiter(changed, np.int64, len(changed)))
    is_here = (rows >= 0).tolist()
    here = [*compress(changed.items(), is_here)]
    superseded = rows[rows >= 0].astype(np.int32)
    later = WordLists.of([(superseded, [words.text for _, words in here])], count)
    bound = dict(here)
    with shelf.lock:
        known.later, known.superseded = later, superseded
        known.loose = {n: words for n, words in known.loose.items() if bound.get(n) != words}


def _longer(flags: Bools, count: int) -> Bools:
    return flags if len(flags) == count else np.append(flags, np.zeros(count - len(flags), bool))
