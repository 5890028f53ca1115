"""A stock of few distinct values, so that filters meet, ties are many and much is unknown."""

import json
import random
from datetime import timedelta
from typing import Any, cast

import numpy as np
from sqlalchemy import Connection, func, insert, select, update
from tests.builders import NOON, a_listing, a_seller

from cratewise.store.hidden import Kind, hide
from cratewise.store.postage import keep_postage
from cratewise.store.predictions import Predictions, keep_predictions
from cratewise.store.tables import judgements, listings, owned, price_changes, releases, wants

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


def a_mixed_stock(db: Connection, many: int, *, seed: int = 1) -> list[int]:
    """So many listings of three sellers; their ids."""
    dice = random.Random(seed)
    owners = [a_seller(db, name) for name in ("alice", "bob", "carol")]
    ids: list[int] = []
    for n in range(many):
        if n % 4 == 3:
            ids.append(_another_copy(db, dice, dice.choice(ids), dice.choice(owners)))
            continue
        ids.append(a_listing(db, dice.choice(owners), **_release(dice), **_listing(dice)))
        if dice.random() < 0.6:
            _describe(db, dice, ids[-1])
        if dice.random() < 0.3:
            _change_price(db, dice, ids[-1])
    return ids


def _another_copy(db: Connection, dice: random.Random, listing_id: int, seller_id: int) -> int:
    """A listing of the same release, at a price of its own."""
    of_release = select(listings).where(listings.c.id == listing_id)
    row = dict(db.execute(of_release).one()._mapping)
    del row["id"]
    row |= {**_listing(dice), "seller_id": seller_id}
    row["discogs_listing_id"] = 9_000_000_000 + int(db.scalar(select(func.max(listings.c.id))) or 0)
    return int(db.execute(insert(listings).values(row).returning(listings.c.id)).scalar_one())


def much_said(db: Connection, account_id: int, *, seed: int = 2) -> None:
    """What an account wants, owns, hides, judged and was told of postage, among that stock."""
    dice = random.Random(seed)
    rows = db.execute(select(listings.c.id, listings.c.release_id).order_by(listings.c.id)).all()
    ids, releases_of = [row.id for row in rows], {row.id: row.release_id for row in rows}
    for table, rest in ((wants, {}), (owned, {"copies": 1})):
        for number in dice.sample(sorted(set(releases_of.values())), len(rows) // 5):
            row = {"account_id": account_id, "release_id": number, "synced_at": NOON, **rest}
            db.execute(insert(table).values(row))
    for kind, name in (("artist", "THE FALL"), ("label", "abc"), ("style", "House"),
                       ("seller", "carol"), ("listing", str(ids[0]))):  # fmt: skip
        hide(db, account_id, cast("Kind", kind), name, NOON)
    for number in dice.sample(ids, len(ids) // 4):
        for at in range(dice.choice((1, 1, 2))):
            judged = {
                "account_id": account_id, "listing_id": number, "release_id": releases_of[number],
                "verdict": dice.choice(("keep", "skip")), "key": f"{number}-{at}", "listing": "{}",
                "judged_at": NOON + timedelta(minutes=at),
                "undone_at": dice.choice((None, None, NOON)),
            }  # fmt: skip
            db.execute(insert(judgements).values(judged))
    _postage(db, account_id)
    told = sorted(dice.sample(ids, len(ids) // 2))
    chances = np.array([dice.choice((0.25, 0.5, 0.75)) for _ in told], np.float32)
    keep_predictions(db, account_id, Predictions(np.array(told), chances, 1, NOON))


def _postage(db: Connection, account_id: int) -> None:
    told = {
        "country": "DE", "currency": "GBP", "first_minor": 400, "further_minor": 100,
        "tiers": (), "source": "", "told_on": NOON.date(),
    }  # fmt: skip
    keep_postage(db, account_id, told, origin="Germany")
    by_weight = {**told, "first_minor": None, "further_minor": None, "tiers": ((400, 500),)}
    keep_postage(db, account_id, by_weight, seller_id=1)


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
        "back_at": dice.choice((*[None] * 4, *MOMENTS)),
        "score": dice.choice((None, 7.0, 7.0, 1 / 3, -2.5)),
        "price_usd": dice.choice((None, 0.1, 12.5, 12.5)),
    }  # fmt: skip


def _describe(db: Connection, dice: random.Random, listing_id: int) -> None:
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
