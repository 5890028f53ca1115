"""What an artist or a label is like, told by all of its listings in the stock together.

A record by an artist that nobody judged yet is mostly known by this: the styles that
the artist works in, where and on what the records came out, how many there are and
how many people own them, and who else is found beside them (company.py).
"""

from typing import TYPE_CHECKING, Any

from cratewise.taste.column import Column
from cratewise.taste.vocabulary import Marked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]

NUMBERS = (
    ("releases", "ln listings", "how many listings the stock has of {it}"),
    ("owners of each", "ln(1 + people)", "mean number of owners of {it}'s listings"),
    ("most owned", "ln(1 + people)", "owners of {it}'s most owned listing"),
    ("owners in all", "ln(1 + people)", "owners of all of {it}'s listings together"),
    ("wanted in all", "ln(1 + people)", "how many want {it}'s listings, all together"),
    ("sought", "ln want/have", "mean ratio of wants to owners among {it}'s listings"),
    ("price level", "ln(1 + price)", "mean price of {it}'s listings"),
    ("years", "years", "mean year of {it}'s listings"),
    ("breadth", "ln(1 + names)", "how many {others} stand beside {it} in the stock"),
)


def columns(it: str, others: str, styles: list[str], places: list[str], depth: int) -> list[Column]:
    """The columns of `profiles`, in order.

    it, others  "artist", "labels"
    """
    return [
        *[
            Column(
                f"{it}'s style: {style}",
                "share of listings",
                f"of the {it}'s listings in the stock that are {style}",
                f"style: {style}",
            )
            for style in styles
        ],
        *[
            Column(
                f"{it}'s {place}",
                "share of listings",
                f"of the {it}'s listings in the stock with {place}",
                f"{it}: places",
            )
            for place in places
        ],
        *[
            Column(f"{it}: {name}", unit, meaning.format(it=it, others=others), f"{it}: standing")
            for name, unit, meaning in NUMBERS
        ],
        *[
            Column(
                f"{it}: company {axis + 1}",
                "no unit",
                f"coordinate of the {it} in the map of who is found beside whom",
                f"{it}: company",
            )
            for axis in range(depth)
        ],
    ]


def widths(styles: int, places: int, depth: int) -> list[int]:
    """How many columns of each sort `profiles` has: styles, places, numbers, company."""
    return [styles, places, len(NUMBERS), depth]


def profiles(codes: "Codes", marked: Marked, beside: "Codes", company: "Floats") -> "Floats":
    """The profile of each of some artists (or labels).

    codes    (n,) whose listing it is, from 0 to m - 1; below 0: nobody's
    beside   (n,) the listing's label (or artist); below 0: unknown
    company  (m, depth) where each of the m lies in the map

    Returns (m, styles + places + numbers + depth); NaN where nothing is known.
    """
    import numpy as np

    own = codes >= 0
    group = Groups(codes[own], len(company))
    have, want = marked.ln_have[own], marked.ln_want[own]
    numbers = [
        np.log(np.maximum(group.sizes, 1)),
        group.mean(have),
        group.most(have),
        np.log1p(group.total(np.expm1(have))),
        np.log1p(group.total(np.expm1(want))),
        group.mean(want - have),
        group.mean(marked.ln_price[own]),
        group.mean(marked.year[own]),
        np.log1p(group.distinct(beside[own])),
    ]
    return np.column_stack(
        [group.shares(marked.styles[own]), group.shares(marked.places[own]), *numbers, company]
    )


class Groups:
    """Listings by whose they are.

    codes  (n,) from 0 to count - 1
    """

    def __init__(self, codes: "Codes", count: int) -> None:
        import numpy as np

        self.codes = codes
        self.count = count
        self.sizes = np.bincount(codes, minlength=count).astype(np.float64)

    def total(self, values: "Floats") -> "Floats":
        """(count,) sums of what is known."""
        import numpy as np

        known = ~np.isnan(values)
        sums = np.bincount(self.codes[known], values[known], minlength=self.count)
        return sums.astype(np.float64)  # whole numbers when nothing is known

    def mean(self, values: "Floats") -> "Floats":
        """(count,) means of what is known; NaN where nothing is."""
        import numpy as np

        known = np.bincount(self.codes[~np.isnan(values)], minlength=self.count)
        with np.errstate(invalid="ignore"):
            means: Floats = self.total(values) / known
        return means

    def most(self, values: "Floats") -> "Floats":
        """(count,) the highest known; NaN where nothing is."""
        import numpy as np

        highest = np.full(self.count, -np.inf)
        known = ~np.isnan(values)
        np.maximum.at(highest, self.codes[known], values[known])
        return np.where(np.isinf(highest), np.nan, highest)

    def distinct(self, others: "Codes") -> "Floats":
        """(count,) how many different codes of 0 and more stand beside each."""
        import numpy as np

        pairs = np.unique(np.column_stack([self.codes, others])[others >= 0], axis=0)
        return np.bincount(pairs[:, 0], minlength=self.count).astype(np.float64)

    def shares(self, flags: Any) -> "Floats":
        """(count, f) which share of each one's listings carries each flag; flags (n, f) sparse."""
        import numpy as np
        from scipy import sparse

        rows = np.arange(len(self.codes))
        weights = 1 / self.sizes[self.codes]
        mine = sparse.csr_array((weights, (self.codes, rows)), shape=(self.count, len(rows)))
        shares: Floats = (mine @ flags).toarray()
        return shares
