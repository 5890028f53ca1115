"""Export: every listing that a search finds, as a file, streamed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from litestar import get
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Schema
from litestar.params import QueryParameter
from litestar.response import Stream

from cratewise.api.filter_query import OfListing, OfReader, OfRelease, read_filter
from cratewise.api.installation import Here, Installation
from cratewise.api.listings import reader_of, refuse_impossible
from cratewise.api.problems import told
from cratewise.notices import DATA_NOTICE
from cratewise.shelf.export import MEDIA_TYPES, Form, export
from cratewise.shelf.exported import Currency
from cratewise.shelf.find import EVERYTHING
from cratewise.shelf.query import NATURALLY_DESCENDING, Order, Sort
from cratewise.store.engine import reading
from cratewise.store.export_rows import batches_of


@dataclass
class InAnyForm(Operation):
    """Describes a file of each kind that it may come as; a ResponseSpec knows one."""

    def __post_init__(self) -> None:
        answer = (self.responses or {})["200"]
        if isinstance(answer, OpenAPIResponse):
            kinds = {kind: OpenAPIMediaType(schema=Schema()) for kind in MEDIA_TYPES.values()}
            answer.content = kinds | (answer.content or {})


@get(
    "/export",
    tags=["listings"],
    operation_id="export_listings",
    sync_to_thread=True,
    operation_class=InAnyForm,
    responses=told(404, 422, 503)
    | {
        200: ResponseSpec(
            data_container=str,
            media_type=MEDIA_TYPES["csv"],
            generate_examples=False,
            description="A file, of the form that was asked for.",
        )
    },
)
def export_listings(  # noqa: PLR0917 - each is a parameter of the query
    here: Here,
    of_release: OfRelease,
    of_listing: OfListing,
    of_reader: OfReader,
    form: Annotated[Form, QueryParameter(description="XLSX begins once all is written.")] = "csv",
    sort: Annotated[Sort, QueryParameter(description="Unknown ones stand last.")] = "score",
    direction: Annotated[
        Literal["asc", "desc"] | None,
        QueryParameter(description="As for /listings."),
    ] = None,
    raw: Annotated[
        bool, QueryParameter(description="CSV: no apostrophe before what a spreadsheet would run.")
    ] = False,
) -> Stream:
    """Every listing that a search finds, in its order: CSV, JSON, NDJSON, Parquet or XLSX."""
    # Before a connection is taken: who holds one and waits for another may wait for ever.
    account, rates = here.account(), here.rates()
    reader = reader_of(here, account, rates)
    with reading(here.engine) as db:
        wanted = read_filter(
            db, {**of_release, **of_listing, **of_reader}, account, here.clock.now()
        )
    refuse_impossible(here, wanted, reader)
    is_descending = direction == "desc" if direction else sort in NATURALLY_DESCENDING
    order = Order(sort, is_descending)
    found = here.finder.numbered_page(wanted, order, reader, page=1, limit=EVERYTHING)
    own = Currency(account.currency, rates, reader.day, here.priced_since(account))
    return Stream(
        _pieces(here, found.ids, form, own, is_raw=raw),
        media_type=MEDIA_TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="cratewise.{form}"',
            "X-Notice": DATA_NOTICE,
        },
    )


def _pieces(
    here: Installation, ids: list[int], form: Form, own: Currency, *, is_raw: bool
) -> Iterator[bytes]:
    with reading(here.engine) as db:
        yield from export(batches_of(db, ids), form, own, is_raw=is_raw)
