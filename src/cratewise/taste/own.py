"""A listing's own numbers: how wanted, how rare, how dear for what it is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cratewise.taste.column import Column
from cratewise.taste.columns import Columns, folded
from cratewise.taste.names import Names
from cratewise.taste.profiles import Groups
from cratewise.taste.vocabulary import Marked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]

NUMBERS = (
    ("wants", "ln(1 + people)", "how many want it", "demand"),
    ("owners", "ln(1 + people)", "how many own it", "demand"),
    ("want/have", "ln ratio", "wants for each owner", "demand"),
    ("rarity", "no unit", "want/have / (1 + ln(1 + have))", "demand"),
    ("price", "ln(1 + price)", "what it costs", "price"),
    ("price per want", "ln ratio", "price for each who wants it", "price"),
    ("year", "years", "when it came out", "year"),
    ("grade", "1 (P) to 8 (M)", "condition of the media", "grade"),
)
PRICES = (
    ("price beside its copies", "ln ratio", "to the mean of the same title's copies", "price"),
    ("price beside its artist", "ln ratio", "to the mean of the artist's listings", "price"),
    ("price beside its label", "ln ratio", "to the mean of the label's listings", "price"),
    ("owners beside its artist", "ln ratio", "to the mean of the artist's listings", "demand"),
    ("owners beside its label", "ln ratio", "to the mean of the label's listings", "demand"),
)


def own_columns(styles: list[str], places: list[str], depth: int) -> list[Column]:
    """The columns of a listing itself, in order: flags, numbers, company of its styles."""
    return [
        *[
            Column(f"style: {name}", "yes or no", f"it is {name}", f"style: {name}")
            for name in styles
        ],
        *[Column(name, "yes or no", f"it has {name}", name) for name in places],
        *[Column(*told) for told in (*NUMBERS, *PRICES)],
        *[
            Column(
                f"styles: company {axis + 1}",
                "no unit",
                "coordinate of its styles in the map of who is found beside whom",
                "company of its styles",
            )
            for axis in range(depth)
        ],
    ]


@dataclass(frozen=True)
class UsualOf:
    """(n,) what is usual for a listing's copies, artist and label; NaN where unknown."""

    price_of_copies: "Floats"  # ln(1 + price), as all below
    price_of_artist: "Floats"
    price_of_label: "Floats"
    have_of_artist: "Floats"  # ln(1 + people)
    have_of_label: "Floats"


class Usual:
    """What is usual in a stock: prices of a title's copies, of artists, of labels."""

    def __init__(self, titles: Names, price_of_copies: "Floats", means: "list[Floats]") -> None:
        self.titles = titles
        self.price_of_copies = price_of_copies
        self.means = means  # price and owners of artists, then of labels

    @classmethod
    def of(
        cls,
        listings: Columns,
        marked: Marked,
        artists: "Codes",
        labels: "Codes",
        sizes: tuple[int, int],
    ) -> "Usual":
        keys = _titles(listings)
        titles = Names.among(keys)
        copies = _means(titles.codes(keys), len(titles), marked.ln_price)
        means = [
            _means(codes, size, values)
            for codes, size in zip((artists, labels), sizes, strict=True)
            for values in (marked.ln_price, marked.ln_have)
        ]
        return cls(titles, copies, means)

    def of_listings(self, listings: Columns, artists: "Codes", labels: "Codes") -> UsualOf:
        """What is usual for each listing."""
        copies = self.titles.codes(_titles(listings))
        price_of_artist, have_of_artist = (_at(means, artists) for means in self.means[:2])
        price_of_label, have_of_label = (_at(means, labels) for means in self.means[2:])
        return UsualOf(
            _at(self.price_of_copies, copies),
            price_of_artist,
            price_of_label,
            have_of_artist,
            have_of_label,
        )


def own_numbers(marked: Marked, usual: UsualOf, company: "Floats") -> "Floats":
    """(n, NUMBERS + PRICES + depth), NaN where unknown."""
    import numpy as np

    want, have, price = marked.ln_want, marked.ln_have, marked.ln_price
    rarity = np.expm1(want) / np.maximum(np.expm1(have), 1) / (1 + have)
    return np.column_stack(
        [
            *(want, have, want - have, rarity),
            *(price, price - want, marked.year, marked.grade),
            price - usual.price_of_copies,
            price - usual.price_of_artist,
            price - usual.price_of_label,
            have - usual.have_of_artist,
            have - usual.have_of_label,
            company,
        ]
    )


def _titles(listings: Columns) -> list[str]:
    """What makes copies of one record: artist and title; "" when either is missing."""
    return [
        f"{artist}\n{folded(title)}" if artist and title else ""
        for artist, title in zip(listings.artist, listings.title, strict=True)
    ]


def _means(codes: "Codes", count: int, values: "Floats") -> "Floats":
    known = codes >= 0
    return Groups(codes[known], count).mean(values[known])


def _at(means: "Floats", codes: "Codes") -> "Floats":
    import numpy as np

    if len(means) == 0:
        return np.full(len(codes), np.nan)
    return np.where(codes >= 0, means[codes], np.nan)
