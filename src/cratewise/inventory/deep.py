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
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

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


def next_deep_pages(
    claimed: int,
    pages: int,
    stored: Collection[Tick],
    *,
    earlier: Collection[Tick] = (),
    under_way: Collection[PageAt] = (),
    at_most: int = 1,
) -> list[PageAt]:
    """The pages to ask for now, the most promising first; none when there is nothing to ask.

    claimed    listings for sale as Discogs said last.
    pages      that this pull may ask for in all.
    stored     what this pull has read, in that order.  A tick's `unknown` is what it
               brought: listings that no other page has shown within LATELY.
    earlier    what other deep pulls have read within LATELY, in that order: this one goes
               on behind it, but for the newest, which are looked at anew.
    under_way  pages asked for that have not come yet.
    """
    room = min(at_most, pages - len(stored) - len(under_way))
    if room <= 0:
        return []
    board = _Board(claimed, stored, earlier, under_way)
    found: list[PageAt] = []
    while len(found) < room and (page := board.best_page()):
        board.ask_for(page)
        found.append(page)
    return found


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

    @property
    def is_barren(self) -> bool:
        last = self.brought[-BARREN_PAGES:]
        return len(last) == BARREN_PAGES and not any(last)

    def yields(self, fair: float, stretch: float) -> float:
        """What a page brings here, by its fair share; `stretch`: what it does next door."""
        trust = TRUST_IN_STRETCH * fair
        brought = sum(self.brought[-RECENT_PAGES:]) + trust * stretch
        return brought / (sum(self.fair[-RECENT_PAGES:]) + trust)


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

    def __init__(
        self,
        claimed: int,
        stored: Collection[Tick],
        earlier: Collection[Tick],
        under_way: Collection[PageAt],
    ) -> None:
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
        self._front: PageAt | None = None
        for tick in (*earlier, *stored):
            self._note(tick)
        self._front = _front(stored, earlier)
        for page in under_way:
            self.ask_for(page)

    def ask_for(self, page: PageAt) -> None:
        if page == self._front:
            self._front = None  # whether the next one is worth it, this one will tell
        if page not in self._asked:
            self._asked.add(page)
            self._read_of_key[page.sort] += 1

    def best_page(self) -> PageAt | None:
        """The page that promises most; None when none is worth its request."""
        if self._front is not None:
            return self._front
        best, most = None, 0.0
        for stretch in self._stretches.values():
            fair = self._fair_share(stretch.sort)
            in_stretch = stretch.yields(fair) if fair else 0.0
            for piece in stretch.pieces:
                promise = fair * piece.yields(fair, in_stretch) if fair else 0.0
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

    def _note(self, tick: Tick) -> None:
        stretch = self._stretches.get((tick.at.sort, tick.at.direction))
        place = (tick.at.page - 1) // PIECE_PAGES
        if stretch is None or place >= len(stretch.pieces):
            return  # the stock shrank
        fair, piece = self._fair_share(tick.at.sort), stretch.pieces[place]
        piece.brought.append(tick.unknown)
        piece.fair.append(fair)
        stretch.brought += tick.unknown
        stretch.fair += fair
        self._unseen = max(self._unseen - tick.unknown, 0)
        self.ask_for(tick.at)


def _pieces(last_page: int) -> list[_Piece]:
    starts = range(1, last_page + 1, PIECE_PAGES)
    return [_Piece(range(page, min(page + PIECE_PAGES, last_page + 1))) for page in starts]


def _front(stored: Iterable[Tick], earlier: Collection[Tick]) -> PageAt | None:
    """The page of newest listings to look at anew though an earlier pull has read it.

    Newcomers stand in front, so this goes on until a page of this pull brings nothing.
    """
    brought = {tick.at: tick.unknown for tick in stored}
    known = {tick.at for tick in earlier}
    page = PageAt("listed", "desc", 1)
    while page in brought:
        if not brought[page]:
            return None
        page = PageAt("listed", "desc", page.page + 1)
    return page if page in known else None
