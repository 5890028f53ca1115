"""Which listings are of a kind: clusters of what stands on them.

scikit-learn could do it, but takes two seconds to load, and somebody waits for a first
batch.  Flags of a few hundred frequent names and four numbers are a small table: its main
axes come from numpy, and scipy finds the centres.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cratewise.taste import columns
from cratewise.taste.columns import Columns, Listing
from cratewise.taste.vocabulary import place_words, style_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]

CLUSTERS = 20  # three batches of triage cover them all
AXES = 10
MOST_NAMES = 300
RARE = 2  # a name on fewer listings is nobody's kind
SETTLED = 1e-3  # of the mean distance to a centre: smaller steps move hardly any listing
FARTHEST = 4.0  # standard deviations of a number
NUMBERS_WEIGH = 0.25  # beside what stands on listings


def cluster(
    listings: Sequence[Listing], others: Sequence[Listing], seed: int
) -> "tuple[Codes, Codes]":
    """Clusters of n listings, and where m others fall among them: (n,), (m,) from 0.

    By styles, genres, labels, formats, countries and artists, and by year, owners, wants
    and price.
    """
    import numpy as np
    from scipy.cluster.vq import kmeans, vq
    from threadpoolctl import threadpool_limits

    # So small that several threads of the linear algebra mostly wait for each other.
    with threadpool_limits(1, "blas"):
        places = _places(columns.read([*listings, *others]))
        own, theirs = places[: len(listings)], places[len(listings) :]
        distinct = np.unique(own, axis=0)
        if len(distinct) < 2:
            return np.zeros(len(own), np.int64), np.zeros(len(theirs), np.int64)
        random = np.random.default_rng(seed)
        starts = random.choice(distinct, min(CLUSTERS, len(distinct)), replace=False)
        centres, _ = kmeans(own, starts, thresh=SETTLED)
        return _nearest(vq, own, centres), _nearest(vq, theirs, centres)


def _nearest(find: Any, places: "Floats", centres: "Floats") -> "Codes":
    import numpy as np

    if not len(places):
        return np.zeros(0, np.int64)
    codes: Codes = find(places, centres)[0].astype(np.int64)
    return codes


def _places(told: Columns) -> "Floats":
    """(n, at most AXES + numbers): what stands on listings by its main axes, beside numbers."""
    import numpy as np

    numbers = _numbers(told)
    flags = _flags(told)
    if not flags.shape[1]:
        return numbers
    flags -= flags.mean(axis=0)
    strengths, axes = np.linalg.eigh(flags.T @ flags)
    text = flags @ axes[:, np.argsort(-strengths)[:AXES]]
    scale = float(np.sqrt((text**2).sum(axis=1).mean())) or 1.0
    places: Floats = np.hstack([text / scale, NUMBERS_WEIGH * numbers]).astype(np.float64)
    return places


def _numbers(told: Columns) -> "Floats":
    """(n, 4) owners, wants, price and year, each by its mean and spread; unknown is the mean."""
    import numpy as np

    table = np.column_stack(
        [np.log1p(told.want), np.log1p(told.have), np.log1p(told.price), told.year]
    )
    known = ~np.isnan(table)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, table, 0).sum(axis=0) / count
    apart = np.where(known, table - mean, 0)
    spread = np.sqrt((apart**2).sum(axis=0) / count)
    numbers: Floats = np.clip(apart / np.maximum(spread, 1e-9), -FARTHEST, FARTHEST)
    return numbers


def _flags(told: Columns) -> "Singles":
    """(n, names) 1 where a listing carries a name; rows of length 1, so that all count alike."""
    import numpy as np

    names = [_names(row, told) for row in range(len(told))]
    place = {name: column for column, name in enumerate(_frequent(names))}
    flags = np.zeros((len(names), len(place)), dtype=np.float32)
    for row, some in enumerate(names):
        flags[row, [place[name] for name in some if name in place]] = 1
    lengths = np.linalg.norm(flags, axis=1, keepdims=True)
    alike: Singles = flags / np.maximum(lengths, 1)
    return alike


def _names(row: int, told: Columns) -> tuple[str, ...]:
    """What stands on a listing; of artists and labels the frequent ones alone will count."""
    return (
        *style_words(row, told),
        *place_words(row, told),
        f"artist {told.artist[row]}",
        f"label {told.label[row]}",
    )


def _frequent(names: Iterable[tuple[str, ...]]) -> list[str]:
    counts = Counter(name for some in names for name in some)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [name for name, count in ranked[:MOST_NAMES] if count >= RARE]
