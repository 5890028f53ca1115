"""What listings of a page come to for a reader: landed, beside other copies, likely kept."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cratewise.shelf.discount import discounts_of
from cratewise.shelf.marks import Marks
from cratewise.shelf.shelf import Shelf


class Appraisal(NamedTuple):
    """None: unknown.

    landed_minor      the price with postage, in minor units of the reader's currency
    keep_probability  the chance that the reader keeps it, 0 to 1
    discount          by which part it costs less than the median of the release's other
                      copies for sale: 0.25 a quarter less, below 0 more
    """

    landed_minor: int | None = None
    keep_probability: float | None = None
    discount: float | None = None


UNKNOWN = Appraisal()


def appraise(shelf: Shelf, marks: Marks, ids: Sequence[int]) -> dict[int, Appraisal]:
    """Listings by our own ids, as far as they are on the shelf; the lock is held."""
    rows = shelf.rows_of(np.array(ids, np.int64))
    rows = np.unique(rows[rows >= 0])
    return {
        number: Appraisal(
            None if np.isnan(landed) else round(landed),
            None if np.isnan(chance) else chance,
            # Where prices are hidden, it would tell those of the other copies.
            None if np.isnan(part) or marks.prices_from is not None else part,
        )
        for number, landed, chance, part in zip(
            shelf.listings["id"][rows].tolist(),
            marks.landed[rows].tolist(),
            marks.probability[rows].tolist(),
            discounts_of(shelf, rows).tolist(),
            strict=True,
        )
    }
