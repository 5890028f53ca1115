"""What a crate is: the copies to choose from, what limits them, and what came of it.

Amounts are whole minor units of one currency, the budget's; pack.py chooses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a record that one seller has for sale.

    id      our listing's
    price   what the seller asks
    worth   of having it, 0 and more; only how it compares to others' counts
    master  one number for all pressings of the same music: a crate holds one of them
    grams   packed; counts where the seller's postage goes by weight
    name    how sentences call it
    """

    id: int
    seller: str
    price: int
    worth: float
    master: int
    grams: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fare:
    """What one seller's parcel costs.

    first, further  for the first record and for each one more, or
    tiers           by weight: (grams at most, cost), lightest first; nothing heavier is sent
    """

    first: int = 0
    further: int = 0
    tiers: tuple[tuple[int, int], ...] = ()

    def cost(self, records: int, grams: int) -> int | None:
        """Of a parcel; None when it is too heavy to be sent."""
        if not records:
            return 0
        if not self.tiers:
            return self.first + self.further * (records - 1)
        return next((cost for most, cost in self.tiers if grams <= most), None)

    @property
    def opening(self) -> int:
        """What a parcel costs apart from `a_record` for each record in it, at least."""
        return self.tiers[0][1] if self.tiers else self.first - self.further

    @property
    def a_record(self) -> int:
        return 0 if self.tiers else self.further


@dataclass(frozen=True, slots=True)
class Terms:
    """What a seller asks beside the prices; least_order: of the prices' sum, without postage."""

    fare: Fare = Fare()
    least_order: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What the crate must keep to.

    budget        for records and postage together, in minor units of `currency`
    most_records  None: as many as the budget buys
    must          ids of copies that have to be in it
    without       ids of copies that must not
    """

    budget: int
    currency: str
    most_records: int | None = None
    must: frozenset[int] = frozenset()
    without: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Crate:
    """A crate within its limits.

    copies      by seller, then by worth, the best first
    postage     of each seller's parcel
    gap         a better crate would be worth at most this share more: 0.01 is 1 %;
                0 where this one is proved to be the best
    candidates  copies there were to choose from, and `compared`, what was left of them
                after those had gone that cannot be in the best crate
    """

    copies: tuple[Copy, ...]
    postage: Mapping[str, int]
    gap: float
    candidates: int
    compared: int
    seconds: float = field(default=0.0, compare=False)

    @property
    def is_optimal(self) -> bool:
        return self.gap == 0

    @property
    def worth(self) -> float:
        return sum(copy.worth for copy in self.copies)

    @property
    def price(self) -> int:
        """Of the records, without postage."""
        return sum(copy.price for copy in self.copies)

    @property
    def total(self) -> int:
        return self.price + sum(self.postage.values())
