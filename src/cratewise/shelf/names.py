"""Distinct names as numbers, compactly, with the order that they stand in on a shelf.

A name is compared without case and accents.  A number once given stays; where a name
stands among the others is a float, so that a new one finds a place between two.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.letters import BLANK, END, KeyAt, Words, places_of

SEPARATOR = END.decode()
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
        self._blob = bytearray(END)  # every key between two separators
        self._ends = np.zeros(0, np.int64)  # of each key, where its separator stands
        self._key_at = KeyAt()
        self._words: Words | None = None
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
        arrays = (self._ends, self._sorted, self.places)
        words = 0 if self._words is None else self._words.nbytes
        index = self._key_at.nbytes + words
        return len(self._blob) + index + sum(array.nbytes for array in arrays)

    def number(
        self, names: Sequence[str], before: NDArray[np.int32] | None = None
    ) -> NDArray[np.int32]:
        """The numbers of these names; those that are new get one.  (n,)

        before  what was there so far, -1 nothing: most stay, and need not be looked for.
        """
        keys = [key_of(name) for name in names]
        told = () if before is None else before.tolist()
        known = {key: n for key, n in zip(keys, told, strict=False) if n >= 0 and self[n] == key}
        for key in set(keys) - known.keys():
            if (found := self.find(key)) is not None:
                known[key] = found
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
        self._blob = bytearray(END + b"".join(key + END for key in letters))
        self._key_at = KeyAt()
        self._words = None
        self._ends = np.cumsum(np.fromiter((len(key) + 1 for key in letters), np.int64))
        self._sorted = np.array(sorted(range(len(letters)), key=letters.__getitem__), np.int32)
        self.places = np.empty(len(letters), np.float64)
        self._place_all()
        return found

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that is known, for `restore`; whoever holds them must not add names."""
        letters = np.frombuffer(self._blob, np.uint8)
        return {
            "letters": letters,
            "ends": self._ends,
            "sorted": self._sorted,
            "places": self.places,
        }

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Know what `arrays` told."""
        self._blob = bytearray(arrays["letters"].tobytes())
        self._ends, self._sorted = arrays["ends"], arrays["sorted"]
        self.places = arrays["places"]

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
        sought = key_of(part).encode()
        if not sought:
            return ~found
        begin = 0
        if self._words is not None and self._words.count and BLANK not in sought:
            found[self._words.keys_with(sought)] = True
            begin = int(self._ends[self._words.count - 1])  # behind it is what came since
        at = places_of(sought, self._blob[begin:] if begin else self._blob)
        found[self._key_at(at + begin, self._ends)] = True
        return found

    def words(self) -> Callable[[], Words]:
        """What parts the names as they are now into words, for `learn`; others need not wait."""
        return partial(Words, bytes(self._blob), self._ends.copy())

    def learn(self, words: Words) -> None:
        """Look parts of names up among their words from now on."""
        self._words = words

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
        self._blob += b"".join(key.encode() + END for key in keys)
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
