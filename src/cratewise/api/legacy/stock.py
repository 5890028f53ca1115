"""The stock, as the earlier page searches, suggests, lists and exports it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from random import Random
from typing import TYPE_CHECKING, Annotated

import msgspec
from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.response import Stream

from cratewise.api.installation import Here, Installation
from cratewise.api.legacy.refusals import told_as_before
from cratewise.api.legacy.shapes import Listing, Record, record_of, shower
from cratewise.api.problems import BadField
from cratewise.grades import Grade, parse_media
from cratewise.shelf.export import as_cell
from cratewise.store.choosable import choosable
from cratewise.store.earlier_page import (
    Copy,
    Sort,
    Sought,
    copies_before,
    copies_of,
    copies_of_seller,
    copies_page,
    count_copies,
    genre_and_style_names,
    seller_names,
    some_copies,
)
from cratewise.store.engine import reading
from cratewise.store.sellers import find_seller

if TYPE_CHECKING:
    from sqlalchemy import Connection

TAG = "earlier page"
A_PAGE = 20  # listings
SUGGESTED = 10
AT_A_TIME = 500  # listings of a stream; some 0.5 MB
BEST, BY_CHANCE = 10, 10  # on the dashboard
TO_JUDGE = 10
LARGEST = 1_000_000_000  # of pages, years and prices
SORTS: tuple[Sort, ...] = ("score_desc", "price_asc", "price_desc", "year_asc", "year_desc")
EXPORTED = (
    *("Listing ID", "Record Artist", "Record Title", "Record Label", "Record Format"),
    *("Record Year", "Seller", "Record Price", "Media Condition", "Score", "Kept", "Evaluated"),
)

Word = Annotated[str, QueryParameter(max_length=1000)]
Name = Annotated[str, PathParameter(max_length=200)]
Number = Annotated[str, QueryParameter(description="What is no number is ignored.")]


class Found(msgspec.Struct, frozen=True):
    """A page of what was found; next, previous: numbers of pages."""

    count: int
    next: int | None
    previous: int | None
    results: list[Listing]


class AskedSeller(msgspec.Struct, frozen=True):
    """Whose stock, by name in any case."""

    seller: str

    @property
    def name(self) -> str:
        """Raises BadField for none."""
        name = self.seller.strip()
        if not name or "\0" in name:
            raise BadField("body.seller", "A seller's name is missing.")
        return name


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
    account = here.account()
    number = min(max(_whole(page) or 1, 1), LARGEST)
    with reading(here.engine) as db:
        sought = Sought(
            part=q.strip(),
            genre_names=_names_with(db, genre_style.strip()) if genre_style.strip() else None,
            year_from=_whole(min_year),
            year_to=_whole(max_year),
            usd_from=_number(min_price),
            usd_to=_number(max_price),
            grades=_grades(condition.strip()) if condition.strip() else None,
            seller_part=seller.strip(),
        )
        order: Sort = next((one for one in SORTS if one == sort), "score_desc")
        count = count_copies(db, sought)
        offset = (number - 1) * A_PAGE
        copies = (
            copies_page(db, sought, order, limit=A_PAGE, offset=offset) if offset < count else []
        )
        results = shower(db, account.id)(copies)
    last = -(-count // A_PAGE)
    return Found(
        count=count,
        next=number + 1 if number < last else None,
        previous=min(number - 1, last) or None,
        results=results,
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
    with reading(here.engine) as db:
        genres, styles = genre_and_style_names(db)
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
    with reading(here.engine) as db:
        return _suggested(genre_and_style_names(db)[1], term)


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
        return sorted(seller_names(db, term.strip(), limit=SUGGESTED))


@get(
    "/api/dashboard/listings",
    tags=[TAG],
    operation_id="earlier_dashboard_listings",
    sync_to_thread=True,
    responses=told_as_before(503),
)
def list_best_and_others(here: Here) -> list[Listing]:
    """The ten best by score, then ten others by chance."""
    account = here.account()
    with reading(here.engine) as db:
        best = copies_page(db, Sought(), "score_desc", limit=BEST, offset=0)
        others = some_copies(db, BY_CHANCE, Random(), but=[copy.id for copy in best])
        return shower(db, account.id)([*best, *others])


@post(
    "/by-seller/search",
    tags=[TAG],
    operation_id="earlier_listings_of_seller",
    sync_to_thread=True,
    status_code=200,
    responses=told_as_before(503)
    | {200: ResponseSpec(data_container=list[Listing], generate_examples=False)},
)
def list_of_seller(here: Here, data: JSONBody[AskedSeller]) -> Stream:
    """All that a seller has for sale; empty for one of whom nothing is kept."""
    account, name = here.account(), data.name

    def shown() -> Iterator[bytes]:
        for copies in _copies_of(here, name):
            with reading(here.engine) as db:
                listings = shower(db, account.id)(copies)
            yield _joined(listings)

    return Stream(_array(shown()), media_type="application/json")


@get(
    "/records/seller/{seller:str}",
    tags=[TAG],
    operation_id="earlier_records_of_seller",
    sync_to_thread=True,
    responses=told_as_before(503)
    | {200: ResponseSpec(data_container=list[Record], generate_examples=False)},
)
def list_records_of_seller(here: Here, seller: Name) -> Stream:
    """The releases of which a seller has copies for sale, each once."""

    def shown() -> Iterator[bytes]:
        told: set[int] = set()
        for copies in _copies_of(here, seller):
            new = {copy.release_id: copy for copy in copies if copy.release_id not in told}
            told.update(new)
            if new:
                yield _joined([record_of(copy) for copy in new.values()])

    return Stream(_array(shown()), media_type="application/json")


@post(
    "/tune-scoring",
    tags=[TAG],
    operation_id="earlier_listings_to_judge",
    sync_to_thread=True,
    status_code=200,
    responses=told_as_before(503),
)
def choose_to_judge(here: Here, data: JSONBody[AskedSeller]) -> list[Listing]:
    """Ten of a seller's listings by chance, of records on which there is no verdict."""
    account = here.account()
    with reading(here.engine) as db:
        seller = find_seller(db, data.name)
        if seller is None:
            return []
        ids = choosable(db, account.id, seller_id=seller.id).ids.tolist()
        chosen = Random().sample(ids, min(TO_JUDGE, len(ids)))
        return shower(db, account.id)(list(copies_of(db, chosen).values()))


@get(
    "/export-listings",
    tags=[TAG],
    operation_id="earlier_export",
    sync_to_thread=True,
    responses=told_as_before(503)
    | {200: ResponseSpec(data_container=str, media_type="text/csv", generate_examples=False)},
)
def export(here: Here) -> Stream:
    """Every listing for sale as CSV, the newest here first."""
    account = here.account()

    def shown() -> Iterator[bytes]:
        yield _lines([EXPORTED])
        before: int | None = None
        while True:
            with reading(here.engine) as db:
                copies = copies_before(db, before_id=before, limit=AT_A_TIME)
                listings = shower(db, account.id)(copies)
            if not listings:
                return
            before = listings[-1].id
            yield _lines(_exported(listing) for listing in listings)

    return Stream(
        shown(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="listings_export.csv"'},
    )


def _copies_of(here: Installation, name: str) -> Iterator[list[Copy]]:
    """All copies of a seller, some at a time; no connection is held while they are sent."""
    with reading(here.engine) as db:
        seller = None if "\0" in name else find_seller(db, name)
    after = 0
    while seller is not None:
        with reading(here.engine) as db:
            copies = copies_of_seller(db, seller.id, after_id=after, limit=AT_A_TIME)
        if not copies:
            return
        after = copies[-1].id
        yield copies


def _array(parts: Iterable[bytes]) -> Iterator[bytes]:
    """A JSON array of parts that are its elements with commas between."""
    opening = b"["
    for part in parts:
        yield opening + part
        opening = b","
    yield b"[]" if opening == b"[" else b"]"


def _joined(values: Iterable[msgspec.Struct]) -> bytes:
    return msgspec.json.encode(list(values))[1:-1]


def _exported(listing: Listing) -> tuple[object, ...]:
    record = listing.record
    return (
        *(listing.id, record.artist, record.title, record.label, record.format, record.year),
        *(listing.seller.name, listing.record_price, listing.media_condition, listing.score),
        *(listing.kept, listing.evaluated),
    )


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([as_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _suggested(names: Iterable[str], term: str) -> list[str]:
    part = term.strip().casefold()
    return sorted(name for name in names if part in name.casefold())[:SUGGESTED]


def _names_with(db: "Connection", part: str) -> list[str]:
    genres, styles = genre_and_style_names(db)
    return [name for name in {*genres, *styles} if part.casefold() in name.casefold()]


def _grades(condition: str) -> tuple[Grade, ...]:
    grade = parse_media(condition)
    return () if grade is None else (grade,)


def _whole(told: str) -> int | None:
    number = _number(told)
    return None if number is None else int(number)


def _number(told: str) -> float | None:
    """The number that a text is; None for any other text."""
    text = told.strip()
    if not re.fullmatch(r"[+-]?\d{1,30}(\.\d{1,30})?", text, re.ASCII):
        return None
    return min(max(float(text), -LARGEST), LARGEST)
