"""Which releases of the shelf some words find, a flag each: of frequent words they are kept."""

from collections import OrderedDict
from typing import NamedTuple

import numpy as np

from cratewise.shelf.shelf import Bools, Ints, Shelf
from cratewise.store.frequent_words import FREQUENT

MOST_KEPT = 24  # searches; a byte a release each


class _Kept(NamedTuple):
    ids: Ints
    shelf: Shelf
    hits: Bools


class ByWords:
    """Flags made of ids; whoever asks holds the shelf's lock."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def hits(self, shelf: Shelf, words: str, ids: Ints) -> Bools:
        """Which releases of a shelf these words find.

        ids  of those releases, sorted: the same array as long as they are the same.
        """
        kept = self._kept.pop(words, None)
        if kept is None or kept.ids is not ids or not _is_of(shelf, kept):
            hits = np.zeros(len(shelf.releases), np.bool_)
            rows = shelf.release_rows_of(ids)
            hits[rows[rows >= 0]] = True
            kept = _Kept(ids, shelf, hits)
        if len(ids) >= FREQUENT:
            self._kept[words] = kept
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return kept.hits


def _is_of(shelf: Shelf, kept: _Kept) -> bool:
    return kept.shelf is shelf and len(kept.hits) == len(shelf.releases)
