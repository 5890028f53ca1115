"""Check listings one by one: are they still for sale, and at which price?

One request each, and each is kept at once: whoever stops in the middle loses nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from cratewise.clock import Clock
from cratewise.errors import BadListing, NotCheckable, UnknownListing
from cratewise.inventory.estimate import duration, waiting_seconds
from cratewise.inventory.reconcile import look_again
from cratewise.store.engine import reading
from cratewise.store.listings import find_listing
from cratewise.store.stock import Listing, listing_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cratewise.discogs.client import Discogs
    from cratewise.discogs.quota import Quota
    from cratewise.rates import Rates

State = Literal["same", "changed", "gone", "odd"]


class Checked(NamedTuple):
    """What came of one check.

    state   'same': still for sale at that price and grade; 'changed'; 'gone'; 'odd':
            Discogs' answer made no sense, and what was known stays.
    before  the listing as it was known; after: as it is now.
    """

    state: State
    before: Listing
    after: Listing


class Cost(NamedTuple):
    """What checking takes: requests, and minutes of waiting for the quota."""

    requests: int
    minutes: float

    @property
    def sentence(self) -> str:
        listings = "1 listing" if self.requests == 1 else f"{self.requests:,} listings"
        requests = "1 request" if self.requests == 1 else f"{self.requests:,} requests"
        return f"Checking {listings} takes {requests}, {duration(self.minutes)}."


def cost_of(listings: int, quota: "Quota") -> Cost:
    """What it costs to check so many listings now."""
    seconds = waiting_seconds(
        listings, limit=quota.limit, remaining=quota.remaining(), window=quota.window_seconds
    )
    return Cost(listings, seconds / 60)


def refuse_uncheckable(db: "Connection", listing_ids: Sequence[int]) -> None:
    """Raises UnknownListing, and NotCheckable for one that Discogs gave no number."""
    for listing_id in listing_ids:
        known = find_listing(db, listing_id)
        if known is None:
            raise UnknownListing(listing_id)
        if known.discogs_listing_id is None:
            raise NotCheckable(listing_id)


def check(
    engine: "Engine",
    discogs: "Discogs",
    listing_ids: Sequence[int],
    *,
    rates: "Rates",
    clock: Clock,
    should_stop: Callable[[], bool] | None = None,
) -> Iterator[Checked]:
    """Check listings, by our own ids, in their order; each comes as soon as it is kept.

    Raises UnknownListing, NotCheckable before the first request; DiscogsError.
    """
    with reading(engine) as db:
        refuse_uncheckable(db, listing_ids)
    for listing_id in dict.fromkeys(listing_ids):
        if should_stop is not None and should_stop():
            return
        yield _check(engine, discogs, listing_id, rates, clock)


def _check(
    engine: "Engine", discogs: "Discogs", listing_id: int, rates: "Rates", clock: Clock
) -> Checked:
    before = _known(engine, listing_id)
    try:
        is_for_sale = look_again(engine, discogs, listing_id, rates=rates, clock=clock)
    except BadListing:
        return Checked("odd", before, before)
    after = _known(engine, listing_id)
    if not is_for_sale:
        return Checked("gone", before, after)
    is_same = _terms(before) == _terms(after) and before.gone_at is None
    return Checked("same" if is_same else "changed", before, after)


def _known(engine: "Engine", listing_id: int) -> Listing:
    with reading(engine) as db:
        found = listing_of(db, listing_id)
    if found is None:  # its seller was forgotten meanwhile
        raise UnknownListing(listing_id)
    return found


def _terms(listing: Listing) -> tuple[object, ...]:
    return (listing.price_minor, listing.currency, listing.media_grade, listing.sleeve_grade)
