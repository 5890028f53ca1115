"""The words of a stock (styles, genres, formats, countries), and listings marked with them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cratewise.taste.columns import Columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_STYLES = 160  # columns; the rarer styles of a large stock say little about most of it
MOST_PLACES = 40
RARE = 5  # a word on fewer listings than this gets no column


@dataclass(frozen=True)
class Vocabulary:
    """Which word stands for which column.

    styles  styles and genres; a genre as "genre Electronic"
    places  "country UK", "format Vinyl"
    """

    styles: list[str]
    places: list[str]

    @classmethod
    def of(cls, listings: Columns) -> "Vocabulary":
        rows = range(len(listings))
        return cls(
            _frequent(style_words(row, listings) for row in rows)[:MOST_STYLES],
            _frequent(place_words(row, listings) for row in rows)[:MOST_PLACES],
        )

    def mark(self, listings: Columns) -> "Marked":
        """The listings as flags and numbers."""
        import numpy as np

        count = range(len(listings))
        with np.errstate(divide="ignore"):
            return Marked(
                styles=_flags([style_words(row, listings) for row in count], self.styles),
                places=_flags([place_words(row, listings) for row in count], self.places),
                ln_want=np.log1p(listings.want),
                ln_have=np.log1p(listings.have),
                ln_price=np.log1p(listings.price),
                year=listings.year,
                grade=listings.grade,
            )


@dataclass(frozen=True)
class Marked:
    """n listings as flags and numbers, NaN where unknown.

    styles, places            (n, words) sparse, 1 where the listing carries the word
    ln_want, ln_have, ln_price  (n,) ln(1 + people), ln(1 + price)
    year, grade               (n,) years; 1 (P) to 8 (M)
    """

    styles: Any
    places: Any
    ln_want: "Floats"
    ln_have: "Floats"
    ln_price: "Floats"
    year: "Floats"
    grade: "Floats"

    def only(self, rows: Any) -> "Marked":
        """Some of the listings."""
        return Marked(**{name: column[rows] for name, column in vars(self).items()})


def style_words(row: int, listings: Columns) -> tuple[str, ...]:
    """The styles and genres of one listing, as the vocabulary spells them."""
    return (*listings.style[row], *(f"genre {name}" for name in listings.genre[row]))


def place_words(row: int, listings: Columns) -> tuple[str, ...]:
    """Country and format of one listing, as the vocabulary spells them."""
    return (
        *(f"country {name}" for name in listings.country[row]),
        *(f"format {name}" for name in listings.format[row]),
    )


def _frequent(word_lists: Iterable[tuple[str, ...]]) -> list[str]:
    counts = Counter(word for words in word_lists for word in words)
    # Ties by name, so that the order of the stock does not matter.
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, count in ranked if count >= RARE]


def _flags(word_lists: list[tuple[str, ...]], words: list[str]) -> Any:
    """(n, words) CSR with 1 where the listing carries the word."""
    import numpy as np
    from scipy import sparse

    place = {word: column for column, word in enumerate(words)}
    hits = [sorted({place[word] for word in some if word in place}) for some in word_lists]
    ends = np.cumsum([0, *map(len, hits)])
    columns = np.fromiter((column for row in hits for column in row), dtype=np.int32)
    ones = np.ones(len(columns), dtype=np.float32)
    return sparse.csr_array((ones, columns, ends), shape=(len(word_lists), len(words)))
