"""What a listing cost before."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from cratewise.store.one_of import one_of
from cratewise.store.tables import price_changes


class PriceChange(NamedTuple):
    """Prices in whole minor units of their currency; None: none was told."""

    changed_at: datetime
    old_price_minor: int | None
    old_currency: str | None
    new_price_minor: int | None
    new_currency: str | None

    @property
    def is_drop(self) -> bool:
        """Whether it became cheaper, in the same currency."""
        old, new = self.old_price_minor, self.new_price_minor
        if old is None or new is None:
            return False
        return self.old_currency == self.new_currency and new < old


# Made once: they are asked for each answer about listings.
_CHANGES = select(
    price_changes.c.listing_id, *(price_changes.c[name] for name in PriceChange._fields)
).order_by(price_changes.c.changed_at, price_changes.c.id)
_OF_ONE = _CHANGES.where(price_changes.c.listing_id == bindparam("id"))
_OF_THESE = _CHANGES.where(one_of(price_changes.c.listing_id, "ids"))


def changes_of(db: Connection, listing_id: int) -> list[PriceChange]:
    """Every change of a listing's price, the first one first."""
    return [PriceChange._make(row[1:]) for row in db.execute(_OF_ONE, {"id": listing_id})]


def last_changes(db: Connection, listing_ids: Sequence[int]) -> dict[int, PriceChange]:
    """The last change of each listing's price, by our own ids; one that never changed is not in."""
    rows = db.execute(_OF_THESE, {"ids": listing_ids})
    return {row[0]: PriceChange._make(row[1:]) for row in rows}
