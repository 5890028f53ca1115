"""How many listings there are of each genre, style, format ...: of what a search finds, counted.

Each facet is counted without its own part of the filter, so that it tells what choosing
another of its values would find.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from cratewise.grades import Grade
from cratewise.money import Money, digits_of
from cratewise.shelf.landed import own_prices
from cratewise.shelf.query import Filter, Reader
from cratewise.shelf.release_sieve import of_listings
from cratewise.shelf.shelf import Bools, Floats, Places, Shelf, look_up
from cratewise.shelf.sieve import Hits
from cratewise.shelf.terms import Terms
from cratewise.store.tables import microseconds

Facet = Literal[
    "genre", "style", "format", "decade", "country", "grade", "seller", "price", "state"
]
FACETS: tuple[Facet, ...] = get_args(Facet)

# The parts of a filter that choose among a facet's values.
OWN_TERMS: Mapping[Facet, tuple[str, ...]] = {
    "genre": ("genres",),
    "style": ("styles", "all_styles", "no_styles"),
    "format": ("formats",),
    "decade": ("year_from", "year_to"),
    "country": ("countries",),
    "grade": ("media_at_least",),
    "seller": ("sellers",),
    "price": ("price_from", "price_to"),
    "state": ("gone", "arrived_since", "dropped_since", "back_since"),
}
FEW_RELEASES = 16  # once fewer than one in so many counts, its listings are found directly
BANDS = (5, 10, 20, 50, 100, 200)  # euros; where price bands begin, scaled to other currencies


@dataclass(frozen=True, slots=True)
class Counted:
    """A value of a facet, as a filter takes it, and how many listings have it.

    low, high  of a price band: both ends included, None where it has none
    """

    value: str
    count: int
    low: Money | None = None
    high: Money | None = None


class Look(Protocol):
    """Who knows what a filter finds."""

    def sift(self, wanted: Filter, reader: Reader) -> Hits:
        """The rows of the shelf that it lets through."""

    def release_hits(self, wanted: Filter) -> Bools | None:
        """Which releases its terms about releases let through; None: it has none."""


class Grounds:
    """What facets are counted from: what each of some filters finds, looked for once.

    Filters that differ in what they ask of releases alone, as those of most facets do, find
    listings of the same ground, and differ in which releases of it count.
    """

    def __init__(self, shelf: Shelf, reader: Reader, look: Look, filters: Iterable[Filter]) -> None:
        self._shelf, self._reader, self._look = shelf, reader, look
        self._hits = {one: look.release_hits(one) for one in set(filters)}
        # A ground that is walked for one of them serves all that have it in common.
        self._walked = {of_listings(one) for one, hits in self._hits.items() if _are_many(hits)}
        self._found: dict[Filter, Hits] = {}
        self._releases: dict[Filter, Floats] = {}

    def rows(self, wanted: Filter) -> Places:
        """The rows that a filter lets through."""
        return self._sifted(wanted).rows

    def releases(self, wanted: Filter) -> Floats:
        """How many of the rows each release has: whole numbers, as `bincount` weighs."""
        if wanted not in self._releases:
            self._releases[wanted] = self._counted(wanted)
        return self._releases[wanted]

    def _counted(self, wanted: Filter) -> Floats:
        ground = of_listings(wanted)
        if ground != wanted and ground in self._walked:
            hits = self._hits[wanted]
            return self.releases(ground) if hits is None else self.releases(ground) * hits
        shelf, found = self._shelf, self._sifted(wanted)
        # The fewer are counted: those that are found, or those that are not.
        if found.count * 2 <= len(shelf):
            return _of_each_release(shelf, found.rows).astype(np.float64)
        others = np.flatnonzero(~found.mask(len(shelf)))
        return (shelf.copies - _of_each_release(shelf, others)).astype(np.float64)

    def _sifted(self, wanted: Filter) -> Hits:
        if wanted not in self._found:
            self._found[wanted] = self._look.sift(wanted, self._reader)
        return self._found[wanted]


def _of_each_release(shelf: Shelf, rows: Places) -> Places:
    """How many of some rows each release has."""
    of_release = look_up(shelf.listings["release"], rows)
    return np.bincount(of_release, minlength=len(shelf.releases))


def _are_many(hits: Bools | None) -> bool:
    return hits is None or int(np.count_nonzero(hits)) * FEW_RELEASES > len(hits)


def without_own(wanted: Filter, facet: Facet) -> Filter:
    """The filter but for what chooses among a facet's values."""
    blank = Filter()
    told = {name: getattr(blank, name) for name in OWN_TERMS[facet]}
    if facet == "state":
        told["gone"] = "with"
    return msgspec.structs.replace(wanted, **told)


def count_facets(
    shelf: Shelf,
    wanted: Filter,
    reader: Reader,
    facets: Iterable[Facet],
    look: Look,
    *,
    news_since: datetime,
    limit: int,
) -> dict[Facet, list[Counted]]:
    """For each facet its values, at most `limit`, those of most listings first.

    news_since  what was first seen, or got cheaper, after this is new
    """
    others = {facet: without_own(wanted, facet) for facet in facets}
    grounds = Grounds(shelf, reader, look, others.values())
    answer: dict[Facet, list[Counted]] = {}
    for facet, other in others.items():
        counted = list(
            _counts(shelf, facet, other, grounds, reader, news_since=news_since, limit=limit)
        )
        if facet in _IN_ORDER:
            answer[facet] = counted
        else:
            answer[facet] = sorted(counted, key=lambda one: (-one.count, one.value))[:limit]
    return answer


_IN_ORDER: frozenset[Facet] = frozenset({"decade", "grade", "price", "state"})


def _counts(
    shelf: Shelf,
    facet: Facet,
    other: Filter,
    grounds: Grounds,
    reader: Reader,
    *,
    news_since: datetime,
    limit: int,
) -> Iterator[Counted]:
    match facet:
        case "genre" | "style" | "format" | "country":
            terms, column = _vocabulary(shelf)[facet]
            found = _terms(terms, shelf.releases[column], grounds.releases(other), limit)
        case "decade":
            found = _decades(shelf.releases["year"], grounds.releases(other))
        case "grade":
            found = _grades(shelf.listings["media_grade"][grounds.rows(other)])
        case "seller":
            found = _sellers(shelf, grounds.rows(other))
        case "price":
            found = _bands(shelf, grounds.rows(other), reader)
        case _:
            found = _states(shelf, grounds.rows(other), news_since)
    return found


def _vocabulary(shelf: Shelf) -> Mapping[Facet, tuple[Terms, str]]:
    return {
        "genre": (shelf.genres, "genres"),
        "style": (shelf.styles, "styles"),
        "format": (shelf.formats, "format"),
        "country": (shelf.countries, "country"),
    }


def _terms(
    terms: Terms, texts: NDArray[np.integer], releases: Floats, limit: int
) -> Iterator[Counted]:
    """Those of most listings, `limit` and all that have as many as the last of these."""
    of_text = np.bincount(texts, weights=releases, minlength=len(terms))
    holding, held = terms.pairs
    of_term = np.bincount(held, weights=look_up(of_text, holding), minlength=len(terms.terms))
    met = np.flatnonzero(of_term)
    if len(met) > limit > 0:
        last = len(met) - limit
        met = met[of_term[met] >= np.partition(of_term[met], last)[last]]
    for number in met.tolist():
        yield Counted(terms.terms[number], int(of_term[number]))


def _decades(years: NDArray[np.integer], releases: Floats) -> Iterator[Counted]:
    of_year = np.bincount(years.astype(np.intp), weights=releases)
    of_year[:1] = 0  # unknown
    of_decade = np.bincount(np.arange(len(of_year)) // 10, weights=of_year)
    for decade in np.flatnonzero(of_decade).tolist():
        yield Counted(f"{decade}0s", int(of_decade[decade]))


def _grades(grades: NDArray[np.int8]) -> Iterator[Counted]:
    known = grades[grades >= Grade.POOR].astype(np.intp)
    of_grade = np.bincount(known, minlength=Grade.MINT + 1)
    for grade in sorted(Grade, reverse=True):
        if grade.is_quality and of_grade[grade]:
            yield Counted(grade.short, int(of_grade[grade]))


def _sellers(shelf: Shelf, rows: Places) -> Iterator[Counted]:
    of_seller = np.bincount(shelf.listings["seller"][rows], minlength=len(shelf.sellers))
    for number in np.flatnonzero(of_seller).tolist():
        yield Counted(shelf.sellers[number].username, int(of_seller[number]))


def _bands(shelf: Shelf, rows: Places, reader: Reader) -> Iterator[Counted]:
    edges = band_edges(reader)
    prices = own_prices(shelf, reader, rows)
    of_band = np.bincount(np.searchsorted(edges, prices[np.isfinite(prices)], side="right"))
    ends = [0, *edges, None]
    for band in np.flatnonzero(of_band).tolist():
        low, end = Money(int(ends[band] or 0), reader.currency), ends[band + 1]
        high = None if end is None else Money(int(end) - 1, reader.currency)
        yield Counted(_said(low, high), int(of_band[band]), low, high)


def band_edges(reader: Reader) -> list[int]:
    """Where price bands begin, in minor units of the reader's currency."""
    found = reader.rates.rate("EUR", reader.currency, reader.day)
    # 500 yen are about 5 euros: the nearest power of ten keeps the edges round.
    scale = 10 ** round(math.log10(found[0])) if found and found[0] >= 1 else 1
    return [edge * scale * 10 ** digits_of(reader.currency) for edge in BANDS]


def _said(low: Money, high: Money | None) -> str:
    return f"{low.amount}-{high.amount}" if high else f"{low.amount}-"


def _states(shelf: Shelf, rows: Places, news_since: datetime) -> Iterator[Counted]:
    since = microseconds(news_since)
    is_gone = shelf.listings["is_gone"][rows]
    is_new = shelf.listings["first_seen_at"][rows] > since
    is_cheaper, is_back = (
        shelf.later_than(since, moments)[rows] for moments in (shelf.drops, shelf.returns)
    )
    for state, hits in (
        ("for sale", ~is_gone),
        ("new", ~is_gone & is_new),
        ("dropped", ~is_gone & is_cheaper),
        ("back", ~is_gone & is_back),
        ("gone", is_gone),
    ):
        if number := np.count_nonzero(hits):
            yield Counted(state, int(number))
