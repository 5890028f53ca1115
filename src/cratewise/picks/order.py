"""Pack a crate from what sellers have in stock: for whom, in which currency, and why not that.

The copies come from the store, are valued and converted into the budget's currency, and
pack.py chooses.  What is left out is counted by its reason, and the best of it told one
by one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from cratewise.errors import ImpossibleMust
from cratewise.grades import Grade
from cratewise.keeper import format_has
from cratewise.money import Money
from cratewise.picks.crate import Copy, Crate, Fare, Terms, Wish
from cratewise.picks.fares import fares_of
from cratewise.picks.feasible import least_cost
from cratewise.picks.pack import SECONDS, pack
from cratewise.picks.worth import Worth, valuing
from cratewise.rates import Rates
from cratewise.shelf.prices import in_currency, stored_price
from cratewise.store.copies import CopyForSale, SellersTerms, copies_for_sale, terms_of
from cratewise.store.engine import reading
from cratewise.store.predictions import predictions_of
from cratewise.store.stock import listing_of
from cratewise.wants.postage import open_book
from cratewise.wants.weight import grams_of

TOLD_LEFT_OUT = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of a crate; a term that is None or empty lets all through.

    sellers         our own ids
    by              what makes a record worth having
    must, without   our own ids of listings
    fares           what a parcel costs, by seller's id, in minor units of the budget's
                    currency; a seller who lacks is reckoned with what the account noted
                    of postage, and without any where that is unknown
    least_order     of every seller, whatever they told; None: as they told
    with_owned      copies of releases that are owned already may be in it
    seconds         that the search may take
    priced_since    a price that was read before is none; None: each counts
    """

    sellers: tuple[int, ...]
    budget: Money
    by: Worth = "demand"
    most_records: int | None = None
    must: frozenset[int] = frozenset()
    without: frozenset[int] = frozenset()
    media_at_least: Grade | None = None
    format_terms: tuple[str, ...] = ()
    fares: Mapping[int, Fare] = field(default_factory=dict)
    least_order: Money | None = None
    with_owned: bool = False
    seconds: float = SECONDS
    priced_since: datetime | None = None


class LeftOut(NamedTuple):
    """A copy that is not in the crate, though hardly anything is worth more; and why."""

    listing_id: int
    worth: float
    reason: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A crate, and what is not in it.

    left_out          the best that is not in it, the best first
    counts            how many never came into question, by reason
    without_postage   sellers whose postage is not known and not in the sum
    """

    crate: Crate
    budget: Money
    left_out: tuple[LeftOut, ...]
    counts: Mapping[str, int]
    without_postage: tuple[str, ...]


def pack_from_stock(
    engine: Engine,
    account_id: int,
    asked: Asked,
    rates: Rates,
    day: date,
    *,
    country: str,
) -> Packed:
    """The best crate from what these sellers have for sale, sent to a country.

    Where a model is live, a record counts with its worth times the chance of keep.

    Raises BudgetTooSmall, ImpossibleMust, CrateError, UnknownCurrency.
    """
    # Read at once, so that no connection is held while the solver searches.
    with reading(engine) as db:
        stock = copies_for_sale(db, account_id, asked.sellers, priced_since=asked.priced_since)
        sellers = {one.seller_id: one for one in terms_of(db, asked.sellers)}
        book = open_book(db, account_id, country)
        chances = _chances(db, account_id, stock) if asked.by == "demand" else None
    noted = fares_of(book, stock, asked.budget.currency, rates, day)
    fares = noted | dict(asked.fares)
    terms = {
        one.seller: Terms(fares.get(one.seller_id, Fare()), _least_order(one, asked, rates, day))
        for one in sellers.values()
    }
    if missing := sorted(asked.must - {one.listing_id for one in stock}):
        raise _not_for_sale(engine, missing, sellers.values())
    by_weight = frozenset(number for number, fare in fares.items() if fare.tiers)
    chooser = _Chooser(asked, sellers, rates, day, chances, by_weight)
    copies, counts = chooser.candidates(stock)
    budget, most = asked.budget, asked.most_records
    wish = Wish(budget.minor, budget.currency, most, asked.must, asked.without)
    crate = pack(copies, terms, wish, seconds=asked.seconds)
    return Packed(
        crate=crate,
        budget=asked.budget,
        left_out=_left_out(copies, crate, terms, wish),
        counts=counts,
        without_postage=tuple(sorted(sellers[one].seller for one in sellers.keys() - fares.keys())),
    )


def _not_for_sale(
    engine: Engine, listing_ids: Sequence[int], sellers: Iterable[SellersTerms]
) -> ImpossibleMust:
    with reading(engine) as db:
        kept = listing_of(db, listing_ids[0])
    if kept is None:
        return ImpossibleMust(f"No listing {listing_ids[0]} is kept.", listing_ids)
    named = " or ".join(one.seller for one in sellers)
    told = f"{kept.artist} – {kept.title} is not for sale from {named}."
    return ImpossibleMust(told, listing_ids)


def _least_order(seller: SellersTerms, asked: Asked, rates: Rates, day: date) -> int:
    told = stored_price(seller.least_order_minor, seller.currency)
    least = told if asked.least_order is None else asked.least_order
    own = in_currency(least, asked.budget.currency, rates, day)
    return own.minor if own else 0


def _chances(
    db: Connection, account_id: int, stock: Sequence[CopyForSale]
) -> Mapping[int, float] | None:
    """The live model's chance of keep by listing; None while the rule score serves."""
    import numpy as np

    said = predictions_of(db, account_id)
    if said is None or not len(said.ids):
        return None
    ids = np.array([one.listing_id for one in stock], dtype=np.int64)
    place = np.minimum(np.searchsorted(said.ids, ids), len(said.ids) - 1)
    chances = np.where(said.ids[place] == ids, said.probabilities[place], 0.0)
    return dict(zip(ids.tolist(), chances.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Chooser:
    """What of a stock may be in a crate, and what it is worth there."""

    asked: Asked
    sellers: Mapping[int, SellersTerms]
    rates: Rates
    day: date
    chances: Mapping[int, float] | None
    by_weight: frozenset[int]

    def candidates(self, stock: Sequence[CopyForSale]) -> tuple[list[Copy], Counter[str]]:
        """What may be in the crate, and how many may not, by reason."""
        value = valuing(self.asked.by, stock, has_taste=self.chances is not None)
        copies, counts = [], Counter[str]()
        for one in stock:
            copy = self._copy(one, value(one))
            reason = copy if isinstance(copy, str) else self._unfit(one)
            is_must = one.listing_id in self.asked.must
            if isinstance(copy, str) and is_must:
                raise ImpossibleMust(f"{_name(one)}: {copy}.", [one.listing_id])
            if isinstance(copy, str) or (reason and not is_must):
                counts[reason or ""] += 1
            else:
                copies.append(copy)
        return copies, counts

    def _copy(self, one: CopyForSale, worth: float | None) -> Copy | str:
        """The copy in the budget's currency; or why it cannot be reckoned with."""
        price = stored_price(one.price_minor, one.currency)
        own = in_currency(price, self.asked.budget.currency, self.rates, self.day)
        if price is None:
            return (
                "without a price"
                if self.asked.priced_since is None
                else "without a price that is shown"
            )
        if own is None:
            return f"without a rate from {price.currency}"
        if worth is None and one.listing_id not in self.asked.must:
            return "without want and have"
        chance = 1.0 if self.chances is None else self.chances.get(one.listing_id, 0.0)
        return Copy(
            id=one.listing_id,
            seller=self.sellers[one.seller_id].seller,
            price=own.minor,
            worth=(worth or 0.0) * chance,
            # A release without a master is music of its own; the two numbers overlap.
            master=one.master_id or -one.release_id,
            grams=grams_of(one.format) if one.seller_id in self.by_weight else 0,
            name=_name(one),
        )

    def _unfit(self, one: CopyForSale) -> str | None:
        """Why a copy is not what was asked for."""
        least = self.asked.media_at_least
        if one.is_hidden or one.is_skipped:
            return "hidden" if one.is_hidden else "skipped"
        if one.is_owned and not self.asked.with_owned:
            return "owned already"
        if least is not None and (one.media_grade is None or one.media_grade < least):
            return f"not in {least.short} or better"
        if not all(format_has(one.format, term) for term in self.asked.format_terms):
            return f"not {', '.join(self.asked.format_terms)}"
        return None


def _name(one: CopyForSale) -> str:
    return f"{one.artist} – {one.title}"


def _left_out(
    copies: Sequence[Copy], crate: Crate, terms: Mapping[str, Terms], wish: Wish
) -> tuple[LeftOut, ...]:
    inside = {copy.id for copy in crate.copies}
    others = [copy for copy in copies if copy.id not in inside and copy.worth > 0]
    best = sorted(others, key=lambda one: (-one.worth, one.price, one.id))[:TOLD_LEFT_OUT]
    return tuple(
        LeftOut(copy.id, copy.worth, _why_not(copy, crate, terms[copy.seller], wish))
        for copy in best
    )


def _why_not(copy: Copy, crate: Crate, terms: Terms, wish: Wish) -> str:
    if copy.id in wish.without:
        return "excluded"
    cost = least_cost(copy, terms)
    if cost is None or cost > wish.budget:
        return _beyond(cost, wish)
    same = next((one for one in crate.copies if one.master == copy.master), None)
    if same is not None:
        return "the same music is in the crate" + _and_cheaper(same, copy)
    least = min(one.worth for one in crate.copies)
    if len(crate.copies) == wish.most_records and copy.worth <= least:
        return "all that are in it are worth more"
    if copy.seller not in crate.postage:
        return f"a parcel from {copy.seller} does not pay"
    return "its price buys more that is worth having"


def _beyond(cost: int | None, wish: Wish) -> str:
    if cost is None:
        return "heavier than what is sent"
    return f"{Money(cost, wish.currency)} with postage is beyond the budget"


def _and_cheaper(same: Copy, copy: Copy) -> str:
    return ", cheaper" if same.price < copy.price else ""
