"""Ask one seller for single titles, without reading the stock: experimental, off by default.

Discogs takes `q=` for an inventory but documents it nowhere.  It matches loosely, it
may vanish, and a server that ignores it answers with the newest listings.  So what
comes is kept like any listing that was met, and proves nothing about what did not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cratewise.clock import Clock
from cratewise.discogs.names import seller_name
from cratewise.errors import WaitAbandoned
from cratewise.inventory.fetch import read_rows
from cratewise.inventory.meet import meet
from cratewise.store.engine import reading, writing
from cratewise.store.listing_row import ListingRow, Reading
from cratewise.store.sellers import find_seller
from cratewise.store.upsert import upsert_page

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates


@dataclass(frozen=True, slots=True)
class Searched:
    """What came of asking for titles, one request each.

    found  how many listings have every word of the title that was asked for, by title.
    new    listings that were not known before.
    """

    seller: str
    found: dict[str, int]
    new: int

    @property
    def sentence(self) -> str:
        told = ", ".join(f"{title}: {count:,}" for title, count in self.found.items())
        return f"{self.seller} has {told or 'not been asked'}.  {self.new:,} new."


def search(
    engine: "Engine",
    discogs: "Discogs",
    seller: str,
    titles: Sequence[str],
    *,
    account_id: int,
    rates: "Rates",
    clock: Clock,
    should_stop: Callable[[], bool] | None = None,
) -> Searched:
    """Ask a seller for titles, "artist title" each, and keep what is found.

    Raises UnknownSeller, ImpossibleName, another DiscogsError, StoreError.
    """
    profile, _ = meet(engine, discogs, seller_name(seller), clock=clock, follower=account_id)
    with reading(engine) as db:
        known = find_seller(db, profile.username)
    if known is None:
        raise LookupError(f"{profile.username} was met just now.")
    found: dict[str, int] = {}
    new = 0
    for title in dict.fromkeys(titles):
        if should_stop is not None and should_stop():
            break
        try:
            page = discogs.search_inventory(profile.username, title)
        except WaitAbandoned:
            break
        rows, _ = read_rows(page.listings)
        with writing(engine) as db:
            read = Reading(known.id, None, page.read_at, clock.now())
            new += upsert_page(db, read, rows, rates).new
        found[title] = sum(_has_words(row, title) for row in rows)
    return Searched(profile.username, found, new)


def _has_words(row: ListingRow, title: str) -> bool:
    named = f"{row.release.artist} {row.release.title}".casefold()
    return all(word in named for word in title.casefold().split())
