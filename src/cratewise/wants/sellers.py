"""Who has most of a wantlist, and what all of it would cost there with postage.  Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cratewise.money import Money
from cratewise.store.wanted_copies import WantedCopy
from cratewise.wants.postage import PostageBook

if TYPE_CHECKING:
    from cratewise.rates import Rates


@dataclass(frozen=True, slots=True)
class SellerOffer:
    """What one seller has of a wantlist: of each want the cheapest copy.

    wants      how many they have, in any pressing; exact: of them the very release.
    copies     one for each want, those without a price left out of the sums.
    price      of all copies, in the reader's currency; None: of one it is unknown.
    postage    of one parcel with all of them; None: unknown.
    """

    seller_id: int
    seller: str
    wants: int
    exact: int
    copies: tuple[WantedCopy, ...]
    price: Money | None
    postage: Money | None

    @property
    def landed(self) -> Money | None:
        """Price and postage; None where one of both is unknown."""
        if self.price is None or self.postage is None:
            return None
        return Money(self.price.minor + self.postage.minor, self.price.currency)


def rank_sellers(
    copies: Iterable[WantedCopy], book: PostageBook, *, currency: str, rates: "Rates", day: date
) -> list[SellerOffer]:
    """Sellers by how many wants they have, then by how many exactly, then the cheapest first."""
    by_seller: defaultdict[int, list[WantedCopy]] = defaultdict(list)
    for copy in copies:
        by_seller[copy.seller_id].append(copy)
    offers = [_offer(theirs, book, currency, rates, day) for theirs in by_seller.values()]
    return sorted(offers, key=_rank)


def own_price(copy: WantedCopy, currency: str, rates: "Rates", day: date) -> int | None:
    """What a copy costs in minor units of `currency`; None: unknown, or not convertible."""
    if copy.price_minor is None or copy.currency is None:
        return None
    found = rates.convert(copy.price_minor, copy.currency, currency, day)
    return None if found is None else found.minor


def _rank(offer: SellerOffer) -> tuple[int, int, bool, int, str]:
    cost = offer.landed or offer.price
    return (
        -offer.wants,
        -offer.exact,
        offer.landed is None,
        cost.minor if cost else 0,
        offer.seller.casefold(),
    )


def _offer(
    copies: list[WantedCopy], book: PostageBook, currency: str, rates: "Rates", day: date
) -> SellerOffer:
    best: dict[int, tuple[tuple[bool, bool, int, int], WantedCopy, int | None]] = {}
    for copy in copies:
        price = own_price(copy, currency, rates, day)
        # The very release before another pressing, whatever it costs: it is what is wanted.
        order = (not copy.is_exact, price is None, price or 0, copy.listing_id)
        if copy.want_id not in best or order < best[copy.want_id][0]:
            best[copy.want_id] = (order, copy, price)
    chosen = [copy for _, copy, _ in best.values()]
    prices = [price for _, _, price in best.values()]
    known = [price for price in prices if price is not None]
    return SellerOffer(
        seller_id=copies[0].seller_id,
        seller=copies[0].seller,
        wants=len(chosen),
        exact=sum(copy.is_exact for copy in chosen),
        copies=tuple(chosen),
        price=Money(sum(known), currency) if len(known) == len(prices) else None,
        postage=_parcel(chosen, book, currency, rates, day),
    )


def _parcel(
    copies: list[WantedCopy], book: PostageBook, currency: str, rates: "Rates", day: date
) -> Money | None:
    # One release pressed twice for two wants is one record; a listing is sent once.
    listings = list({copy.listing_id: copy for copy in copies}.values())
    tariff = book.tariff(listings[0].seller_id, listings[0].ships_from)
    cost = tariff.cost([copy.format for copy in listings]) if tariff else None
    if cost is None:
        return None
    found = rates.convert(cost.minor, cost.currency, currency, day)
    return None if found is None else Money(found.minor, currency)
