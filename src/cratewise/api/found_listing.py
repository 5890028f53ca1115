"""A listing as a page of a search shows it: with what it comes to for whoever asks."""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from cratewise.api.listing_answer import Listing, Price, priced, shown
from cratewise.money import Money
from cratewise.shelf.appraise import Appraisal
from cratewise.shelf.prices import stored_price
from cratewise.shelf.view import View

if TYPE_CHECKING:
    from cratewise.store.price_changes import PriceChange


class FoundListing(Listing, frozen=True, kw_only=True):
    """A listing on a page, and what it comes to for you; null: unknown.

    landed            with a parcel for it alone, in your currency.
    keep_probability  the chance that you keep it, as the model that serves has it.
    discount          by which part it costs less than the median of the release's other copies
                      for sale: 0.25 a quarter less, below 0 more.
    was, dropped_at   the price before it came down, if that was its last change, and when.
    """

    landed: Price | None
    keep_probability: float | None
    discount: float | None
    was: Price | None
    dropped_at: datetime | None


def found_listing(
    view: View, currency: str, found: Appraisal, last: "PriceChange | None"
) -> FoundListing:
    """A reader's view of a listing with what it comes to, in their currency.

    last  the last change of its price; None: it never changed.
    """
    landed = None if found.landed_minor is None else Money(found.landed_minor, currency)
    drop = last if last is not None and last.is_drop and not view.is_price_hidden else None
    return FoundListing(
        **msgspec.structs.asdict(shown(view)),
        landed=None if view.is_price_hidden else priced(landed),
        keep_probability=found.keep_probability,
        discount=None if view.is_price_hidden else found.discount,
        was=priced(stored_price(drop.old_price_minor, drop.old_currency)) if drop else None,
        dropped_at=drop.changed_at if drop else None,
    )
