"""Which words very many releases have, told from a sample of them."""

from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING

from cratewise.store.word_forms import Term
from cratewise.store.words import count_words, sampled_words

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIRST_LETTERS = 1  # of a beginning of a word that is found beforehand
LAST = "\U0010ffff"


class FrequentWords:
    """Words by how many releases have each, about: a beginning counts for all that begin so."""

    def __init__(self, sample: list[str], total: int) -> None:
        """sample: of releases, what each is found by; total: how many releases there are."""
        counted = Counter(word for words in sample for word in words.split(" "))
        self._words = sorted(counted)
        self._up_to = [0, *accumulate(counted[word] for word in self._words)]
        self._scale = total / max(len(sample), 1)

    @classmethod
    def of(cls, db: "Connection") -> "FrequentWords":
        return cls(sampled_words(db), count_words(db))

    def has(self, term: Term, many: int) -> bool:
        """Whether about so many releases have a term, or more."""
        return self._about(term) >= many

    def terms(self, many: int) -> list[Term]:
        """Words that so many releases have, and beginnings of one letter; the most common first."""
        words = [Term(word) for word in self._words]
        begun = {Term(word[:FIRST_LETTERS], is_beginning=True) for word in self._words}
        found = [term for term in (*words, *sorted(begun)) if self.has(term, many)]
        return sorted(found, key=self._about, reverse=True)

    def _about(self, term: Term) -> float:
        first = bisect_left(self._words, term.word)
        end = term.word + (LAST if term.is_beginning else "\0")
        last = bisect_left(self._words, end)
        return (self._up_to[last] - self._up_to[first]) * self._scale
