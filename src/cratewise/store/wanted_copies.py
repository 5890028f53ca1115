"""Where wants can be bought: copies for sale, of the very release or of another pressing of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Subquery, func, select, union

from cratewise.grades import Grade
from cratewise.store.record_copies import is_followed
from cratewise.store.stale_prices import without_stale_prices
from cratewise.store.tables import listings, releases, sellers, wants


class WantedCopy(NamedTuple):
    """A listing that answers a want.

    want_id      the release that is wanted; release_id: the one that is sold.
    price_minor  in whole minor units of `currency`; None: not told.
    """

    want_id: int
    listing_id: int
    discogs_listing_id: int | None
    release_id: int
    seller_id: int
    seller: str
    artist: str
    title: str
    format: str
    ships_from: str
    price_minor: int | None
    currency: str | None
    price_read_at: datetime | None
    media_grade: Grade | None
    sleeve_grade: Grade | None

    @property
    def is_exact(self) -> bool:
        """The very release that is wanted, and not another pressing of it."""
        return self.want_id == self.release_id


def wanted_copies(
    db: Connection,
    account_id: int,
    want_ids: Sequence[int] | None = None,
    *,
    seller_id: int | None = None,
    only_exact: bool = False,
    priced_since: datetime | None = None,
) -> list[WantedCopy]:
    """Copies of an account's wants that the sellers it follows have for sale.

    want_ids    of these releases, wanted or not; None: of all wants.
    only_exact  leave other pressings of the same master.
    priced_since  a price that was read before is none.
    """
    pressings = _pressings(account_id, want_ids, only_exact=only_exact)
    named = {
        "want_id": pressings.c.want_id,
        "listing_id": listings.c.id,
        "release_id": releases.c.id,
        "seller": sellers.c.username,
    }
    columns = (named[name] if name in named else _column(name) for name in WantedCopy._fields)
    statement = (
        select(*columns)
        .select_from(pressings)
        .join(listings, listings.c.release_id == pressings.c.release_id)
        .join(releases, releases.c.id == listings.c.release_id)
        .join(sellers, sellers.c.id == listings.c.seller_id)
        .where(listings.c.gone_at.is_(None), is_followed(account_id))
        .order_by(pressings.c.want_id, listings.c.price_usd.nulls_last(), listings.c.id)
    )
    if seller_id is not None:
        statement = statement.where(listings.c.seller_id == seller_id)
    copies = [_copy(row) for row in db.execute(statement)]
    return without_stale_prices(copies, priced_since)


def copies_per_want(
    db: Connection, account_id: int, want_ids: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """How many copies of each want are for sale: of the very release, and of any pressing."""
    pressings = _pressings(account_id, want_ids, only_exact=False)
    is_exact = pressings.c.want_id == pressings.c.release_id
    statement = (
        select(pressings.c.want_id, func.count().filter(is_exact), func.count())
        .join(listings, listings.c.release_id == pressings.c.release_id)
        .where(listings.c.gone_at.is_(None), is_followed(account_id))
        .group_by(pressings.c.want_id)
    )
    return {want: (exact, every) for want, exact, every in db.execute(statement)}


def _pressings(account_id: int, want_ids: Sequence[int] | None, *, only_exact: bool) -> Subquery:
    """Of each want the releases that answer it."""
    if want_ids is None:
        wanted = select(wants.c.release_id.label("id")).where(wants.c.account_id == account_id)
    else:
        wanted = select(releases.c.id.label("id")).where(releases.c.id.in_(list(want_ids)))
    own = wanted.subquery("own")
    exact = select(own.c.id.label("want_id"), own.c.id.label("release_id"))
    if only_exact:
        return exact.subquery("pressings")
    this, other = releases.alias("this"), releases.alias("other")
    others = (
        select(own.c.id, other.c.id)
        .join(this, this.c.id == own.c.id)
        .join(other, other.c.master_id == this.c.master_id)
    )
    return union(exact, others).subquery("pressings")


def _column(name: str) -> Any:
    return listings.c[name] if name in listings.c else releases.c[name]


def _copy(row: Sequence[Any]) -> WantedCopy:
    copy = WantedCopy._make(row)
    media, sleeve = copy.media_grade, copy.sleeve_grade
    return copy._replace(
        media_grade=None if media is None else Grade(media),
        sleeve_grade=None if sleeve is None else Grade(sleeve),
    )
