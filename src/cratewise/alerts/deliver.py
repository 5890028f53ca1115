"""Tell what alerts found: a webhook or a letter, tried again for a day, then given up and shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cratewise.alerts import mail, webhook
from cratewise.clock import Clock
from cratewise.errors import AlertError
from cratewise.notices import API_NOTICE, DATA_NOTICE, listing_url, shown_since
from cratewise.shelf.prices import stored_price
from cratewise.store.accounts import account_of
from cratewise.store.alerts import (
    Alert,
    Delivery,
    end_delivery,
    find_alert,
    listings_in,
    put_off,
    take_due,
)
from cratewise.store.engine import reading, writing
from cratewise.store.stale_prices import without_stale_prices
from cratewise.store.stock import Listing, these_listings

if TYPE_CHECKING:
    from sqlalchemy import Engine

TRIED_FOR = timedelta(days=1)
FIRST_PAUSE = timedelta(minutes=1)  # doubled at each try
LONGEST_PAUSE = timedelta(hours=2)
KEPT_FROM_OTHERS = timedelta(minutes=2)  # longer than any try lasts


@dataclass(frozen=True, slots=True)
class Courier:
    """By what letters and requests are sent.

    mail_server  None: no mail is sent; sender: its From.
    is_server    others use this machine too: nothing private is reached from it.
    hides_stale  a price that was read more than six hours ago is told nobody, whatever each wishes.
    """

    user_agent: str
    mail_server: mail.MailServer | None = None
    sender: str = ""
    is_server: bool = False
    hides_stale: bool = False
    look_up: webhook.Resolve = webhook.resolve


def deliver_due(
    engine: "Engine", courier: Courier, clock: Clock, *, should_stop: Callable[[], bool]
) -> int:
    """Send all that is due; how many were sent.  Raises StoreUnavailable, StoreFull."""
    sent = 0
    while not should_stop():
        now = clock.now()
        with writing(engine) as db:
            delivery = take_due(db, now, now + KEPT_FROM_OTHERS)
        if delivery is None:
            return sent
        sent += _deliver(engine, courier, delivery, clock)
    return sent


def _deliver(engine: "Engine", courier: Courier, delivery: Delivery, clock: Clock) -> bool:
    with reading(engine) as db:
        alert = find_alert(db, delivery.alert_id)
        listed = these_listings(db, listings_in(db, delivery.id))
        hides = courier.hides_stale or account_of(db, alert.account_id).hides_stale
    since = shown_since(clock.now()) if hides else None
    listings = without_stale_prices(listed, since)
    try:
        _send(courier, alert, delivery, listings)
    except AlertError as error:
        _note_failure(engine, delivery, str(error), clock.now())
        return False
    with writing(engine) as db:
        end_delivery(db, delivery.id, "sent", clock.now())
    return True


def _send(courier: Courier, alert: Alert, delivery: Delivery, listings: list[Listing]) -> None:
    if alert.way == "webhook":
        webhook.post(
            alert.target,
            message(alert, delivery, listings),
            key=delivery.key,
            may_be_private=alert.may_be_private and not courier.is_server,
            user_agent=courier.user_agent,
            look_up=courier.look_up,
        )
    elif courier.mail_server is None:
        raise AlertError("No mail server is set: CRATEWISE_SMTP_URL.")
    else:
        many = f"{len(listings)} listings" if len(listings) != 1 else "1 listing"
        mail.send(
            courier.mail_server,
            courier.sender or alert.target,
            alert.target,
            f"{alert.search}: {many}",
            letter(alert, listings),
            key=delivery.key,
        )


def _note_failure(engine: "Engine", delivery: Delivery, problem: str, now: datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(delivery.tries, 10), LONGEST_PAUSE)
    with writing(engine) as db:
        if now + pause > delivery.made_at + TRIED_FOR:
            end_delivery(db, delivery.id, "failed", now, problem)
        else:
            put_off(db, delivery.id, now + pause, problem)


def message(alert: Alert, delivery: Delivery, listings: list[Listing]) -> dict[str, Any]:
    """What a webhook is sent."""
    return {
        "alert": alert.id,
        "search": alert.search,
        "delivery": delivery.key,
        "found_at": delivery.made_at.isoformat(),
        "listings": [_told(listing) for listing in listings],
        "notices": [DATA_NOTICE, API_NOTICE],
    }


def _told(listing: Listing) -> dict[str, Any]:
    price = stored_price(listing.price_minor, listing.currency)
    read_at = listing.price_read_at
    return {
        "id": listing.id,
        "discogs_listing_id": listing.discogs_listing_id,
        "release_id": listing.release_id,
        "artist": listing.artist,
        "title": listing.title,
        "format": listing.format,
        "seller": listing.seller,
        "price": None if price is None else str(price.amount),
        "currency": listing.currency,
        "price_read_at": None if read_at is None else read_at.isoformat(),
        "media_grade": None if listing.media_grade is None else listing.media_grade.short,
        "sleeve_grade": None if listing.sleeve_grade is None else listing.sleeve_grade.short,
        "url": listing_url(listing.discogs_listing_id, listing.release_id),
    }


def sentence(listing: Listing) -> str:
    """A listing in a line: what, in which grade, for how much, at whom, and as of when.

    By the day and the minute: a letter or a feed is read whenever its reader likes.
    """
    price = stored_price(listing.price_minor, listing.currency)
    media = "" if listing.media_grade is None else f", {listing.media_grade.short}"
    what = f"{listing.artist} – {listing.title} ({listing.format or 'format unknown'}{media})"
    read_at = listing.price_read_at
    since = f", priced {read_at:%d %B %Y, %H:%M} UTC" if price and read_at else ""
    return f"{what}: {price or 'price unknown'} at {listing.seller}{since}."


def letter(alert: Alert, listings: list[Listing]) -> str:
    """What a mail says."""
    lines = [f"{alert.search} found:", ""]
    for listing in listings:
        url = listing_url(listing.discogs_listing_id, listing.release_id)
        lines += [sentence(listing), f"  {url}"]
    return "\n".join([*lines, "", DATA_NOTICE, API_NOTICE, ""])
