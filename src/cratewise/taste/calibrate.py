"""Turn a score into the odds of a keep, at the rate at which this person really keeps."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

USUAL = 1.1  # spread of log-odds over what is judged, before any evidence (docs/LOG.md)
TOO_NARROW = 0.05  # a spread of scores that may be mere noise
SPREAD = 0.2  # of ln slope about that: a few verdicts hardly move it


@dataclass(frozen=True)
class Calibration:
    """log-odds = start + slope x score; slope above 0, so the order stays."""

    start: float
    slope: float


def calibrate(score: "Floats", keep: "Bools", weights: "Floats") -> Calibration:
    """The most probable slope and start: Platt's scaling with a prior on the slope.

    score    (r, m) of m verdicts, r times held out of a model that then did not see them;
             NaN is left out
    weights  (m,) of the verdicts as they came, not balanced: they carry the base rate

    A line that is pulled to 0 says too little after 50 verdicts and too much after 500, and
    the few artists held out hardly tell how much.  What they tell therefore only corrects
    the guess that log-odds spread as usual.
    """
    import numpy as np
    from scipy.optimize import minimize

    rate = _rate(keep, weights)
    known = ~np.isnan(score)
    scores = score[known]
    keeps = np.broadcast_to(keep, score.shape)[known]
    weight: Floats = np.broadcast_to(weights / len(score), score.shape)[known]
    guess = _usual_slope(scores, weight)
    # One more keep and one more skip in the middle, light enough to move nothing much,
    # keep the start finite whatever the scores.
    scores = np.append(scores, [0.0, 0.0])
    signs = np.append(np.where(keeps, 1.0, -1.0), [1.0, -1.0])
    weight = np.append(weight, [rate, 1 - rate])

    def doubt(place: "Floats") -> float:
        start, ln_slope = place
        margins = signs * (start + np.exp(ln_slope) * scores)
        far = (ln_slope - guess) / SPREAD
        return float(weight @ np.logaddexp(0, -margins) + 0.5 * far**2)

    found = minimize(doubt, [np.log(rate / (1 - rate)), guess], method="Nelder-Mead")
    return Calibration(float(found.x[0]), float(np.exp(found.x[1])))


def _rate(keep: "Bools", weights: "Floats") -> float:
    """Share of keeps; never 0 or 1, which no number of verdicts shows."""
    import numpy as np

    least = 0.5 / len(keep)
    heavy = weights if weights.sum() > 0 else np.ones(len(keep))
    return float(np.clip(np.average(keep, weights=heavy), least, 1 - least))


def _usual_slope(scores: "Floats", weights: "Floats") -> float:
    """ln of the slope with which log-odds spread as usual; 0 where scores are all the same."""
    import numpy as np

    if not len(scores) or weights.sum() <= 0:
        return 0.0
    mean = np.average(scores, weights=weights)
    spread = float(np.sqrt(np.average((scores - mean) ** 2, weights=weights)))
    return float(np.log(USUAL / spread)) if spread > TOO_NARROW else 0.0
