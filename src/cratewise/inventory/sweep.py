"""Plan which pages to ask for, so that a seller's whole stock is seen.

Discogs stops at page 100 of somebody else's inventory: 10,000 listings.  Read
from both ends, one sort order shows 20,000.  What to ask next follows from the
pages that are stored alone, so a pull that was interrupted goes on as if it had
not been.  This module only plans; pull.py asks.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

PAGE_SIZE = 100  # listings; the most that Discogs gives in one page
LAST_PAGE = 100  # page 101 of another seller's inventory is refused
REACH = PAGE_SIZE * LAST_PAGE  # listings that one sweep can see

# Both ends of an order meet somewhere in the middle, where listings of one moment
# stand in no fixed order and sold ones pull the rest towards the front.
OVERLAP_PAGES = 2

# Discogs' order by date is not quite one: a quick look that has met only known
# listings looks this many pages further while newcomers are still to be found.
SLACK_PAGES = 2

# A quick look sees neither what was sold nor what changed its price further down,
# so everything is read again after a while, or once this share seems sold.
FULL_EVERY = timedelta(days=7)
SOLD_SHARE = 0.01

Kind = Literal["quick", "full", "deep"]
Direction = Literal["asc", "desc"]


class Sweep(Struct, frozen=True):
    """A run of pages in one order, both ends included; backwards if first_page is the higher."""

    sort: str
    direction: Direction
    first_page: int
    last_page: int


class PageAt(Struct, frozen=True, order=True):
    """One page to ask for."""

    sort: str
    direction: Direction
    page: int


class Tick(Struct, frozen=True):
    """A page that is stored, and what it brought.

    listings  on it.
    unknown   of them new, or back after having been gone.
    """

    at: PageAt
    listings: int
    unknown: int


class Known(Struct, frozen=True):
    """What the store knew of a seller before a pull.

    listings      believed to be for sale.
    claimed       how many were for sale when a pull last ended, as Discogs said.
    last_full_at  when a full or deep pull last ended.
    """

    listings: int = 0
    claimed: int | None = None
    last_full_at: datetime | None = None


def choose(claimed: int, known: Known, now: datetime) -> Kind:
    """Whether a quick look will do, or everything has to be read, or all that can be."""
    whole: Kind = "deep" if is_beyond_reach(claimed) else "full"
    if known.last_full_at is None or now - known.last_full_at > FULL_EVERY:
        return whole
    if claimed <= PAGE_SIZE:
        return "full"  # one page is all there is: the same request, and it tells what is gone
    seem_sold = known.listings - claimed
    if seem_sold > SOLD_SHARE * claimed or arrived(claimed, known) > REACH:
        return whole
    return "quick"


def is_beyond_reach(claimed: int) -> bool:
    """Whether a stock is larger than what both ends of one order show."""
    return claimed > 2 * REACH


def arrived(claimed: int, known: Known) -> int:
    """How many more are for sale than when a pull last ended: newcomers to be found, at least."""
    return max(0, claimed - known.claimed) if known.claimed is not None else 0


def plan(claimed: int, kind: Kind) -> tuple[Sweep, ...]:
    """The sweeps that show a stock of `claimed` listings, in the order to ask for them.

    A quick look goes newest first and may end anywhere in its sweep.  Beyond 20,000
    listings both ends of `listed` are all that is planned; deep.py reads the middle.
    """
    pages = max(pages_of(claimed), 1)
    if kind == "quick":
        return (Sweep("listed", "desc", 1, min(pages, LAST_PAGE)),)
    # Oldest first, from its last page backwards: what is sold meanwhile moves every
    # later listing towards pages still to be read, so none slips by, and what
    # arrives joins the end, where it moves nothing and the next quick look finds it.
    oldest = Sweep("listed", "asc", min(pages, LAST_PAGE), 1)
    if pages <= LAST_PAGE:
        return (oldest,)
    newest = Sweep("listed", "desc", 1, min(pages - LAST_PAGE + OVERLAP_PAGES, LAST_PAGE))
    return (newest, oldest)


def pages_of(listings: int) -> int:
    return -(-listings // PAGE_SIZE)


def pages_in(sweeps: Sequence[Sweep]) -> Iterator[PageAt]:
    """Every page of the sweeps, in the order to ask for them."""
    for sweep in sweeps:
        step = 1 if sweep.last_page >= sweep.first_page else -1
        for page in range(sweep.first_page, sweep.last_page + step, step):
            yield PageAt(sweep.sort, sweep.direction, page)


def next_pages(kind: Kind, claimed: int, newcomers: int, stored: Collection[Tick]) -> list[PageAt]:
    """The pages to ask for now, given those stored; none when the pull is complete.

    claimed    listings for sale as Discogs said last; the plan follows when it moves.
    newcomers  how many a quick look has to find, at least; see `arrived`.

    A full pull may ask for all of them at once.  A quick look asks for no more than
    it is sure to need, and then again with what those brought.
    """
    if kind == "quick":
        return _next_of_quick(claimed, newcomers, stored)
    done = {tick.at for tick in stored}
    return [page for page in pages_in(plan(claimed, kind)) if page not in done]


def _next_of_quick(claimed: int, newcomers: int, stored: Collection[Tick]) -> list[PageAt]:
    brought = {tick.at: tick for tick in stored}
    ahead = list(pages_in(plan(claimed, "quick")))
    read = next((n for n, page in enumerate(ahead) if page not in brought), len(ahead))
    met = [brought[page] for page in ahead[:read]]
    to_find = newcomers - sum(tick.unknown for tick in met)
    known_in_a_row = _trailing_known(met)
    if known_in_a_row > (SLACK_PAGES if to_find > 0 else 0):
        return []
    # Newcomers stand in front, so as many pages as they fill are surely needed.
    sure = 1 if known_in_a_row else max(1, to_find // PAGE_SIZE)
    return [page for page in ahead[read : read + sure] if page not in brought]


def _trailing_known(met: Sequence[Tick]) -> int:
    """How many of the last pages brought nothing unknown."""
    count = 0
    for tick in reversed(met):
        if tick.unknown:
            break
        count += 1
    return count
