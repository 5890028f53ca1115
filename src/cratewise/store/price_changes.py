"""What a listing cost before."""

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


def changes_of(db: Connection, listing_id: int) -> list[PriceChange]:
    """Every change of a listing's price, the first one first."""
    statement = (
        select(*(price_changes.c[name] for name in PriceChange._fields))
        .where(price_changes.c.listing_id == listing_id)
        .order_by(price_changes.c.changed_at, price_changes.c.id)
    )
    return [PriceChange._make(row) for row in db.execute(statement)]
