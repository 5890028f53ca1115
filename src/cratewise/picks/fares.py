"""What parcels cost in the budget's currency, as the account noted postage."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from cratewise.money import Money
from cratewise.picks.crate import Fare
from cratewise.rates import Rates
from cratewise.shelf.prices import in_currency
from cratewise.wants.postage import PostageBook, Tariff
from cratewise.wants.weight import PARCEL_GRAMS


class Sent(Protocol):
    """Whatever is for sale: whose it is, and where it ships from."""

    @property
    def seller_id(self) -> int: ...

    @property
    def ships_from(self) -> str: ...


def fares_of(
    book: PostageBook, stock: Sequence[Sent], currency: str, rates: Rates, day: date
) -> dict[int, Fare]:
    """The fare of each seller by our own id; those whose postage is not known lack."""
    origins: dict[int, Counter[str]] = {}
    for one in stock:
        origins.setdefault(one.seller_id, Counter())[one.ships_from] += 1
    found = {}
    for seller_id, counted in origins.items():
        # One parcel leaves from one place; most of a stock lies where its seller lives.
        tariff = book.tariff(seller_id, counted.most_common(1)[0][0])
        fare = None if tariff is None else _fare(tariff, currency, rates, day)
        if fare is not None:
            found[seller_id] = fare
    return found


def _fare(tariff: Tariff, currency: str, rates: Rates, day: date) -> Fare | None:
    """A tariff in another currency; None when it is not convertible."""

    def own(minor: int) -> int:
        converted = in_currency(Money(minor, tariff.currency), currency, rates, day)
        return -1 if converted is None else converted.minor

    if own(0) < 0:
        return None
    if tariff.first_minor is not None and tariff.further_minor is not None:
        return Fare(own(tariff.first_minor), own(tariff.further_minor))
    tiers = [(most - PARCEL_GRAMS, own(minor)) for most, minor in tariff.tiers]
    # Where a heavier parcel costs less, the lighter one may be sent as that.
    least, falling = tiers[-1][1], []
    for most, minor in reversed(tiers):
        least = min(least, minor)
        falling.append((most, least))
    return Fare(tiers=tuple(reversed(falling)))
