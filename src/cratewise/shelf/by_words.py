"""Which releases of the shelf some words find: of words that very many have, kept as bits.

A database finds a rare word in a fraction of a millisecond, and takes forty to count off
what a common one finds.  So a search is taken apart: common words (and beginnings of words,
as while typing) are met by bits that are kept and brought up to date with the releases
whose words have changed since; all others together by the database.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cratewise.clock import Clock
from cratewise.shelf.frequent_words import FrequentWords
from cratewise.shelf.shelf import Bools, Ints, Shelf
from cratewise.store.word_forms import Asked, Term, asked_words, has_words
from cratewise.store.words import changed_words, find_asked

if TYPE_CHECKING:
    from sqlalchemy import Connection

FREQUENT = 5_000  # releases; shorter lists are found about as fast as bits are brought up to date
MOST_KEPT = 160  # terms; a bit a release each
# A transaction may end that long after the moment that its rows carry.
LATEST_COMMIT = timedelta(seconds=20)
KEPT_FOR = timedelta(minutes=10)  # then found anew, were a clock wrong by more than that


@dataclass
class _Kept:
    """Which releases of a shelf have a term, by their rows; brought up to date until `up_to`."""

    shelf: Shelf
    bits: NDArray[np.uint8]
    found_at: datetime
    up_to: datetime

    def hits(self) -> Bools:
        return np.unpackbits(self.bits, count=len(self.shelf.releases)).view(np.bool_)


class Asking(NamedTuple):
    """What was asked for, and what the database says of it.

    by_bits  words of which every term is kept, or was found just now
    found    terms that were found just now, and the releases that have each
    rest     the releases that have all other words; None: there are none
    changed  releases whose words changed since what is kept was brought up to date
    """

    shelf: Shelf
    by_bits: Sequence[Asked]
    kept: Mapping[Term, _Kept]
    found: Mapping[Term, Ints]
    rest: Ints | None
    changed: Sequence[tuple[int, str]]
    at: datetime


class ByWords:
    """Answers as `find_releases` does, for a shelf."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[Term, _Kept] = OrderedDict()
        self._frequent: tuple[Shelf, FrequentWords] | None = None

    def ask(self, db: "Connection", shelf: Shelf, words: str) -> Asking | None:
        """Ask the database what `hits` has to know; None: nothing was typed."""
        asked = asked_words(words)
        return None if asked is None else self._ask(db, shelf, asked)

    def _ask(self, db: "Connection", shelf: Shelf, asked: Sequence[Asked]) -> Asking:
        now = self._clock.now()
        terms = {term for one in asked for way in one for term in way}
        kept = {term: one for term in terms if (one := self._valid(shelf, term, now)) is not None}
        found = {
            term: find_asked(db, (((term,),),))
            for term in terms - kept.keys()
            if self.frequent(db, shelf).has(term, FREQUENT)
        }
        by_bits = [one for one in asked if _terms(one) <= kept.keys() | found.keys()]
        rest = [one for one in asked if one not in by_bits]
        return Asking(
            shelf,
            by_bits,
            kept,
            found,
            find_asked(db, rest) if rest else None,
            changed_words(db, min(one.up_to for one in kept.values()) - LATEST_COMMIT)
            if kept
            else (),
            now,
        )

    def hits(self, asking: Asking) -> Bools:
        """Which releases of the shelf have what was asked for; whoever asks holds its lock."""
        shelf, now = asking.shelf, asking.at
        for term, ids in asking.found.items():
            self._kept[term] = _Kept(shelf, np.packbits(_flags(shelf, ids)), now, now)
        flags = {term: self._kept[term].hits() for term in asking.found}
        for term, kept in asking.kept.items():
            _bring_up_to_date(kept, term, asking.changed, now)
            flags[term] = kept.hits()
            self._kept.pop(term, None)
            self._kept[term] = kept
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        hits = np.ones(len(shelf.releases), np.bool_)
        for one in asking.by_bits:
            hits &= _any(_all(flags[term] for term in way) for way in one)
        if asking.rest is not None:
            hits &= _flags(shelf, asking.rest)
        return hits

    def frequent(self, db: "Connection", shelf: Shelf) -> FrequentWords:
        """Which words are common in this stock."""
        if self._frequent is None or self._frequent[0] is not shelf:
            self._frequent = shelf, FrequentWords.of(db)
        return self._frequent[1]

    def learn(self, db: "Connection", shelf: Shelf) -> None:
        """Find what is common beforehand, so that nobody waits for it."""
        for term in self.frequent(db, shelf).terms(FREQUENT)[: MOST_KEPT // 2]:
            asking = self._ask(db, shelf, (((term,),),))
            with shelf.lock:
                self.hits(asking)

    def _valid(self, shelf: Shelf, term: Term, now: datetime) -> _Kept | None:
        kept = self._kept.get(term)
        if kept is None or kept.shelf is not shelf:
            return None
        return kept if kept.found_at <= now < kept.found_at + KEPT_FOR else None


def _terms(asked: Asked) -> set[Term]:
    return {term for way in asked for term in way}


def _flags(shelf: Shelf, ids: Ints) -> Bools:
    hits = np.zeros(len(shelf.releases), np.bool_)
    rows = shelf.release_rows_of(ids)
    hits[rows[rows >= 0]] = True
    return hits


def _bring_up_to_date(
    kept: _Kept, term: Term, changed: Sequence[tuple[int, str]], now: datetime
) -> None:
    kept.up_to = max(kept.up_to, now)
    grown = len(kept.shelf.releases) - 8 * len(kept.bits)
    if grown > 0:
        kept.bits = np.append(kept.bits, np.zeros(-(-grown // 8), np.uint8))
    if not changed:
        return
    flags = kept.hits()
    rows = kept.shelf.release_rows_of(np.array([number for number, _ in changed], np.int64))
    has = np.array([has_words(words, (((term,),),)) for _, words in changed], np.bool_)
    flags[rows[rows >= 0]] = has[rows >= 0]
    kept.bits = np.packbits(flags)


def _all(flags: Iterable[Bools]) -> Bools:
    first, *others = flags
    for one in others:
        first = first & one
    return first


def _any(flags: Iterable[Bools]) -> Bools:
    first, *others = flags
    for one in others:
        first = first | one
    return first
