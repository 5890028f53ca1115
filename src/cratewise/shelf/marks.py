"""What listings are to one account: wanted, owned, hidden, judged; what each costs to them there.

All of it belongs to a reader, so it lies beside the shelf: an array for each account, as
long as the shelf's rows.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.shelf import Shelf

WANTED, OWNED, OTHER_PRESSING, HIDDEN, KEPT, SKIPPED = (1 << n for n in range(6))


class Marks(NamedTuple):
    """What the listings are to an account, a value a row of the shelf.

    flags         uint8: WANTED | OWNED | ...
    landed        float32: price with postage, in minor units of the account's currency
    probability   float32: the chance of keep, 0 to 1; NaN: unknown
    version       another for any other values
    """

    flags: NDArray[np.uint8]
    landed: NDArray[np.float32]
    probability: NDArray[np.float32]
    version: tuple[int, ...]


def no_marks(shelf: Shelf) -> Marks:
    """Of an account to whom listings are nothing yet."""
    unknown = np.full(len(shelf), np.nan, np.float32)
    return Marks(np.zeros(len(shelf), np.uint8), unknown, unknown, ())
