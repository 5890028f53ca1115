"""Feeds of alerts: for whoever is signed in, and at an address that holds a secret.

A reader of feeds can neither sign in nor send a token, so the address alone lets it in:
made on demand, told once, kept as a hash, void as soon as another is made or none is
wanted any more.
"""

from typing import TYPE_CHECKING, Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter

from cratewise.alerts.deliver import sentence
from cratewise.alerts.feed import Entry, atom
from cratewise.api.alerts import SHOWN, Number
from cratewise.api.installation import Here, Installation
from cratewise.api.problems import told
from cratewise.errors import UnknownAlert
from cratewise.notices import DATA_NOTICE
from cratewise.people.secrets import hash_of, new_secret
from cratewise.store import alerts as kept
from cratewise.store.accounts import account_of
from cratewise.store.engine import reading, writing
from cratewise.store.stale_prices import without_stale_prices
from cratewise.store.stock import these_listings

if TYPE_CHECKING:
    from sqlalchemy import Connection

FEED_TYPE = "application/atom+xml"
FEEDS = "/api/v1/feeds/"  # what follows is a secret, and is in no log
IS_A_FEED = {
    200: ResponseSpec(
        data_container=str,
        media_type=FEED_TYPE,
        generate_examples=False,
        description="An Atom feed, the newest first.",
    )
}


class FeedAddress(msgspec.Struct, frozen=True):
    """Where anybody who knows it reads the feed; it is told here and never again."""

    address: str


@get("/alerts/{alert_id:int}/feed", tags=["alerts"], operation_id="read_feed",
     sync_to_thread=True, responses=told(404, 503) | IS_A_FEED)  # fmt: skip
def read_feed(here: Here, alert_id: Number) -> Response[bytes]:
    """What an alert told, as an Atom feed for any reader of such."""
    account = here.account()
    with reading(here.engine) as db:
        alert = kept.find_alert(db, alert_id, account.id)
        return _feed(here, db, alert, f"/api/v1/alerts/{alert_id}/feed")


@post("/alerts/{alert_id:int}/feed-address", tags=["alerts"], operation_id="make_feed_address",
      sync_to_thread=True, status_code=201, responses=told(404, 503))  # fmt: skip
def make_feed_address(here: Here, alert_id: Number) -> FeedAddress:
    """Make an address that holds a secret, for readers that cannot sign in; an earlier is void."""
    account, secret = here.account(), new_secret()
    with writing(here.engine) as db:
        kept.give_feed_address(db, account.id, alert_id, hash_of(secret))
    return FeedAddress(f"{here.settings.public_url or ''}{FEEDS}{secret}")


@delete("/alerts/{alert_id:int}/feed-address", tags=["alerts"],
        operation_id="revoke_feed_address", sync_to_thread=True, status_code=204,
        responses=told(404, 503))  # fmt: skip
def revoke_feed_address(here: Here, alert_id: Number) -> None:
    """Let the feed be read by nobody who is not signed in."""
    account = here.account()
    with writing(here.engine) as db:
        kept.give_feed_address(db, account.id, alert_id, None)


@get("/feeds/{secret:str}", tags=["alerts"], operation_id="read_secret_feed",
     sync_to_thread=True, responses=told(404, 503) | IS_A_FEED)  # fmt: skip
def read_secret_feed(
    here: Here, secret: Annotated[str, PathParameter(max_length=100)]
) -> Response[bytes]:
    """What an alert told, for whoever knows the address."""
    with reading(here.engine) as db:
        alert = kept.find_feed(db, hash_of(secret))
        if alert is None:
            raise UnknownAlert(None)
        return _feed(here, db, alert, f"{FEEDS}{secret}")


def _feed(here: Installation, db: "Connection", alert: kept.Alert, path: str) -> Response[bytes]:
    since = here.priced_since(account_of(db, alert.account_id))
    told_last = kept.deliveries_of(db, alert.id, limit=SHOWN)
    entries = [
        Entry(listing, one.made_at, sentence(listing))
        for one in told_last
        for listing in without_stale_prices(these_listings(db, kept.listings_in(db, one.id)), since)
    ]
    updated_at = told_last[0].made_at if told_last else alert.created_at
    identity, address = f"urn:cratewise:alert:{alert.id}", f"{here.settings.public_url or ''}{path}"
    feed = atom(alert.search, identity, address, entries, updated_at)
    return Response(feed, media_type=FEED_TYPE, headers={"X-Notice": DATA_NOTICE})
