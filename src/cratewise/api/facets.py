"""Facets: how many listings of a search are of each genre, style, format ..."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.params import QueryParameter

from cratewise.api.filter_query import OfListing, OfReader, OfRelease, in_utc, read_filter
from cratewise.api.installation import Here
from cratewise.api.listing_answer import Price, priced
from cratewise.api.listings import Eyes, eyes_of, look_tag, refuse_impossible
from cratewise.api.problems import told
from cratewise.api.tag import AnyRequest, tagged
from cratewise.notices import DATA_NOTICE
from cratewise.shelf.facets import FACETS, Counted, Facet
from cratewise.store.engine import reading
from cratewise.store.news import news_begin


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a facet, as the filter takes it; low, high: the ends of a price band."""

    value: str
    count: int
    low: Price | None = None
    high: Price | None = None


class FacetValues(msgspec.Struct, frozen=True, kw_only=True):
    """A facet and its values, each counted without this facet's own part of the search."""

    facet: Facet
    values: list[Value]


class Facets(msgspec.Struct, frozen=True, kw_only=True):
    """What a search finds, counted; news_since: since when listings are new or dropped."""

    facets: list[FacetValues]
    currency: str
    news_since: datetime
    notice: str = DATA_NOTICE


@get(
    "/facets",
    tags=["listings"],
    operation_id="count_facets",
    sync_to_thread=True,
    responses=told(404, 422, 503),
)
def count_facets(  # noqa: PLR0917 - each is a part of the query
    here: Here,
    request: AnyRequest,
    of_release: OfRelease,
    of_listing: OfListing,
    of_reader: OfReader,
    facet: Annotated[
        list[Facet] | None, QueryParameter(description="Which; all by default.", max_items=20)
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=500, description="Values of each, those of most first.")
    ] = 50,
    news_since: Annotated[
        datetime | None,
        QueryParameter(description="By default since you looked last."),
    ] = None,
) -> Response[Facets]:
    """How many listings of a search are of each genre, style, format, decade, country, grade,
    seller, price band and state; each facet counted without its own part of the search.
    """
    eyes = eyes_of(here)
    return tagged(
        request,
        look_tag(here, eyes),
        lambda: _counted(
            here,
            eyes,
            {**of_release, **of_listing, **of_reader},
            tuple(dict.fromkeys(facet or FACETS)),
            limit=limit,
            news_since=in_utc(news_since),
        ),
    )


def _counted(
    here: Here,
    eyes: Eyes,
    terms: dict[str, object],
    facets: tuple[Facet, ...],
    *,
    limit: int,
    news_since: datetime | None,
) -> Facets:
    account, reader = eyes.account, eyes.reader
    with reading(here.engine) as db:
        wanted = read_filter(db, terms, account, here.clock.now())
        # By the hour, for whoever never looked: counts are kept for as long as it is the same.
        hour = here.clock.now().replace(minute=0, second=0, microsecond=0)
        since = news_since or news_begin(db, account.id, hour)
    refuse_impossible(here, wanted, reader)
    found = here.finder.facets(wanted, reader, facets, news_since=since, limit=limit)
    return Facets(
        facets=[
            FacetValues(facet=name, values=[_value(one) for one in values])
            for name, values in found.items()
        ],
        currency=account.currency,
        news_since=since,
    )


def _value(one: Counted) -> Value:
    return Value(value=one.value, count=one.count, low=priced(one.low), high=priced(one.high))
