"""Sellers' names: as people type or paste them, and as they stand in an address."""

import re
from urllib.parse import quote, unquote, urlsplit

from cratewise.errors import ImpossibleName

LONGEST_NAME = 100  # letters; far above what Discogs allows, far below what breaks an address

# www.discogs.com/seller/NAME/profile, /de/seller/NAME, /user/NAME: what a browser shows
_SHOP = re.compile(r"^/(?:[a-z]{2}(?:_[A-Z]{2})?/)?(?:seller|user)/([^/]+)")


def seller_name(text: str) -> str:
    """The seller's name in what somebody typed: a name, or the address of a shop.

    Raises ImpossibleName when no seller can be called so.
    """
    name = _from_address(text.strip())
    if not name or name in (".", "..") or len(name) > LONGEST_NAME:
        raise ImpossibleName(text)
    if any(letter in "/\\?#%" or not letter.isprintable() for letter in name):
        raise ImpossibleName(text)
    return name


def user_path(text: str) -> str:
    """`/users/NAME`, quoted so that no name can lead to another address.

    Raises ImpossibleName.
    """
    return f"/users/{quote(seller_name(text), safe='')}"


def _from_address(text: str) -> str:
    has_scheme = text.lower().startswith(("http://", "https://"))
    if not has_scheme and not text.lower().startswith(("www.discogs.com/", "discogs.com/")):
        return text
    address = urlsplit(text if has_scheme else f"https://{text}")
    shop = _SHOP.match(address.path)
    if (address.hostname or "").removeprefix("www.") != "discogs.com" or shop is None:
        raise ImpossibleName(text)
    return unquote(shop[1])
