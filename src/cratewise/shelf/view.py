"""A stored listing as one reader sees it: in their currency, marked by their rule, dated."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cratewise.inventory.reconcile import UNVERIFIED_AFTER
from cratewise.keeper import KeeperRule
from cratewise.money import Money
from cratewise.notices import FRESH_FOR
from cratewise.rates import Rates
from cratewise.score import explain, explain_without_price
from cratewise.shelf.prices import in_currency, stored_price
from cratewise.store.ownership import UNMARKED, Mark, marks_of
from cratewise.store.stale_prices import without_price
from cratewise.store.stock import Listing

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Worth(NamedTuple):
    """What a listing comes to for one reader; None: unknown.

    landed            with a parcel for it alone, in the reader's currency
    keep_probability  the chance that they keep it, 0 to 1
    discount          by which part it costs less than the median of the release's other
                      copies for sale: 0.25 a quarter less, below 0 more
    """

    landed: Money | None
    keep_probability: float | None
    discount: float | None


@dataclass(frozen=True, slots=True)
class View:
    """A listing and what it is to one reader.

    price          as the seller asks; None: unknown
    own_price      in the reader's currency; None: unknown, or not convertible
    price_age      since the price was last read; None: never
    is_stale       the price is older than it may be shown without a mark
    is_keeper      the reader's keeper rule marks it
    reason         why it has its score, in one line
    is_unverified  it should be for sale, but nobody has seen it for a month
    mark           what its release is to the reader: wanted, owned
    is_price_hidden  it has a price, too old to be shown: the listing here has none
    worth          what it comes to for the reader; None: that was not asked
    """

    listing: Listing
    price: Money | None
    own_price: Money | None
    price_age: timedelta | None
    is_stale: bool
    is_keeper: bool
    reason: str
    is_unverified: bool
    is_price_hidden: bool = False
    mark: Mark = UNMARKED
    worth: Worth | None = None

    @property
    def is_convertible(self) -> bool:
        """False for a price in a currency without a rate."""
        return self.price is None or self.own_price is not None


def viewer(
    *,
    currency: str,
    rates: Rates,
    rule: KeeperRule,
    now: datetime,
    hides_stale: bool = False,
) -> Callable[[Listing], View]:
    """How a reader who counts in `currency` sees a listing at the time `now`.

    hides_stale  a price that may only be shown with a mark is not shown at all.
    """

    def view(listing: Listing) -> View:
        seen = look(listing)
        if not (hides_stale and seen.is_stale and seen.price is not None):
            return seen
        return replace(
            seen,
            listing=without_price(listing),
            price=None,
            own_price=None,
            reason=explain_without_price(listing.want, listing.have),
            is_price_hidden=True,
        )

    def look(listing: Listing) -> View:
        price = stored_price(listing.price_minor, listing.currency)
        own_price = in_currency(price, currency, rates, now.date())
        # A clock that was wrong when the price was read makes no price younger than new.
        age = max(now - listing.price_read_at, timedelta()) if listing.price_read_at else None
        return View(
            listing=listing,
            price=price,
            own_price=own_price,
            price_age=age,
            is_stale=age is None or age > FRESH_FOR,
            is_keeper=rule.keeps(listing),
            reason=_reason(listing, price),
            is_unverified=listing.gone_at is None and now - listing.last_seen_at > UNVERIFIED_AFTER,
        )

    return view


def marked(db: "Connection", account_id: int, views: Iterable[View]) -> list[View]:
    """Views with what their releases are to an account: wanted, owned, in any pressing."""
    seen = list(views)
    marks = marks_of(db, account_id, (view.listing.release_id for view in seen))
    return [
        replace(view, mark=marks.get(view.listing.release_id, UNMARKED)) if marks else view
        for view in seen
    ]


def _reason(listing: Listing, price: Money | None) -> str:
    if price is not None and listing.price_usd is None and listing.want is not None:
        return f"score unknown: there is no rate for {price.currency}"
    return explain(listing.want, listing.have, listing.price_usd)
