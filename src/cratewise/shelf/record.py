"""A listing as programs and spreadsheets get it: plain values under steady names."""

from decimal import Decimal
from typing import Any

from cratewise.grades import Grade
from cratewise.money import Money
from cratewise.notices import listing_url
from cratewise.shelf.prices import stored_price
from cratewise.store.stock import Listing

FIELDS = (
    "listing_id",  # Discogs' own; empty for a listing that was imported
    "seller",
    "release_id",
    "artist",
    "title",
    "label",
    "catalog_number",
    "format",
    "year",
    "price",  # as the seller asks, in `currency`
    "currency",
    "price_usd",  # at the rate of the day the price was first read
    "shipping",  # empty: unknown, which is not free
    "shipping_currency",
    "media_grade",
    "sleeve_grade",
    "want",
    "have",
    "score",
    "comments",
    "ships_from",
    "allows_offers",
    "posted_at",  # times are ISO 8601, UTC
    "first_seen_at",
    "price_read_at",
    "changed_at",
    "gone_at",
    "source",
    "url",
)


def record(listing: Listing) -> dict[str, Any]:
    """The values of FIELDS, in their order; None: unknown."""
    return {
        "listing_id": listing.discogs_listing_id,
        "seller": listing.seller,
        "release_id": listing.release_id,
        "artist": listing.artist,
        "title": listing.title,
        "label": listing.label,
        "catalog_number": listing.catalog_number,
        "format": listing.format,
        "year": listing.year,
        "price": amount(stored_price(listing.price_minor, listing.currency)),
        "currency": listing.currency,
        "price_usd": _rounded(listing.price_usd),
        "shipping": amount(stored_price(listing.shipping_minor, listing.shipping_currency)),
        "shipping_currency": listing.shipping_currency,
        "media_grade": _short(listing.media_grade),
        "sleeve_grade": _short(listing.sleeve_grade),
        "want": listing.want,
        "have": listing.have,
        "score": _rounded(listing.score),
        "comments": listing.comments,
        "ships_from": listing.ships_from,
        "allows_offers": listing.allows_offers,
        "posted_at": listing.posted_at,
        "first_seen_at": listing.first_seen_at,
        "price_read_at": listing.price_read_at,
        "changed_at": listing.changed_at,
        "gone_at": listing.gone_at,
        "source": listing.source,
        "url": listing_url(listing.discogs_listing_id, listing.release_id),
    }


def amount(price: Money | None) -> Decimal | None:
    """A price in its currency's own unit, exact: 12.50."""
    return None if price is None else price.amount


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _short(grade: Grade | None) -> str | None:
    return None if grade is None else grade.short
