"""Releases: what is known of one, and the copies of it that are for sale."""

from datetime import datetime

import msgspec
from litestar import get

from cratewise.api.installation import Here
from cratewise.api.listing_answer import Listing, shown
from cratewise.api.listings import MOST_AT_ONCE, Number, views
from cratewise.api.problems import told
from cratewise.errors import UnknownRelease
from cratewise.notices import DATA_NOTICE, SITE
from cratewise.store.engine import reading
from cratewise.store.releases import find_release
from cratewise.store.stock import Wanted, count
from cratewise.store.stock_pages import Order, numbered_page


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A release as listings of it tell; null: unknown.

    want, have  how many members of Discogs want and own it, as of counted_at.
    copies      for sale at the sellers that were read, the cheapest first, at most 100 of `count`.
    """

    id: int
    artist: str
    title: str
    label: str
    catalog_number: str
    format: str
    year: int | None
    want: int | None
    have: int | None
    counted_at: datetime | None
    count: int
    copies: list[Listing]
    url: str
    notice: str = DATA_NOTICE


@get(
    "/releases/{release_id:int}",
    tags=["releases"],
    operation_id="read_release",
    sync_to_thread=True,
    responses=told(404, 503),
)
def read_release(here: Here, release_id: Number) -> Release:
    """What is known of a release, by Discogs' number, and its copies for sale."""
    account, rates = here.account(), here.rates()
    wanted = Wanted(release_id=release_id)
    with reading(here.engine) as db:
        release = find_release(db, release_id)
        if release is None:
            raise UnknownRelease(release_id)
        order = Order("price", is_descending=False)
        copies = numbered_page(db, wanted, order, page=1, limit=MOST_AT_ONCE)
        view = views(here, db, account, rates)
        return Release(
            **release._asdict(),
            count=count(db, wanted),
            copies=[shown(view(listing)) for listing in copies.listings],
            url=f"{SITE}/release/{release_id}",
        )
