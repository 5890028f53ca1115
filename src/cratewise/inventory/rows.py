"""A listing as Discogs sends it -> a row of ours.  Pure.

What belongs to whoever looks (`price` in their currency, postage to their country,
`in_cart`, what is on their own lists) is left behind: listings are shared by all
accounts.  Old answers lack most of a release, any key may be missing, and one
listing that makes no sense costs that listing alone.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

from cratewise.errors import BadListing, MoneyError
from cratewise.grades import parse_media, parse_sleeve
from cratewise.money import to_minor
from cratewise.store.listing_row import ListingRow, ReleaseRow

LARGEST_ID = 2**63 - 1  # what the databases hold; Discogs' own pass 2^32
LARGEST_COUNT = 2**31 - 1
LAST_YEAR = 9999

FOR_SALE = "For Sale"

# A page spells a grade 200 times, in a dozen ways.
_media = lru_cache(256)(parse_media)
_sleeve = lru_cache(256)(parse_sleeve)

# "Artist - Title (LP, Album)", all that old answers tell of a release
_DESCRIBED = re.compile(r"(?P<artist>.+?) - (?P<title>.+?)(?: \((?P<format>[^()]*)\))?")


class Terms(NamedTuple):
    """What a seller's listings say of the seller.

    min_order_minor  the least they sell for, in whole minor units of their currency.
    """

    min_order_minor: int | None
    shipping_terms: str


def is_for_sale(raw: object) -> bool:
    """False for a draft, a sold one: they stand in one's own inventory alone."""
    return not isinstance(raw, Mapping) or raw.get("status", FOR_SALE) == FOR_SALE


def listing_row(raw: object) -> ListingRow:
    """The row of one listing; raises BadListing."""
    if not isinstance(raw, Mapping):
        raise BadListing(f"It is no object, but a {type(raw).__name__}.")
    listing_id = _id(raw.get("id"))
    if listing_id is None:
        raise BadListing(f"Its id is {raw.get('id')!r:.40}.")
    price_minor, currency = _price(raw.get("original_price"))
    return ListingRow(
        discogs_listing_id=listing_id,
        release=_release(raw.get("release")),
        price_minor=price_minor,
        currency=currency,
        media_grade=_media(_text(raw.get("condition"))),
        sleeve_grade=_sleeve(_text(raw.get("sleeve_condition"))),
        comments=_text(raw.get("comments")),
        ships_from=_text(raw.get("ships_from")),
        allows_offers=raw.get("allow_offers") is True,
        has_audio=raw.get("audio") is True,
        posted_at=moment(raw.get("posted")),
    )


def terms_of(raw: object) -> Terms | None:
    """What a listing says of its seller; None where it says nothing."""
    seller = _object(_object(raw).get("seller"))
    if "min_order_total" not in seller and "shipping" not in seller:
        return None
    currency = _text(_object(_object(raw).get("original_price")).get("curr_abbr"))
    least = seller.get("min_order_total")
    try:
        minor = to_minor(least, currency) if isinstance(least, int | float) else None
    except MoneyError:
        minor = None
    return Terms(minor, _text(seller.get("shipping")))


def moment(text: object) -> datetime | None:
    """A time as Discogs writes it, in UTC; answers of 2014 have no offset and are taken for UTC."""
    try:
        told = datetime.fromisoformat(_text(text))
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def clean(text: str) -> str:
    """The text without spaces around it, and without what no database takes.

    That is NUL, and halves of characters, which JSON can spell.
    """
    if text.isascii() and "\0" not in text:
        return text.strip()
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", "").strip()


def year_of(value: object) -> int | None:
    """A year; None for 0, which is Discogs' unknown, and for what is none."""
    return value if _is_whole(value) and 0 < value <= LAST_YEAR else None


def count_of(raw: object) -> int | None:
    """How many people; None for what is no count."""
    return raw if _is_whole(raw) and 0 <= raw <= LARGEST_COUNT else None


def _release(raw: object) -> ReleaseRow:
    told = _object(raw)
    release_id = _id(told.get("id"))
    if release_id is None:
        raise BadListing("It does not say of which release it is.")
    community = _object(_object(told.get("stats")).get("community"))
    artist, title = _text(told.get("artist")), _text(told.get("title"))
    if not (artist and title):
        return _described_release(release_id, told)
    return ReleaseRow(
        id=release_id,
        artist=artist,
        title=title,
        label=_text(told.get("label")),
        catalog_number=_text(told.get("catalog_number")),
        format=_text(told.get("format")),
        year=year_of(told.get("year")),
        thumbnail=_text(told.get("thumbnail")),
        want=count_of(community.get("in_wantlist")),
        have=count_of(community.get("in_collection")),
    )


def _described_release(release_id: int, told: Mapping[str, Any]) -> ReleaseRow:
    """A release of an old answer, which has its description and little more."""
    described = _DESCRIBED.fullmatch(_text(told.get("description")))
    parts = described.groupdict("") if described else {}
    return ReleaseRow(
        id=release_id,
        artist=_text(told.get("artist")) or parts.get("artist", ""),
        title=_text(told.get("title")) or parts.get("title", _text(told.get("description"))),
        label=_text(told.get("label")),
        catalog_number=_text(told.get("catalog_number")),
        format=_text(told.get("format")) or parts.get("format", ""),
        year=year_of(told.get("year")),
    )


def _price(raw: object) -> tuple[int, str] | tuple[None, None]:
    told = _object(raw)
    value, currency = told.get("value"), told.get("curr_abbr")
    if value is None:
        return None, None
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise MoneyError(f"{value!r:.40} is not a price.")
        return to_minor(value, _text(currency)), _text(currency)
    except MoneyError as error:
        raise BadListing(str(error)) from error


def _object(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _text(raw: object) -> str:
    return clean(raw) if isinstance(raw, str) else ""


def _id(raw: object) -> int | None:
    return raw if _is_whole(raw) and 0 < raw <= LARGEST_ID else None


def _is_whole(raw: object) -> TypeGuard[int]:
    return isinstance(raw, int) and not isinstance(raw, bool)
