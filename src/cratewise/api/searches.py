"""Saved searches: a search under a name of yours, which alerts can tell of."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
from litestar import delete, get, patch, post, put
from litestar.params import JSONBody, PathParameter

from cratewise.api.filter_query import TOLD, OfListing, OfReader, OfRelease, read_filter
from cratewise.api.filter_written import written
from cratewise.api.installation import Here, Installation
from cratewise.api.listings import reader_of, refuse_impossible
from cratewise.api.problems import told
from cratewise.shelf.query import Filter
from cratewise.store import searches as kept
from cratewise.store.engine import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Connection

Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\S")]


class ToSave(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """name: of your own; what it finds stands in the query, as for /listings."""

    name: Name


class Renamed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another name."""

    name: Name


class Replaced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Its name; null: as before.  What it finds from now on stands in the query."""

    name: Name | None = None


class SavedSearch(msgspec.Struct, frozen=True, kw_only=True):
    """terms: those of its filter that are not as usual; query: the same for an address."""

    id: int
    name: str
    query: str
    terms: dict[str, object]
    created_at: datetime
    changed_at: datetime


class SavedSearches(msgspec.Struct, frozen=True):
    """Your searches, by name."""

    searches: list[SavedSearch]


@get("/searches", tags=["alerts"], operation_id="list_searches", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_searches(here: Here) -> SavedSearches:
    """Every search that you saved."""
    account = here.account()
    with reading(here.engine) as db:
        return SavedSearches([_shown(db, one) for one in kept.searches_of(db, account.id)])


@post("/searches", tags=["alerts"], operation_id="save_search", sync_to_thread=True,
      responses=told(404, 409, 422, 503))  # fmt: skip
def save_search(
    here: Here,
    of_release: OfRelease,
    of_listing: OfListing,
    of_reader: OfReader,
    data: JSONBody[ToSave],
) -> SavedSearch:
    """Save a search, which stands in the query as it does for /listings."""
    account = here.account()
    filter_json = _filter_json(here, {**of_release, **of_listing, **of_reader})
    with writing(here.engine) as db:
        saved = kept.save_search(db, account.id, data.name.strip(), filter_json, here.clock.now())
        return _shown(db, saved)


@get("/searches/{search_id:int}", tags=["alerts"], operation_id="read_search",
     sync_to_thread=True, responses=told(404, 503))  # fmt: skip
def read_search(here: Here, search_id: Number) -> SavedSearch:
    """One search that you saved."""
    account = here.account()
    with reading(here.engine) as db:
        return _shown(db, kept.find_search(db, account.id, search_id))


@patch("/searches/{search_id:int}", tags=["alerts"], operation_id="rename_search",
       sync_to_thread=True, responses=told(404, 409, 503))  # fmt: skip
def rename_search(here: Here, search_id: Number, data: JSONBody[Renamed]) -> SavedSearch:
    """Give a search another name."""
    account = here.account()
    with writing(here.engine) as db:
        name = data.name.strip()
        now = here.clock.now()
        return _shown(db, kept.change_search(db, account.id, search_id, now, name=name))


@put("/searches/{search_id:int}", tags=["alerts"], operation_id="replace_search",
     sync_to_thread=True, responses=told(404, 409, 422, 503))  # fmt: skip
def replace_search(  # noqa: PLR0917 - each is a part of the request
    here: Here,
    search_id: Number,
    of_release: OfRelease,
    of_listing: OfListing,
    of_reader: OfReader,
    data: JSONBody[Replaced],
) -> SavedSearch:
    """Let a search find something else, which stands in the query; its alerts go on with that."""
    account = here.account()
    filter_json = _filter_json(here, {**of_release, **of_listing, **of_reader})
    name = data.name.strip() if data.name else None
    with writing(here.engine) as db:
        changed = kept.change_search(
            db, account.id, search_id, here.clock.now(), name=name, filter_json=filter_json
        )
        return _shown(db, changed)


@delete("/searches/{search_id:int}", tags=["alerts"], operation_id="forget_search",
        sync_to_thread=True, status_code=204, responses=told(404, 503))  # fmt: skip
def forget_search(here: Here, search_id: Number) -> None:
    """Forget a search, with the alerts on it."""
    account = here.account()
    with writing(here.engine) as db:
        kept.forget_search(db, account.id, search_id)


def _filter_json(here: Installation, terms: TOLD) -> str:
    account, rates = here.account(), here.rates()
    with reading(here.engine) as db:
        wanted = read_filter(db, terms, account, here.clock.now())
    refuse_impossible(here, wanted, reader_of(here, account, rates))
    return msgspec.json.encode(wanted).decode()


def _shown(db: "Connection", one: kept.SavedSearch) -> SavedSearch:
    wanted = msgspec.json.decode(one.filter, type=Filter)
    usual = msgspec.to_builtins(Filter())
    return SavedSearch(
        id=one.id,
        name=one.name,
        query=written(db, wanted),
        terms={
            name: value
            for name, value in msgspec.to_builtins(wanted).items()
            if value != usual[name]
        },
        created_at=one.created_at,
        changed_at=one.changed_at,
    )
