"""The cheapest way to a set of wants among the sellers that somebody follows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from cratewise.errors import MoneyError
from cratewise.grades import Grade
from cratewise.money import Money
from cratewise.picks.cover import Offer, cover, dearest
from cratewise.picks.crate import Copy, Fare, Terms
from cratewise.picks.fares import fares_of
from cratewise.rates import Rates
from cratewise.shelf.prices import in_currency, stored_price
from cratewise.store.copies import SellersTerms, terms_of
from cratewise.store.wanted_copies import WantedCopy, wanted_copies
from cratewise.store.wants import wanted_ids
from cratewise.wants.postage import open_book
from cratewise.wants.weight import grams_of


@dataclass(frozen=True, slots=True)
class Parcel:
    """One seller's order.

    price    of its copies, in the reader's currency.
    postage  None: nobody told it, and it is in no sum.
    """

    seller: str
    copies: tuple[WantedCopy, ...]
    price: Money
    postage: Money | None


@dataclass(frozen=True, slots=True)
class Way:
    """How to come to a set of wants.

    price, postage  of all parcels, in the reader's currency; unknown postage is not in it.
    left_out        wants that are not among the copies, each with the reason.
    gap             no way is cheaper by more than this share; 0: it is proved the cheapest.
    """

    parcels: tuple[Parcel, ...]
    price: Money
    postage: Money
    left_out: Mapping[int, str]
    gap: float

    @property
    def total(self) -> Money:
        return Money(self.price.minor + self.postage.minor, self.price.currency)


@dataclass(frozen=True, slots=True)
class AskedWay:
    """What somebody wants to come to.

    want_ids    releases; None: the whole wantlist.
    only_exact  no other pressing of the same master.
    media_grade_at_least  None: any, unknown too.
    assumed     what a parcel costs where nobody told it, whatever is in it; None: such
                sellers are turned to for what nobody else has.
    priced_since  a price that was read before is none; None: each counts.
    """

    currency: str
    country: str
    want_ids: Sequence[int] | None = None
    only_exact: bool = False
    media_grade_at_least: Grade | None = None
    assumed: Money | None = None
    seconds: float = 5.0
    priced_since: datetime | None = None


def cheapest_way(db: Connection, account_id: int, asked: AskedWay, rates: Rates, day: date) -> Way:
    """As many of the wants as there are copies of, for as little as possible, postage included.

    A copy may answer two wants, when both are pressings of one master.

    Raises MoneyError when what is assumed is not convertible.
    """
    found = wanted_copies(
        db,
        account_id,
        asked.want_ids,
        only_exact=asked.only_exact,
        priced_since=asked.priced_since,
    )
    wanted = asked.want_ids if asked.want_ids is not None else wanted_ids(db, account_id)
    fit = {copy: price for copy in found if (price := _price(copy, asked, rates, day)) is not None}
    fares = fares_of(
        open_book(db, account_id, asked.country), list(fit), asked.currency, rates, day
    )
    sellers = {one.seller_id: one for one in terms_of(db, sorted({one.seller_id for one in fit}))}
    terms = _terms(fit, fares, sellers, asked, rates, day)
    bought = cover(_offers(fit), terms, seconds=asked.seconds)
    ids = {copy.id for copy in bought.copies}
    parcels = _parcels(
        [one for one in fit if one.listing_id in ids], fit, fares, bought.postage, asked
    )
    return Way(
        parcels=parcels,
        price=Money(sum(parcel.price.minor for parcel in parcels), asked.currency),
        postage=Money(
            sum(parcel.postage.minor for parcel in parcels if parcel.postage), asked.currency
        ),
        left_out=_left_out(wanted, found, set(fit), bought.uncovered, asked.priced_since),
        gap=bought.gap,
    )


def _price(copy: WantedCopy, asked: AskedWay, rates: Rates, day: date) -> int | None:
    """What a copy costs, if it may be bought at all."""
    least = asked.media_grade_at_least
    if least is not None and (copy.media_grade is None or copy.media_grade < least):
        return None
    price = stored_price(copy.price_minor, copy.currency)
    own = in_currency(price, asked.currency, rates, day)
    return None if own is None else own.minor


def _offers(fit: Mapping[WantedCopy, int]) -> list[Offer]:
    answers: defaultdict[int, set[int]] = defaultdict(set)
    for copy in fit:
        answers[copy.listing_id].add(copy.want_id)
    by_listing = {copy.listing_id: (copy, price) for copy, price in fit.items()}
    return [
        Offer(
            Copy(
                id=copy.listing_id,
                seller=copy.seller,
                price=price,
                worth=0.0,
                master=copy.listing_id,
                grams=grams_of(copy.format),
            ),
            frozenset(answers[copy.listing_id]),
        )
        for copy, price in by_listing.values()
    ]


def _terms(  # noqa: PLR0917 - what a fare is made of
    fit: Mapping[WantedCopy, int],
    fares: Mapping[int, Fare],
    sellers: Mapping[int, SellersTerms],
    asked: AskedWay,
    rates: Rates,
    day: date,
) -> dict[str, Terms]:
    assumed = in_currency(asked.assumed, asked.currency, rates, day)
    if asked.assumed is not None and assumed is None:
        raise MoneyError(f"{asked.assumed} is not convertible to {asked.currency}.")
    # Dearer than all else together: whoever is known goes before whoever is not.
    postage = sum(dearest(fares[copy.seller_id]) for copy in fit if copy.seller_id in fares)
    unknown = Fare(first=assumed.minor if assumed else 1 + sum(fit.values()) + postage)
    terms = {}
    for one in sellers.values():
        least = in_currency(
            stored_price(one.least_order_minor, one.currency), asked.currency, rates, day
        )
        terms[one.seller] = Terms(fares.get(one.seller_id, unknown), least.minor if least else 0)
    return terms


def _parcels(
    bought: Sequence[WantedCopy],
    prices: Mapping[WantedCopy, int],
    fares: Mapping[int, Fare],
    postage: Mapping[str, int],
    asked: AskedWay,
) -> tuple[Parcel, ...]:
    parcels = []
    for seller in sorted({copy.seller for copy in bought}, key=str.casefold):
        theirs = tuple(copy for copy in bought if copy.seller == seller)
        once = {copy.listing_id: prices[copy] for copy in theirs}
        is_told = theirs[0].seller_id in fares or asked.assumed is not None
        parcels.append(
            Parcel(
                seller=seller,
                copies=theirs,
                price=Money(sum(once.values()), asked.currency),
                postage=Money(postage[seller], asked.currency) if is_told else None,
            )
        )
    return tuple(parcels)


def _left_out(
    wanted: Sequence[int] | set[int],
    found: Sequence[WantedCopy],
    fit: set[WantedCopy],
    uncovered: frozenset[int],
    priced_since: datetime | None,
) -> dict[int, str]:
    offered, buyable = {copy.want_id for copy in found}, {copy.want_id for copy in fit}
    reasons = {}
    price = "a comparable price" if priced_since is None else "a price that is shown"
    for want in sorted(wanted):
        if want not in offered:
            reasons[want] = "no seller that you follow has it"
        elif want not in buyable:
            reasons[want] = f"no copy has that grade and {price}"
        elif want in uncovered:
            reasons[want] = "no order can hold it: below a minimum order, or too heavy to be sent"
    return reasons
