"""Compare prices in a reader's own currency: convert each, and limit all by one amount."""

import math
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from cratewise.errors import SwappedRange
from cratewise.money import MINOR_DIGITS, Money, digits_of
from cratewise.rates import Rates

if TYPE_CHECKING:
    from cratewise.shelf.query import Filter, Reader


def stored_price(minor: int | None, currency: str | None) -> Money | None:
    """A price as the store keeps it; None when unknown."""
    if minor is None or currency is None or currency not in MINOR_DIGITS:
        return None
    return Money(minor, currency)


@lru_cache(64)  # page after page, and each facet, asks for the same limit
def limits_by_currency(most: Money, rates: Rates, day: date) -> dict[str, int]:
    """The most that `most` is worth in every currency with a rate, in whole minor units.

    A price is within the limit when it shows as no more than `most`: it may lie half
    a minor unit above, which conversion rounds away.
    """
    limits = {most.currency: most.minor}
    for currency in rates.currencies(day) - {most.currency}:
        found = rates.rate(most.currency, currency, day)
        if found is not None:
            scale = 10.0 ** (digits_of(currency) - digits_of(most.currency))
            limits[currency] = int((most.minor + 0.5) * found[0] * scale)
    return limits


@lru_cache(64)
def least_by_currency(least: Money, rates: Rates, day: date) -> dict[str, int]:
    """The least that shows as `least` or more, in every currency with a rate, in minor units."""
    limits = {least.currency: least.minor}
    for currency in rates.currencies(day) - {least.currency}:
        found = rates.rate(least.currency, currency, day)
        if found is not None:
            scale = 10.0 ** (digits_of(currency) - digits_of(least.currency))
            limits[currency] = math.ceil((least.minor - 0.5) * found[0] * scale)
    return limits


def refuse_swapped_prices(wanted: "Filter", reader: "Reader") -> None:
    """Refuse prices from more to less, each end in a currency of its own.

    `Filter` itself knows no rates.  Raises SwappedRange.
    """
    for term, low, high in (
        ("price", wanted.price_from, wanted.price_to),
        ("landed", wanted.landed_from, wanted.landed_to),
    ):
        if low is None or high is None or low.currency == high.currency:
            continue
        least = in_currency(low, high.currency, reader.rates, reader.day)
        if least is not None and least.minor > high.minor:
            raise SwappedRange(term, f"{low} ({least})", str(high))


def in_currency(price: Money | None, currency: str, rates: Rates, day: date) -> Money | None:
    """A price in another currency at the rates of `day`; None when not convertible."""
    if price is None:
        return None
    converted = rates.convert(price.minor, price.currency, currency, day)
    return None if converted is None else Money(converted.minor, currency)
