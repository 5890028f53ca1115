"""The rule score: how wanted a release is, how well known, and how cheap this copy.

    10 ln(want/have + 1)  +  2 ln(want + have)  +  50 / (price + 1)

want, have  how many Discogs members want and own the release
price       of this listing, in US dollars

A release that nobody owns counts as owned by 0.01 people in both places, so that
the ratio is finite.  The score has no unit and no bounds; most lie between 0 and 80.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Column = ArrayLike | Sequence[float | None]

NOBODY = 0.01  # owners that a release counts which has none


def rule_score(want: "Column", have: "Column", price_usd: "Column") -> "NDArray[np.float64]":
    """The scores of many listings at once.

    want, have, price_usd  (n,) or scalars that stretch; not below 0; None or NaN: unknown.

    Returns (n,); NaN where any of the three is unknown.
    """
    import numpy as np

    wanted, owned, price = (
        np.asarray(values, dtype=np.float64) for values in (want, have, price_usd)
    )
    owned = np.where(owned == 0, NOBODY, owned)
    score: NDArray[np.float64] = (
        10 * np.log(wanted / owned + 1) + 2 * np.log(wanted + owned) + 50 / (price + 1)
    )
    return score


def score_of(want: int | None, have: int | None, price_usd: float | None) -> float | None:
    """The score of one listing; None where any of the three is unknown."""
    if want is None or have is None or price_usd is None:
        return None
    owned = have or NOBODY
    return 10 * math.log(want / owned + 1) + 2 * math.log(want + owned) + 50 / (price_usd + 1)


def demand_of(want: int | None, have: int | None) -> float | None:
    """The score of a release whatever it costs: how wanted and how well known it is."""
    if want is None or have is None:
        return None
    owned = have or NOBODY
    return 10 * math.log(want / owned + 1) + 2 * math.log(want + owned)


def explain_without_price(want: int | None, have: int | None) -> str:
    """As `explain`, of a listing whose price is not to be told."""
    if want is None or have is None:
        return explain(want, have, None)
    return f"{_demand(want, have)}; its price is older than six hours"


def explain(want: int | None, have: int | None, price_usd: float | None) -> str:
    """Why a listing has the score it has, in one line without a full stop."""
    if want is None or have is None:
        return "score unknown: how many want and own it is not known yet"
    if price_usd is None:
        return f"score unknown: no price in US dollars; {_demand(want, have)}"
    return f"{_demand(want, have)}, and it costs ${price_usd:,.2f}"


def _demand(want: int, have: int) -> str:
    people = f"{want + have:,} people in all"
    if want == 0 and have == 0:
        return "nobody wants or owns it yet"
    if have == 0:
        return f"{want:,} {_verb(want, 'want')} it and nobody owns it"
    if want == 0:
        return f"nobody wants it and {have:,} {_verb(have, 'own')} it"
    if want == have:
        return f"as many want it as own it, {people}"
    if want > have:
        return f"{_rounded(want / have)} want it for each copy owned, {people}"
    return f"{_rounded(have / want)} own it for each who wants it, {people}"


def _verb(count: int, verb: str) -> str:
    return f"{verb}s" if count == 1 else verb


def _rounded(ratio: float) -> str:
    """'12', '1.4': two digits say enough about a ratio."""
    shown = f"{ratio:,.1f}" if ratio < 9.95 else f"{ratio:,.0f}"
    return shown.removesuffix(".0")


def nan_to_none(scores: "NDArray[np.float64]") -> list[float | None]:
    """As the store keeps scores: None for unknown."""
    plain: list[Any] = scores.tolist()
    return [None if score != score else score for score in plain]  # noqa: PLR0124 - NaN alone differs from itself
