"""Distinct names as numbers, compactly, with the order that they stand in on a shelf.

A name is compared without case and accents.  A number once given stays; where a name
stands among the others is a float, so that a new one finds a place between two.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

SEPARATOR = "\n"  # no key has one: blanks of all kinds become spaces
_SEPARATOR = SEPARATOR.encode()
BLOCK = 5  # bits: of every 32nd place it is known which key it is in
# What no key has: blanks of another kind, two together, or at an end.
NEEDLESS = (*"\t\r\v\f\x1c\x1d\x1e\x1f", "  ", "\n ", " \n")


def key_of(name: str) -> str:
    """A name as it is compared and ordered: without case, accents and needless blanks."""
    if not name.isascii():
        parts = unicodedata.normalize("NFKD", name.casefold())
        name = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return " ".join(name.lower().split())


def keys_of(names: Sequence[str]) -> str:
    """The keys of some names, each ended by a separator: as `key_of`, for a great many."""
    keys = [name.lower() if name.isascii() else key_of(name) for name in names]
    joined = SEPARATOR.join([*keys, ""])
    is_odd = joined.startswith(" ") or any(blank in joined for blank in NEEDLESS)
    if is_odd or joined.count(SEPARATOR) != len(keys):
        joined = SEPARATOR.join([*map(key_of, names), ""])
    return joined


class Names:
    """Distinct names, numbered from 0 in the order in which they came.

    joint   between the names of one text: ", " makes "Blue Note, EMI" known as both.
    epoch   another value whenever places were given anew.
    """

    def __init__(self, joint: str) -> None:
        self._joint = re.compile(joint)
        self._blob = bytearray(_SEPARATOR)  # every key between two separators
        self._ends = np.zeros(0, np.int64)  # of each key, where its separator stands
        self._in_blocks = np.zeros(0, np.int32)  # the number at the beginning of each block
        self._sorted = np.zeros(0, np.int32)  # numbers in the order of their keys
        self.places = np.zeros(0, np.float64)  # of each number
        self.epoch = 0

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> str:
        """The key of a number."""
        begin = int(self._ends[number - 1]) + 1 if number else 1
        return self._blob[begin : int(self._ends[number])].decode()

    @property
    def nbytes(self) -> int:
        arrays = (self._ends, self._in_blocks, self._sorted, self.places)
        return len(self._blob) + sum(array.nbytes for array in arrays)

    def number(self, names: Sequence[str]) -> NDArray[np.int32]:
        """The numbers of these names; those that are new get one.  (n,)"""
        keys = [key_of(name) for name in names]
        known = {key: found for key in set(keys) if (found := self.find(key)) is not None}
        new = sorted(set(keys) - known.keys())
        if new:
            known |= zip(new, range(len(self), len(self) + len(new)), strict=True)
            self._add(new)
        return np.fromiter((known[key] for key in keys), np.int32, len(keys))

    def number_all(self, keys: Sequence[str]) -> NDArray[np.int32]:
        """As `number`, for a great many keys of the first names that there are."""
        numbers = dict(zip(dict.fromkeys(keys), count()))
        found = np.fromiter(map(numbers.__getitem__, keys), np.int32, len(keys))
        letters = [key.encode() for key in numbers]
        self._blob = bytearray(_SEPARATOR + b"".join(key + _SEPARATOR for key in letters))
        self._in_blocks = np.zeros(0, np.int32)
        self._ends = np.cumsum(np.fromiter((len(key) + 1 for key in letters), np.int64))
        self._sorted = np.array(sorted(range(len(letters)), key=letters.__getitem__), np.int32)
        self.places = np.empty(len(letters), np.float64)
        self._place_all()
        return found

    def find(self, key: str) -> int | None:
        """The number of a key; None: there is no such name."""
        at = self._place_in_order(key)
        if at < len(self) and self[int(self._sorted[at])] == key:
            return int(self._sorted[at])
        return None

    def place(self, key: str) -> float:
        """Where a key stands, or would stand, among the places of all."""
        at = self._place_in_order(key)
        before = self.places[self._sorted[at - 1]] if at else -1.0
        if at == len(self):
            return float(before) + 1.0
        here = self.places[self._sorted[at]]
        is_known = self[int(self._sorted[at])] == key
        return float(here if is_known else (before + here) / 2)

    def holding(self, names: Sequence[str], joint: str | None = None) -> NDArray[np.bool_]:
        """Which are one of these names, or hold one as a whole part.  (len(self),)

        joint  between parts, if not its own.
        """
        parts = self._joint if joint is None else re.compile(joint)
        found = np.zeros(len(self), np.bool_)
        for key in filter(None, map(key_of, names)):
            for number in self._with_letters(key.encode()):
                whole = self[number]
                if whole == key or key in parts.split(whole):
                    found[number] = True
        return found

    def with_part(self, part: str) -> NDArray[np.bool_]:
        """Which hold this anywhere, in any case and with any accents.  (len(self),)"""
        found = np.zeros(len(self), np.bool_)
        letters = key_of(part).encode()
        if not letters:
            return ~found
        found[self._numbers_at(_places_of(letters, self._blob))] = True
        return found

    def _numbers_at(self, at: NDArray[np.intp]) -> NDArray[np.int32]:
        """In which key these places lie: at its block's beginning, or some keys on.

        Five times quicker than to search among the ends for each.
        """
        known = len(self._in_blocks) << BLOCK
        if known < len(self._blob):
            begins = np.arange(known, len(self._blob), 1 << BLOCK)
            more = np.searchsorted(self._ends, begins).astype(np.int32)
            self._in_blocks = np.append(self._in_blocks, more)
        numbers: NDArray[np.int32] = self._in_blocks[at >> BLOCK]
        while (is_behind := self._ends[numbers] < at).any():
            numbers += is_behind
        return numbers

    def _with_letters(self, letters: bytes) -> Sequence[int]:
        numbers, at = [], self._blob.find(letters)
        while at >= 0:
            number = int(np.searchsorted(self._ends, at))
            numbers.append(number)
            at = self._blob.find(letters, int(self._ends[number]))
        return numbers

    def _place_in_order(self, key: str) -> int:
        return bisect_left(self._sorted, key, key=lambda number: self[int(number)])

    def _add(self, keys: Sequence[str]) -> None:
        """Number new keys, which are sorted."""
        first = len(self)
        at = np.array([self._place_in_order(key) for key in keys])
        for_each = np.fromiter((len(key.encode()) + 1 for key in keys), np.int64, len(keys))
        self._ends = np.append(self._ends, len(self._blob) - 1 + np.cumsum(for_each))
        self._blob += b"".join(key.encode() + _SEPARATOR for key in keys)
        numbers = np.arange(first, len(self), dtype=np.int32)
        self.places = np.append(self.places, np.full(len(keys), np.nan))
        self._sorted = np.insert(self._sorted, at, numbers)
        self._place_between(at + np.arange(len(at)))

    def _place_between(self, order: NDArray[np.intp]) -> None:
        """Give the keys at these places of the order a place between their neighbours."""
        for at in order.tolist():
            before = self.places[self._sorted[at - 1]] if at else -1.0
            behind = self._place_behind(at, before + 2.0)
            here = (before + behind) / 2
            if not before < here < behind:  # no float is left between the two
                self._place_all()
                return
            self.places[self._sorted[at]] = here

    def _place_behind(self, at: int, end: float) -> float:
        """The place of the next key in order that has one; `end`: none has."""
        while (at := at + 1) < len(self):
            place = float(self.places[self._sorted[at]])
            if not math.isnan(place):
                return place
        return end

    def _place_all(self) -> None:
        self.places[self._sorted] = np.arange(len(self))
        self.epoch += 1


def _places_of(letters: bytes, blob: bytearray) -> NDArray[np.intp]:
    """Where letters begin in a text, first the even places: nothing is asked name by name."""
    signs = np.frombuffer(blob, np.uint8)
    if len(letters) == 1:
        return np.flatnonzero(signs == letters[0])
    # Two letters at once, from even places and from odd ones: few places have both.
    pair = np.frombuffer(letters[:2], np.uint16)[0]
    found = []
    for first in (0, 1):
        at = np.flatnonzero(np.frombuffer(blob, np.uint16, (len(blob) - first) // 2, first) == pair)
        at *= 2
        at += first
        found.append(at)
    at = np.concatenate(found)
    if len(letters) > 2:
        at = at[at <= len(blob) - len(letters)]
    for n, letter in enumerate(letters[2:], 2):
        at = at[signs[at + n] == letter]
    return at
