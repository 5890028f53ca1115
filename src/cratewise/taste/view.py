"""Listings seen through a stock: a table of features that is never written out whole.

A million listings of 600 columns would take 2.4 GB.  Most of a listing's columns are its
artist's and its label's, so each listing keeps two row numbers, and multiplying by
weights is done once an artist and once a label, then gathered.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]

FARTHEST = 4.0  # standard deviations; a rare style would otherwise outweigh all else


@dataclass(frozen=True)
class Part:
    """How some columns are scaled: (value - mean) * factor, within ± limit; unknown is 0."""

    mean: "Floats"
    factor: "Floats"
    limit: "Floats"

    @classmethod
    def of(cls, mean: "Floats", spread: "Floats", weights: "Floats") -> "Part":
        """weights: (c,) the expected square of a scaled column."""
        import numpy as np

        # A column that is the same everywhere says nothing, and stays at 0.
        varies = spread > 1e-9
        factor = np.where(varies, np.sqrt(weights) / np.where(varies, spread, 1), 0)
        return cls(np.nan_to_num(mean), factor, FARTHEST * np.sqrt(weights))

    @classmethod
    def for_flags(cls, flags: Any, weights: "Floats") -> "Part":
        """flags: (n, c) sparse of 0 and 1."""
        import numpy as np

        share = np.asarray(flags.sum(axis=0), dtype=np.float64) / max(1, flags.shape[0])
        return cls.of(share, np.sqrt(share * (1 - share)), weights)

    @classmethod
    def for_numbers(cls, table: "Floats", counts: "Floats", weights: "Floats") -> "Part":
        """table: (rows, c), each row counting `counts` times; NaN is left out."""
        import numpy as np

        times = np.where(np.isnan(table), 0, counts[:, None])
        total = np.maximum(times.sum(axis=0), 1e-9)
        known = np.nan_to_num(table)
        mean = (known * times).sum(axis=0) / total
        spread = np.sqrt(((known - mean) ** 2 * times).sum(axis=0) / total)
        return cls.of(mean, spread, weights)

    def scaled(self, table: "Floats") -> "Singles":
        """(rows, c) in single precision."""
        import numpy as np

        moved = np.nan_to_num((table - self.mean) * self.factor, nan=0)
        return np.clip(moved, -self.limit, self.limit).astype(np.float32)

    @property
    def ends(self) -> tuple["Singles", "Singles"]:
        """(c,), (c,) the scaled values of 0 and of 1, for flags."""
        import numpy as np

        off, on = self.scaled(np.stack([np.zeros_like(self.mean), np.ones_like(self.mean)]))
        return off, on


@dataclass(frozen=True)
class Beside:
    """The rows of an artists' (or labels') table that listings stand beside.

    table  (m, c) of the stock; others (k, c) of those that the stock does not know
    rows   (n,) from 0 to m + k - 1
    """

    table: "Singles"
    others: "Singles"
    rows: "Codes"

    def times(self, weights: "Singles") -> "Singles":
        """(n,) or (n, k): columns times weights (c,) or (c, k)."""
        import numpy as np

        products: Singles = np.concatenate([self.table @ weights, self.others @ weights])
        return products[self.rows]

    def at(self, rows: Any) -> "Singles":
        """(len(rows), c)"""
        import numpy as np

        places = self.rows[rows]
        seen = np.empty((len(places), self.table.shape[1]), dtype=np.float32)
        is_known = places < len(self.table)
        seen[is_known] = self.table[places[is_known]]
        seen[~is_known] = self.others[places[~is_known] - len(self.table)]
        return seen


@dataclass(frozen=True)
class View:
    """n listings as c columns: flags, numbers, artist's, label's, relations."""

    flags: Any  # (n, f) CSR of 0 and 1
    flag_part: Part
    numbers: "Singles"
    artists: Beside
    labels: Beside
    relations: "Singles"

    def __len__(self) -> int:
        return len(self.numbers)

    def table(self, rows: Any = None) -> "Singles":
        """(len(rows), c) written out, all listings without `rows`."""
        import numpy as np

        rows = np.arange(len(self)) if rows is None else np.asarray(rows)
        off, on = self.flag_part.ends
        flags = np.where(self.flags[rows].toarray() > 0, on, off)
        return np.hstack(
            [flags, self.numbers[rows], self.artists.at(rows), self.labels.at(rows),
             self.relations[rows]]
        )  # fmt: skip

    def times(self, weights: "Floats") -> "Floats":
        """(n,) or (n, k): all columns times weights (c,) or (c, k)."""
        import numpy as np

        widths = [self.flags.shape[1], self.numbers.shape[1], self.artists.table.shape[1],
                  self.labels.table.shape[1]]  # fmt: skip
        flag, number, artist, label, relation = np.split(
            np.asarray(weights, dtype=np.float32), np.cumsum(widths)
        )
        off, on = self.flag_part.ends
        products = self.flags @ ((on - off) * flag.T).T + off @ flag
        products = products + self.numbers @ number + self.relations @ relation
        gathered = self.artists.times(artist) + self.labels.times(label)
        return np.asarray(products + gathered, dtype=np.float64)
