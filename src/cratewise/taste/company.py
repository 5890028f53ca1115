"""A map of who is found beside whom: artists, labels, styles, countries and periods.

Two names that turn up on the same listings more often than chance has it (positive
pointwise mutual information, the counts of context damped by a power of 0.75 as is
usual for words) lie close together; a truncated singular value decomposition keeps the
main axes.  See Levy, Goldberg, Dagan, "Improving distributional similarity" (2015).
"""

from typing import TYPE_CHECKING, Any

from cratewise.taste.vocabulary import Marked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]

DEPTH = 32  # axes; 16 and 64 were no better on both pools (docs/LOG.md)
PERIOD_YEARS = 2
FIRST_YEAR = 1900
PERIODS = 80  # 1900 to 2059


class Company:
    """Where each word, artist and label of a stock lies: unit vectors, (…, DEPTH)."""

    def __init__(self, words: "Floats", artists: "Floats", labels: "Floats") -> None:
        self.words = words  # styles, then places, then periods
        self.artists = artists
        self.labels = labels

    @classmethod
    def of(
        cls, marked: Marked, artists: "Codes", labels: "Codes", sizes: tuple[int, int]
    ) -> "Company":
        """The map of a stock; sizes: how many artists and labels there are."""
        import numpy as np
        from scipy import sparse

        words = _words(marked)
        tokens = sparse.hstack(
            [words, one_hot(artists, sizes[0]), one_hot(labels, sizes[1])], format="csr"
        )
        beside = (tokens.T @ tokens).tocoo()
        apart = beside.row != beside.col
        places = _axes(beside.row[apart], beside.col[apart], beside.data[apart], tokens.shape[1])
        first, second = words.shape[1], words.shape[1] + sizes[0]
        return cls(*np.split(places, [first, second]))

    def near(self, marked: Marked, artists: "Codes", labels: "Codes") -> "Floats":
        """(n, DEPTH) where listings lie by what else stands on them; 0 when nothing does."""
        where = _words(marked) @ self.words
        for codes, places in ((artists, self.artists), (labels, self.labels)):
            known = codes >= 0
            where[known] += places[codes[known]]
        return unit(where)

    def styles(self, marked: Marked) -> "Floats":
        """(n, DEPTH) where listings lie by their styles alone; 0 without any."""
        return unit(marked.styles @ self.words[: marked.styles.shape[1]])


def one_hot(codes: "Codes", count: int) -> Any:
    """(n, count) CSR; a row without a 1 for a code below 0."""
    import numpy as np
    from scipy import sparse

    known = codes >= 0
    ends = np.concatenate([[0], np.cumsum(known)])
    ones = np.ones(int(known.sum()), dtype=np.float32)
    return sparse.csr_array((ones, codes[known], ends), shape=(len(codes), count))


def unit(vectors: "Floats") -> "Floats":
    """Each row at length 1, and 0 where it has none."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Floats = np.divide(vectors, lengths, out=np.zeros(vectors.shape), where=lengths > 1e-12)
    return scaled


def _words(marked: Marked) -> Any:
    import numpy as np
    from scipy import sparse

    periods = np.nan_to_num((marked.year - FIRST_YEAR) // PERIOD_YEARS, nan=-1).astype(np.int64)
    periods[periods >= PERIODS] = -1
    return sparse.hstack([marked.styles, marked.places, one_hot(periods, PERIODS)], format="csr")


def _axes(rows: "Codes", columns: "Codes", counts: "Floats", size: int) -> "Floats":
    import numpy as np
    from scipy import sparse
    from sklearn.utils.extmath import randomized_svd

    depth = min(DEPTH, size)
    if len(counts) == 0:
        return np.zeros((size, DEPTH))
    totals = np.bincount(rows, counts, minlength=size)
    damped = totals**0.75
    surprise = np.log(counts * damped.sum() / (totals[rows] * damped[columns]))
    kept = surprise > 0
    table = sparse.csr_array((surprise[kept], (rows[kept], columns[kept])), shape=(size, size))
    left, strengths, _ = randomized_svd(table, depth, n_iter=4, random_state=0)
    places = np.zeros((size, DEPTH))
    places[:, :depth] = left * np.sqrt(strengths)
    return unit(places)
