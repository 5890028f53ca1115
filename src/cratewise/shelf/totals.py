"""How much is on the shelf in all."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from cratewise.shelf.shelf import Shelf


class Totals(NamedTuple):
    """How many listings are for sale, how many are so no longer, and of how many releases."""

    listings: int
    gone: int
    releases: int


def totals_of(shelf: "Shelf") -> Totals:
    """The shelf's; whoever asks holds its lock."""
    gone = int(np.count_nonzero(shelf.listings["is_gone"]))
    return Totals(len(shelf) - gone, gone, len(shelf.releases))
