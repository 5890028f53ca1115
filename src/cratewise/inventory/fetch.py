"""Ask for several pages at once: answers take up to 1.5 s, and the quota allows one a second.

Threads ask and read rows out of what comes; whoever asked stores them, one page after
the other, since SQLite has one writer.
"""

import contextvars
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cratewise.clock import Clock
from cratewise.errors import BadListing, CratewiseError, UnknownSeller
from cratewise.inventory.rows import Terms, is_for_sale, listing_row, terms_of
from cratewise.inventory.sweep import PageAt
from cratewise.store.listing_row import ListingRow

if TYPE_CHECKING:
    from cratewise.discogs.answers import InventoryPage
    from cratewise.discogs.client import Discogs

VAIN_LOOKS = 3  # at a page with bad listings; then its seller's bad ones stay bad
WAITING_PER_THREAD = 2  # pages under way or waiting to be asked for; each takes some 0.5 MB


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page that was read.

    claimed   listings for sale, as it says.
    problems  one sentence for each listing that makes no sense.
    """

    at: PageAt
    rows: list[ListingRow]
    problems: list[str]
    terms: Terms | None
    claimed: int
    read_at: datetime


class Fetcher:
    """Asks for pages of one seller's stock in `threads` threads.

    Leaving it waits for the answers that are under way and forgets them.
    """

    def __init__(self, discogs: "Discogs", seller: str, threads: int, clock: Clock) -> None:
        self._discogs = discogs
        self._seller = seller
        self._clock = clock
        self._room = WAITING_PER_THREAD * threads
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pull")
        self._asked: dict[Future[FetchedPage], PageAt] = {}
        self._vain_looks = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is KeyboardInterrupt:
            self._discogs.interrupt()  # this process ends: nobody waits for a slot any more
        self._threads.shutdown(cancel_futures=True)

    @property
    def is_idle(self) -> bool:
        return not self._asked

    @property
    def under_way(self) -> list[PageAt]:
        """Pages asked for that have not come."""
        return list(self._asked.values())

    @property
    def room(self) -> int:
        """How many more pages may be asked for now."""
        return self._room - len(self._asked)

    def ask(self, pages: Iterable[PageAt]) -> None:
        """Ask for as many of these as there is room for, in order, none twice."""
        under_way = set(self._asked.values())
        for page in pages:
            if len(self._asked) >= self._room:
                return
            if page not in under_way:
                # What a thread logs carries the ids of whoever asked.
                whose = contextvars.copy_context()
                self._asked[self._threads.submit(whose.run, self._fetch, page)] = page

    def cancel(self) -> None:
        """Ask for none of those that wait; answers under way still come."""
        for future in [future for future in self._asked if future.cancel()]:
            del self._asked[future]

    def answers(self, within_seconds: float) -> list[FetchedPage | CratewiseError]:
        """What has come, waiting for the first; nothing if that takes too long."""
        done, _ = wait(self._asked, timeout=within_seconds, return_when=FIRST_COMPLETED)
        return [self._answer(future) for future in done]

    def _answer(self, future: Future[FetchedPage]) -> FetchedPage | CratewiseError:
        del self._asked[future]
        try:
            return future.result()
        except CratewiseError as error:
            return error

    def _fetch(self, at: PageAt) -> FetchedPage:
        asked_at = self._clock.now()
        try:
            page = self._page(at)
        except UnknownSeller:
            # A page behind the end of a stock that shrank is answered as a seller
            # who was deleted is; the profile tells them apart.
            profile = self._discogs.profile(self._seller)
            return FetchedPage(at, [], [], None, profile.for_sale or 0, asked_at)
        rows, problems = read_rows(page.listings)
        if problems and self._vain_looks < VAIN_LOOKS:
            rows, problems = self._look_again(at, rows, problems)
        terms = terms_of(page.listings[0]) if page.listings else None
        return FetchedPage(at, rows, problems, terms, page.items, page.read_at)

    def _page(self, at: PageAt) -> "InventoryPage":
        return self._discogs.inventory_page(
            self._seller, sort=at.sort, direction=at.direction, page=at.page
        )

    def _look_again(
        self, at: PageAt, rows: list[ListingRow], problems: list[str]
    ) -> tuple[list[ListingRow], list[str]]:
        """Ask for a page once more: what made no sense may have been an accident."""
        try:
            page = self._page(at)
        except UnknownSeller:
            return rows, problems  # the stock shrank, and the page is no more
        again, still = read_rows(page.listings)
        both = {row.discogs_listing_id: row for row in (*rows, *again)}
        lacking = max(len(again) + len(still) - len(both), 0)
        self._vain_looks += lacking >= len(problems)
        return list(both.values()), still[:lacking]


def read_rows(listings: Iterable[object]) -> tuple[list[ListingRow], list[str]]:
    """The rows of a page, and a sentence for each listing that makes no sense."""
    rows: list[ListingRow] = []
    problems: list[str] = []
    for raw in listings:
        if is_for_sale(raw):
            try:
                rows.append(listing_row(raw))
            except BadListing as error:
                number = raw.get("id") if isinstance(raw, dict) else None
                problems.append(f"Listing {number} was left out: {error}")
    return rows, problems
