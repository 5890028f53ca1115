"""A listing as Discogs shows it, to a stranger or to somebody with a token."""

from datetime import datetime, timedelta, timezone
from typing import Any

from .currencies import Currency, converted, formatted
from .members import Member
from .release import Release
from .stock import MEDIA_GRADES, SLEEVE_GRADES, Listing
from .visit import Visit

PACIFIC = timezone(timedelta(hours=-7))  # Discogs writes its times as in Portland in summer


def listing_json(visit: Visit, member: Member, listing: Listing, seller: dict[str, Any]) -> Any:
    """One listing.  `seller` is what `seller_json` gave, once for a whole page."""
    release = visit.world.release(listing.release)
    shown: dict[str, Any] = {
        "id": listing.id,
        "resource_url": f"{visit.base}/marketplace/listings/{listing.id}",
        "uri": f"https://www.discogs.com/sell/item/{listing.id}",
        "status": "For Sale",
        "condition": MEDIA_GRADES[listing.media],
        "sleeve_condition": SLEEVE_GRADES[listing.sleeve],
        "comments": listing.comments,
        "ships_from": member.country,
        "posted": moment(listing.posted_at),
        "allow_offers": listing.allows_offers,
        "offer_submitted": False,
        "audio": listing.has_audio,
        **_prices(visit, member, listing),
        "seller": seller,
        "release": _release_json(visit, release),
    }
    if visit.viewer is None:
        shown["shipping_is_blocked"] = True
    else:
        shown["in_cart"] = False
    if visit.viewer is member:
        shown.update(_for_the_owner(listing, release))
    return shown


def seller_json(visit: Visit, member: Member) -> dict[str, Any]:
    """The seller as every one of its listings repeats it."""
    url = f"{visit.base}/users/{member.username}"
    return {
        "id": member.id,
        "username": member.username,
        "avatar_url": "",
        "stats": {
            "rating": f"{member.seller_rating:.1f}",
            "stars": member.seller_stars,
            "total": member.ratings,
        },
        "min_order_total": member.least_order,
        "html_url": f"https://www.discogs.com/user/{member.username}",
        "uid": member.id,
        "url": url,
        "payment": "PayPal Commerce",
        "shipping": f"Ships from {member.country}. Combined postage on request.",
        "resource_url": url,
    }


def money_json(value: float, currency: Currency) -> dict[str, Any]:
    """An amount as `price` has it."""
    return {"value": value, "currency": currency.code}


def original_json(value: float, currency: Currency) -> dict[str, Any]:
    """An amount as `original_price` has it."""
    return {
        "curr_abbr": currency.code,
        "curr_id": currency.number,
        "formatted": formatted(value, currency),
        "value": value,
    }


def moment(seconds: int) -> str:
    """A time as Discogs writes it: 2025-04-13T20:16:17-07:00."""
    return datetime.fromtimestamp(seconds, PACIFIC).isoformat()


def image_json(visit: Visit, release: Release) -> list[dict[str, Any]]:
    """The images of a release: none for a stranger."""
    if not visit.is_authenticated:
        return []
    url = cover_url(visit, release)
    kinds = ("primary", "secondary")[: 1 + release.number % 2]
    return [
        {
            "type": kind,
            "uri": url,
            "resource_url": url,
            "uri150": url,
            "width": 600,
            "height": 600 - release.number % 30,
        }
        for kind in kinds
    ]


def cover_url(visit: Visit, release: Release) -> str:
    """Where the cover of a release is drawn; "" for a stranger."""
    return f"{visit.base}/_simulator/covers/{release.id}.svg" if visit.is_authenticated else ""


def _prices(visit: Visit, member: Member, listing: Listing) -> dict[str, Any]:
    own, shown_in = member.currency, visit.currency or member.currency
    original = original_json(listing.price, own)
    price = converted(listing.price, own, shown_in)
    if shown_in != own:
        original["converted"] = original_json(round(price, shown_in.decimals), shown_in)
    # A stranger is told no postage, and a viewer not always: {} means unknown, not free.
    is_told = listing.shipping is not None and visit.viewer is not None
    postage = listing.shipping or 0.0
    return {
        "price": money_json(price, shown_in),
        "original_price": original,
        "shipping_price": money_json(converted(postage, own, shown_in), shown_in)
        if is_told
        else {},
        "original_shipping_price": original_json(postage, own) if is_told else {},
    }


def _release_json(visit: Visit, release: Release) -> dict[str, Any]:
    return {
        "thumbnail": cover_url(visit, release),
        "description": f"{release.artist} - {release.title} ({release.kind.short})",
        "images": image_json(visit, release),
        "artist": release.artist,
        "format": release.kind.short,
        "resource_url": f"{visit.base}/releases/{release.id}",
        "title": release.title,
        "year": release.year,
        "id": release.id,
        "label": ", ".join(release.labels),
        "catalog_number": ", ".join(release.catalogue_numbers),
        "stats": stats_json(visit, release),
    }


def stats_json(visit: Visit, release: Release) -> dict[str, Any]:
    """How many want and have a release; and whether the viewer does, if there is one."""
    stats = {"community": {"in_wantlist": release.want, "in_collection": release.have}}
    if visit.viewer is not None:
        is_wanted = release.id in visit.viewer.wants
        stats["user"] = {"in_wantlist": int(is_wanted), "in_collection": visit.owned[release.id]}
    return stats


def _for_the_owner(listing: Listing, release: Release) -> dict[str, Any]:
    return {
        "weight": 230,
        "estimated_weight": 230,
        "format_quantity": sum(part.quantity for part in release.kind.parts),
        "external_id": "",
        "location": f"Shelf {listing.id % 40}",
        "quantity": 1,
    }
