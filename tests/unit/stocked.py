"""A listing as the store shows it, for tests of what is made of one."""

from datetime import UTC, datetime
from typing import Any

from cratewise.grades import Grade
from cratewise.store.stock import Listing

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def a_listing(**fields: Any) -> Listing:
    plain = Listing(
        id=1, discogs_listing_id=4_350_000_001, release_id=249504, seller="alice",
        artist="Rick Astley", title="Never Gonna Give You Up", label="RCA",
        catalog_number="PB 41447", format='7", Single', year=1987, price_minor=1250, currency="EUR",
        price_read_at=NOON, price_usd=13.965, shipping_minor=None, shipping_currency=None,
        media_grade=Grade.VERY_GOOD_PLUS, sleeve_grade=Grade.GENERIC, comments="",
        ships_from="Germany", allows_offers=False, posted_at=NOON, source="api", want=10, have=20,
        score=12.34567, first_seen_at=NOON, last_seen_at=NOON, changed_at=None, gone_at=None,
    )  # fmt: skip
    return plain._replace(**fields)
