"""Wants: your wantlist, changed here and on Discogs; your collection; who sells most of it."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from cratewise.api.installation import Here, Installation
from cratewise.api.listing_answer import Price, priced
from cratewise.api.own_job import own_job
from cratewise.api.problems import told
from cratewise.durable import State
from cratewise.enqueue import enqueue_delivery, enqueue_sync
from cratewise.notices import DATA_NOTICE
from cratewise.store import outbox, wants
from cratewise.store.engine import reading
from cratewise.store.wanted_copies import copies_per_want, wanted_copies
from cratewise.wants.outbox import Wish, add_want, remove_want, retry_failed
from cratewise.wants.outbox import undo as take_back
from cratewise.wants.postage import open_book
from cratewise.wants.sellers import SellerOffer, rank_sellers

MOST_AT_ONCE = 100

Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST_AT_ONCE)]
Page = Annotated[int, QueryParameter(ge=1, le=1_000_000)]


class WantedRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release that you want; null: unknown.

    want, have                how many members of Discogs want and own it.
    for_sale                  copies at sellers that you follow; for_sale_in_any_pressing: of
                              other pressings of its master too.
    synced_at                 when Discogs, or a file, told it last.
    """

    release_id: int
    notes: str
    rating: int | None
    added_at: datetime | None
    synced_at: datetime
    artist: str
    title: str
    label: str
    catalog_number: str
    format: str
    year: int | None
    thumbnail: str
    master_id: int | None
    want: int | None
    have: int | None
    for_sale: int
    for_sale_in_any_pressing: int


class Wantlist(msgspec.Struct, frozen=True, kw_only=True):
    """A page of your wantlist, the newest first.

    waiting, failed  changes that Discogs is still to be told, and that it refused for good.
    """

    wants: list[WantedRelease]
    count: int
    page: int
    pages: int
    waiting: int
    failed: int
    synced_at: datetime | None
    notice: str = DATA_NOTICE


class OwnedRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release in your collection; null: unknown."""

    release_id: int
    copies: int
    folder: str
    rating: int | None
    added_at: datetime | None
    artist: str
    title: str
    format: str
    year: int | None
    thumbnail: str
    master_id: int | None


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """A page of your collection, the newest first; count: releases."""

    owned: list[OwnedRelease]
    count: int
    page: int
    pages: int
    synced_at: datetime | None
    notice: str = DATA_NOTICE


class NewWant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Discogs' number of the release."""

    release_id: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change of your wantlist that Discogs is told; due_at: not before, so undo until then."""

    id: int
    release_id: int
    deed: outbox.Deed
    state: outbox.State
    asked_at: datetime
    due_at: datetime
    attempts: int
    problem: str
    finished_at: datetime | None
    artist: str
    title: str


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a change.

    is_new  false: it was so already.
    change  what Discogs will be told; null: nothing needs to be.
    """

    release_id: int
    is_new: bool
    change: Change | None


class Outbox(msgspec.Struct, frozen=True):
    """Changes in the states asked for, the newest first."""

    changes: list[Change]


class Retried(msgspec.Struct, frozen=True):
    """How many changes that failed are tried once more."""

    again: int


class Sync(msgspec.Struct, frozen=True, kw_only=True):
    """The last reading of wantlist and collection, as it stands; sentences: what came of it."""

    id: str
    state: State
    asked_at: datetime
    finished_at: datetime | None
    sentences: list[str]
    error: str | None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a seller has of your wantlist.

    wants        how many, in any pressing; exact: of them the very release.
    price        of the cheapest copy of each; postage: of one parcel with all; null: unknown.
    listing_ids  of these copies, our own.
    """

    seller: str
    wants: int
    exact: int
    price: Price | None
    postage: Price | None
    landed: Price | None
    listing_ids: list[int]


class Offers(msgspec.Struct, frozen=True, kw_only=True):
    """Sellers that you follow, who has most of your wantlist first."""

    sellers: list[Offer]
    count: int
    currency: str
    notice: str = DATA_NOTICE


@get("/wants", tags=["wants"], operation_id="list_wants", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_wants(here: Here, page: Page = 1, limit: Limit = 50) -> Wantlist:
    """Your wantlist, and how many copies of each want are for sale."""
    account = here.account()
    with reading(here.engine) as db:
        count = wants.count_wants(db, account.id)
        found = wants.list_wants(db, account.id, limit=limit, offset=(page - 1) * limit)
        copies = copies_per_want(db, account.id, [one.release_id for one in found])
        states = outbox.count_entries(db, account.id)
        synced_at = wants.last_sync(db, account.id)[0]
    return Wantlist(
        wants=[_wanted(one, copies.get(one.release_id, (0, 0))) for one in found],
        count=count,
        page=page,
        pages=-(-count // limit),
        waiting=states.get("waiting", 0),
        failed=states.get("failed", 0),
        synced_at=synced_at,
    )


@post("/wants", tags=["wants"], operation_id="add_want", sync_to_thread=True, status_code=200,
      responses=told(503))  # fmt: skip
def add_to_wants(here: Here, data: JSONBody[NewWant]) -> Changed:
    """Want a release: here at once, on Discogs after ten seconds."""
    account = here.account()
    return _changed(here, add_want(here.engine, account.id, data.release_id, here.clock))


@delete("/wants/{release_id:int}", tags=["wants"], operation_id="remove_want",
        sync_to_thread=True, status_code=200, responses=told(503))  # fmt: skip
def remove_from_wants(here: Here, release_id: Number) -> Changed:
    """Want a release no more: here at once, on Discogs after ten seconds."""
    account = here.account()
    return _changed(here, remove_want(here.engine, account.id, release_id, here.clock))


@get("/wants/outbox", tags=["wants"], operation_id="list_outbox", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_outbox(
    here: Here,
    delivered: Annotated[
        bool, QueryParameter(description="Those that Discogs was told of too.")
    ] = False,
) -> Outbox:
    """Changes that Discogs is still to be told, and those that failed."""
    account = here.account()
    states: list[outbox.State] = ["waiting", "failed"]
    if delivered:
        states.append("delivered")
    with reading(here.engine) as db:
        found = outbox.entries(db, account.id, states, limit=1000)
    return Outbox([_change(entry) for entry in found])


@post("/wants/outbox/retry", tags=["wants"], operation_id="retry_outbox", sync_to_thread=True,
      status_code=200, responses=told(503))  # fmt: skip
def retry_outbox(here: Here) -> Retried:
    """Try once more what failed for good."""
    again = retry_failed(here.engine, here.account().id, here.clock)
    enqueue_delivery(here.desk)
    return Retried(again)


@delete("/wants/outbox/{change_id:int}", tags=["wants"], operation_id="undo_want",
        sync_to_thread=True, status_code=200, responses=told(404, 503))  # fmt: skip
def undo_change(here: Here, change_id: Number) -> Changed:
    """Take a change back; within ten seconds Discogs never hears of it."""
    account = here.account()
    return _changed(here, take_back(here.engine, account.id, change_id, here.clock))


@post("/wants/sync", tags=["wants"], operation_id="start_sync", sync_to_thread=True,
      status_code=202, responses=told(503))  # fmt: skip
def start_sync(here: Here) -> Sync:
    """Read wantlist and collection from Discogs in the background, 100 releases a request."""
    return _sync(here, enqueue_sync(here.desk, account_id=here.account().id).job_id)


@get("/wants/sync/{job_id:str}", tags=["wants"], operation_id="read_sync", sync_to_thread=True,
     responses=told(404, 503))  # fmt: skip
def read_sync(here: Here, job_id: Annotated[str, PathParameter(max_length=64)]) -> Sync:
    """A reading of wantlist and collection, as it stands."""
    return _sync(here, job_id)


@get("/wants/sellers", tags=["wants"], operation_id="list_wants_sellers", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_wants_sellers(
    here: Here,
    exact: Annotated[bool, QueryParameter(description="No other pressings.")] = False,
    limit: Limit = 50,
) -> Offers:
    """Who has most of your wantlist, and what the cheapest copies cost there with postage."""
    account, rates = here.account(), here.rates()
    with reading(here.engine) as db:
        copies = wanted_copies(
            db, account.id, only_exact=exact, priced_since=here.priced_since(account)
        )
        book = open_book(db, account.id, account.country)
    day = here.clock.now().date()
    offers = rank_sellers(copies, book, currency=account.currency, rates=rates, day=day)
    return Offers(
        sellers=[_offer(offer) for offer in offers[:limit]],
        count=len(offers),
        currency=account.currency,
    )


@get("/collection", tags=["wants"], operation_id="list_collection", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_collection(here: Here, page: Page = 1, limit: Limit = 50) -> Collection:
    """Your collection."""
    account = here.account()
    with reading(here.engine) as db:
        count = wants.count_owned(db, account.id)
        found = wants.list_owned(db, account.id, limit=limit, offset=(page - 1) * limit)
        synced_at = wants.last_sync(db, account.id)[1]
    return Collection(
        owned=[OwnedRelease(**one._asdict()) for one in found],
        count=count,
        page=page,
        pages=-(-count // limit),
        synced_at=synced_at,
    )


def _wanted(want: wants.WantedRelease, copies: tuple[int, int]) -> WantedRelease:
    exact, every = copies
    return WantedRelease(**want._asdict(), for_sale=exact, for_sale_in_any_pressing=every)


def _changed(here: Installation, wish: Wish) -> Changed:
    if wish.is_new and wish.entry is not None:
        enqueue_delivery(here.desk)
    change = None if wish.entry is None else _change(wish.entry)
    return Changed(release_id=wish.release_id, is_new=wish.is_new, change=change)


def _change(entry: outbox.Entry) -> Change:
    return Change(**{name: getattr(entry, name) for name in Change.__struct_fields__})


def _sync(here: Installation, job_id: str) -> Sync:
    job = own_job(here, job_id, "sync")
    return Sync(
        id=job.id,
        state=job.state,
        asked_at=job.asked_at,
        finished_at=job.finished_at,
        sentences=[one["sentence"] for one in job.result or []],
        error=job.error,
    )


def _offer(offer: SellerOffer) -> Offer:
    return Offer(
        seller=offer.seller,
        wants=offer.wants,
        exact=offer.exact,
        price=priced(offer.price),
        postage=priced(offer.postage),
        landed=priced(offer.landed),
        listing_ids=[copy.listing_id for copy in offer.copies],
    )
