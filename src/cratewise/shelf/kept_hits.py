"""Which rows a term of a filter lets through, a bit a row: kept, and mended when rows change.

Whoever filters asks for the same genre, format or country again and again, beside
something else that is new.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.changes import Changes, Places
from cratewise.shelf.columns import Columns

Bools: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = slice | Places
Term: TypeAlias = Callable[[Rows], Bools]
"""Which of some rows are let through."""

EVERY = slice(None)
MOST_KEPT = 48  # terms; of a million rows 125 kB each


class Kept(NamedTuple):
    """What a term let through at a version, eight rows a byte."""

    bits: NDArray[np.uint8]
    version: int


class KeptHits:
    """What terms let through of the rows of some columns; whoever asks holds the shelf's lock."""

    def __init__(self, columns: Columns, changes: Changes) -> None:
        self._columns, self._changes = columns, changes
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()

    def __contains__(self, name: Hashable) -> bool:
        """Whether a term was asked for before, so that it costs little now."""
        return self._changed(self._kept.get(name)) is not None

    def hits(self, name: Hashable, term: Term) -> Bools:
        """What a term of that name lets through, as an array of the asker's own.  (n,)"""
        version = self._changes.version
        kept = self._kept.pop(name, None)
        changed = self._changed(kept)
        if kept is None or changed is None:
            hits = term(EVERY)
        else:
            # Rows that came since are zeros, and among those that changed.
            hits = np.unpackbits(kept.bits, count=len(self._columns)).view(np.bool_)
            if len(changed):
                hits[changed] = term(changed)
        if kept is None or kept.version != version:
            kept = Kept(np.packbits(hits), version)
        self._kept[name] = kept
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return hits

    def _changed(self, kept: Kept | None) -> Places | None:
        """Which rows changed since a term was kept; None: it is not, or all may be others."""
        return None if kept is None else self._changes.since(kept.version, len(self._columns))
