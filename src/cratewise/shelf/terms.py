"""Texts of several terms as numbers: genres, styles, formats; countries, of one term each.

A shop of 100,000 records has some hundred formats and some thousand sets of styles, so
a question about terms is answered for each distinct text, and looked up for each release.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

import msgspec
import numpy as np
from numpy.typing import NDArray

from cratewise.keeper import without_number

# A listing says "LP" and leaves "Vinyl" unsaid.
VINYL = frozenset({"lp", '12"', '11"', '10"', '9"', '8"', '7"', '6"', '5"', "flexi", "lathe"})


class Terms:
    """Distinct texts, numbered from 0, which is the empty one; and the terms that they hold.

    split   the terms of a text, as they are shown.
    texts   by their numbers; terms: by theirs, as first met.
    """

    def __init__(self, split: Callable[[str], Iterable[str]]) -> None:
        self._split = split
        self._numbers: dict[str, int] = {"": 0}
        self.texts: list[str] = [""]
        self.terms: list[str] = []
        self._of_key: dict[str, int] = {}
        self._texts_of: list[array[int]] = []  # of each term: the texts that hold it
        self._text_of: array[int] = array("i")  # pairs of a text and a term that it holds
        self._term_of: array[int] = array("i")
        self._pairs = np.zeros(0, np.int32), np.zeros(0, np.int32)

    def __len__(self) -> int:
        return len(self.texts)

    def number(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """The numbers of these texts; those that are new get one.  (n,)"""
        for text in set(texts) - self._numbers.keys():
            self._add(text)
        return np.fromiter(map(self._numbers.__getitem__, texts), np.int32, len(texts))

    def find(self, name: str) -> str | None:
        """A term as it is shown, by its name in any case; None: no text holds it."""
        found = self._of_key.get(name.strip().casefold())
        return None if found is None else self.terms[found]

    def similar(self, name: str) -> list[str]:
        """Terms that are spelt much like a name, the nearest first."""
        near = get_close_matches(name.strip().casefold(), self._of_key, n=3)
        return [self.terms[self._of_key[key]] for key in near]

    def with_any(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Which texts hold one of these terms.  (len(self),)"""
        found = np.zeros(len(self), np.bool_)
        for name in names:
            term = self._of_key.get(name.strip().casefold())
            if term is not None:
                found[np.array(self._texts_of[term])] = True
        return found

    def with_all(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Which texts hold all of these terms.  (len(self),)"""
        found = np.ones(len(self), np.bool_)
        for name in names:
            found &= self.with_any([name])
        return found

    def without(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Which texts hold none of these terms.  (len(self),)"""
        return ~self.with_any(names)

    @property
    def pairs(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Numbers of texts, and of a term that each holds, as often as it holds some."""
        if len(self._pairs[0]) != len(self._text_of):
            self._pairs = np.array(self._text_of, np.int32), np.array(self._term_of, np.int32)
        return self._pairs

    def _add(self, text: str) -> None:
        number = self._numbers[text] = len(self.texts)
        self.texts.append(text)
        keys = {term.strip().casefold(): term.strip() for term in self._split(text)}
        for key, term in keys.items():
            if not key:
                continue
            if key not in self._of_key:
                self._of_key[key] = len(self.terms)
                self.terms.append(term)
                self._texts_of.append(array("i"))
            self._texts_of[self._of_key[key]].append(number)
            self._text_of.append(number)
            self._term_of.append(self._of_key[key])


def one_term(text: str) -> list[str]:
    """The text itself: a country."""
    return [text]


def listed_terms(text: str) -> list[str]:
    """The names of a JSON list: genres, styles."""
    return msgspec.json.decode(text, type=list[str]) if text else []


def terms_of_format(text: str) -> list[str]:
    """The terms of a format without numbers: '2xLP, Album' holds LP, Album, and Vinyl unsaid."""
    terms = [without_number(term.strip()) for term in text.replace("+", ",").split(",")]
    return [*terms, "Vinyl"] if any(term.lower() in VINYL for term in terms) else terms
