"""Turn a score into the odds of a keep, at the rate at which this person really keeps."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

SPREAD = 0.5  # of ln slope, before any evidence: a few verdicts hardly move it from 1


@dataclass(frozen=True)
class Calibration:
    """log-odds = start + slope x score; slope above 0, so the order stays."""

    start: float
    slope: float

    def log_odds(self, score: "Floats") -> "Floats":
        return self.start + self.slope * score


def calibrate(score: "Floats", keep: "Bools", weights: "Floats") -> Calibration:
    """The most probable slope and start (Platt's scaling with a prior on the slope).

    score    (m,) held out: of a model that did not see the verdict; NaN is left out
    weights  (m,) of the verdicts as they came, not balanced: they carry the base rate
    """
    import numpy as np
    from scipy.optimize import minimize

    # One more keep and one more skip in the middle, light enough to move nothing much,
    # keep the start finite whatever the scores.
    rate = float(np.average(keep, weights=weights))
    known = ~np.isnan(score)
    scores = np.append(score[known], [0.0, 0.0])
    signs = np.append(np.where(keep[known], 1.0, -1.0), [1.0, -1.0])
    weight = np.append(weights[known], [rate, 1 - rate])

    def doubt(place: "Floats") -> float:
        start, ln_slope = place
        margins = signs * (start + np.exp(ln_slope) * scores)
        return float(weight @ np.logaddexp(0, -margins) + 0.5 * (ln_slope / SPREAD) ** 2)

    found = minimize(doubt, [np.log(rate / (1 - rate)), 0.0], method="Nelder-Mead")
    return Calibration(float(found.x[0]), float(np.exp(found.x[1])))
