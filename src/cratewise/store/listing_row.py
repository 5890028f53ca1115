"""Listings as they were read, with their releases: what whoever reads hands to the store."""

from datetime import datetime

from msgspec import Struct


class ReleaseRow(Struct, frozen=True):
    """A release as one listing tells it; "" and None: not told, what is stored stays.

    id          Discogs' own.
    year        1 to 9999.
    want, have  how many members of Discogs want and own it.
    """

    id: int
    artist: str = ""
    title: str = ""
    label: str = ""
    catalog_number: str = ""
    format: str = ""
    year: int | None = None
    thumbnail: str = ""
    want: int | None = None
    have: int | None = None


class ListingRow(Struct, frozen=True):
    """One listing; None: not told, what is stored stays.

    price_minor, shipping_minor  whole minor units of their currencies (ISO 4217),
                                 as the seller asks them.
    media_grade, sleeve_grade    the values of `grades.Grade`.
    """

    discogs_listing_id: int
    release: ReleaseRow
    price_minor: int | None = None
    currency: str | None = None
    shipping_minor: int | None = None
    shipping_currency: str | None = None
    media_grade: int | None = None
    sleeve_grade: int | None = None
    comments: str | None = None
    ships_from: str | None = None
    allows_offers: bool | None = None
    has_audio: bool | None = None
    posted_at: datetime | None = None


class Reading(Struct, frozen=True):
    """By whom and when listings were read.

    pull_id  None: an import, which is no pass over what is for sale.
    read_at  nothing that was read is younger.
    now      when it is stored.
    since    what was seen after this is not counted as stale; None: nothing is.
    """

    seller_id: int
    pull_id: int | None
    read_at: datetime
    now: datetime
    source: str = "api"
    since: datetime | None = None

    def is_news(self, stored_at: datetime | None) -> bool:
        """Whether it tells more than a reading of `stored_at`.

        Pages are stored in the order in which their answers come, and an imported
        file may be older than what a pull has read.  A time in the future comes
        from a clock that was wrong, and must not shut the truth out until then.
        """
        return stored_at is None or self.read_at >= stored_at or stored_at > self.now
