"""The models by name, behind one contract; none needs a database.

model = make("cratewise").fit(listings, keep, stock)
chances = model.predict_proba(others)
print(model.explain(others)[0].sentence)
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from cratewise.errors import UnknownModel
from cratewise.taste.columns import Listing
from cratewise.taste.explanation import Explanation
from cratewise.taste.forest_model import BASIC, TEXT, ForestModel
from cratewise.taste.line_model import LineModel
from cratewise.taste.stock import Stock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Model(Protocol):
    """Learns what one person keeps.

    Listings are sequences of mappings (columns.py names the keys); anything may be
    missing in them.  The same verdicts, stock and seed give the same model.
    """

    @property
    def name(self) -> str: ...

    def fit(
        self,
        listings: Sequence[Listing],
        keep: Sequence[bool | int],
        stock: Sequence[Listing] | Stock | None = None,
        weights: Sequence[float] | None = None,
        rates: Sequence[float] | None = None,
    ) -> "Model":
        """Learn from n verdicts; returns itself.

        keep     (n,) true or 1: keep; false or 0: skip
        stock    listings that nobody judged, the more the better, or a Stock that was read
                 from them; work on the same object is done once.  None: what was judged
        weights  (n,) 0 and more: the odds of having been shown, or what restores the rate
                 at which this person keeps.  None: 1 each

        rates    (n,) 0 and more: how much each tells of the rate of keeps, 0 for what is no
                 verdict; None: as much as it weighs.  The forests balance keeps and skips, and
                 look at neither rate

        Raises TooFewVerdicts, UnreadableListing.
        """

    def predict_proba(self, listings: Sequence[Listing]) -> "Floats":
        """(n,) chance of a keep, strictly between 0 and 1.

        Raises NotTrained, UnreadableListing.
        """

    def opinions(self, listings: Sequence[Listing]) -> "Floats":
        """(k, n) chances by k tastes that the verdicts allow: far apart where unsure.

        Raises NotTrained, UnreadableListing.
        """

    def explain(self, listings: Sequence[Listing]) -> list[Explanation]:
        """Why: contributions that add up to the log-odds, and a sentence of the strongest.

        Raises NotTrained, UnreadableListing.
        """


_MAKERS: Mapping[str, Callable[[int], Model]] = {
    LineModel.name: LineModel,
    TEXT.name: lambda seed: ForestModel(TEXT, seed),
    BASIC.name: lambda seed: ForestModel(BASIC, seed),
}
NAMES = tuple(_MAKERS)


def make(name: str, seed: int = 0) -> Model:
    """A model that has learnt nothing yet.

    Raises UnknownModel.
    """
    if name not in _MAKERS:
        raise UnknownModel(name, NAMES)
    return _MAKERS[name](seed)
