"""Verify listings that nobody has seen for long: one request each, the best-scored first.

Up to 20,000 listings a full pass tells what is gone.  Beyond, no pass sees all, so
what was not met for a month is *unverified*: it is still shown, with the day when it
was last seen, and counts as known no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cratewise.clock import Clock
from cratewise.errors import BadListing, UnreadSeller, WaitAbandoned
from cratewise.inventory.reconcile import UNVERIFIED_AFTER, look_again
from cratewise.store.engine import reading
from cratewise.store.listings import not_seen_since
from cratewise.store.sellers import find_seller

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of looking again, in listings; each look was one request.

    odd  answered with something that makes no sense; they stay unverified.
    """

    seller: str
    still_for_sale: int = 0
    gone: int = 0
    odd: int = 0

    @property
    def requests(self) -> int:
        return self.still_for_sale + self.gone + self.odd

    @property
    def sentence(self) -> str:
        if not self.requests:
            return f"{self.seller}: every listing was seen within {UNVERIFIED_AFTER.days} days."
        looked = f"Looked again at {self.requests:,} not seen for {UNVERIFIED_AFTER.days} days"
        return f"{looked}: {self.still_for_sale:,} still for sale, {self.gone:,} gone."


def verify(
    engine: "Engine",
    discogs: "Discogs",
    seller: str,
    *,
    requests: int,
    rates: "Rates",
    clock: Clock,
    should_stop: Callable[[], bool] | None = None,
) -> Verified:
    """Look again at the unverified listings of a seller, with at most so many requests.

    Each look is kept at once.  Raises UnreadSeller, DiscogsError, StoreError.
    """
    with reading(engine) as db:
        known = find_seller(db, seller)
        if known is None:
            raise UnreadSeller(seller)
        long_ago = clock.now() - UNVERIFIED_AFTER
        unverified = not_seen_since(db, known.id, long_ago, limit=max(requests, 0))
    counts = {True: 0, False: 0, None: 0}
    for listing_id in unverified:
        if should_stop is not None and should_stop():
            break
        try:
            counts[_is_for_sale(engine, discogs, listing_id, rates, clock)] += 1
        except WaitAbandoned:
            break  # asked to stop while it waited for the quota
    return Verified(known.username, counts[True], counts[False], counts[None])


def _is_for_sale(
    engine: "Engine", discogs: "Discogs", listing_id: int, rates: "Rates", clock: Clock
) -> bool | None:
    try:
        return look_again(engine, discogs, listing_id, rates=rates, clock=clock)
    except BadListing:
        return None  # one odd listing leaves the others to be verified
