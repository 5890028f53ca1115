"""Which of a great many keys hold some letters: keys in one text, each ended by a separator."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Ends = NDArray[np.int64]

BLANK = b" "
END = b"\n"  # no key has one: blanks of all kinds become spaces
BLOCK = 5  # bits: of every 32nd place it is known which key it is in
AT_ONCE = 20_000  # keys whose words are parted together
# Of more words than this the names are looked up for all words at once.
MANY = 2_000


def places_of(letters: bytes, text: bytes | bytearray) -> NDArray[np.intp]:
    """Where letters begin in a text, first the even places: nothing is asked key by key."""
    signs = np.frombuffer(text, np.uint8)
    if len(letters) == 1:
        return np.flatnonzero(signs == letters[0])
    # Two letters at once, from even places and from odd ones: few places have both.
    pair = np.frombuffer(letters[:2], np.uint16)[0]
    found = []
    for first in (0, 1):
        at = np.flatnonzero(np.frombuffer(text, np.uint16, (len(text) - first) // 2, first) == pair)
        at *= 2
        at += first
        found.append(at)
    at = np.concatenate(found)
    if len(letters) > 2:
        at = at[at <= len(text) - len(letters)]
    for n, letter in enumerate(letters[2:], 2):
        at = at[signs[at + n] == letter]
    return at


class KeyAt:
    """In which key a place of the text lies; keys may be added behind.

    Five times quicker than to search among the ends for each place.
    """

    def __init__(self) -> None:
        self._in_blocks = np.zeros(0, np.int32)  # the key at the beginning of each block

    @property
    def nbytes(self) -> int:
        return self._in_blocks.nbytes

    def __call__(self, at: NDArray[np.intp], ends: Ends) -> Numbers:
        """The number of the key of each place.  (n,)

        ends  of each key, where its separator stands
        """
        known, size = len(self._in_blocks) << BLOCK, int(ends[-1]) + 1 if len(ends) else 0
        if known < size:
            more = np.searchsorted(ends, np.arange(known, size, 1 << BLOCK)).astype(np.int32)
            self._in_blocks = np.append(self._in_blocks, more)
        numbers: Numbers = self._in_blocks[at >> BLOCK]
        while (is_behind := ends[numbers] < at).any():
            numbers += is_behind
        return numbers


class Words:
    """The distinct words of keys, and the keys that have each: asked instead of the keys.

    A stock of 350,000 titles has some ten thousand words, a tenth of its letters.

    count  of the keys that were parted; they are not looked at again
    """

    def __init__(self, text: bytes, ends: Ends) -> None:
        self.count = len(ends)
        numbers: dict[bytes, int] = {}
        parted = [_parted(*some, numbers) for some in _some_at_once(text, ends)]
        words = np.concatenate([np.zeros(0, np.int32), *(word for word, _ in parted)])
        keys = np.concatenate([np.zeros(0, np.int32), *(key for _, key in parted)])
        order = np.argsort(words, kind="stable")
        self._words, self._keys = words[order], keys[order]
        self._begins = np.searchsorted(self._words, np.arange(len(numbers) + 1))
        self._text = END.join([b"", *numbers, b""])
        lengths = np.fromiter((len(word) + 1 for word in numbers), np.int64, len(numbers))
        self._ends = np.cumsum(lengths)
        self._word_at = KeyAt()

    @property
    def nbytes(self) -> int:
        arrays = (self._words, self._keys, self._begins, self._ends)
        return len(self._text) + self._word_at.nbytes + sum(array.nbytes for array in arrays)

    def keys_with(self, letters: bytes) -> Numbers:
        """Numbers of the keys with a word that holds letters, some more than once.  (n,)"""
        has = np.zeros(len(self._ends), np.bool_)
        has[self._word_at(places_of(letters, self._text), self._ends)] = True
        found = np.flatnonzero(has)
        if len(found) > MANY:
            of_all: Numbers = self._keys[has[self._words]]
            return of_all
        begins, ends = self._begins[found].tolist(), self._begins[found + 1].tolist()
        parts = [self._keys[begin:end] for begin, end in zip(begins, ends, strict=True)]
        return np.concatenate([np.zeros(0, np.int32), *parts])


def _some_at_once(text: bytes, ends: Ends) -> Iterator[tuple[bytes, int]]:
    """Some keys' text, each ended by a separator, and the number of the first."""
    for first in range(0, len(ends), AT_ONCE):
        begin = int(ends[first - 1]) + 1 if first else 1
        yield text[begin : int(ends[min(first + AT_ONCE, len(ends)) - 1]) + 1], first


def _parted(text: bytes, first: int, numbers: dict[bytes, int]) -> tuple[Numbers, Numbers]:
    """Number the words of some keys: for each its number, and that of its key."""
    words = text.replace(END, BLANK).split(BLANK)[:-1]
    for word in words:
        if word not in numbers:
            numbers[word] = len(numbers)
    signs = np.frombuffer(text, np.uint8)
    ended = signs[(signs == BLANK[0]) | (signs == END[0])] == END[0]
    keys = first + np.cumsum(ended) - ended
    told = np.fromiter(map(numbers.__getitem__, words), np.int32, len(words))
    return told, keys.astype(np.int32)
