"""Who is named on which releases, as sorted blocks of numbers instead of a row a pair.

A dump has some sixty million pairs of an artist, a label or a master and a release.  They
come in the order of releases and are asked for by the other side.  While a dump is read
they are dealt into drawers, by the last bits of the artist's number, and kept as they
came; at the end each drawer is sorted in memory by itself, and cut into blocks.  That
takes a twentieth of the time of an index, and 8 bytes a pair.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

Kind = Literal["artist", "label", "master"]

KINDS: tuple[Kind, ...] = ("artist", "label", "master")
DRAWERS = 16  # a drawer of the whole dump has 1.6 million pairs: 13 MB
BLOCK = 1_024  # pairs: two pages of SQLite for each of the numbers and the releases
LARGEST = 2**32 - 1  # number that is kept: 4 bytes


class Pairs(NamedTuple):
    """Who is named on which releases.

    numbers   (n,)  of artists, labels or masters; below 1: left out.
    releases  (n,)
    years     (n,)  of the releases, for masters alone; 0: unknown.
    """

    numbers: "Numbers"
    releases: "Numbers"
    years: "Numbers | None" = None


class Drawn(NamedTuple):
    """The pairs of one drawer as bytes, as they came."""

    drawer: int
    numbers: bytes
    releases: bytes
    years: bytes


class Block(NamedTuple):
    """Sorted pairs; first, last: of the numbers in it."""

    first: int
    last: int
    numbers: bytes
    releases: bytes


def drawer_of(number: int) -> int:
    return number % DRAWERS


def drawn(some: Sequence[Pairs]) -> Iterator[Drawn]:
    """Deal pairs into drawers; empty ones are left out."""
    import numpy as np

    if not some:
        return
    pairs = joined(some)
    is_kept = (pairs.numbers > 0) & (pairs.numbers <= LARGEST)
    numbers = pairs.numbers[is_kept].astype("<u4")
    releases = pairs.releases[is_kept].astype("<u4")
    years = None if pairs.years is None else pairs.years[is_kept].astype("<u2")
    drawer = (numbers % DRAWERS).astype(np.uint8)
    order = np.argsort(drawer, kind="stable")
    bounds = np.searchsorted(drawer[order], np.arange(DRAWERS + 1)).tolist()
    for one, (begin, end) in enumerate(pairwise(bounds)):
        if begin < end:
            places = order[begin:end]
            told = b"" if years is None else years[places].tobytes()
            yield Drawn(one, numbers[places].tobytes(), releases[places].tobytes(), told)


def gathered(numbers: bytes, releases: bytes, years: bytes) -> Pairs:
    """What was dealt into a drawer, from the bytes of all its parts."""
    import numpy as np

    return Pairs(
        np.frombuffer(numbers, "<u4").astype(np.int64),
        np.frombuffer(releases, "<u4").astype(np.int64),
        np.frombuffer(years, "<u2").astype(np.int64) if years else None,
    )


def joined(parts: Sequence[Pairs]) -> Pairs:
    """Several as one; at least one."""
    import numpy as np

    years = [part.years for part in parts if part.years is not None]
    return Pairs(
        np.concatenate([part.numbers for part in parts]),
        np.concatenate([part.releases for part in parts]),
        np.concatenate(years) if years else None,
    )


def in_order(pairs: Pairs) -> Pairs:
    """By number, then by release, each pair once."""
    import numpy as np

    # Both in one number, which is sorted five times as fast as two columns.
    both = (pairs.numbers.astype(np.uint64) << np.uint64(32)) | pairs.releases.astype(np.uint64)
    years = pairs.years
    if years is None:
        both.sort()
    else:
        order = np.argsort(both)
        both, years = both[order], years[order]
    is_new = np.append(True, both[1:] != both[:-1])[: len(both)]
    both = both[is_new]
    numbers, releases = both >> np.uint64(32), both & np.uint64(LARGEST)
    return Pairs(
        numbers.astype(np.int64),
        releases.astype(np.int64),
        None if years is None else years[is_new],
    )


def without(pairs: Pairs, releases: "Numbers") -> Pairs:
    """All pairs but those of these releases."""
    import numpy as np

    is_kept = ~np.isin(pairs.releases, releases)
    years = None if pairs.years is None else pairs.years[is_kept]
    return Pairs(pairs.numbers[is_kept], pairs.releases[is_kept], years)


def blocks(pairs: Pairs) -> Iterator[Block]:
    """Pairs in order, cut into blocks."""
    numbers, releases = pairs.numbers.astype("<u4"), pairs.releases.astype("<u4")
    for begin in range(0, len(numbers), BLOCK):
        part = numbers[begin : begin + BLOCK]
        yield Block(
            int(part[0]),
            int(part[-1]),
            part.tobytes(),
            releases[begin : begin + BLOCK].tobytes(),
        )


def first_years(pairs: Pairs) -> "Mapping[int, int]":
    """Of each master the earliest year of its releases; those of which none is known are out."""
    import numpy as np

    if pairs.years is None or not len(pairs.numbers):
        return {}
    starts = np.flatnonzero(np.append(True, pairs.numbers[1:] != pairs.numbers[:-1]))
    unknown = 2**16
    years = np.minimum.reduceat(np.where(pairs.years > 0, pairs.years, unknown), starts)
    is_known = years < unknown
    masters = pairs.numbers[starts][is_known]
    return dict(zip(masters.tolist(), years[is_known].tolist(), strict=True))


def releases_in(numbers: bytes, releases: bytes, number: int) -> list[int]:
    """Of a block, the releases of one number."""
    import numpy as np

    begin, end = np.searchsorted(np.frombuffer(numbers, "<u4"), [number, number + 1]).tolist()
    return np.frombuffer(releases, "<u4")[begin:end].tolist()  # type: ignore[no-any-return]
