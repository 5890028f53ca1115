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
from cratewise.store.wants import list_wants

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates

WANTS_ASKED = 100  # titles of a wantlist, unless told: less than two minutes
TITLES_TOLD = 5  # in a sentence


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
    def requests(self) -> int:
        """The one for the profile too."""
        return 1 + len(self.found)

    @property
    def sentence(self) -> str:
        if not self.found:
            return f"{self.seller} was asked for nothing."
        told = [f"{title}: {count:,}" for title, count in self.found.items()]
        if len(told) > TITLES_TOLD:
            had = [line for line, count in zip(told, self.found.values(), strict=True) if count]
            shown = [f"{len(had):,} of {len(told):,} titles", *had[:TITLES_TOLD]]
            told = [*shown, "..."] if len(had) > TITLES_TOLD else shown
        return f"{self.seller} has {', '.join(told)}.  {self.new:,} new."


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


def search_wants(
    engine: "Engine",
    discogs: "Discogs",
    seller: str,
    *,
    account_id: int,
    requests: int = 1 + WANTS_ASKED,
    rates: "Rates",
    clock: Clock,
    should_stop: Callable[[], bool] | None = None,
) -> Searched:
    """Ask a seller for each release that an account wants, those added last first.

    requests  the most that it may cost, the one for the profile too.

    Raises what `search` raises.
    """
    with reading(engine) as db:
        wanted = list_wants(db, account_id, limit=max(requests - 1, 0))
    titles = [f"{want.artist} {want.title}".strip() for want in wanted]
    return search(
        engine, discogs, seller, titles, account_id=account_id,
        rates=rates, clock=clock, should_stop=should_stop,
    )  # fmt: skip


def _has_words(row: ListingRow, title: str) -> bool:
    named = f"{row.release.artist} {row.release.title}".casefold()
    return all(word in named for word in title.casefold().split())
