"""How many listings there are of each genre, style, format ...: of what a search finds, counted.

Each facet is counted without its own part of the filter, so that it tells what choosing
another of its values would find.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from cratewise.grades import Grade
from cratewise.money import Money, digits_of
from cratewise.shelf.landed import own_prices
from cratewise.shelf.query import Filter, Reader
from cratewise.shelf.shelf import Floats, Places, Shelf, look_up
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


class Ground(NamedTuple):
    """What facets are counted from: listings that a filter finds, and their releases.

    rows        of the shelf
    releases    how many of the rows each release has: whole numbers, as `bincount` weighs
    """

    rows: Places
    releases: Floats


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
    sift: Callable[[Filter], Hits],
    *,
    news_since: datetime,
    limit: int,
) -> dict[Facet, list[Counted]]:
    """For each facet its values, at most `limit`, those of most listings first.

    news_since  what was first seen, or got cheaper, after this is new
    """
    grounds: dict[Filter, Ground] = {}
    answer: dict[Facet, list[Counted]] = {}
    for facet in facets:
        other = without_own(wanted, facet)
        if other not in grounds:
            grounds[other] = _ground(shelf, sift(other).rows)
        counted = list(_counts(shelf, facet, grounds[other], reader, news_since))
        if facet in _IN_ORDER:
            answer[facet] = counted
        else:
            answer[facet] = sorted(counted, key=lambda one: (-one.count, one.value))[:limit]
    return answer


_IN_ORDER: frozenset[Facet] = frozenset({"decade", "grade", "price", "state"})


def _ground(shelf: Shelf, rows: Places) -> Ground:
    of_release = look_up(shelf.listings["release"], rows)
    counted = np.bincount(of_release, minlength=len(shelf.releases))
    return Ground(rows, counted.astype(np.float64))


def _counts(
    shelf: Shelf, facet: Facet, ground: Ground, reader: Reader, news_since: datetime
) -> Iterator[Counted]:
    match facet:
        case "genre" | "style" | "format" | "country":
            terms, column = _vocabulary(shelf)[facet]
            found = _terms(terms, shelf.releases[column], ground)
        case "decade":
            found = _decades(shelf.releases["year"], ground)
        case "grade":
            found = _grades(shelf.listings["media_grade"][ground.rows])
        case "seller":
            found = _sellers(shelf, ground.rows)
        case "price":
            found = _bands(shelf, ground.rows, reader)
        case _:
            found = _states(shelf, ground.rows, news_since)
    return found


def _vocabulary(shelf: Shelf) -> Mapping[Facet, tuple[Terms, str]]:
    return {
        "genre": (shelf.genres, "genres"),
        "style": (shelf.styles, "styles"),
        "format": (shelf.formats, "format"),
        "country": (shelf.countries, "country"),
    }


def _terms(terms: Terms, texts: NDArray[np.integer], ground: Ground) -> Iterator[Counted]:
    of_text = np.bincount(texts, weights=ground.releases, minlength=len(terms))
    holding, held = terms.pairs
    of_term = np.bincount(held, weights=look_up(of_text, holding), minlength=len(terms.terms))
    for number in np.flatnonzero(of_term).tolist():
        yield Counted(terms.terms[number], int(of_term[number]))


def _decades(years: NDArray[np.integer], ground: Ground) -> Iterator[Counted]:
    of_year = np.bincount(years.astype(np.intp), weights=ground.releases)
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
