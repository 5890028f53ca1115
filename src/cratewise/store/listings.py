"""Listings, apart from how they are stored: whose they are, which are gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from cratewise.store.tables import listings, sellers

PASSES_TO_BE_GONE = 2  # one pass may miss what stood between two pages when something sold

_FOR_SALE = and_(listings.c.seller_id == bindparam("seller"), listings.c.gone_at.is_(None))

_UNSEEN = and_(
    _FOR_SALE,
    or_(listings.c.last_pull_id.is_(None), listings.c.last_pull_id != bindparam("pull")),
    listings.c.last_seen_at <= bindparam("started_at"),  # else an import has met it since
)


@dataclass(frozen=True, slots=True)
class KnownListing:
    """A listing of ours, where it stands on Discogs, and whose it is."""

    id: int
    discogs_listing_id: int | None
    seller_id: int


def count_for_sale(db: Connection, seller_id: int, *, seen_since: datetime | None = None) -> int:
    """How many listings of a seller are believed to be for sale, and were seen since then."""
    statement = select(func.count()).select_from(listings).where(_FOR_SALE)
    if seen_since is not None:
        statement = statement.where(listings.c.last_seen_at >= seen_since)
    return db.execute(statement, {"seller": seller_id}).scalar_one()


def not_seen_since(
    db: Connection, seller_id: int, moment: datetime, *, limit: int
) -> Sequence[int]:
    """Listings of a seller, by our own ids, that should be for sale; the best-scored first."""
    statement = (
        select(listings.c.id)
        .where(_FOR_SALE, listings.c.last_seen_at < moment)
        .where(listings.c.discogs_listing_id.is_not(None))
        .order_by(listings.c.score.desc().nulls_last(), listings.c.id)
        .limit(limit)
    )
    return db.scalars(statement, {"seller": seller_id}).all()


def find_listing(db: Connection, listing_id: int) -> KnownListing | None:
    """A listing by our own id."""
    columns = (listings.c.id, listings.c.discogs_listing_id, listings.c.seller_id)
    row = db.execute(select(*columns).where(listings.c.id == listing_id)).first()
    return None if row is None else KnownListing(*row)


def find_listing_on_discogs(db: Connection, discogs_listing_id: int) -> KnownListing | None:
    """A listing by Discogs' number; None when it was never read."""
    columns = (listings.c.id, listings.c.discogs_listing_id, listings.c.seller_id)
    of_number = listings.c.discogs_listing_id == discogs_listing_id
    row = db.execute(select(*columns).where(of_number)).first()
    return None if row is None else KnownListing(*row)


def id_of_number(db: Connection, number: int) -> int | None:
    """Our own id of the listing that has this number at Discogs, or else here."""
    theirs = select(listings.c.id).where(listings.c.discogs_listing_id == number)
    found: int | None = db.scalar(theirs)
    if found is None:
        found = db.scalar(select(listings.c.id).where(listings.c.id == number))
    return found


def owners(db: Connection, discogs_ids: Sequence[int]) -> Mapping[int, tuple[int, str]]:
    """Whose the listings are that are known, by Discogs' ids: our id of the seller, their name."""
    rows = db.execute(
        select(listings.c.discogs_listing_id, listings.c.seller_id, sellers.c.username)
        .join(sellers, sellers.c.id == listings.c.seller_id)
        .where(listings.c.discogs_listing_id.in_(bindparam("ids", expanding=True))),
        {"ids": list(discogs_ids)},
    )
    return {number: (seller_id, name) for number, seller_id, name in rows}


def miss(
    db: Connection, seller_id: int, pull_id: int, *, started_at: datetime, at: datetime
) -> int:
    """Count a pass for every listing that a pull did not see; how many are gone by that.

    Call it once, in the transaction that ends a pull which saw all but a few.
    """
    unseen = {"seller": seller_id, "pull": pull_id, "started_at": started_at}
    # Locked in the order of their ids, as whoever scores them again does.
    db.execute(
        select(listings.c.id).where(_UNSEEN).order_by(listings.c.id).with_for_update(), unseen
    )
    missed = {"missed_passes": listings.c.missed_passes + 1, "touched_at": at}
    db.execute(update(listings).where(_UNSEEN).values(missed), unseen)
    gone = db.execute(
        update(listings)
        .where(_FOR_SALE, listings.c.missed_passes >= PASSES_TO_BE_GONE)
        .values(gone_at=at),
        {"seller": seller_id},
    )
    return gone.rowcount


def mark_gone(db: Connection, listing_id: int, at: datetime) -> bool:
    """Note that a listing is not for sale any more; False when that was known."""
    marked = db.execute(
        update(listings)
        .where(listings.c.id == listing_id, listings.c.gone_at.is_(None))
        .values(gone_at=at, touched_at=at)
    )
    return marked.rowcount == 1
