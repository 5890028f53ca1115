"""Prices that may not be shown any more: whoever reads rows gets them as if none was told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

OF_PRICE = ("price_minor", "currency", "price_usd")


class Priced(Protocol):
    """A named tuple with a price; price_read_at: None where none was read."""

    @property
    def price_read_at(self) -> datetime | None: ...


Row = TypeVar("Row", bound=Priced)


def is_shown(price_read_at: datetime | None, priced_since: datetime | None) -> bool:
    """Whether a price may be shown; priced_since: None where each may."""
    if priced_since is None:
        return True
    return price_read_at is not None and price_read_at >= priced_since


def without_stale_prices(rows: Iterable[Row], priced_since: datetime | None) -> list[Row]:
    """Rows, those without a price whose price was read before; None: all as they are."""
    return [
        row if is_shown(row.price_read_at, priced_since) else without_price(row) for row in rows
    ]


def without_price(row: Row) -> Row:
    """A row as if nobody had told its price."""
    named: Any = row
    blank: Row = named._replace(**{name: None for name in OF_PRICE if name in named._fields})
    return blank
