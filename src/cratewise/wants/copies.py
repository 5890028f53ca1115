"""Copies of one record side by side: each with its landed price, and among what others cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import TYPE_CHECKING

from cratewise.grades import Grade
from cratewise.money import Money
from cratewise.store.record_copies import Copy, Observed
from cratewise.store.stale_prices import is_shown
from cratewise.wants.postage import PostageBook

if TYPE_CHECKING:
    from cratewise.rates import Rates


@dataclass(frozen=True, slots=True)
class PriceContext:
    """A copy among other observed copies of its release, gone ones too.

    others          how many there are; those without a comparable price do not count.
    rank            1: none of them is cheaper; others + 1: all are.
    median, lowest  of the others, in the reader's currency.
    since, until    when the first of them was seen, and when a price of theirs was read last.
    """

    others: int
    rank: int
    median: Money
    lowest: Money
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class SeenCopy:
    """A copy as one reader sees it; None: unknown, or nothing to compare with.

    price, postage, landed  in the reader's currency; postage of a parcel with it alone.
    of_grade                among copies whose medium has the same grade.
    of_release              among all copies of the release.
    """

    copy: Copy
    price: Money | None
    postage: Money | None
    of_grade: PriceContext | None
    of_release: PriceContext | None

    @property
    def landed(self) -> Money | None:
        """What it costs when it has arrived."""
        if self.price is None or self.postage is None:
            return None
        return Money(self.price.minor + self.postage.minor, self.price.currency)


def compare_copies(
    copies: Sequence[Copy],
    observed: Mapping[int, Sequence[Observed]],
    book: PostageBook,
    *,
    currency: str,
    rates: "Rates",
    day: date,
    priced_since: datetime | None = None,
) -> list[SeenCopy]:
    """Copies with all that helps to choose one, the cheapest landed first.

    observed      every copy ever seen, by release.
    priced_since  a price that was read before is none, be it a copy's or one observed.

    Those with unknown postage stand behind, by price; those without a price last.
    """

    def own(minor: int | None, code: str | None) -> int | None:
        found = rates.convert(minor, code, currency, day) if minor is not None and code else None
        return None if found is None else found.minor

    priced = {
        release_id: [
            (one, own(one.price_minor, one.currency))
            for one in theirs
            if is_shown(one.price_read_at, priced_since)
        ]
        for release_id, theirs in observed.items()
    }
    seen = []
    for copy in copies:
        listing = copy.listing
        price = None
        if is_shown(listing.price_read_at, priced_since):
            price = own(listing.price_minor, listing.currency)
        tariff = book.tariff(copy.seller_id, listing.ships_from)
        parcel = tariff.cost([listing.format]) if tariff else None
        postage = None if parcel is None else own(parcel.minor, parcel.currency)
        others = [
            (one, minor)
            for one, minor in priced.get(listing.release_id, [])
            if one.listing_id != listing.id and minor is not None
        ]
        seen.append(
            SeenCopy(
                copy=copy,
                price=None if price is None else Money(price, currency),
                postage=None if postage is None else Money(postage, currency),
                of_grade=_context(price, _of_grade(others, listing.media_grade), currency),
                of_release=_context(price, others, currency),
            )
        )
    return sorted(seen, key=_order)


def _of_grade(
    others: Sequence[tuple[Observed, int]], grade: Grade | None
) -> list[tuple[Observed, int]]:
    return [(one, minor) for one, minor in others if grade and one.media_grade == grade]


def _context(
    price: int | None, others: Sequence[tuple[Observed, int]], currency: str
) -> PriceContext | None:
    if price is None or not others:
        return None
    prices = [minor for _, minor in others]
    return PriceContext(
        others=len(prices),
        rank=1 + sum(minor < price for minor in prices),
        median=Money(round(median(prices)), currency),
        lowest=Money(min(prices), currency),
        since=min(one.first_seen_at for one, _ in others),
        until=max(one.price_read_at for one, _ in others),
    )


def _order(seen: SeenCopy) -> tuple[bool, bool, int, int]:
    cost = seen.landed or seen.price
    return (
        seen.price is None,
        seen.landed is None,
        cost.minor if cost else 0,
        seen.copy.listing.id,
    )
