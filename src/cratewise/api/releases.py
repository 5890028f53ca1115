"""Releases and masters: what is known of one, and its copies for sale side by side."""

from datetime import datetime

import msgspec
from litestar import get

from cratewise.api.installation import Here, Installation
from cratewise.api.listing_answer import Listing, Price, priced, shown
from cratewise.api.listings import MOST_AT_ONCE, Number, views
from cratewise.api.problems import told
from cratewise.catalog.lookup import open_catalog
from cratewise.errors import CatalogError, UnknownMaster, UnknownRelease
from cratewise.notices import DATA_NOTICE, SITE
from cratewise.shelf.view import View, marked
from cratewise.store import record_copies as kept
from cratewise.store.engine import reading
from cratewise.store.releases import find_release
from cratewise.wants import copies as compared
from cratewise.wants.postage import open_book


class PriceContext(msgspec.Struct, frozen=True, kw_only=True):
    """A copy among others of its release that were ever seen, gone ones too.

    others          how many; rank: 1 when none of them is cheaper, others + 1 when all are.
    median, lowest  of the others, in your currency.
    since, until    when the first of them was seen, and when a price of theirs was read last.
    """

    others: int
    rank: int
    median: Price
    lowest: Price
    since: datetime
    until: datetime


class Copy(Listing, frozen=True, kw_only=True):
    """A copy for sale, beside the others.

    postage     of a parcel with it alone, in your currency; landed: with its price. Null: unknown.
    of_grade    among copies whose medium has the same grade; null: there is nothing to compare.
    of_release  among all copies of the release.
    """

    postage: Price | None
    landed: Price | None
    of_grade: PriceContext | None
    of_release: PriceContext | None


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A release as listings of it tell; null: unknown.

    want, have  how many members of Discogs want and own it, as of counted_at.
    described_by  who told genres to original_year: 'catalog', 'wants', 'collection', 'release'.
    videos      addresses, as far as the catalogue of this machine tells them.
    copies      for sale at the sellers that you follow, the cheapest landed first, then those
                whose postage is unknown; at most 100 of `count`.
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
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    country: str | None
    master_id: int | None
    original_year: int | None
    described_by: str | None
    videos: list[str]
    count: int
    copies: list[Copy]
    currency: str
    url: str
    notice: str = DATA_NOTICE


class MasterCopies(msgspec.Struct, frozen=True, kw_only=True):
    """Copies of every pressing of a master, as in a release.

    releases  how many pressings anything is kept of.
    """

    master_id: int
    releases: int
    count: int
    copies: list[Copy]
    currency: str
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
    account = here.account()
    with reading(here.engine) as db:
        release = find_release(db, release_id)
        if release is None:
            raise UnknownRelease(release_id)
        found = kept.copies_of_release(db, account.id, release_id)
    return Release(
        **release._asdict(),
        videos=_videos(here, release_id),
        count=len(found),
        copies=_shown(here, found),
        currency=account.currency,
        url=f"{SITE}/release/{release_id}",
    )


@get(
    "/masters/{master_id:int}/copies",
    tags=["releases"],
    operation_id="list_copies_of_master",
    sync_to_thread=True,
    responses=told(404, 503),
)
def list_copies_of_master(here: Here, master_id: Number) -> MasterCopies:
    """The copies for sale of every pressing of a master, by Discogs' number."""
    account = here.account()
    with reading(here.engine) as db:
        pressings = kept.pressings_of(db, master_id)
        found = kept.copies_of_master(db, account.id, master_id)
    if not pressings:
        raise UnknownMaster(master_id)
    return MasterCopies(
        master_id=master_id,
        releases=len(pressings),
        count=len(found),
        copies=_shown(here, found),
        currency=account.currency,
        url=f"{SITE}/master/{master_id}",
    )


def _shown(here: Installation, copies: list[kept.Copy]) -> list[Copy]:
    # Before a connection is taken: who holds one and waits for another may wait for ever.
    account, rates = here.account(), here.rates()
    with reading(here.engine) as db:
        observed = kept.observed(db, [copy.listing.release_id for copy in copies])
        book = open_book(db, account.id, account.country)
        view = views(here, db, account, rates)
        marked_views = marked(db, account.id, (view(copy.listing) for copy in copies))
    by_id = {one.listing.id: one for one in marked_views}
    day = here.clock.now().date()
    seen = compared.compare_copies(
        copies,
        observed,
        book,
        currency=account.currency,
        rates=rates,
        day=day,
        priced_since=here.priced_since(account),
    )
    return [_copy(one, by_id[one.copy.listing.id]) for one in seen[:MOST_AT_ONCE]]


def _copy(seen: compared.SeenCopy, view: View) -> Copy:
    return Copy(
        **msgspec.structs.asdict(shown(view)),
        postage=priced(seen.postage),
        landed=None if view.is_price_hidden else priced(seen.landed),
        of_grade=_context(seen.of_grade),
        of_release=_context(seen.of_release),
    )


def _context(context: compared.PriceContext | None) -> PriceContext | None:
    if context is None:
        return None
    return PriceContext(
        others=context.others,
        rank=context.rank,
        median=Price(context.median.minor, context.median.currency, str(context.median.amount)),
        lowest=Price(context.lowest.minor, context.lowest.currency, str(context.lowest.amount)),
        since=context.since,
        until=context.until,
    )


def _videos(here: Installation, release_id: int) -> list[str]:
    try:
        with open_catalog(here.settings.catalog) as catalog:
            found = catalog.releases([release_id])
    except CatalogError:
        return []  # /catalog tells what is wrong with it
    return found[release_id].videos if release_id in found else []
