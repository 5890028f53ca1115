"""Find whose stock is meant, in any case and nearly spelt."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

from cratewise.errors import UnreadSeller
from cratewise.store.following import kept_names
from cratewise.store.sellers import Seller, find_seller, key_of

if TYPE_CHECKING:
    from sqlalchemy import Connection


def kept_seller(db: "Connection", name: str) -> Seller:
    """The seller of that name, in any case.

    Raises UnreadSeller, which names those that are spelt much like it.
    """
    seller = find_seller(db, name)
    if seller is None:
        by_key = {key_of(kept): kept for kept in kept_names(db)}
        similar = get_close_matches(key_of(name), by_key, n=3)
        raise UnreadSeller(name, [by_key[key] for key in similar])
    return seller
