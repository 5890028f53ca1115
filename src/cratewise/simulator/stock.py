"""A seller's stock: its listings, and the seven orders in which Discogs pages through them.

An order is a sorted list that is kept sorted while listings come and go, so that a page
is a slice, at whatever end.  Ties are broken by the listing's id, in the direction of
the order: descending is exactly ascending read backwards.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .catalogue import Catalogue

MEDIA_GRADES = (
    "Mint (M)",
    "Near Mint (NM or M-)",
    "Very Good Plus (VG+)",
    "Very Good (VG)",
    "Good Plus (G+)",
    "Good (G)",
    "Fair (F)",
    "Poor (P)",
)
SLEEVE_GRADES = (*MEDIA_GRADES, "Generic", "Not Graded", "No Cover")


class Listing(NamedTuple):
    """One copy for sale.  It never changes: a new price is a new Listing of the same id."""

    id: int
    release: int  # its row in the catalogue
    price: float  # in the seller's currency
    media: int  # index into MEDIA_GRADES
    sleeve: int  # index into SLEEVE_GRADES
    comments: str
    posted_at: int  # seconds since 1970
    indexed_at: int  # when the search index took it up; `listed` goes by this
    allows_offers: bool
    has_audio: bool
    shipping: float | None  # in the seller's currency; None: not known


class Stock:
    """What one seller offers."""

    def __init__(self, listings: Iterable[Listing], catalogue: Catalogue) -> None:
        self._indexed = {listing.id: listing for listing in listings}
        self._sold_but_indexed: set[int] = set()
        self._by_release: defaultdict[int, set[int]] | None = None
        self._orders: dict[str, list[tuple[Any, int]]] = {}
        self._keys: dict[str, Callable[[Listing], Any]] = {
            "listed": lambda listing: listing.indexed_at,
            "price": lambda listing: listing.price,
            "item": lambda listing: catalogue.title_of(listing.release).casefold(),
            "artist": lambda listing: catalogue.artist_of(listing.release).casefold(),
            "label": lambda listing: catalogue.label_of(listing.release).casefold(),
            "catno": lambda listing: catalogue.catalogue_number_of(listing.release).casefold(),
            "audio": lambda listing: listing.has_audio,
        }

    @property
    def claimed(self) -> int:
        """How many listings the search index counts: what `pagination.items` says."""
        return len(self._indexed)

    def __len__(self) -> int:
        """How many are really for sale."""
        return len(self._indexed) - len(self._sold_but_indexed)

    def on_sale(self) -> list[Listing]:
        """Every listing that is really for sale, in no order that means anything."""
        sold = self._sold_but_indexed
        return [listing for number, listing in self._indexed.items() if number not in sold]

    def find(self, listing_id: int) -> Listing | None:
        """The listing if it is really for sale."""
        return None if listing_id in self._sold_but_indexed else self._indexed.get(listing_id)

    def copies(self, release: int) -> list[Listing]:
        """The listings of one release that are really for sale."""
        if self._by_release is None:
            self._by_release = defaultdict(set)
            for listing in self._indexed.values():
                self._by_release[listing.release].add(listing.id)
        found = (self.find(number) for number in sorted(self._by_release.get(release, ())))
        return [listing for listing in found if listing]

    def slice(self, sort: str, is_descending: bool, start: int, size: int) -> list[Listing]:
        """The listings from place `start` on; fewer than `size` where sold ones hold a place."""
        order = self._order(sort)
        if is_descending:
            end = len(order) - start
            places = order[max(end - size, 0) : max(end, 0)][::-1]
        else:
            places = order[start : start + size]
        sold = self._sold_but_indexed
        return [self._indexed[number] for _, number in places if number not in sold]

    def put(self, listing: Listing) -> None:
        """Add a listing, or put it in the place of the one with its id."""
        if listing.id in self._indexed:
            self.remove(listing.id)
        self._indexed[listing.id] = listing
        if self._by_release is not None:
            self._by_release[listing.release].add(listing.id)
        for sort, order in self._orders.items():
            insort(order, (self._keys[sort](listing), listing.id))

    def remove(self, listing_id: int) -> Listing:
        """Take a listing out of the stock and out of every order.  Raises KeyError."""
        listing = self._indexed.pop(listing_id)
        self._sold_but_indexed.discard(listing_id)
        if self._by_release is not None:
            self._by_release[listing.release].discard(listing_id)
        for sort, order in self._orders.items():
            del order[bisect_left(order, (self._keys[sort](listing), listing_id))]
        return listing

    def sell_unnoticed(self, listing_id: int) -> None:
        """Sell a listing that goes on holding its place in the index: a page comes short."""
        self._sold_but_indexed.add(listing_id)

    def _order(self, sort: str) -> list[tuple[Any, int]]:
        if sort not in self._orders:
            key = self._keys[sort]
            self._orders[sort] = sorted((key(item), item.id) for item in self._indexed.values())
        return self._orders[sort]
