"""Releases as a dump tells them, in the form in which the catalogue keeps them.

Two parsers make the same columns: parse_fast.py with Rust and Arrow, parse_plain.py with
the standard library alone.  A test holds them equal.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

CONTROLS = "[\x00-\x1f\x7f]+"  # line breaks inside names do occur
FIRST_YEAR = 1860  # before it nothing was recorded: a year that is none
LARGEST_NUMBER = 2**32 - 1  # of anything at Discogs; the newest release has some 36 million

_CONTROLS = re.compile(CONTROLS)
_DETAIL = re.compile(r"\s*\[[^\]]*\]")


class Links(NamedTuple):
    """Which artists, or labels, are named on the releases of a block; all in its order.

    row     (m,)  which of the block's releases.
    number  (m,)  Discogs' of the artist or label; 0: not linked to any.
    """

    row: "Numbers"
    number: "Numbers"


class Credits(NamedTuple):
    """Who did what on the releases of a block: on releases as a whole, then on tracks.

    row      (m,)  which of the block's releases.
    artist   (m,)  Discogs' number of the artist; 0: not linked to any.
    role     (m,)  index into `roles`, as the dump words them, by when they first occur.
    name_of  the artists' names, of those places that are asked for.
    """

    row: "Numbers"
    artist: "Numbers"
    role: "Numbers"
    roles: Sequence[str]
    name_of: "Callable[[Numbers], Sequence[str]]"


class Parsed(NamedTuple):
    """A block of n releases, column by column.

    id, master_id, year  (n,)  0: none.
    outline, told        all that is kept of each but its number and credits, in UTF-8; see
                         told.py.
    credits              None where they are not wanted.
    """

    id: "Numbers"
    outline: Sequence[bytes]
    told: Sequence[bytes]
    master_id: "Numbers"
    year: "Numbers"
    artists: Links
    labels: Links
    credits: Credits | None


Parser = Callable[[bytes], Parsed]  # of a whole document, root element and all


def clean(told: str | None) -> str:
    """A text without control characters; "" for none."""
    if not told or told.isprintable():
        return told or ""
    return _CONTROLS.sub(" ", told)


@lru_cache(10_000)  # of a thousand releases some hundred days
def year_in(released: str) -> int:
    """The year of a date as Discogs writes it, "1999-03-00"; 0: it tells none."""
    year = released[:4]
    is_year = len(year) == 4 and year.isascii() and year.isdecimal() and int(year) >= FIRST_YEAR
    return int(year) if is_year else 0


def last_of_each(ids: "Numbers") -> "Flags":
    """Which of a block's releases do not come again in it: all, nearly always."""
    import numpy as np

    is_last = np.ones(len(ids), dtype=bool)
    if (np.diff(ids) <= 0).any():
        is_last[:] = False
        is_last[len(ids) - 1 - np.unique(ids[::-1], return_index=True)[1]] = True
    return is_last


@lru_cache(100_000)
def plain_role(role: str) -> str:
    """What somebody did, without on which tracks: "Written-By [A1]" -> "Written-By"."""
    return _DETAIL.sub("", role).strip(" ,")


def packed_credits(parsed: Parsed, number_of_role: Callable[[str], int]) -> list[bytes | None]:
    """Each release's credits, artist and role as two numbers of 4 bytes, each pair once.

    Little-endian, ascending; None: nobody who is linked.  `number_of_role` is asked in
    the order in which roles occur.
    """
    import numpy as np

    told = parsed.credits
    count = len(parsed.id)
    if told is None or not told.row.size:
        return [None] * count
    numbers = np.array([number_of_role(plain_role(role)) for role in told.roles], dtype=np.int64)
    is_linked = (told.artist > 0) & (told.artist <= LARGEST_NUMBER)
    row = told.row[is_linked]
    pair = (told.artist[is_linked].astype(np.uint64) << np.uint64(32)) | numbers[
        told.role[is_linked]
    ].astype(np.uint64)
    order = np.lexsort((pair, row))
    row, pair = row[order], pair[order]
    is_new = np.ones(len(row), dtype=bool)
    is_new[1:] = (row[1:] != row[:-1]) | (pair[1:] != pair[:-1])
    row, pair = row[is_new], pair[is_new]
    # The artist's half first: the halves of a number lie the other way round in memory.
    packed = pair.astype("<u8").view("<u4").reshape(-1, 2)[:, ::-1].tobytes()
    ends = (8 * np.searchsorted(row, np.arange(count + 1))).tolist()
    return [packed[begin:end] or None for begin, end in pairwise(ends)]


class People:
    """Whose names the catalogue has already: of many credits few are somebody's first."""

    MOST = 2**25  # numbers; Discogs has used half of them

    def __init__(self, known: Iterable[int]) -> None:
        import numpy as np

        self._is_known = np.zeros(self.MOST, dtype=bool)
        ids = np.fromiter(known, dtype=np.int64)
        self._is_known[ids[ids < self.MOST]] = True

    def new_in(self, parsed: Parsed) -> list[tuple[int, str]]:
        """Number and name of everybody in a block's credits who was not met before."""
        import numpy as np

        told = parsed.credits
        if told is None or not told.artist.size:
            return []
        places = np.flatnonzero(
            (told.artist > 0) & ~self._is_known[np.minimum(told.artist, self.MOST - 1)]
        )
        ids, firsts = np.unique(told.artist[places], return_index=True)
        self._is_known[ids[ids < self.MOST - 1]] = True
        return list(zip(ids.tolist(), told.name_of(places[firsts]), strict=True))
