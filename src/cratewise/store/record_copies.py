"""Copies of one record: for sale at the sellers that somebody follows, and all ever seen."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from cratewise.grades import Grade
from cratewise.store.stock import LISTINGS, Listing, as_listing
from cratewise.store.tables import follows, listings, releases

IDS_AT_ONCE = 1_000  # releases of one master; a thousand pressings is more than any has


class Copy(NamedTuple):
    """A listing, and our own id of its seller."""

    listing: Listing
    seller_id: int


class Observed(NamedTuple):
    """What a copy was offered for, be it still for sale or not.

    price_minor    its last price, in whole minor units of `currency`.
    first_seen_at  when the copy was; price_read_at: when that price was read last.
    """

    listing_id: int
    price_minor: int
    currency: str
    media_grade: Grade | None
    first_seen_at: datetime
    price_read_at: datetime


def copies_of_release(db: Connection, account_id: int, release_id: int) -> list[Copy]:
    """The copies of a release that the sellers an account follows have for sale."""
    return _copies(db, account_id, [release_id])


def copies_of_master(db: Connection, account_id: int, master_id: int) -> list[Copy]:
    """As `copies_of_release`, of every pressing of a master."""
    return _copies(db, account_id, pressings_of(db, master_id))


def pressings_of(db: Connection, master_id: int) -> list[int]:
    """The releases of a master of which anything is kept."""
    statement = select(releases.c.id).where(releases.c.master_id == master_id)
    return list(db.scalars(statement.order_by(releases.c.id).limit(IDS_AT_ONCE)))


def master_of(db: Connection, release_id: int) -> int | None:
    """The master of a release; None: it has none, or nobody told."""
    found: int | None = db.scalar(select(releases.c.master_id).where(releases.c.id == release_id))
    return found


def observed(db: Connection, release_ids: Sequence[int]) -> dict[int, list[Observed]]:
    """Every copy of some releases that ever was seen with a price, by their ids."""
    names = ("id", *Observed._fields[1:])
    statement = (
        select(listings.c.release_id, *(listings.c[name] for name in names))
        .where(listings.c.release_id.in_(sorted(set(release_ids))))
        .where(listings.c.price_minor.is_not(None), listings.c.currency.is_not(None))
        .where(listings.c.price_read_at.is_not(None))
    )
    found: defaultdict[int, list[Observed]] = defaultdict(list)
    for release_id, *row in db.execute(statement):
        copy = Observed._make(row)
        grade = None if copy.media_grade is None else Grade(copy.media_grade)
        found[release_id].append(copy._replace(media_grade=grade))
    return dict(found)


def is_followed(account_id: int) -> ColumnElement[bool]:
    """Whether an account follows a listing's seller.

    No join: SQLite would begin at the few sellers and read all that they have.
    """
    return (
        select(follows.c.seller_id)
        .where(follows.c.seller_id == listings.c.seller_id, follows.c.account_id == account_id)
        .exists()
    )


def _copies(db: Connection, account_id: int, release_ids: Sequence[int]) -> list[Copy]:
    statement = (
        LISTINGS.add_columns(listings.c.seller_id)
        .where(listings.c.release_id.in_(list(release_ids)))
        .where(listings.c.gone_at.is_(None), is_followed(account_id))
        .order_by(func.coalesce(listings.c.price_usd, 1e18), listings.c.id)
    )
    return [Copy(as_listing(row[:-1]), row[-1]) for row in db.execute(statement)]
