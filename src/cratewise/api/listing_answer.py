"""A listing as the API shows it: typed values, prices exact, dated, with a reason."""

from datetime import datetime

import msgspec

from cratewise.grades import Grade
from cratewise.money import Money
from cratewise.notices import listing_url
from cratewise.shelf.prices import stored_price
from cratewise.shelf.view import View


class Price(msgspec.Struct, frozen=True):
    """An amount: in whole minor units (cents, yen), and as a decimal in the currency's own unit."""

    minor: int
    currency: str
    amount: str


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A listing, and what it is to whoever asks; null: unknown.

    id                  our own; discogs_listing_id: Discogs', null for an imported one.
    genres, styles      empty, and country null, until the release was described: by the
                        catalogue, a wantlist, or its own page; original_year: of its master.
    price               as the seller asks; own_price: in your currency, null: not convertible.
    price_usd           at the rate of the day that the price was first read.
    shipping            null is unknown, not free.
    price_age_seconds   since the price was last read; is_stale: more than six hours.
    score               the rule's; reason says why.
    is_price_hidden     it is stale, and this installation shows no such price until it is checked.
    is_wanted           its release is on your wantlist; is_owned: in your collection.
    is_other_pressing_*  another pressing of the same master is.
    is_keeper           your keeper rule marks it.
    is_unverified       it should be for sale, but nobody has seen it for 30 days.
    """

    id: int
    discogs_listing_id: int | None
    seller: str
    release_id: int
    artist: str
    title: str
    label: str
    catalog_number: str
    format: str
    year: int | None
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    country: str | None
    master_id: int | None
    original_year: int | None
    price: Price | None
    own_price: Price | None
    price_usd: float | None
    shipping: Price | None
    media_grade: str | None
    sleeve_grade: str | None
    comments: str
    ships_from: str
    allows_offers: bool
    want: int | None
    have: int | None
    score: float | None
    reason: str
    is_wanted: bool
    is_owned: bool
    is_other_pressing_wanted: bool
    is_other_pressing_owned: bool
    is_keeper: bool
    is_stale: bool
    is_price_hidden: bool
    is_unverified: bool
    is_convertible: bool
    price_age_seconds: int | None
    price_read_at: datetime | None
    posted_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    changed_at: datetime | None
    gone_at: datetime | None
    source: str
    url: str


def shown(view: View) -> Listing:
    """How a reader's view of a listing is answered."""
    listing = view.listing
    return Listing(
        id=listing.id,
        discogs_listing_id=listing.discogs_listing_id,
        seller=listing.seller,
        release_id=listing.release_id,
        artist=listing.artist,
        title=listing.title,
        label=listing.label,
        catalog_number=listing.catalog_number,
        format=listing.format,
        year=listing.year,
        genres=listing.genres,
        styles=listing.styles,
        country=listing.country,
        master_id=listing.master_id,
        original_year=listing.original_year,
        price=priced(view.price),
        own_price=priced(view.own_price),
        price_usd=listing.price_usd,
        shipping=priced(stored_price(listing.shipping_minor, listing.shipping_currency)),
        media_grade=_short(listing.media_grade),
        sleeve_grade=_short(listing.sleeve_grade),
        comments=listing.comments,
        ships_from=listing.ships_from,
        allows_offers=listing.allows_offers,
        want=listing.want,
        have=listing.have,
        score=listing.score,
        reason=view.reason,
        **view.mark._asdict(),
        is_keeper=view.is_keeper,
        is_stale=view.is_stale,
        is_price_hidden=view.is_price_hidden,
        is_unverified=view.is_unverified,
        is_convertible=view.is_convertible,
        price_age_seconds=None if view.price_age is None else int(view.price_age.total_seconds()),
        price_read_at=listing.price_read_at,
        posted_at=listing.posted_at,
        first_seen_at=listing.first_seen_at,
        last_seen_at=listing.last_seen_at,
        changed_at=listing.changed_at,
        gone_at=listing.gone_at,
        source=listing.source,
        url=listing_url(listing.discogs_listing_id, listing.release_id),
    )


def priced(price: Money | None) -> Price | None:
    return None if price is None else Price(price.minor, price.currency, str(price.amount))


def _short(grade: Grade | None) -> str | None:
    return None if grade is None else grade.short
