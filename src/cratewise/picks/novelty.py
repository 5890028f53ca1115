"""How unlike the rest a record is: its distance from what a stock is full of.

Records are laid out by their text (artist, title, label, genres, styles, format) and their
numbers (price, want, have, year, grade), and that is brought to ten axes by principal
components.  Around the centres of five clusters lies what there is plenty of; what is far
from all of them is new.  1 is as far as the farthest twentieth.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cratewise.picks.thermo import NEUTRAL_VOTE, WIDEST_VOTE
from cratewise.taste import columns
from cratewise.taste.columns import Columns, Listing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

AXES = 10
CLUSTERS = 5
FAR = 95  # percentile of the distances that counts as 1
MOST_WORDS = 500
NOVELTY_VOTES_MOVE = 0.3  # of a record's novelty, at most


class Space(NamedTuple):
    """A stock laid out.

    words    the vectorizer; None when the stock has no words
    mean     (5,) and spread (5,), of the numbers
    axes     the principal components; None when all records are the same
    centres  (k, d), k at most CLUSTERS, d at most AXES
    far      the distance that counts as 1, above 0
    """

    words: Any
    mean: "Floats"
    spread: "Floats"
    axes: Any
    centres: "Floats"
    far: float

    def places(self, listings: Sequence[Listing]) -> "Floats":
        """(n, d) where listings lie; raises UnreadableListing."""
        import numpy as np

        if self.axes is None or not len(listings):
            return np.zeros((len(listings), self.centres.shape[1]))
        told = columns.read(listings)
        return np.asarray(self.axes.transform(_table(told, self.words, self.mean, self.spread)))

    def novelty(self, places: "Floats") -> "Floats":
        """(n,) from 0, in the middle of a cluster, to 1, as far out as hardly any."""
        import numpy as np

        if not len(places):
            return np.zeros(0)
        apart = np.linalg.norm(places[:, None, :] - self.centres[None, :, :], axis=2)
        far: Floats = np.clip(apart.min(axis=1) / self.far, 0.0, 1.0)
        return far


def lay_out(listings: Sequence[Listing], seed: int) -> Space:
    """The space of a stock, or of a sample of it; the same listings and seed give the same.

    Raises UnreadableListing.
    """
    import numpy as np
    from sklearn.decomposition import PCA

    told = columns.read(listings)
    words, mean, spread = _learn_words(told), *_scale(_numbers(told))
    table = _table(told, words, mean, spread)
    if len(told) < 2 or not _varies(table):
        return Space(words, mean, spread, None, np.zeros((1, 1)), 1.0)
    depth = min(AXES, len(told) - 1, table.shape[1])
    axes = PCA(depth, svd_solver="covariance_eigh").fit(table)
    places = np.asarray(axes.transform(table))
    centres = _centres(places, seed)
    near = Space(words, mean, spread, axes, centres, 1.0)
    apart = np.linalg.norm(places[:, None, :] - centres[None, :, :], axis=2).min(axis=1)
    far = float(np.percentile(apart, FAR))
    return near._replace(far=far if far > 1e-9 else 1.0)


def moved_by_votes(
    space: Space, places: "Floats", voted: "Floats", votes: Sequence[float]
) -> "Floats":
    """(n,) how much votes move the novelty of records: 0.1 is a tenth up.

    places  (n, d) of the records; voted (m, d) of earlier picks
    votes   (m,) for these picks' novelty, 1 to 5

    A vote counts in full for what lies where the pick lay, and for less the farther it is;
    votes on many picks of a kind are averaged, one alone is not drawn out over all.
    """
    import numpy as np

    if not len(votes) or not len(places):
        return np.zeros(len(places))
    balance = (np.asarray(votes, dtype=np.float64) - NEUTRAL_VOTE) / WIDEST_VOTE
    apart = np.linalg.norm(places[:, None, :] - voted[None, :, :], axis=2) / space.far
    alike = np.exp(-(apart**2))
    moved = (alike * balance).sum(axis=1) / np.maximum(alike.sum(axis=1), 1.0)
    return np.asarray(NOVELTY_VOTES_MOVE * np.clip(moved, -1.0, 1.0))


def _texts(told: Columns) -> list[str]:
    parts = zip(told.artist, told.title, told.label, told.genre, told.style, told.format,
                strict=True)  # fmt: skip
    return [
        " ".join([artist, title, label, *genre, *style, *formats])
        for artist, title, label, genre, style, formats in parts
    ]


def _learn_words(told: Columns) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(max_features=MOST_WORDS, sublinear_tf=True)
    speak = vectorizer.build_analyzer()
    texts = _texts(told)
    return vectorizer.fit(texts) if any(speak(text) for text in texts) else None


def _numbers(told: Columns) -> "Floats":
    """(n, 5): price, want, have (as logarithms), year, grade; NaN unknown."""
    import numpy as np

    counted = [np.log1p(column) for column in (told.price, told.want, told.have)]
    return np.column_stack([*counted, told.year, told.grade])


def _scale(numbers: "Floats") -> tuple["Floats", "Floats"]:
    """(5,) mean and spread of what is known; 0 and 1 where nothing is."""
    import numpy as np

    known = ~np.isnan(numbers)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, numbers, 0).sum(axis=0) / count
    spread = np.sqrt(np.where(known, (numbers - mean) ** 2, 0).sum(axis=0) / count)
    return mean, np.where(spread > 1e-9, spread, 1.0)


def _table(told: Columns, words: Any, mean: "Floats", spread: "Floats") -> Any:
    """(n, words + 5) CSR: text and numbers of about the same weight."""
    import numpy as np
    from scipy import sparse

    scaled = np.nan_to_num((_numbers(told) - mean) / spread) / np.sqrt(len(mean))
    if words is None:
        return sparse.csr_array(scaled)
    return sparse.hstack([words.transform(_texts(told)), scaled], format="csr")


def _varies(table: Any) -> bool:
    import numpy as np

    low, high = table.min(axis=0).toarray(), table.max(axis=0).toarray()
    return bool(np.any(high - low > 1e-12))


def _centres(places: "Floats", seed: int) -> "Floats":
    import numpy as np
    from sklearn.cluster import KMeans

    kinds = min(CLUSTERS, len(np.unique(places.round(9), axis=0)))
    found = KMeans(kinds, n_init=1, random_state=seed % 2**32).fit(places)
    return np.asarray(found.cluster_centers_, dtype=np.float64)
