"""A price that is too old to be shown, and what would tell it."""

from datetime import date, timedelta

from sqlalchemy import Engine, insert, select, update
from tests.api.serving import Api
from tests.builders import RATES, a_follow, a_listing, a_seller

from cratewise.alerts.report import report
from cratewise.notices import FRESH_FOR
from cratewise.store.engine import writing
from cratewise.store.postage import keep_postage
from cratewise.store.tables import listings, price_changes, releases, wants

# The price that nobody may see, what it was before, and what sums with it would be.
SECRETS: tuple[str, ...] = (
    "9876.54",
    "987654",
    "9,876.54",
    "9876,54",
    "9999.99",
    "999999",
    "12345.67",
    "12,345.67",
)
SECRETS += ("9976.54", "997654", "9881.54", "988154", "9981.54", "998154", "12345.675")


POSTAGE = {"country": "DE", "currency": "EUR", "first_minor": 500, "further_minor": 0}
POSTAGE |= {"tiers": None, "source": "", "told_on": date(2026, 11, 1)}


class Stock:
    """A dear copy whose price is seven hours old, and a fresh one of the same release."""

    def __init__(self, api: Api, store: Engine) -> None:
        now = api.here.clock.now()
        account = api.here.account()
        self.search = api.http.post("/api/v1/searches", json={"name": "all"}).json()["id"]
        told = {"search_id": self.search, "way": "feed"}
        self.alert = api.http.post("/api/v1/alerts", json=told).json()["id"]
        came = api.here.clock.now()
        times = {"first_seen_at": came, "last_seen_at": came, "touched_at": came}
        with writing(store) as db:
            alice, bob = a_seller(db), a_seller(db, "bob")
            for seller in (alice, bob):
                a_follow(db, account.id, seller)
                keep_postage(db, account.id, POSTAGE, seller_id=seller)
            stale = now - FRESH_FOR - timedelta(hours=1)
            self.stale = a_listing(
                db, alice, title="Dear", price_minor=987654, price_read_at=stale,
                **times,
            )  # fmt: skip
            row = db.execute(select(listings).where(listings.c.id == self.stale)).one()._asdict()
            self.release = row["release_id"]
            del row["id"]
            row |= {"discogs_listing_id": 7_000_000_001, "seller_id": bob, "price_minor": 10_000,
                    "price_usd": 125.0, "price_read_at": came}  # fmt: skip
            self.fresh = db.execute(
                insert(listings).values(row).returning(listings.c.id)
            ).scalar_one()
            other = a_listing(db, alice, title="Also dear", price_minor=987654,
                              price_read_at=stale, **times)  # fmt: skip
            alone = db.scalar(select(listings.c.release_id).where(listings.c.id == other))
            db.execute(update(releases).values(master_id=77).where(releases.c.id == self.release))
            for number in (self.release, alone):
                db.execute(insert(wants).values(account_id=account.id, release_id=number,
                                                synced_at=now))  # fmt: skip
            for at, before, after in ((stale, 999_999, 987_654), (came, 987_654, 999_999)):
                db.execute(insert(price_changes).values(
                    listing_id=self.stale, changed_at=at, old_price_minor=before,
                    old_currency="EUR", new_price_minor=after, new_currency="EUR"))  # fmt: skip
        self.alone = alone
        assert report(store, api.here.finder, lambda: RATES, api.here.clock) == 3


def assert_silent(text: str, where: str) -> None:
    for secret in SECRETS:
        assert secret not in text, (where, secret, text)
