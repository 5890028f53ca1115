"""The stock, as the earlier page lists and exports it."""

from collections.abc import Iterable, Iterator
from random import Random

import msgspec
from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from litestar.response import Stream

from cratewise.api.installation import Here, Installation
from cratewise.api.legacy.refusals import told_as_before
from cratewise.api.legacy.searching import best_on_shelf, in_dollars, shown_in_order
from cratewise.api.legacy.shapes import TAG, Listing, Name, Record, record_of, shower
from cratewise.api.problems import BadField
from cratewise.shelf.earlier_layout import earlier_csv
from cratewise.shelf.query import Filter
from cratewise.store.choosable import choosable
from cratewise.store.earlier_page import Copy, copies_of_seller
from cratewise.store.engine import reading
from cratewise.store.sellers import find_seller

AT_A_TIME = 500  # listings of a stream; some 0.5 MB
BEST, BY_CHANCE = 10, 10  # on the dashboard
TO_JUDGE = 10


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
    "/api/dashboard/listings",
    tags=[TAG],
    operation_id="earlier_dashboard_listings",
    sync_to_thread=True,
    responses=told_as_before(503),
)
def list_best_and_others(here: Here) -> list[Listing]:
    """The ten best by score, then ten others by chance."""
    reader = in_dollars(here)
    best = best_on_shelf(here, reader, limit=BEST).ids
    others = here.finder.by_chance(Filter(), reader, BY_CHANCE, Random(), but=best)
    return shown_in_order(here, [*best, *others], reader)


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
    account, rates, name = here.account(), here.rates(), data.name

    def shown() -> Iterator[bytes]:
        for copies in _copies_of(here, name):
            with reading(here.engine) as db:
                listings = shower(db, account.id, here, rates)(db, copies)
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
    reader = in_dollars(here)
    with reading(here.engine) as db:
        seller = find_seller(db, data.name)
        if seller is None:
            return []
        ids = choosable(db, reader.account_id, seller_id=seller.id).ids.tolist()
    return shown_in_order(here, Random().sample(ids, min(TO_JUDGE, len(ids))), reader)


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
    pieces = earlier_csv(
        here.engine, "earlier",
        account_id=here.account().id, rates=here.rates(), day=here.clock.now().date(),
    )  # fmt: skip
    return Stream(
        pieces,
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
