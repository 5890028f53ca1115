"""A stock of few distinct values, so that filters meet, ties are many and much is unknown."""

import json
import random
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, update
from tests.builders import NOON, a_listing, a_seller

from cratewise.store.tables import price_changes, releases

ARTISTS = ("Alice Coltrane", "alice coltrane", "Björk", "Bjork & Friends", "The Fall", "ÆON", "")
TITLES = ("Blue", "blue", "Ástral", "Journey In Satchidananda", "")
LABELS = ("Impulse!", "Impulse!, ABC", "4AD", "Not On Label", "")
FORMATS = ("LP, Album", "2xLP, Comp", "CD, Album", '7", Single', "LP + CD", "Vinyl, Flexi", "")
COUNTRIES = ("UK", "US", "Japan", None)
ORIGINS = ("Germany", "United Kingdom", "")
GENRES = ("Jazz", "Rock", "Electronic")
STYLES = ("Free Jazz", "Modal", "House", "Acid House")
CURRENCIES = ("EUR", "USD", "GBP", "JPY", "XXX", None)
MOMENTS = (None, *(NOON + timedelta(hours=n, microseconds=n) for n in range(-2, 3)))


def a_mixed_stock(db: Connection, listings: int, *, seed: int = 1) -> list[int]:
    """So many listings of three sellers; their ids."""
    dice = random.Random(seed)
    owners = [a_seller(db, name) for name in ("alice", "bob", "carol")]
    ids = []
    for _ in range(listings):
        ids.append(a_listing(db, dice.choice(owners), **_release(dice), **_listing(dice)))
        if dice.random() < 0.6:
            _describe(db, dice, ids[-1])
        if dice.random() < 0.3:
            _change_price(db, dice, ids[-1])
    return ids


def _release(dice: random.Random) -> dict[str, Any]:
    want, have = dice.choice((None, 0, 3, 40)), dice.choice((None, 0, 3, 40))
    return {
        "artist": dice.choice(ARTISTS), "title": dice.choice(TITLES), "label": dice.choice(LABELS),
        "format": dice.choice(FORMATS), "year": dice.choice((None, 1971, 1990, 1991)),
        "want": want, "have": have,
    }  # fmt: skip


def _listing(dice: random.Random) -> dict[str, Any]:
    currency = dice.choice(CURRENCIES)
    return {
        "price_minor": None if currency is None else dice.choice((0, 500, 1000, 1001, 2500)),
        "currency": currency, "media_grade": dice.choice((None, 3, 6, 8)),
        "sleeve_grade": dice.choice((None, -2, 0, 5, 8)), "ships_from": dice.choice(ORIGINS),
        "posted_at": dice.choice(MOMENTS), "price_read_at": dice.choice(MOMENTS),
        "first_seen_at": dice.choice(MOMENTS[1:]), "gone_at": dice.choice((*[None] * 4, NOON)),
        "score": dice.choice((None, 7.0, 7.0, 1 / 3, -2.5)),
        "price_usd": dice.choice((None, 0.1, 12.5, 12.5)),
    }  # fmt: skip


def _describe(db: Connection, dice: random.Random, listing_id: int) -> None:
    from cratewise.store.tables import listings

    release = listings.select().with_only_columns(listings.c.release_id)
    number = db.scalar(release.where(listings.c.id == listing_id))
    db.execute(
        update(releases)
        .where(releases.c.id == number)
        .values(
            genres=json.dumps(dice.sample(GENRES, dice.randrange(3))),
            styles=json.dumps(dice.sample(STYLES, dice.randrange(4))),
            country=dice.choice(COUNTRIES),
            master_id=dice.choice((None, 1, 2, 3)),
            described_at=NOON,
        )
    )


def _change_price(db: Connection, dice: random.Random, listing_id: int) -> None:
    old, new = dice.sample((500, 1000, 2500), 2)
    db.execute(
        insert(price_changes).values(
            listing_id=listing_id,
            changed_at=dice.choice(MOMENTS[1:]),
            old_price_minor=old,
            old_currency=dice.choice(("EUR", "USD")),
            new_price_minor=new,
            new_currency="EUR",
        )
    )
