"""Which rows of the shelf a filter lets through.

What releases decide (release_sieve.py) is kept for each listing, or looked up.  What compares
a column with a value costs a tenth of a look-up, so it goes first; as soon as few listings
are left, the other terms look at those alone.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cratewise.money import Money
from cratewise.shelf import marks as mark
from cratewise.shelf.kept_hits import EVERY, Term
from cratewise.shelf.marks import Marks
from cratewise.shelf.prices import in_currency, least_by_currency, limits_by_currency
from cratewise.shelf.query import Filter, Reader, With
from cratewise.shelf.release_sieve import hits_by_release, within, year_ends
from cratewise.shelf.shelf import Bools, Places, Shelf, look_up
from cratewise.store.shelf_rows import NO_COUNT
from cratewise.store.tables import microseconds

# Once fewer than one row in so many is left, the rest is looked at row by row: that costs
# much more a row than to compare a whole column, and a little more than to look up a whole one.
FEW_TO_COMPARE = 16
FEW_TO_LOOK_UP = 6
MOST_COMPARED = 6  # numbers: to compare with each is quicker than to look them up
OUT_OF_REACH = 2**63 - 1  # minor units


class Hits:
    """The rows that a filter lets through: a mask while they are many, places once few.

    count  how many they are
    """

    def __init__(self, hits: Bools | Places) -> None:
        self._is_mask = hits.dtype == np.bool_
        self._hits = hits
        self.count = int(np.count_nonzero(hits)) if self._is_mask else len(hits)

    @property
    def rows(self) -> Places:
        """In their own order."""
        return (
            np.flatnonzero(self._hits) if self._is_mask else self._hits.astype(np.intp, copy=False)
        )

    def mask(self, count: int) -> Bools:
        """Which of so many rows they are."""
        if self._is_mask:
            return self._hits.astype(np.bool_, copy=False)
        mask = np.zeros(count, np.bool_)
        mask[self._hits] = True
        return mask


def sift(
    shelf: Shelf, wanted: Filter, reader: Reader, marks: Marks, found: Bools | None = None
) -> Hits:
    """The rows that a filter lets through.

    found  which releases `wanted.words` find; None: words do not matter.
    """
    kept, releases = hits_by_release(shelf, wanted, found)
    if releases is not None and not releases.any():
        return Hits(np.empty(0, np.intp))
    looked_up = list(_looked_up(shelf, wanted))
    if releases is not None:
        hits = releases
        looked_up.insert(0, lambda rows: look_up(hits, shelf.listings["release"][rows]))
    compared = list(_compared(shelf, wanted, reader, marks))
    terms = (*compared, *looked_up)
    mask = np.ones(len(shelf), np.bool_) if kept is None else kept
    for n, term in enumerate(terms):
        few = FEW_TO_COMPARE if n < len(compared) else FEW_TO_LOOK_UP
        if np.count_nonzero(mask) * few < len(shelf):
            return Hits(_row_by_row(np.flatnonzero(mask), terms[n:]))
        mask &= term(EVERY)
    return Hits(mask)


def _row_by_row(rows: Places, terms: Sequence[Term]) -> Places:
    for term in terms:
        rows = rows[term(rows)]
    return rows


def _compared(shelf: Shelf, wanted: Filter, reader: Reader, marks: Marks) -> Iterator[Term]:
    """Its terms about listings that compare a column with a value, the most telling first."""
    columns = shelf.listings
    sellers = _sellers(shelf, wanted)
    if len(sellers) == 1:
        yield lambda rows: columns["seller"][rows] == sellers[0]
    yield from _flagged(wanted, marks)
    if wanted.media is not None:
        exactly = int(wanted.media)
        yield lambda rows: columns["media_grade"][rows] == exactly
    for name, grade in (
        ("media_grade", wanted.media_at_least),
        ("sleeve_grade", wanted.sleeve_at_least),
    ):
        if grade is not None:
            yield _at_least(columns[name], int(grade))
    yield from _ranged(shelf, wanted, reader, marks)
    yield from _timed(shelf, wanted)
    if wanted.year_from is not None or wanted.year_to is not None:
        years = shelf.years.values
        yield lambda rows: within(years[rows], *year_ends(wanted))
    yield from _priced(shelf, wanted, reader)


def _looked_up(shelf: Shelf, wanted: Filter) -> Iterator[Term]:
    """Its terms about listings that look a column's numbers up."""
    columns = shelf.listings
    sellers = _sellers(shelf, wanted)
    if wanted.sellers and len(sellers) != 1:
        yield _is_one_of(columns["seller"], sellers, len(shelf.sellers))
    if wanted.ships_from:
        meant = np.flatnonzero(shelf.origins.with_any(wanted.ships_from)).tolist()
        yield _is_one_of(columns["ships_from"], meant, len(shelf.origins))


def _sellers(shelf: Shelf, wanted: Filter) -> list[int]:
    return [n for n, one in enumerate(shelf.sellers) if one.id in wanted.sellers]


def _is_one_of(column: NDArray[Any], numbers: Sequence[int], count: int) -> Term:
    if len(numbers) <= MOST_COMPARED:
        return lambda rows: _any_equal(column[rows], numbers)
    is_meant = np.zeros(count, np.bool_)
    is_meant[list(numbers)] = True
    return lambda rows: look_up(is_meant, column[rows])


def _any_equal(values: NDArray[Any], numbers: Sequence[int]) -> Bools:
    hits = np.zeros(len(values), np.bool_)
    for number in numbers:
        hits |= values == number
    return hits


def _flagged(wanted: Filter, marks: Marks) -> Iterator[Term]:
    for flag, told in (
        (mark.WANTED, wanted.wanted),
        (mark.OWNED, wanted.owned),
        (mark.OTHER_PRESSING, wanted.other_pressing),
        (mark.HIDDEN, _only(wanted.hidden)),
        (mark.KEPT | mark.SKIPPED, _only_judged(wanted)),
        (mark.KEPT, True if wanted.judged == "keep" else None),
        (mark.SKIPPED, True if wanted.judged == "skip" else None),
    ):
        if told is not None:
            yield _has_flag(marks.flags, flag, is_set=told)


def _only(told: With) -> bool | None:
    return {"without": False, "with": None, "only": True}[told]


def _only_judged(wanted: Filter) -> bool | None:
    return {"either": True, "neither": False}.get(wanted.judged or "")


def _has_flag(flags: NDArray[np.uint8], flag: int, *, is_set: bool) -> Term:
    if is_set:
        return lambda rows: (flags[rows] & flag) != 0
    return lambda rows: (flags[rows] & flag) == 0


def _at_least(column: NDArray[Any], least: int) -> Term:
    return lambda rows: column[rows] >= least


def _between(column: NDArray[Any], low: float | None, high: float | None) -> Term:
    return lambda rows: within(column[rows], low, high)


def _priced(shelf: Shelf, wanted: Filter, reader: Reader) -> Iterator[Term]:
    """A price in a currency without a rate, or none, is neither above a limit nor below."""
    minor, currency = shelf.listings["price_minor"], shelf.listings["currency"]
    codes = shelf.currencies.texts
    since = reader.prices_from
    if since is not None and (wanted.price_from is not None or wanted.price_to is not None):
        yield _at_least(shelf.listings["price_read_at"], since)
    if wanted.price_from is not None:
        least = least_by_currency(wanted.price_from, reader.rates, reader.day)
        lows = [max(least.get(code, OUT_OF_REACH), 0) for code in codes]
        yield lambda rows: _beyond(minor[rows], currency[rows], lows, np.greater_equal, min(lows))
    if wanted.price_to is not None:
        most = limits_by_currency(wanted.price_to, reader.rates, reader.day)
        # A column's own kind of number is compared twice as quickly as a wider one.
        largest = int(np.iinfo(minor.dtype).max)
        highs = [min(most.get(code, NO_COUNT), largest) for code in codes]
        yield _at_least(minor, 0)
        yield lambda rows: _beyond(minor[rows], currency[rows], highs, np.less_equal, max(highs))


def _beyond(
    minor: NDArray[Any], currency: NDArray[Any], limits: Sequence[int], compare: Any, loosest: int
) -> Bools:
    """Which prices keep the limit of their currency; the loosest one is kept by all of them."""
    others = [number for number, limit in enumerate(limits) if limit != loosest]
    if len(others) > MOST_COMPARED:
        kind = minor.dtype if max(limits) <= np.iinfo(minor.dtype).max else np.int64
        own: Bools = compare(minor, look_up(np.array(limits, kind), currency))
        return own
    hits: Bools = compare(minor, loosest)
    for number in others:
        hits &= (currency != number) | compare(minor, limits[number])
    return hits


def _ranged(shelf: Shelf, wanted: Filter, reader: Reader, marks: Marks) -> Iterator[Term]:
    for column, low, high in (
        (shelf.listings["score"], wanted.score_from, wanted.score_to),
        (marks.landed, _own(wanted.landed_from, reader), _own(wanted.landed_to, reader)),
        (marks.probability, wanted.probability_from, wanted.probability_to),
    ):
        if low is not None or high is not None:
            yield _between(column, low, high)
    if wanted.predicted is not None:
        told = wanted.predicted
        yield lambda rows: np.isfinite(marks.probability[rows]) == told


def _own(price: Money | None, reader: Reader) -> float | None:
    """In minor units of the reader's currency; NaN, which nothing is within, without a rate."""
    if price is None:
        return None
    own = in_currency(price, reader.currency, reader.rates, reader.day)
    return np.nan if own is None else float(own.minor)


def _timed(shelf: Shelf, wanted: Filter) -> Iterator[Term]:
    columns = shelf.listings
    if wanted.gone != "with":
        is_gone = wanted.gone == "only"
        yield lambda rows: columns["is_gone"][rows] == is_gone
    for name, since, is_included in (
        ("posted_at", wanted.listed_from, True),
        ("price_read_at", wanted.priced_since, True),
        ("first_seen_at", wanted.arrived_since, False),
    ):
        if since is not None:
            yield _at_least(columns[name], microseconds(since) + (not is_included))
    for moments, since in (
        (shelf.drops, wanted.dropped_since),
        (shelf.returns, wanted.back_since),
    ):
        if since is not None:
            yield _hit(shelf.later_than(microseconds(since), moments))


def _hit(hits: Bools) -> Term:
    return lambda rows: hits[rows]
