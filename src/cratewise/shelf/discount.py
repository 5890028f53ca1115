"""How much less a copy costs than the others of its release that are for sale.

`listings["discount"]` tells it as of some version of the shelf: to look among a million
rows for the copies of a page's releases takes longer than all else that a page needs.
"""

import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.shelf import Bools, Floats, Places, Shelf, look_up

MOST_BEHIND = 2_000  # rows that changed since, until the column is worth to be brought up to date


def discounts_of(shelf: Shelf, rows: Places) -> NDArray[np.float32]:
    """What rows cost less than their other copies now; the lock is held.  (n,)"""
    found: NDArray[np.float32] = shelf.listings["discount"][rows]
    changed = _changed(shelf)
    releases = shelf.listings["release"]
    if changed is None:
        is_open = np.ones(len(rows), np.bool_)
    else:
        is_open = np.isin(releases[rows], releases[changed])
    if is_open.any():
        copies = with_other_copies(shelf, rows[is_open])
        found[is_open] = discounts(*_told(shelf, copies))[np.searchsorted(copies, rows[is_open])]
    return found


def are_discounts_far_behind(shelf: Shelf) -> bool:
    """Whether whoever has time should call `catch_up_with_discounts`; the lock is held."""
    changed = _changed(shelf)
    return changed is None or len(changed) > MOST_BEHIND


def catch_up_with_discounts(shelf: Shelf) -> None:
    """Bring `listings["discount"]` up to date; others need not wait while all is compared."""
    with shelf.lock:
        if _changed(shelf) is not None:
            bring_discounts_up_to_date(shelf)
            return
        as_of, rows = (shelf.epoch, shelf.version), np.arange(len(shelf))
        told = _told(shelf, rows)
    found = discounts(*told)
    with shelf.lock:
        if shelf.epoch == as_of[0]:
            shelf.listings.put(rows, {"discount": found})
            shelf.discounts_as_of = as_of


def bring_discounts_up_to_date(shelf: Shelf) -> None:
    """Fill `listings["discount"]` where copies came, went or changed; the lock is held."""
    changed = _changed(shelf)
    rows = np.arange(len(shelf)) if changed is None else with_other_copies(shelf, changed)
    shelf.listings.put(rows, {"discount": discounts(*_told(shelf, rows))})
    shelf.discounts_as_of = shelf.epoch, shelf.version


def _changed(shelf: Shelf) -> Places | None:
    """The rows that changed since the column was filled; None: all may be others."""
    epoch, version = shelf.discounts_as_of
    return shelf.changed_since(version) if epoch == shelf.epoch else None


def with_other_copies(shelf: Shelf, rows: Places) -> Places:
    """These rows, and all others of their releases, in their order."""
    if not len(rows):
        return rows
    is_meant = np.zeros(len(shelf.releases), np.bool_)
    is_meant[shelf.listings["release"][rows]] = True
    return np.flatnonzero(look_up(is_meant, shelf.listings["release"]))


def _told(shelf: Shelf, rows: Places) -> tuple[NDArray[np.integer], Floats, Bools]:
    """Copies of what `discounts` compares."""
    release, price, is_gone = (
        shelf.listings[name][rows] for name in ("release", "price_usd", "is_gone")
    )
    return release, price, is_gone


def discounts(releases: NDArray[np.integer], prices: Floats, is_gone: Bools) -> NDArray[np.float32]:
    """Of all copies of some releases; NaN: not for sale, without a price, or the only one."""
    counts = np.flatnonzero(~is_gone & np.isfinite(prices))
    release, price = releases[counts], prices[counts]
    by_price = np.lexsort((price, release))
    found = np.full(len(releases), np.nan, np.float32)
    found[counts[by_price]] = below_median(release[by_price], price[by_price])
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
