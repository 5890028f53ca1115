"""The columns of the forests: words of a listing's text, and plain numbers."""

from typing import TYPE_CHECKING, Any

from cratewise.taste.column import Column
from cratewise.taste.columns import Columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UNGRADED = 5.0  # VG, when the condition is not told

NUMBERS = (
    ("price", "price", "what it costs", "price"),
    ("wants", "people", "how many want it", "demand"),
    ("owners", "people", "how many own it", "demand"),
    ("want/have", "ratio", "wants for each owner", "demand"),
    ("year", "years", "when it came out", "year"),
    ("price per want", "price", "price for each who wants it", "price"),
    ("rarity", "no unit", "want/have / (1 + ln have)", "demand"),
    ("grade", "1 (P) to 8 (M)", "condition of the media", "grade"),
)
FIVE = 5  # the first of them, for forest-basic


def numbers(listings: Columns) -> "Floats":
    """(n, NUMBERS), what is unknown as 0: the earlier system knew no better."""
    import numpy as np

    price, want, have, year = (
        np.nan_to_num(column)
        for column in (listings.price, listings.want, listings.have, listings.year)
    )
    ratio = want / np.maximum(have, 1)
    rarity = ratio / (1 + np.log(np.maximum(have, 1)))
    grade = np.nan_to_num(listings.grade, nan=UNGRADED)
    per_want = price / np.maximum(want, 1)
    return np.column_stack([price, want, have, ratio, year, per_want, rarity, grade])


def texts(listings: Columns) -> list[str]:
    """Artist, title, label, genres and styles of each listing, in one line."""
    parts = zip(
        listings.artist, listings.title, listings.label, listings.genre, listings.style, strict=True
    )
    return [
        " ".join([artist, title, label, *genre, *style])
        for artist, title, label, genre, style in parts
    ]


def learn_words(listings: Columns, *, most: int, in_pairs: bool) -> Any:
    """The vectorizer of the words in these listings; None when no word comes twice.

    most      words at most, the most frequent
    in_pairs  TF-IDF of words and pairs of words; else plain counts of words
    """
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    spoken = texts(listings)
    if in_pairs:
        found = TfidfVectorizer(
            max_features=most, ngram_range=(1, 2), stop_words="english", min_df=2, max_df=0.95
        )
    else:
        found = CountVectorizer(max_features=most, stop_words="english")
    if not _has_words(found, spoken):
        return None
    return found.fit(spoken)


def word_columns(vectorizer: Any) -> list[Column]:
    """A column a word; none for None."""
    if vectorizer is None:
        return []
    return [
        Column(f"word: {word}", "TF-IDF or count", f"“{word}” in its text", f"word {word}")
        for word in vectorizer.get_feature_names_out()
    ]


def number_columns(count: int) -> list[Column]:
    return [Column(*told) for told in NUMBERS[:count]]


def _has_words(vectorizer: Any, spoken: list[str]) -> bool:
    """Whether any word is left by the vectorizer's own limits, which it would raise on."""
    from collections import Counter

    analyse = vectorizer.build_analyzer()
    counts = Counter(word for text in spoken for word in set(analyse(text)))
    most = vectorizer.max_df * len(spoken) if vectorizer.max_df < 1 else len(spoken)
    if most < vectorizer.min_df:
        return False
    return any(vectorizer.min_df <= count <= most for count in counts.values())
