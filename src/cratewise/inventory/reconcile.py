"""What is gone: missing from two passes that saw nearly everything, or answered with 404.

Not to meet a listing proves nothing by itself.  Stock moves while it is read, a quick
look sees the newest only, a pull may be stopped.  So only a full pass that saw 99.5 %
of what Discogs claims counts, and only the second one that misses a listing.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cratewise.clock import Clock
from cratewise.errors import NotFound
from cratewise.inventory.rows import is_for_sale, listing_row
from cratewise.inventory.sweep import is_beyond_reach
from cratewise.store.engine import reading, writing
from cratewise.store.listing_row import Reading
from cratewise.store.listings import count_for_sale, find_listing, mark_gone
from cratewise.store.pulls import Pull
from cratewise.store.upsert import upsert_page

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates

WHOLE_PASS = 0.995  # of the claim

# No pass sees all of a stock beyond reach, so what is sold there is never missed twice.
UNVERIFIED_AFTER = timedelta(days=30)


def is_whole_pass(pull: Pull) -> bool:
    """Whether what a pull did not see counts as missed."""
    return (
        pull.kind in ("full", "deep")
        and pull.claimed is not None
        and pull.seen >= WHOLE_PASS * pull.claimed
    )


def coverage(db: "Connection", pull: Pull, now: datetime) -> float:
    """Which part of what Discogs claims is known after a pull, 0 to 1.

    A full pull counts what it saw itself; a quick or deep one adds to what was known.
    Beyond reach, what went unseen for long counts for nothing: it may well be sold.
    """
    if not pull.claimed:
        return 1.0
    if pull.kind == "full":
        return min(1.0, pull.seen / pull.claimed)
    since = now - UNVERIFIED_AFTER if is_beyond_reach(pull.claimed) else None
    return min(1.0, count_for_sale(db, pull.seller_id, seen_since=since) / pull.claimed)


def look_again(
    engine: "Engine", discogs: "Discogs", listing_id: int, *, rates: "Rates", clock: Clock
) -> bool:
    """Ask Discogs for one listing, with one request; whether it is still for sale.

    listing_id  our own, of a listing that was read from Discogs.

    Its price is fresh afterwards.  Raises LookupError when there is no such listing,
    BadListing, DiscogsError.
    """
    with reading(engine) as db:
        known = find_listing(db, listing_id)
    if known is None or known.discogs_listing_id is None:
        raise LookupError(f"No listing {listing_id} that Discogs could be asked for.")
    asked_at = clock.now()
    try:
        raw = discogs.listing(known.discogs_listing_id)
    except NotFound:
        raw = None
    with writing(engine) as db:
        if raw is None or not is_for_sale(raw):
            mark_gone(db, listing_id, clock.now())
            return False
        read = Reading(known.seller_id, None, asked_at, clock.now())
        upsert_page(db, read, [listing_row(raw)], rates)
        return True


def outcome_sentence(pull: Pull, share: float) -> str:
    """What came of a pull, for people.

    share  its coverage.
    """
    claimed = pull.claimed or 0
    if not claimed and not pull.seen:
        return f"{pull.seller} has nothing for sale."
    if pull.kind == "quick":
        found = f"{pull.seller}: looked at the newest {pull.seen:,} of {claimed:,} listings"
    elif pull.kind == "deep":
        known = min(round(share * claimed), claimed)
        found = f"{pull.seller}: {pull.seen:,} of {claimed:,} listings read"
        found += f", {known:,} known ({percent(share)})"
    else:
        found = f"{pull.seller}: {pull.seen:,} of {claimed:,} listings read ({percent(share)})"
    return f"{found}; {_movements(pull)}."


def percent(share: float) -> str:
    """'99.9 %'; 100 only for all."""
    return f"{int(share * 1000) / 10:g} %"


def _movements(pull: Pull) -> str:
    counts = {"new": pull.new, "changed": pull.changed, "gone": pull.gone, "back": pull.back}
    told = [f"{count:,} {name}" for name, count in counts.items() if count]
    if pull.skipped:
        told.append(f"{pull.skipped:,} that make no sense left out")
    return ", ".join(told) or "nothing changed"
