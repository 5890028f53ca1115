"""The stock, as the earlier page searches it and is helped to type."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import QueryParameter

from cratewise.api.installation import Here, Installation
from cratewise.api.legacy.refusals import told_as_before
from cratewise.api.legacy.shapes import DOLLARS, TAG, Listing, shower
from cratewise.errors import SwappedRange
from cratewise.grades import Grade, parse_media
from cratewise.money import Money
from cratewise.shelf.find import Found as OnShelf
from cratewise.shelf.query import Filter, Order, Reader, Sort
from cratewise.store.earlier_page import copies_of, sellers_with
from cratewise.store.engine import reading

A_PAGE = 20  # listings
SUGGESTED = 10
LARGEST = 1_000_000_000  # of pages, years and prices
LAST_YEAR = 9999
BEST_FIRST = Order("score", is_descending=True)
SORTS: Mapping[str, tuple[Sort, bool]] = {
    "score_desc": ("score", True),
    "price_asc": ("price", False),
    "price_desc": ("price", True),
    "year_asc": ("year", False),
    "year_desc": ("year", True),
}

Word = Annotated[str, QueryParameter(max_length=1000)]
Number = Annotated[str, QueryParameter(description="What is no number is ignored.")]


class Found(msgspec.Struct, frozen=True):
    """A page of what was found; next, previous: numbers of pages."""

    count: int
    next: int | None
    previous: int | None
    results: list[Listing]


@get(
    "/search/results",
    tags=[TAG],
    operation_id="earlier_search",
    sync_to_thread=True,
    responses=told_as_before(503),
)
def search(  # noqa: PLR0917 - each is a parameter of the query
    here: Here,
    q: Word = "",
    genre_style: Word = "",
    min_year: Number = "",
    max_year: Number = "",
    min_price: Number = "",
    max_price: Number = "",
    condition: Word = "",
    seller: Word = "",
    sort: Word = "score_desc",
    page: Number = "1",
) -> Found:
    """Listings for sale by any part of artist, title or label, 20 a page."""
    number = min(max(_whole(page) or 1, 1), LARGEST)
    by, is_descending = SORTS.get(sort, SORTS["score_desc"])
    try:
        wanted = _filter(here, q, genre_style, condition, seller, min_year, max_year)
        wanted = msgspec.structs.replace(
            wanted, price_from=_dollars(min_price), price_to=_dollars(max_price)
        )
        reader = in_dollars(here)
        found = here.finder.numbered_page(
            wanted, Order(by, is_descending), reader, page=number, limit=A_PAGE
        )
    except (NothingSoError, SwappedRange):
        return Found(0, None, None, [])
    last = -(-found.count // A_PAGE)
    return Found(
        count=found.count,
        next=number + 1 if number < last else None,
        previous=min(number - 1, last) or None,
        results=shown_in_order(here, found.ids, reader),
    )


class NothingSoError(Exception):
    """Nothing can be what is asked for."""


def best_on_shelf(here: Installation, reader: Reader, *, limit: int) -> OnShelf:
    """The best of all that is for sale."""
    return here.finder.numbered_page(Filter(), BEST_FIRST, reader, page=1, limit=limit)


def in_dollars(here: Installation) -> Reader:
    """Whose eyes look on the earlier page, which tells prices in dollars."""
    rates, account = here.rates(), here.account()
    return Reader(account.id, DOLLARS, rates, here.clock.now().date())


def _filter(  # noqa: PLR0917 - each is a parameter of the query
    here: Installation,
    part: str,
    genre_part: str,
    condition: str,
    seller: str,
    min_year: str,
    max_year: str,
) -> Filter:
    """Raises NothingSoError for a condition or a seller that there is not, and swapped ends."""
    grade = parse_media(condition)
    meant: dict[int, str] = {}
    if seller.strip():
        with reading(here.engine) as db:
            meant = sellers_with(db, seller)
    if (seller.strip() and not meant) or (condition.strip() and grade is None):
        raise NothingSoError
    return Filter(
        part=part,
        genre_part=genre_part,
        media=grade,
        sellers=tuple(meant),
        year_from=_year(min_year),
        year_to=_year(max_year),
    )


@get(
    "/autocomplete/genre",
    tags=[TAG],
    operation_id="earlier_suggest_genres",
    sync_to_thread=True,
    responses=told_as_before(503),
)
def suggest_genres(here: Here, term: Word = "") -> list[str]:
    """Genres and styles with a part so."""
    genres, styles = here.finder.genres_and_styles()
    return _suggested({*genres, *styles}, term)


@get(
    "/autocomplete/styles",
    tags=[TAG],
    operation_id="earlier_suggest_styles",
    sync_to_thread=True,
    responses=told_as_before(503),
)
def suggest_styles(here: Here, term: Word = "") -> list[str]:
    """Styles with a part so."""
    return _suggested(here.finder.genres_and_styles()[1], term)


@get(
    "/autocomplete/condition",
    tags=[TAG],
    operation_id="earlier_suggest_conditions",
    sync_to_thread=False,
    responses=told_as_before(),
)
def suggest_conditions(term: Word = "") -> list[str]:
    """Grades of media with a part so."""
    return _suggested((grade.name_on_discogs for grade in Grade if grade.is_quality), term)


@get(
    "/autocomplete/seller",
    tags=[TAG],
    operation_id="earlier_suggest_sellers",
    sync_to_thread=True,
    responses=told_as_before(503),
)
def suggest_sellers(here: Here, term: Word = "") -> list[str]:
    """Sellers with a part of their name so."""
    with reading(here.engine) as db:
        return sorted(sellers_with(db, term, limit=SUGGESTED).values())


def shown_in_order(here: Installation, ids: Sequence[int], reader: Reader) -> list[Listing]:
    """Listings in the order of these ids."""
    with reading(here.engine) as db:
        known = copies_of(db, ids)
        copies = [known[number] for number in ids if number in known]
        return shower(db, reader.account_id, here, reader.rates)(db, copies)


def _suggested(names: Iterable[str], term: str) -> list[str]:
    part = term.strip().casefold()
    return sorted(name for name in names if part in name.casefold())[:SUGGESTED]


def _year(told: str) -> int | None:
    year = _whole(told)
    return None if year is None else min(max(year, 0), LAST_YEAR)


def _dollars(told: str) -> Money | None:
    dollars = _number(told)
    return None if dollars is None else Money(round(dollars * 100), DOLLARS)


def _whole(told: str) -> int | None:
    number = _number(told)
    return None if number is None else int(number)


def _number(told: str) -> float | None:
    """The number that a text is; None for any other text."""
    text = told.strip()
    if not re.fullmatch(r"[+-]?\d{1,30}(\.\d{1,30})?", text, re.ASCII):
        return None
    return min(max(float(text), -LARGEST), LARGEST)
