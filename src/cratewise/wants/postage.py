"""What sending records to somebody's country costs.  Pure, but for `open_book`.

Nothing is guessed: without a rule, or for a parcel heavier than a rule's last tier,
postage is unknown, which is not free.

    book = open_book(db, account.id, account.country)
    tariff = book.tariff(seller_id, ships_from)         # None: unknown
    parcel = tariff.cost(["LP, Album", "2xLP, Album"])  # Money; None: too heavy for its tiers
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cratewise.errors import PostageError
from cratewise.money import LARGEST_MINOR, Money, digits_of
from cratewise.store.postage import Postage, list_postage
from cratewise.store.sellers import key_of
from cratewise.wants.weight import PARCEL_GRAMS, grams_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cratewise.rates import Rates

MOST_TIERS = 50
HEAVIEST_GRAMS = 1_000_000


@dataclass(frozen=True, slots=True)
class Tariff:
    """What parcels cost: by how many records are in them, or by how heavy they are.

    currency       ISO 4217; all amounts are whole minor units of it.
    first_minor    of a parcel with one record; further_minor: each record more.
    tiers          instead of both: (up to so many grams, minor), ascending.

    Raises PostageError, UnknownCurrency.
    """

    currency: str
    first_minor: int | None = None
    further_minor: int | None = None
    tiers: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        digits_of(self.currency)
        is_counted = self.first_minor is not None and self.further_minor is not None
        is_half = (self.first_minor is None) != (self.further_minor is None)
        if is_half or is_counted == bool(self.tiers):
            raise PostageError(
                "Postage is either the price of the first record and of each further one, or "
                "tiers by weight."
            )
        if any(not 0 <= minor <= LARGEST_MINOR for minor in self._amounts()):
            raise PostageError("Postage costs 0 or more.")
        if self.tiers:
            _refuse_odd_tiers(self.tiers)

    @property
    def is_by_weight(self) -> bool:
        return bool(self.tiers)

    def cost(self, formats: Sequence[str]) -> Money | None:
        """What a parcel with these records costs; None: heavier than the last tier.

        formats  of each record its format as its listing writes it: "2xLP, Album".

        Nothing costs nothing to send.
        """
        if not formats:
            return Money(0, self.currency)
        if self.first_minor is not None and self.further_minor is not None:
            minor = self.first_minor + self.further_minor * (len(formats) - 1)
            return Money(minor, self.currency)
        grams = PARCEL_GRAMS + sum(map(grams_of, formats))
        found = next((minor for most, minor in self.tiers if grams <= most), None)
        return None if found is None else Money(found, self.currency)

    def _amounts(self) -> list[int]:
        counted = (self.first_minor, self.further_minor)
        return [*(minor for minor in counted if minor is not None), *(m for _, m in self.tiers)]

    def __str__(self) -> str:
        if self.first_minor is not None and self.further_minor is not None:
            first, further = (
                Money(minor, self.currency) for minor in (self.first_minor, self.further_minor)
            )
            return f"{first}, each further record {further}"
        steps = (f"up to {most:,} g {Money(minor, self.currency)}" for most, minor in self.tiers)
        return ", ".join(steps)


def _refuse_odd_tiers(tiers: Sequence[tuple[int, int]]) -> None:
    weights = [most for most, _ in tiers]
    if len(tiers) > MOST_TIERS:
        raise PostageError(f"There are {len(tiers)} tiers: at most {MOST_TIERS}.")
    if any(not 0 < most <= HEAVIEST_GRAMS for most in weights):
        raise PostageError(f"A tier ends above 0 and at most at {HEAVIEST_GRAMS:,} g.")
    if weights != sorted(set(weights)):
        raise PostageError("Tiers by weight have to rise: up to 500 g, up to 1,000 g ...")


class PostageBook:
    """All that an account was told of postage to its country."""

    def __init__(self, rules: Iterable[Postage] = ()) -> None:
        self._of_sellers: dict[int, Postage] = {}
        self._of_origins: dict[str, Postage] = {}
        for rule in rules:
            if rule.seller_id is not None:
                self._of_sellers[rule.seller_id] = rule
            elif rule.origin is not None:
                self._of_origins[key_of(rule.origin)] = rule

    def __bool__(self) -> bool:
        """Whether anything is known at all."""
        return bool(self._of_sellers or self._of_origins)

    def rule(self, seller_id: int, ships_from: str) -> Postage | None:
        """What holds for a seller's listings that ship from a country; None: unknown."""
        return self._of_sellers.get(seller_id) or self._of_origins.get(key_of(ships_from))

    def tariff(self, seller_id: int, ships_from: str) -> Tariff | None:
        """The tariff of `rule`; None: unknown."""
        rule = self.rule(seller_id, ships_from)
        return None if rule is None else tariff_of(rule)

    def landed(
        self,
        price: Money,
        *,
        seller_id: int,
        ships_from: str,
        format_text: str,
        currency: str,
        rates: "Rates",
        day: date,
    ) -> Money | None:
        """What one record costs with its own parcel, in `currency` at the rates of `day`.

        None: its postage is unknown, or one of both is not convertible.
        """
        tariff = self.tariff(seller_id, ships_from)
        parcel = None if tariff is None else tariff.cost([format_text])
        if parcel is None:
            return None
        parts = [rates.convert(one.minor, one.currency, currency, day) for one in (price, parcel)]
        told = [part.minor for part in parts if part is not None]
        return Money(sum(told), currency) if len(told) == len(parts) else None


def open_book(db: "Connection", account_id: int, country: str) -> PostageBook:
    """What an account was told of postage to a country (ISO 3166, two letters)."""
    return PostageBook(list_postage(db, account_id, country))


def tariff_of(rule: Postage) -> Tariff:
    """The tariff of a stored rule."""
    return Tariff(rule.currency, rule.first_minor, rule.further_minor, rule.tiers)
