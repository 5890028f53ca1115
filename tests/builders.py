"""Put sellers, releases and listings into a store directly, for tests that only read."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, insert

from cratewise.rates import Rates
from cratewise.score import score_of
from cratewise.store.tables import accounts, follows, listings, pulls, releases, sellers
from cratewise.store.words import keep_words

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)  # where tests' clocks begin
RATES = Rates({NOON.date(): {"USD": 1.25, "GBP": 0.8, "JPY": 175.0}})

_numbers = count(1)


def an_account(
    db: Connection, currency: str = "EUR", country: str = "DE", name: str = "local"
) -> int:
    row = {"name": name, "currency": currency, "country": country, "created_at": NOON}
    return _inserted(db, accounts, row)


def a_seller(db: Connection, username: str = "alice", **columns: Any) -> int:
    row = {"username": username, "username_key": username.lower(), "created_at": NOON}
    return _inserted(db, sellers, {**row, **columns})


def a_follow(db: Connection, account_id: int, seller_id: int) -> None:
    db.execute(insert(follows).values(account_id=account_id, seller_id=seller_id, followed_at=NOON))


def a_pull(db: Connection, seller_id: int, **columns: Any) -> int:
    row = {"seller_id": seller_id, "kind": "full", "plan": "[]", "state": "done"}
    times = {"started_at": NOON, "finished_at": NOON}
    return _inserted(db, pulls, {**row, **times, **columns})


def a_listing(db: Connection, seller_id: int, **columns: Any) -> int:
    """A listing of a release of its own; a column's name says which table it belongs to.

    Its score is the rule's, at RATES, unless `score` is given.
    """
    number = next(_numbers)
    release: dict[str, Any] = {
        "id": number, "artist": "Alice Coltrane", "title": f"Record {number}", "label": "Impulse!",
        "catalog_number": "AS 9203", "format": "LP, Album", "year": 1971, "want": 300, "have": 100,
        "counted_at": NOON, "changed_at": NOON,
    }  # fmt: skip
    release |= {name: columns.pop(name) for name in list(columns) if name in release}
    listing: dict[str, Any] = {
        "discogs_listing_id": 5_000_000_000 + number, "seller_id": seller_id,
        "release_id": release["id"], "price_minor": 2000, "currency": "EUR", "price_read_at": NOON,
        "media_grade": 6, "sleeve_grade": 5, "posted_at": NOON, "first_seen_at": NOON,
        "last_seen_at": NOON, "touched_at": NOON,
    }  # fmt: skip
    listing |= columns
    usd = RATES.usd(listing["price_minor"], listing["currency"], NOON.date())
    listing.setdefault("price_usd", usd)
    listing.setdefault("score", score_of(release["want"], release["have"], usd))
    db.execute(insert(releases).values(release))
    keep_words(db, [release], NOON)
    return _inserted(db, listings, listing)


def _inserted(db: Connection, table: Any, row: dict[str, Any]) -> int:
    return int(db.execute(insert(table).values(row).returning(table.c.id)).scalar_one())
