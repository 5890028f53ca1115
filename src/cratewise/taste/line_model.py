"""*cratewise*: a calibrated line through what the whole stock tells of a listing.

A line, because with 10 keeps it beat every forest, boosted tree and kernel that was
tried (docs/LOG.md), and because its reasons are exact: each column adds its own part of
the log-odds, whatever the others are.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cratewise.errors import NotTrained
from cratewise.taste import columns, linear, stock
from cratewise.taste.calibrate import calibrate
from cratewise.taste.columns import Listing
from cratewise.taste.explanation import Explanation, explanation
from cratewise.taste.linear import Line
from cratewise.taste.stock import Stock
from cratewise.taste.telling import Facts
from cratewise.taste.verdicts import Verdicts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class LineModel:
    """See models.Model for the contract."""

    name = "cratewise"

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.stock: Stock | None = None
        self._whole: Line | None = None
        self._members: Line | None = None

    def fit(
        self,
        listings: Sequence[Listing],
        keep: Sequence[bool | int],
        stock: Sequence[Listing] | Stock | None = None,
        weights: Sequence[float] | None = None,
        rates: Sequence[float] | None = None,
    ) -> "LineModel":
        verdicts = Verdicts.checked(listings, keep, weights)
        judged = [listings[row] for row in verdicts.rows]
        self.stock = _read(judged if stock is None else stock)
        table = self.stock.show(judged).table()
        artists = columns.read(judged).artist
        found = linear.fit(table, verdicts, artists, self.seed)
        scale = calibrate(found.held_out, *_rated(verdicts, rates))
        self._whole = _scaled(found.whole, scale.slope, scale.start)
        self._members = _scaled(found.members, scale.slope, scale.start)
        return self

    def predict_proba(self, listings: Sequence[Listing]) -> "Floats":
        from scipy.special import expit

        whole, _ = self._lines()
        seen = self._stock().view(listings)
        chances: Floats = expit(seen.times(whole.slopes) + whole.start)
        return chances

    def opinions(self, listings: Sequence[Listing]) -> "Floats":
        """(k, n) chances by k tastes that the verdicts allow about equally."""
        import numpy as np
        from scipy.special import expit

        whole, members = self._lines()
        # Members that each lack a third of the artists differ less than tastes that are
        # possible do, by the root of seen to unseen: the delete-d jackknife's factor.
        wider = np.sqrt(linear.FOLDS - 1)
        slopes = whole.slopes[:, None] + wider * (
            members.slopes - members.slopes.mean(axis=1, keepdims=True)
        )
        starts = whole.start + wider * (members.start - members.start.mean())
        chances: Floats = expit(self._stock().view(listings).times(slopes) + starts).T
        return chances

    def explain(self, listings: Sequence[Listing]) -> list[Explanation]:
        whole, _ = self._lines()
        known = self._stock()
        amounts = known.show(listings).table() * whole.slopes
        told = columns.read(listings)
        usual = known.usual_price(told)
        return [
            explanation(
                float(whole.start), amounts[row].tolist(), known.columns,
                Facts(told, row, float(usual[row])),
            )
            for row in range(len(told))
        ]  # fmt: skip

    def _lines(self) -> tuple[Line, Line]:
        if self._whole is None or self._members is None:
            raise NotTrained(self.name)
        return self._whole, self._members

    def _stock(self) -> Stock:
        if self.stock is None:
            raise NotTrained(self.name)
        return self.stock


def _rated(verdicts: Verdicts, rates: Sequence[float] | None) -> "tuple[NDArray[np.bool_], Floats]":
    """(m,), (m,) keeps, and how much each tells of their rate, mean 1."""
    import numpy as np

    if rates is None:
        return verdicts.keep, verdicts.weights
    told = np.asarray(rates, dtype=np.float64)[verdicts.rows]
    if not 0 < told[verdicts.keep].sum() < told.sum():
        return verdicts.keep, verdicts.weights  # of one kind alone, they tell no rate
    return verdicts.keep, told / told.mean()


def _read(given: Sequence[Listing] | Stock) -> Stock:
    return given if isinstance(given, Stock) else stock.read(given)


def _scaled(line: Line, slope: float, start: float) -> Line:
    return Line(line.slopes * slope, line.start * slope + start)
