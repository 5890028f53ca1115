"""The copies for sale from which a crate is packed, with what each is to whoever packs."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, false, select

from cratewise.store.hidden import is_hidden
from cratewise.store.stale_prices import without_stale_prices
from cratewise.store.tables import judgements, listings, owned, releases, sellers, wants


class CopyForSale(NamedTuple):
    """A listing that is for sale; None: unknown.

    listing_id   our own
    price_minor  in minor units of `currency`, as the seller asks; price_read_at: when that was read
    format       as Discogs writes it, which tells what it weighs
    score        the rule score
    """

    listing_id: int
    seller_id: int
    release_id: int
    master_id: int | None
    price_minor: int | None
    currency: str | None
    price_read_at: datetime | None
    media_grade: int | None
    artist: str
    title: str
    format: str
    want: int | None
    have: int | None
    score: float | None
    ships_from: str
    is_wanted: bool
    is_owned: bool
    is_hidden: bool
    is_skipped: bool


class SellersTerms(NamedTuple):
    """A seller by name, and the sum from which they take orders; None: not told."""

    seller_id: int
    seller: str
    least_order_minor: int | None
    currency: str | None


_MINE = {
    name: and_(table.c.release_id == releases.c.id, table.c.account_id == bindparam("account"))
    for name, table in (("wants", wants), ("owned", owned))
}
_COPIES = (
    select(
        *(listings.c.id, listings.c.seller_id, releases.c.id),
        *(releases.c.master_id, listings.c.price_minor, listings.c.currency),
        listings.c.price_read_at,
        *(listings.c.media_grade, releases.c.artist, releases.c.title, releases.c.format),
        *(releases.c.want, releases.c.have, listings.c.score, listings.c.ships_from),
        wants.c.release_id.is_not(None),
        owned.c.release_id.is_not(None),
    )
    .join(releases, releases.c.id == listings.c.release_id)
    .outerjoin(wants, _MINE["wants"])
    .outerjoin(owned, _MINE["owned"])
    .where(
        listings.c.seller_id.in_(bindparam("sellers", expanding=True)),
        listings.c.gone_at.is_(None),
    )
    .order_by(listings.c.id)
)
_IS_SKIPPED = releases.c.id.in_(
    select(judgements.c.release_id).where(
        judgements.c.account_id == bindparam("account"),
        judgements.c.verdict == "skip",
        judgements.c.undone_at.is_(None),
    )
)


def copies_for_sale(
    db: Connection,
    account_id: int,
    seller_ids: Sequence[int],
    *,
    priced_since: datetime | None = None,
) -> list[CopyForSale]:
    """Everything that these sellers have for sale, and what of it is what to the account.

    priced_since  a price that was read before is none
    """
    hidden = is_hidden(db, account_id)
    statement = _COPIES.add_columns(false() if hidden is None else hidden, _IS_SKIPPED)
    rows = db.execute(statement, {"account": account_id, "sellers": list(seller_ids)})
    copies = [CopyForSale._make(row) for row in rows]
    return without_stale_prices(copies, priced_since)


def terms_of(db: Connection, seller_ids: Sequence[int]) -> list[SellersTerms]:
    """What these sellers ask of an order, by name."""
    columns = (sellers.c.id, sellers.c.username, sellers.c.min_order_minor, sellers.c.currency)
    statement = select(*columns).where(sellers.c.id.in_(bindparam("sellers", expanding=True)))
    rows = db.execute(statement.order_by(sellers.c.username_key), {"sellers": list(seller_ids)})
    return [SellersTerms._make(row) for row in rows]
