"""Verdicts, checked: what a model learns from, or a sentence why it cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cratewise.errors import TooFewVerdicts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Verdicts:
    """m verdicts that count.

    rows     (m,) which of the listings given
    keep     (m,) True for a keep
    weights  (m,) above 0, mean 1
    """

    rows: "NDArray[np.int64]"
    keep: "NDArray[np.bool_]"
    weights: "Floats"

    @classmethod
    def checked(
        cls, listings: Sequence[Any], keep: Sequence[Any], weights: Sequence[float] | None
    ) -> "Verdicts":
        """Verdicts on listings.  One of weight 0 does not count; a record that was kept and
        skipped counts as both, so that the two pull against each other.

        keep     (n,) true or false, 1 or 0
        weights  (n,) 0 and more; None: 1 each

        Raises TooFewVerdicts where there is nothing to tell keeps from skips by, or no
        verdict for each listing.
        """
        import numpy as np

        kept = np.asarray(keep, dtype=np.float64).ravel()
        counted = np.ones(len(kept)) if weights is None else np.asarray(weights, np.float64).ravel()
        _match(len(listings), kept, counted)
        rows = np.flatnonzero(counted > 0)
        chosen, weight = kept[rows] == 1, counted[rows]
        _tell_apart(int(chosen.sum()), int((~chosen).sum()), len(kept))
        return cls(rows, chosen, weight / weight.mean())

    @property
    def balanced(self) -> "Floats":
        """(m,) weights with which keeps and skips count the same, mean 1."""
        import numpy as np

        total = len(self.rows) / 2
        keeps, skips = self.weights[self.keep].sum(), self.weights[~self.keep].sum()
        even: Floats = self.weights * np.where(self.keep, total / keeps, total / skips)
        return even


def _match(listings: int, keep: "Floats", weights: "Floats") -> None:
    import numpy as np

    if not listings == len(keep) == len(weights):
        raise TooFewVerdicts(
            f"There are {listings} listings, {len(keep)} verdicts and {len(weights)} weights: "
            "each listing needs one of both."
        )
    if not np.isin(keep, (0, 1)).all():
        raise TooFewVerdicts("A verdict is keep (1) or skip (0), nothing between and nothing else.")
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise TooFewVerdicts("A verdict's weight is a number of 0 and more.")


def _tell_apart(keeps: int, skips: int, given: int) -> None:
    if given == 0:
        sentence = "There is no verdict yet: a model needs at least one keep and one skip."
    elif keeps + skips == 0:
        sentence = f"All {given} verdicts have a weight of 0: there is nothing to learn from."
    elif keeps == 0:
        sentence = f"All {skips} verdicts are skips: a model needs at least one keep."
    elif skips == 0:
        sentence = f"All {keeps} verdicts are keeps: a model needs at least one skip."
    else:
        return
    raise TooFewVerdicts(sentence, keeps=keeps, skips=skips)
