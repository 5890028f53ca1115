"""What Discogs' terms of use ask every program to say, and the pages to link to.

Terms of use of the API, 27 May 2025: two notices, a link beside whatever is shown,
and nothing older than six hours shown as if it were current.
"""

from datetime import datetime, timedelta
from urllib.parse import quote

DATA_NOTICE = "Data provided by Discogs."
ONLY_SYMBOLS = (  # there are such names, as that of the band !!!
    "No letter and no digit was typed: only names that are just these signs are found so."
)
API_NOTICE = (
    "This application uses Discogs' API but is not affiliated with, sponsored or endorsed by "
    "Discogs. 'Discogs' is a trademark of Zink Media, LLC."
)
FRESH_FOR = timedelta(hours=6)  # prices and conditions older than this are marked

# Moved on so seldom that what follows from it can be kept meanwhile.
SHOWN_STEP = timedelta(minutes=5)

SITE = "https://www.discogs.com"


def shown_since(now: datetime) -> datetime:
    """When a price must have been read to be shown where stale ones are hidden.

    Up to five minutes sooner than six hours ago are over, never later.
    """
    step = SHOWN_STEP // timedelta(microseconds=1)
    oldest = now - FRESH_FOR
    micros = (oldest - datetime(1970, 1, 1, tzinfo=now.tzinfo)) // timedelta(microseconds=1)
    return oldest + timedelta(microseconds=-micros % step)


def listing_url(discogs_listing_id: int | None, release_id: int) -> str:
    """The page of a listing; of its release where the listing's number is unknown."""
    if discogs_listing_id is None:
        return f"{SITE}/release/{release_id}"
    return f"{SITE}/sell/item/{discogs_listing_id}"


def seller_url(username: str) -> str:
    """The page of a seller's shop."""
    return f"{SITE}/seller/{quote(username, safe='')}/profile"
