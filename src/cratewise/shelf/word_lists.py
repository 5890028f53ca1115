"""Which rows have which words: every word once, sorted, and all rows of each in one array.

Words that begin alike stand together, and so do their rows: a beginning is found as
quickly as a word.
"""

from bisect import bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from cratewise.store.word_forms import Asked, Term

Bools = NDArray[np.bool_]
Rows = NDArray[np.int32]

BEHIND = b"\xff"  # no sign of UTF-8 is larger
MANY = 20_000  # rows; to flag so many takes longer than to unpack their bits
MOST_KEPT = 96  # terms that many rows have; a bit a row each


class WordLists:
    """The words of some rows; never changed, but for what it remembers of frequent terms.

    count  of all rows: those without words have none of them.
    """

    def __init__(self, vocabulary: Sequence[bytes], rows: Rows, starts: Rows, count: int) -> None:
        """vocabulary is sorted; rows[starts[n]:starts[n + 1]] have its word n."""
        self._letters = b"".join(vocabulary)
        self._ends = np.cumsum(np.fromiter(map(len, vocabulary), np.int32, len(vocabulary)))
        self._rows, self._starts = rows, starts
        self._count = count
        self._frequent: OrderedDict[Term, NDArray[np.uint8]] = OrderedDict()

    @classmethod
    def of(cls, batches: Iterable[tuple[Rows, Sequence[str]]], count: int) -> "WordLists":
        """From rows, and the words of each with a space between."""
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__  # a word's number: how many came before it
        words_of, rows_of = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
        for rows, texts in batches:
            if not texts:
                continue
            words = " ".join(texts).split(" ")
            words_of.append(np.fromiter(map(numbers.__getitem__, words), np.int32, len(words)))
            how_many = np.fromiter((text.count(" ") + 1 for text in texts), np.int32, len(texts))
            rows_of.append(np.repeat(rows, how_many))
        vocabulary = [word.encode() for word in numbers]
        in_order = sorted(range(len(vocabulary)), key=vocabulary.__getitem__)
        place = np.empty(len(vocabulary), np.int64)
        place[in_order] = np.arange(len(vocabulary))
        # Words and rows in one number: to sort those is the quickest.
        pairs = place[np.concatenate(words_of)] * count
        pairs += np.concatenate(rows_of)
        pairs.sort()
        starts = np.searchsorted(pairs, np.arange(len(vocabulary) + 1) * count)
        pairs %= max(count, 1)
        return cls(
            [vocabulary[n] for n in in_order],
            pairs.astype(np.int32),
            starts.astype(np.int32),
            count,
        )

    @property
    def nbytes(self) -> int:
        """The memory that it takes, without what it remembers."""
        arrays = (self._ends, self._rows, self._starts)
        return len(self._letters) + sum(array.nbytes for array in arrays)

    def hits(self, asked: Sequence[Asked]) -> Bools:
        """Which rows have all that was asked for.  (count,)"""
        hits = np.ones(self._count, np.bool_)
        for one in asked:
            hits &= self._any(one)
        return hits

    def _any(self, ways: Asked) -> Bools:
        first, *others = ways
        hits = self._all(first)
        for way in others:
            hits |= self._all(way)
        return hits

    def _all(self, way: Sequence[Term]) -> Bools:
        first, *others = way
        hits = self._with(first)
        for term in others:
            hits &= self._with(term)
        return hits

    def _with(self, term: Term) -> Bools:
        first, last = self._between(term)
        if last - first < MANY:
            return self._flags(first, last)
        # Threads may do so at once: then the last to keep it has the same.
        bits = self._frequent.pop(term, None)
        if bits is None:
            bits = np.packbits(self._flags(first, last))
        self._frequent[term] = bits
        while len(self._frequent) > MOST_KEPT:
            self._frequent.popitem(last=False)
        return np.unpackbits(bits, count=self._count).view(np.bool_)

    def _flags(self, first: int, last: int) -> Bools:
        flags = np.zeros(self._count, np.bool_)
        flags[self._rows[first:last]] = True
        return flags

    def _between(self, term: Term) -> tuple[int, int]:
        """Where the rows of a word, or of all words that begin so, stand."""
        word = term.word.encode()
        first = self._place(word)
        if term.is_beginning:
            last = self._place(word + BEHIND)
        else:
            last = first + (first < len(self._ends) and self._word(first) == word)
        return int(self._starts[first]), int(self._starts[last])

    def _place(self, word: bytes) -> int:
        return bisect_left(range(len(self._ends)), word, key=self._word)

    def _word(self, number: int) -> bytes:
        begin = int(self._ends[number - 1]) if number else 0
        return self._letters[begin : int(self._ends[number])]

    def frequent_beginnings(self) -> Iterator[Term]:
        """The first letters that many rows have a word with."""
        number = 0
        while number < len(self._ends):
            letter = self._word(number).decode()[:1]
            term = Term(letter, is_beginning=True)
            first, last = self._between(term)
            if last - first >= MANY:
                yield term
            number = self._place(letter.encode() + BEHIND)


NO_WORDS = WordLists((), np.zeros(0, np.int32), np.zeros(1, np.int32), 0)
