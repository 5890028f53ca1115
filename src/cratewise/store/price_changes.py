"""What a listing cost before."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

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


def changes_of(db: Connection, listing_id: int) -> list[PriceChange]:
    """Every change of a listing's price, the first one first."""
    statement = (
        select(*(price_changes.c[name] for name in PriceChange._fields))
        .where(price_changes.c.listing_id == listing_id)
        .order_by(price_changes.c.changed_at, price_changes.c.id)
    )
    return [PriceChange._make(row) for row in db.execute(statement)]


def last_changes(db: Connection, listing_ids: Sequence[int]) -> dict[int, PriceChange]:
    """The last change of each listing's price, by our own ids; one that never changed is not in."""
    statement = (
        select(price_changes.c.listing_id, *(price_changes.c[name] for name in PriceChange._fields))
        .where(price_changes.c.listing_id.in_(listing_ids))
        .order_by(price_changes.c.changed_at, price_changes.c.id)
    )
    return {row[0]: PriceChange._make(row[1:]) for row in db.execute(statement)}
