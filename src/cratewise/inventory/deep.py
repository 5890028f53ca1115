"""Plan a deep pull: more than 20,000 listings, of which no one order shows more than 20,000.

Seven sort keys, each read from both ends, show fourteen stretches of a stock, 10,000
listings each.  They overlap, and nobody knows beforehand where: artists go with
labels, labels with catalogue numbers, samples to hear with the date.  So each
stretch is read in pieces, and the next page is always that which promises most,
going by what the pages so far have brought.  All follows from the pages that are
stored: a deep pull that was killed goes on as if it had not been, and what a budget
left unread is read by the next one.
"""

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from itertools import islice

from cratewise.inventory.sweep import (
    LAST_PAGE,
    PAGE_SIZE,
    Direction,
    PageAt,
    Tick,
    pages_of,
)

# First where all promise the same: the dates, whose newest end quick looks go on from.
SORTS = ("listed", "price", "item", "artist", "label", "catno", "audio")
DIRECTIONS: tuple[Direction, Direction] = ("desc", "asc")

BUDGET = 1_400  # requests, the profile's too: as many as fourteen stretches have pages
LEAST_GAIN = 1.0  # listings for a request: to ask for single ones brings as much

# Where a piece brings nothing the next one may: what has a sample to hear is the newest
# stock at first.  Pieces of 20 pages lost 1 % of a seller of 98,590; see docs/LOG.md.
PIECE_PAGES = 10
BARREN_PAGES = 4  # in a row that bring nothing new end their piece
RECENT_PAGES = 12  # of a piece, that its next page is judged by
TRUST_IN_STRETCH = 5.0  # pages' worth of what its stretch has brought so far
TRUST_IN_STOCK = 30.0  # pages' worth of what the stock as a whole would bring

# What was seen this lately brings nothing new; later all is read again, for its prices.
LATELY = timedelta(days=7)

# Keys tell the less the more of them were read: catalogue numbers what labels told,
# samples to hear what dates told.  Measured by benchmarks/sweep_coverage.py.
TELLING = (1.0, 1.0, 1.0, 1.0, 1.0, 0.4, 0.4)


class DeepPlan:
    """Which pages to ask for, going by what all pages so far have brought.

    claimed  listings for sale as Discogs said last; another claim needs another plan.
    earlier  what other deep pulls have read within LATELY, in that order: this one goes
             on behind it, but for the newest, which are looked at anew.
    """

    def __init__(self, claimed: int, earlier: Collection[Tick] = ()) -> None:
        self.claimed = claimed
        self._board = _Board(claimed)
        self._noted = 0
        self._known_in_front = {tick.at.page for tick in earlier if _is_in_front(tick.at)}
        self._brought_in_front: dict[int, int] = {}
        for tick in earlier:
            self._board.note(tick)

    def next_pages(
        self,
        pages: int,
        stored: Collection[Tick],
        *,
        under_way: Collection[PageAt] = (),
        at_most: int = 1,
    ) -> list[PageAt]:
        """The pages to ask for now, the most promising first; none when nothing is worth it.

        pages      that this pull may ask for in all.
        stored     what this pull has read, in that order; each time what it was and more.
                   A tick's `unknown` is what it brought: listings that no other page has
                   shown within LATELY.
        under_way  pages asked for that have not come yet.
        """
        self._note_newest(stored)
        room = min(at_most, pages - len(stored) - len(under_way))
        if room <= 0:
            return []
        board = self._board.with_asked(under_way)
        found: list[PageAt] = []
        front = self._front()
        if front is not None and front not in under_way:
            board.ask_for(front)
            found.append(front)  # whether the next one is worth it, this one will tell
        while len(found) < room and (page := board.best_page()):
            board.ask_for(page)
            found.append(page)
        return found

    def _note_newest(self, stored: Collection[Tick]) -> None:
        for tick in islice(stored, self._noted, None):
            self._board.note(tick)
            if _is_in_front(tick.at):
                self._brought_in_front[tick.at.page] = tick.unknown
        self._noted = len(stored)

    def _front(self) -> PageAt | None:
        """The page of newest listings to look at anew though an earlier pull has read it.

        Newcomers stand in front, so this goes on until a page of this pull brings nothing.
        """
        page = 1
        while page in self._brought_in_front:
            if not self._brought_in_front[page]:
                return None
            page += 1
        return PageAt("listed", "desc", page) if page in self._known_in_front else None


@lru_cache(maxsize=8)  # asked after each page, mostly of the same
def expected(claimed: int, pages: int) -> tuple[int, float]:
    """How many of `pages` a deep pull is likely to need, and which part of the stock it shows."""
    unseen, asked = float(claimed), 0
    for telling in TELLING:
        for nth in range(2 * LAST_PAGE):
            gain = telling * PAGE_SIZE * unseen / max(claimed - PAGE_SIZE * nth, PAGE_SIZE)
            if asked == pages or gain < LEAST_GAIN:
                return asked, 1 - unseen / max(claimed, 1)
            unseen -= min(gain, unseen)
            asked += 1
    return asked, 1 - unseen / max(claimed, 1)


@dataclass(slots=True)
class _Piece:
    """Some pages in a row; of those that came, what each brought, and its fair share."""

    pages: range
    brought: list[int] = field(default_factory=list)
    fair: list[float] = field(default_factory=list)
    is_barren: bool = False
    brought_lately: int = 0  # by the last RECENT_PAGES
    fair_lately: float = 0.0

    def note(self, brought: int, fair: float) -> None:
        self.brought.append(brought)
        self.fair.append(fair)
        last = self.brought[-BARREN_PAGES:]
        self.is_barren = len(last) == BARREN_PAGES and not any(last)
        self.brought_lately = sum(self.brought[-RECENT_PAGES:])
        self.fair_lately = sum(self.fair[-RECENT_PAGES:])

    def yields(self, fair: float, stretch: float) -> float:
        """What a page brings here, by its fair share; `stretch`: what it does next door."""
        trust = TRUST_IN_STRETCH * fair
        return (self.brought_lately + trust * stretch) / (self.fair_lately + trust)


@dataclass(slots=True)
class _Stretch:
    """What one end of one key shows: at most 100 pages, in pieces."""

    sort: str
    direction: Direction
    pieces: list[_Piece]
    brought: int = 0
    fair: float = 0.0

    def yields(self, fair: float) -> float:
        """What a page brings here, by its fair share."""
        trust = TRUST_IN_STOCK * fair
        return (self.brought + trust) / (self.fair + trust)


class _Board:
    """All stretches, how far each was read, and what is likely to come of reading on.

    A page's fair share is what it would bring if the unseen listings lay evenly among
    the pages of its key that were not read.  It grows while a key is read, since no
    listing stands in two places of one order: a key that was begun is worth finishing.
    """

    def __init__(self, claimed: int) -> None:
        self._claimed = claimed
        self._unseen = claimed
        self._asked: set[PageAt] = set()
        self._read_of_key = dict.fromkeys(SORTS, 0)
        last_page = min(pages_of(claimed), LAST_PAGE)
        self._stretches = {
            (sort, direction): _Stretch(sort, direction, _pieces(last_page))
            for sort in SORTS
            for direction in DIRECTIONS
        }

    def with_asked(self, pages: Iterable[PageAt]) -> "_Board":
        """A board on which these pages are asked for too; what came of others, both share."""
        board = copy(self)
        board._asked, board._read_of_key = set(self._asked), dict(self._read_of_key)
        for page in pages:
            board.ask_for(page)
        return board

    def ask_for(self, page: PageAt) -> None:
        if page not in self._asked:
            self._asked.add(page)
            self._read_of_key[page.sort] += 1

    def note(self, tick: Tick) -> None:
        """Note what a page has brought."""
        stretch = self._stretches.get((tick.at.sort, tick.at.direction))
        place = (tick.at.page - 1) // PIECE_PAGES
        if stretch is None or place >= len(stretch.pieces):
            return  # the stock shrank
        fair = self._fair_share(tick.at.sort)
        stretch.pieces[place].note(tick.unknown, fair)
        stretch.brought += tick.unknown
        stretch.fair += fair
        self._unseen = max(self._unseen - tick.unknown, 0)
        self.ask_for(tick.at)

    def best_page(self) -> PageAt | None:
        """The page that promises most; None when none is worth its request."""
        best, most = None, 0.0
        for stretch in self._stretches.values():
            fair = self._fair_share(stretch.sort)
            if not fair:
                continue
            in_stretch = stretch.yields(fair)
            for piece in stretch.pieces:
                promise = fair * piece.yields(fair, in_stretch)
                is_better = promise >= LEAST_GAIN and promise > most and not piece.is_barren
                if is_better and (page := self._next_of(stretch, piece)):
                    best, most = page, promise
        return best

    def _next_of(self, stretch: _Stretch, piece: _Piece) -> PageAt | None:
        places = (PageAt(stretch.sort, stretch.direction, page) for page in piece.pages)
        return next((place for place in places if place not in self._asked), None)

    def _fair_share(self, sort: str) -> float:
        unread = self._claimed - PAGE_SIZE * self._read_of_key[sort]
        return PAGE_SIZE * self._unseen / max(unread, PAGE_SIZE)


def _pieces(last_page: int) -> list[_Piece]:
    starts = range(1, last_page + 1, PIECE_PAGES)
    return [_Piece(range(page, min(page + PIECE_PAGES, last_page + 1))) for page in starts]


def _is_in_front(at: PageAt) -> bool:
    return at.sort == "listed" and at.direction == "desc"
