"""Which rows of the shelf a filter lets through.

Terms about releases are answered for each release, of which there are fewer, and looked
up for each listing.  What compares a column with a value costs a twentieth of a look-up, so
it goes first; as soon as few listings are left, the other terms look at those alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from cratewise.money import Money
from cratewise.score import NOBODY
from cratewise.shelf import marks as mark
from cratewise.shelf.marks import Marks
from cratewise.shelf.prices import in_currency, least_by_currency, limits_by_currency
from cratewise.shelf.query import Filter, Reader, With
from cratewise.shelf.shelf import EVERY, Bools, Floats, Places, Shelf, look_up
from cratewise.store.shelf_rows import NO_COUNT
from cratewise.store.tables import microseconds

# Once fewer than one row in so many is left, the rest is looked at row by row: that costs
# more a row than to compare a whole column, and hardly more than to look up a whole one.
FEW_TO_COMPARE = 16
FEW_TO_LOOK_UP = 3
MOST_COMPARED = 6  # numbers: to compare with each is quicker than to look them up
OUT_OF_REACH = 2**63 - 1  # minor units

# The terms of a filter that releases alone decide.
ABOUT_RELEASES = (
    *("words", "part", "genre_part", "genres", "styles", "all_styles", "no_styles", "formats"),
    *("labels", "artists", "countries", "release_id", "master_id", "year_from", "year_to"),
    *("want_from", "want_to", "have_from", "have_to", "want_have_from", "want_have_to"),
)

Rows: TypeAlias = slice | Places
Term: TypeAlias = Callable[[Rows], Bools]


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
    compared = list(_compared(shelf, wanted, reader, marks))
    looked_up = list(_looked_up(shelf, wanted, reader))
    releases = release_hits(shelf, wanted, found)
    if releases is not None:
        if not releases.any():
            return Hits(np.empty(0, np.intp))
        hits = releases
        looked_up.insert(0, lambda rows: look_up(hits, shelf.listings["release"][rows]))
    terms = (*compared, *looked_up)
    if not terms:
        return Hits(np.ones(len(shelf), np.bool_))
    mask = terms[0](EVERY)
    for n, term in enumerate(terms[1:], 1):
        few = FEW_TO_COMPARE if n < len(compared) else FEW_TO_LOOK_UP
        if np.count_nonzero(mask) * few < len(shelf):
            return Hits(_row_by_row(np.flatnonzero(mask), terms[n:]))
        mask &= term(EVERY)
    return Hits(mask)


def _row_by_row(rows: Places, terms: Sequence[Term]) -> Places:
    for term in terms:
        rows = rows[term(rows)]
    return rows


def of_listings(wanted: Filter) -> Filter:
    """The filter but for its terms about releases."""
    blank = Filter()
    return structs.replace(wanted, **{name: getattr(blank, name) for name in ABOUT_RELEASES})


def release_hits(shelf: Shelf, wanted: Filter, found: Bools | None) -> Bools | None:
    """Which releases its terms about releases let through; None: it has none."""
    hits: Bools | None = None
    for hit in _release_hits(shelf, wanted, found):
        hits = hit if hits is None else hits & hit
    return hits


def _release_hits(shelf: Shelf, wanted: Filter, found: Bools | None) -> Iterator[Bools]:
    releases = shelf.releases
    if found is not None:
        yield found
    if wanted.release_id is not None:
        yield releases["id"] == wanted.release_id
    if wanted.master_id is not None:
        yield releases["master_id"] == wanted.master_id
    for column, hits in _named(shelf, wanted):
        yield look_up(hits, releases[column])
    if wanted.part.strip():
        names = {"artist": shelf.artists, "title": shelf.titles, "label": shelf.labels}
        yield _any_of(shelf, {name: one.with_part(wanted.part) for name, one in names.items()})
    if wanted.genre_part.strip():
        terms = {"genres": shelf.genres, "styles": shelf.styles}
        part = wanted.genre_part.strip().casefold()
        yield _any_of(
            shelf,
            {
                name: one.with_any([term for term in one.terms if part in term.casefold()])
                for name, one in terms.items()
            },
        )
    yield from _counted(shelf, wanted)


def _any_of(shelf: Shelf, hits: Mapping[str, Bools]) -> Bools:
    """Which releases one of some columns lets through."""
    found = np.zeros(len(shelf.releases), np.bool_)
    for column, of_column in hits.items():
        if not of_column.any():
            continue
        found |= look_up(of_column, shelf.releases[column])
    return found


def _named(shelf: Shelf, wanted: Filter) -> Iterator[tuple[str, Bools]]:
    """Columns of numbers, and which numbers are let through."""
    for column, terms, names in (
        ("genres", shelf.genres, wanted.genres),
        ("styles", shelf.styles, wanted.styles),
        ("country", shelf.countries, wanted.countries),
    ):
        if names:
            yield column, terms.with_any(names)
    if wanted.all_styles:
        yield "styles", shelf.styles.with_all(wanted.all_styles)
    if wanted.no_styles:
        yield "styles", ~shelf.styles.with_any(wanted.no_styles)
    if wanted.formats:
        yield "format", shelf.formats.with_all(wanted.formats)
    if wanted.labels:
        yield "label", shelf.labels.holding(wanted.labels)
    if wanted.artists:
        yield "artist", shelf.artists.holding(wanted.artists)


def _counted(shelf: Shelf, wanted: Filter) -> Iterator[Bools]:
    for name, low, high in (
        ("year", wanted.year_from, wanted.year_to),
        ("want", wanted.want_from, wanted.want_to),
        ("have", wanted.have_from, wanted.have_to),
    ):
        column = shelf.releases[name]
        if low is not None or high is not None:
            yield column > (0 if name == "year" else NO_COUNT)  # known
        if low is not None:
            yield column >= low
        if high is not None:
            yield column <= high
    low_ratio, high_ratio = wanted.want_have_from, wanted.want_have_to
    if low_ratio is not None or high_ratio is not None:
        yield _within(want_have(shelf, EVERY), low_ratio, high_ratio)


def want_have(shelf: Shelf, releases: Rows) -> Floats:
    """How many want a release for each who owns it, as the score counts it; NaN unknown."""
    want, have = (shelf.releases[name][releases].astype(np.float64) for name in ("want", "have"))
    have[have == 0] = NOBODY
    ratio: Floats = want / have
    ratio[(want < 0) | (have < 0)] = np.nan
    return ratio


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


def _looked_up(shelf: Shelf, wanted: Filter, reader: Reader) -> Iterator[Term]:
    """Its terms about listings that look a column's numbers up."""
    columns = shelf.listings
    sellers = _sellers(shelf, wanted)
    if wanted.sellers and len(sellers) != 1:
        yield _is_one_of(columns["seller"], sellers, len(shelf.sellers))
    if wanted.ships_from:
        meant = np.flatnonzero(shelf.origins.with_any(wanted.ships_from)).tolist()
        yield _is_one_of(columns["ships_from"], meant, len(shelf.origins))
    yield from _priced(shelf, wanted, reader)


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
    def term(rows: Rows) -> Bools:
        hits: Bools = ((flags[rows] & flag) != 0) == is_set
        return hits

    return term


def _at_least(column: NDArray[Any], least: int) -> Term:
    return lambda rows: column[rows] >= least


def _between(column: NDArray[Any], low: float | None, high: float | None) -> Term:
    return lambda rows: _within(column[rows], low, high)


def _priced(shelf: Shelf, wanted: Filter, reader: Reader) -> Iterator[Term]:
    """A price in a currency without a rate, or none, is neither above a limit nor below."""
    minor, currency = shelf.listings["price_minor"], shelf.listings["currency"]
    codes = shelf.currencies.texts
    since = reader.prices_from
    if since is not None and (wanted.price_from is not None or wanted.price_to is not None):
        yield _at_least(shelf.listings["price_read_at"], since)
    if wanted.price_from is not None:
        least = least_by_currency(wanted.price_from, reader.rates, reader.day)
        lows = np.array([max(least.get(code, OUT_OF_REACH), 0) for code in codes])
        yield lambda rows: minor[rows] >= look_up(lows, currency[rows])
    if wanted.price_to is not None:
        most = limits_by_currency(wanted.price_to, reader.rates, reader.day)
        highs = [most.get(code, NO_COUNT) for code in codes]
        yield lambda rows: _at_most(minor[rows], currency[rows], highs)


def _at_most(minor: NDArray[Any], currency: NDArray[Any], highs: Sequence[int]) -> Bools:
    """Which prices are known, and no higher than the limit of their currency; -1: it has none."""
    # As narrow as the prices themselves: twice as quick.
    largest = int(np.iinfo(minor.dtype).max)
    limits = {n: min(high, largest) for n, high in enumerate(highs) if high >= 0}
    if len(limits) > MOST_COMPARED:
        by_currency = np.array([limits.get(n, -1) for n in range(len(highs))], minor.dtype)
        return (minor >= 0) & (minor <= look_up(by_currency, currency))
    hits = np.zeros(len(minor), np.bool_)
    for number, limit in limits.items():
        hits |= (currency == number) & (minor <= limit)
    return hits & (minor >= 0)


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


def _within(values: NDArray[Any], low: float | None, high: float | None) -> Bools:
    """Which lie between two ends, both included; what is unknown (NaN) does not."""
    if low is None:
        return values <= high
    hits: Bools = values >= low
    return hits if high is None else hits & (values <= high)


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
