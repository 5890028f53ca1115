"""How good chances are: numbers beside the base rate and the rule score, with intervals.

All are of verdicts that the model did not see.  Each verdict may weigh more or less, by
the odds with which it was shown.  Intervals are of 90 %, by drawing the verdicts anew.
"""

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Codes = NDArray[np.int64]

RESAMPLES = 500
AT_ONCE = 2_000_000  # numbers of resamples that are counted in one go; 16 MB
BINS = 10
TOPS = (10, 20, 100)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A number with its 90 % interval.

    base  of whoever knows but the rate of keeps; rule: of the rule score; None: has none
    """

    value: float
    low: float
    high: float
    base: float | None = None
    rule: float | None = None


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """A tenth of the verdicts, by what was said of them: mean chance, and share of keeps."""

    said: float
    came: float
    verdicts: int


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """Of some verdicts that were predicted.

    gain           average precision above the rule score's, paired
    precision_at   by how many were looked at from the top: 10, 20, 100; as many as there are
    calibration_error  expected, over ten bins of equal count (reliability)
    threshold      of the best F1 on these very verdicts, unless another was chosen
    accuracy, precision   of "predicted keeper" from the threshold on
    """

    verdicts: int
    keeps: int
    base_rate: float
    average_precision: Figure
    gain: Figure
    precision_at: dict[str, Figure]
    auc: Figure
    log_loss: Figure
    calibration_error: float
    reliability: list[Bin]
    threshold: float
    accuracy: Figure
    precision: Figure


def measure(
    chances: "Floats",
    keep: "Bools",
    rule: "Floats",
    weights: "Floats",
    *,
    threshold: float | None = None,
) -> Measures | None:
    """How good chances (n,) are beside the rule's scores (n,), where NaN ranks last.

    weights  (n,) above 0

    None unless there is a keep and a skip among them.
    """
    import numpy as np

    if not 0 < keep.sum() < len(keep):
        return None
    weights = weights / weights.mean()
    rate = float(np.average(keep, weights=weights))
    drawn = _drawn(len(keep)) * weights
    by_chance, by_rule = _order(chances), _order(np.nan_to_num(rule, nan=-np.inf))
    one = weights[None]
    cut = best_threshold(chances, keep, weights) if threshold is None else threshold
    ours, theirs = (
        average_precisions(keep, np.concatenate([one, drawn]), order)
        for order in (by_chance, by_rule)
    )
    loss = -np.log(np.clip(np.where(keep, chances, 1 - chances), 1e-12, 1))
    predicted = chances >= cut
    as_many = np.zeros(len(keep), dtype=bool)
    as_many[by_rule[: int(predicted.sum())]] = True
    return Measures(
        verdicts=len(keep),
        keeps=int(keep.sum()),
        base_rate=rate,
        average_precision=_figure(ours, base=rate, rule=float(theirs[0])),
        gain=_figure(ours - theirs),
        precision_at={
            str(top): _figure(
                _share(keep, np.concatenate([one, drawn]), by_chance[:top]),
                base=rate,
                rule=float(_share(keep, one, by_rule[:top])[0]),
            )
            for top in TOPS
            if top <= len(keep)
        },
        auc=_figure(
            aucs(keep, np.concatenate([one, drawn]), by_chance),
            base=0.5,
            rule=float(aucs(keep, one, by_rule)[0]),
        ),
        log_loss=_figure(_mean(loss, np.concatenate([one, drawn])), base=_entropy(rate)),
        calibration_error=calibration_error(bins := reliability(chances, keep, weights)),
        reliability=bins,
        threshold=float(cut),
        accuracy=_figure(
            _mean(predicted == keep, np.concatenate([one, drawn])),
            base=max(rate, 1 - rate),
            rule=float(_mean(as_many == keep, one)[0]),
        ),
        precision=_figure(
            _mean(keep[predicted], np.concatenate([one, drawn])[:, predicted]),
            base=rate,
            rule=float(_mean(keep[as_many], one[:, as_many])[0]),
        ),
    )


def paired_gain(
    chances: "Floats", others: "Floats", keep: "Bools", weights: "Floats"
) -> Figure | None:
    """How much higher the average precision of chances is than that of others, on the same."""
    import numpy as np

    if not 0 < keep.sum() < len(keep):
        return None
    drawn = np.concatenate([weights[None], _drawn(len(keep)) * weights])
    ours = average_precisions(keep, drawn, _order(chances))
    return _figure(ours - average_precisions(keep, drawn, _order(others)))


def average_precisions(keep: "Bools", weights: "Floats", order: "Codes") -> "Floats":
    """(b,) average precision under b weightings (b, n) of verdicts, the best first by `order`."""
    import numpy as np

    sorted_keep = keep[order].astype(np.float64)
    parts = []
    for some in _parts(weights):
        seen = some[:, order]
        hits = np.cumsum(seen * sorted_keep, axis=1)
        precision = hits / np.maximum(np.cumsum(seen, axis=1), 1e-300)
        total = np.maximum(hits[:, -1], 1e-300)
        parts.append((precision * seen * sorted_keep).sum(axis=1) / total)
    return np.concatenate(parts)


def aucs(keep: "Bools", weights: "Floats", order: "Codes") -> "Floats":
    """(b,) area under the ROC curve: the chance that a keep stands above a skip."""
    import numpy as np

    sorted_keep = keep[order]
    parts = []
    for some in _parts(weights):
        seen = some[:, order]
        skips = np.cumsum(seen * ~sorted_keep, axis=1)
        above = (seen * sorted_keep * (skips[:, -1:] - skips)).sum(axis=1)
        pairs = (seen * sorted_keep).sum(axis=1) * skips[:, -1]
        parts.append(np.where(pairs > 0, above / np.maximum(pairs, 1e-300), 0.5))
    return np.concatenate(parts)


def best_threshold(chances: "Floats", keep: "Bools", weights: "Floats") -> float:
    """The chance from which on calling it a keeper gives the highest F1."""
    import numpy as np

    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(weights[order] * keep[order])
    called = np.cumsum(weights[order])
    f1 = 2 * hits / (called + hits[-1])
    # Between two equal chances no threshold can cut.
    is_edge = np.append(np.diff(chances[order]) != 0, True)
    best = int(np.argmax(np.where(is_edge, f1, -1.0)))
    return float(chances[order][best])


def reliability(chances: "Floats", keep: "Bools", weights: "Floats") -> list[Bin]:
    """What was said beside what came, in bins of equal count."""
    import numpy as np

    parts = np.array_split(np.argsort(chances, kind="stable"), min(BINS, len(chances)))
    return [
        Bin(
            said=float(np.average(chances[part], weights=weights[part])),
            came=float(np.average(keep[part], weights=weights[part])),
            verdicts=len(part),
        )
        for part in parts
    ]


def calibration_error(bins: list[Bin]) -> float:
    """The expected distance between what was said and what came, 0 to 1."""
    count = sum(one.verdicts for one in bins)
    return sum(abs(one.said - one.came) * one.verdicts for one in bins) / count


def _drawn(count: int) -> "Floats":
    """(RESAMPLES, n) how often each verdict is drawn, n draws each."""
    import numpy as np

    random = np.random.default_rng(0)
    return random.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).astype(np.float64)


def _order(score: "Floats") -> "Codes":
    """The places from the highest score down, ties in an order that tells nothing."""
    import numpy as np

    return np.lexsort((np.random.default_rng(1).random(len(score)), -score))


def _parts(weights: "Floats") -> "list[Floats]":
    rows = max(1, AT_ONCE // max(1, weights.shape[1]))
    return [weights[start : start + rows] for start in range(0, len(weights), rows)]


def _share(keep: "Bools", weights: "Floats", places: "Codes") -> "Floats":
    return _mean(keep[places], weights[:, places])


def _mean(values: "Floats | Bools", weights: "Floats") -> "Floats":
    """(b,) weighted means; 0 where nothing counts."""
    import numpy as np

    total = weights.sum(axis=1)
    means: Floats = np.where(total > 0, (weights @ values) / np.maximum(total, 1e-300), 0.0)
    return means


def _entropy(rate: float) -> float:
    import numpy as np

    return float(-(rate * np.log(rate) + (1 - rate) * np.log(1 - rate)))


def _figure(drawn: "Floats", base: float | None = None, rule: float | None = None) -> Figure:
    """drawn: what was measured, then what it is when the verdicts are drawn anew."""
    import numpy as np

    low, high = np.quantile(drawn[1:], [0.05, 0.95])
    return Figure(value=float(drawn[0]), low=float(low), high=float(high), base=base, rule=rule)
