"""Releases as a dump tells them, in the form in which the catalogue keeps them.

Two parsers make the same rows: parse_fast.py with Rust and columns, parse_plain.py with
the standard library alone.  A test holds them equal.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

# A column of the catalogue each; lists are JSON, None where there is nothing.
#   artists   [[id, name, join], ...]: join is what stands before the next, id 0: not linked
#   labels    [[id, name, catalogue number], ...]
#   formats   [[name, quantity, text, [description, ...]], ...], the quantity as text
#   genres    [name, ...], and so styles and barcodes
#   videos    [YouTube's id or a whole address, ...]
COLUMNS = (
    *("id", "master_id", "title", "artists", "labels", "formats", "genres", "styles"),
    *("country", "released", "year", "barcodes", "videos"),
)
Row = tuple[Any, ...]

YOUTUBE = "https://www.youtube.com/watch?v="
CONTROLS = "[\x00-\x1f\x7f]+"  # line breaks inside names do occur
FIRST_YEAR = 1860  # before it nothing was recorded: a year that is none

_DETAIL = re.compile(r"\s*\[[^\]]*\]")
_encode = msgspec.json.Encoder().encode


class Credits(NamedTuple):
    """Who did what on the releases of a block, release by release.

    row     (n,)  which of the block's rows, ascending.
    artist  (n,)  Discogs' number of the artist; 0: not linked to any.
    name    (n,)  of the artist.
    role    (n,)  index into `roles`, as the dump words them.
    """

    row: "Numbers"
    artist: "Numbers"
    name: "NDArray[np.object_]"
    role: "Numbers"
    roles: Sequence[str]


class Parsed(NamedTuple):
    """A block of a dump; credits: None where they are not wanted."""

    rows: list[Row]
    credits: Credits | None


Parser = Callable[[bytes], Parsed]


@lru_cache(100_000)
def plain_role(role: str) -> str:
    """What somebody did, without on which tracks: "Written-By [A1]" -> "Written-By"."""
    return _DETAIL.sub("", role).strip(" ,")


def packed_credits(parsed: Parsed, number_of_role: Callable[[str], int]) -> list[str | None]:
    """Each row's credits as JSON, [artist, role, artist, role, ...], each pair once.

    number_of_role  asked in the order in which roles occur in the dump.
    """
    import numpy as np

    told = parsed.credits
    packed: list[str | None] = [None] * len(parsed.rows)
    if told is None or not told.row.size:
        return packed
    is_linked = told.artist > 0
    row, artist, role = told.row[is_linked], told.artist[is_linked], told.role[is_linked]
    firsts = np.unique(role, return_index=True)[1]
    numbers = np.zeros(len(told.roles), dtype=np.int64)
    for index in role[np.sort(firsts)].tolist():
        numbers[index] = number_of_role(plain_role(told.roles[index]))
    pairs = np.stack([artist, numbers[role]], axis=1)
    order = np.lexsort((pairs[:, 1], pairs[:, 0], row))
    row, pairs = row[order], pairs[order]
    is_new = np.ones(len(row), dtype=bool)
    is_new[1:] = (row[1:] != row[:-1]) | (pairs[1:] != pairs[:-1]).any(axis=1)
    row, flat = row[is_new], pairs[is_new].ravel().tolist()
    ends = (np.flatnonzero(np.append(np.diff(row), 1)) + 1).tolist()
    begin = 0
    for end, index in zip(ends, row[np.array(ends) - 1].tolist(), strict=True):
        packed[index] = _encode(flat[2 * begin : 2 * end]).decode()
        begin = end
    return packed


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
        is_new = (told.artist > 0) & ~self._is_known[np.minimum(told.artist, self.MOST - 1)]
        ids, firsts = np.unique(told.artist[is_new], return_index=True)
        self._is_known[ids[ids < self.MOST - 1]] = True
        return list(zip(ids.tolist(), told.name[is_new][firsts].tolist(), strict=True))
