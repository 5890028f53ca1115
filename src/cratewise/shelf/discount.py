"""How much less a copy costs than the others of its release that are for sale."""

import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.shelf import Floats, Places, Shelf, look_up


def bring_discounts_up_to_date(shelf: Shelf) -> None:
    """Fill `listings["discount"]` where copies came, went or changed; the lock is held."""
    epoch, version = shelf.discounts_as_of
    changed = shelf.changed_since(version) if epoch == shelf.epoch else None
    rows = np.arange(len(shelf)) if changed is None else with_other_copies(shelf, changed)
    shelf.listings.put(rows, {"discount": discounts(shelf, rows)})
    shelf.discounts_as_of = shelf.epoch, shelf.version


def with_other_copies(shelf: Shelf, rows: Places) -> Places:
    """These rows, and all others of their releases, in their order."""
    if not len(rows):
        return rows
    is_meant = np.zeros(len(shelf.releases), np.bool_)
    is_meant[shelf.listings["release"][rows]] = True
    return np.flatnonzero(look_up(is_meant, shelf.listings["release"]))


def discounts(shelf: Shelf, rows: Places) -> NDArray[np.float32]:
    """Of rows that are all copies of their releases; NaN: not for sale, or the only one."""
    listings = shelf.listings
    price = listings["price_usd"][rows]
    counts = np.flatnonzero(~listings["is_gone"][rows] & np.isfinite(price))
    release = listings["release"][rows[counts]]
    by_price = np.lexsort((price[counts], release))
    found = np.full(len(rows), np.nan, np.float32)
    found[counts[by_price]] = below_median(release[by_price], price[counts][by_price])
    return found


def below_median(groups: NDArray[np.integer], prices: Floats) -> Floats:
    """By which part each price lies below the median of the others of its group.

    groups, prices  (n,), sorted by group and then by price

    Returns (n,): 0.25 for a quarter less, below 0 for more; NaN where there are no others.
    """
    if not len(groups):
        return np.zeros(0)
    begins = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
    sizes = np.diff(np.append(begins, len(groups)))
    begin, others = np.repeat(begins, sizes), np.repeat(sizes, sizes) - 1
    place = np.arange(len(groups)) - begin
    halves = []
    for middle in ((others - 1) // 2, others // 2):
        # Among the others, those behind this one stand a place further.
        at = np.maximum(middle, 0) + (np.maximum(middle, 0) >= place)
        halves.append(prices[np.minimum(begin + at, len(prices) - 1)])
    median = (halves[0] + halves[1]) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = 1 - prices / median
    found[(others == 0) | (median == 0)] = np.nan
    return found
