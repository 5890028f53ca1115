"""Names found by a part of them, the best known first: a list in memory.

A beginning is looked up in the order of the alphabet, a part in one text of all names
that has the best-known first, so that a search of a short part ends early.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

import numpy as np

from cratewise.store.known_names import KnownName
from cratewise.store.word_forms import plain

LOOKED_AT = 60  # of names that only hold what was typed: those in which a word begins so first
SHORTEST_PART = 2  # letters; one letter is only looked for where a name begins
_SIGNS = re.compile(r"[^\w\s]|_")


class NameList:
    """Some names, each with how well it is known; never changed, so any thread may read it."""

    def __init__(self, names: Iterable[KnownName], *, spaces_count: bool = True) -> None:
        """spaces_count: else "AS-9203", "AS 9203" and "as9203" are one and the same."""
        self._spaces_count = spaces_count
        texts: list[str] = []
        counts, have = array("q"), array("q")
        for one in names:
            texts.append(one.name)
            counts.append(one.entries)
            have.append(one.have)
        best_first = sorted(range(len(texts)), key=lambda n: (-have[n], -counts[n], texts[n]))
        keys = [self._key(texts[n]).encode() for n in best_first]
        written = [texts[n].encode() for n in best_first]
        self._keys = b"\n".join([b"", *keys, b""])
        self._names = b"\n".join([*written, b""])
        self._key_starts = _starts(keys, first=1)
        self._name_starts = _starts(written, first=0)
        self._counts = np.array(counts, np.int64)[best_first]
        self._have = np.array(have, np.int64)[best_first]
        self._by_key = np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int32)

    def __len__(self) -> int:
        return len(self._counts)

    def find(self, typed: str, limit: int) -> list[KnownName]:
        """Names that begin with what was typed, then those that hold it; best-known first."""
        part = self._key(typed).encode()
        if typed.strip() and not part:
            return self._signs(typed.strip(), limit)
        rows = self._beginning(part, limit)
        if len(rows) < limit and len(part) >= SHORTEST_PART:
            others = (row for row in self._holding(part) if row not in rows)
            rows += list(others)[: limit - len(rows)]
        return [self._name(row) for row in rows]

    def has(self, name: str) -> bool:
        """Whether a name stands here, spelt like this or nearly."""
        key = self._key(name).encode()
        at = bisect_left(self._by_key, key, key=self._key_of)
        return at < len(self) and self._key_of(int(self._by_key[at])) == key

    def _signs(self, typed: str, limit: int) -> list[KnownName]:
        """Names that are neither letters nor digits, as "!!!" is."""
        last = bisect_right(self._by_key, b"", key=self._key_of)
        named = map(self._name, sorted(self._by_key[:last].tolist()))
        return [one for one in named if typed in one.name][:limit]

    def _beginning(self, part: bytes, limit: int) -> list[int]:
        first = bisect_left(self._by_key, part, key=self._key_of)
        last = bisect_right(self._by_key, part, key=lambda row: self._key_of(row)[: len(part)])
        rows = self._by_key[first:last]
        if rows.size > limit:
            rows = np.partition(rows, limit)[:limit]
        return sorted(rows.tolist())  # a row's number is its rank

    def _holding(self, part: bytes) -> list[int]:
        """Rows with a word that begins so, then others that hold it."""
        found = list(self._each_holding(part))
        return [row for row, begins in found if begins] + [
            row for row, begins in found if not begins
        ]

    def _each_holding(self, part: bytes) -> Iterator[tuple[int, bool]]:
        at = self._keys.find(part)
        looked_at = 0
        while at >= 0 and looked_at < LOOKED_AT:
            looked_at += 1
            row = bisect_right(self._key_starts, at) - 1
            yield row, b" " + part in self._key_of(row)
            at = self._keys.find(part, self._key_starts[row + 1])

    def _key_of(self, row: int) -> bytes:
        return self._keys[self._key_starts[row] : self._key_starts[row + 1] - 1]

    def _name(self, row: int) -> KnownName:
        name = self._names[self._name_starts[row] : self._name_starts[row + 1] - 1]
        return KnownName(name.decode(), int(self._counts[row]), int(self._have[row]))

    def _key(self, text: str) -> str:
        """What is compared: words without case, accents and punctuation, `The` aside."""
        words = _SIGNS.sub("", plain(text)).split()
        if not self._spaces_count:
            return "".join(words)
        return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _starts(lines: list[bytes], *, first: int) -> "array[int]":
    """Where each line begins in all of them joined, and where one behind the last would."""
    return array("i", accumulate((len(line) + 1 for line in lines), initial=first))
