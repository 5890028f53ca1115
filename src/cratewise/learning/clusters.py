"""Which listings are of a kind: clusters of what stands on them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cratewise.taste import columns, words
from cratewise.taste.columns import Listing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]

CLUSTERS = 20  # three batches of triage cover them all
AXES = 10
MOST_WORDS = 400


def cluster(
    listings: Sequence[Listing], others: Sequence[Listing], seed: int
) -> "tuple[Codes, Codes]":
    """Clusters of n listings, and where m others fall among them: (n,), (m,) from 0.

    By styles, genres, label, format and artist, and by year, owners, wants and price.
    """
    import numpy as np
    from sklearn.cluster import KMeans

    places = _places([*listings, *others], seed)
    own, theirs = places[: len(listings)], places[len(listings) :]
    if len(np.unique(own, axis=0)) < 2:
        return np.zeros(len(own), np.int64), np.zeros(len(theirs), np.int64)
    count = min(CLUSTERS, len(np.unique(own, axis=0)))
    found = KMeans(count, n_init=1, random_state=seed).fit(own)
    if not len(theirs):
        return found.labels_.astype(np.int64), np.zeros(0, np.int64)
    return found.labels_.astype(np.int64), found.predict(theirs).astype(np.int64)


def _places(listings: Sequence[Listing], seed: int) -> "Floats":
    """(n, AXES + numbers), each part of the same weight."""
    import numpy as np
    from sklearn.decomposition import TruncatedSVD

    told = columns.read(listings)
    numbers = np.column_stack(
        [np.log1p(told.want), np.log1p(told.have), np.log1p(told.price), told.year]
    )
    spread = np.nan_to_num(np.nanstd(_some(numbers), axis=0))
    known: Floats = np.nan_to_num(
        (numbers - np.nanmean(_some(numbers), axis=0)) / np.maximum(spread, 1e-9)
    )
    vectors: Any = words.learn_words(told, most=MOST_WORDS, in_pairs=True)
    if vectors is None:
        return known
    marked = vectors.transform(words.texts(told))
    axes = min(AXES, marked.shape[1] - 1)
    if axes < 1:
        return known
    text = TruncatedSVD(axes, random_state=seed).fit_transform(marked)
    scale = np.sqrt((text**2).sum(axis=1).mean()) or 1.0
    places: Floats = np.hstack([2 * text / scale, np.clip(known, -4, 4) / 4])
    return places


def _some(numbers: "Floats") -> "Floats":
    """The table with a row of zeros, so that a column of unknowns alone has a mean."""
    import numpy as np

    unknown = np.isnan(numbers).all(axis=0)
    return np.where(unknown, 0.0, numbers)
