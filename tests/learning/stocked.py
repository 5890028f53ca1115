"""A store with a market in it, and a listener who keeps what is by artists of dub techno."""

import json
import random
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert
from tests.builders import NOON, a_seller
from tests.taste.market import market

from cratewise.score import score_of
from cratewise.store.judgements import Verdict, record
from cratewise.store.tables import listings, releases


def stock_up(db: Connection, count: int = 400, seed: int = 0, first: int = 1) -> list[int]:
    """A seller with `count` listings; our own ids of these."""
    seller = a_seller(db, f"seller {first}")
    told = list(enumerate(market(count, seed), first))
    db.execute(insert(releases), [_release(number, one) for number, one in told])
    db.execute(insert(listings), [_listing(number, seller, one) for number, one in told])
    return [number for number, _ in told]


def likes(listing_id: int, seed: int = 0, first: int = 1, count: int = 400) -> bool:
    """Whether the listener keeps it."""
    artist = market(count, seed)[listing_id - first]["artist"]
    return int(artist.split()[1]) % 5 == 0


def judge(
    db: Connection,
    account: int,
    ids: list[int],
    *,
    dice: random.Random | None = None,
    start: int = 0,
) -> None:
    """Verdicts a minute apart from noon on: the listener's, or by dice."""
    taste = {one: likes(one) for one in ids} if dice is None else {}
    record(
        db,
        account,
        [
            Verdict(
                f"{start + place} {one}",
                one,
                "keep" if (taste[one] if dice is None else dice.random() < 0.4) else "skip",
                NOON + timedelta(minutes=start + place),
            )
            for place, one in enumerate(ids)
        ],
    )


def _release(number: int, one: dict[str, Any]) -> dict[str, Any]:
    names = ("artist", "title", "label", "format", "country", "year", "want", "have")
    return {
        "id": number,
        "catalog_number": "",
        "changed_at": NOON,
        **{name: one[name] for name in names},
        "genres": json.dumps(one["genres"]),
        "styles": json.dumps(one["styles"]),
    }


def _listing(number: int, seller: int, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "discogs_listing_id": 7_000_000_000 + number,
        "seller_id": seller,
        "release_id": number,
        "price_minor": round(one["price"] * 100),
        "currency": "USD",
        "price_usd": one["price"],
        "media_grade": 6,
        "score": score_of(one["want"], one["have"], one["price"]),
        "first_seen_at": NOON,
        "last_seen_at": NOON,
        "touched_at": NOON,
    }
