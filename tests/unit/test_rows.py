"""A listing as Discogs sends it becomes a row of ours, or a reason why not."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cratewise.errors import BadListing
from cratewise.grades import Grade
from cratewise.inventory.rows import Terms, is_for_sale, listing_row, terms_of
from cratewise.store.listing_row import ListingRow

RAW: dict[str, Any] = {
    "id": 3526621535,
    "status": "For Sale",
    "condition": "Near Mint (NM or M-)",
    "sleeve_condition": "Generic",
    "comments": " Case has some scratches. ",
    "ships_from": "United States",
    "posted": "2025-04-13T20:16:17-07:00",
    "allow_offers": True,
    "audio": False,
    "price": {"value": 89.34117647058824, "currency": "USD"},
    "original_price": {"curr_abbr": "EUR", "curr_id": 3, "formatted": "€75.94", "value": 75.94},
    "shipping_price": {"value": 5.0, "currency": "USD"},
    "original_shipping_price": {"curr_abbr": "EUR", "value": 4.5},
    "seller": {"id": 1001, "min_order_total": 9.99, "shipping": "Ask first."},
    "release": {
        "id": 416300,
        "artist": "Live",
        "title": "Selling The Drama",
        "format": "CD, Maxi",
        "label": "Radioactive",
        "catalog_number": "RAD 31974",
        "year": 1994,
        "thumbnail": "",
        "stats": {
            "community": {"in_wantlist": 27, "in_collection": 209},
            "user": {"in_wantlist": 1, "in_collection": 0},
        },
    },
    "in_cart": True,
}


def raw(**told: Any) -> dict[str, Any]:
    return deepcopy(RAW) | told


def with_release(**told: Any) -> dict[str, Any]:
    return raw(release=deepcopy(RAW["release"]) | told)


def test_a_listing_becomes_a_row() -> None:
    row = listing_row(RAW)

    assert row.discogs_listing_id == 3526621535
    assert (row.price_minor, row.currency) == (7594, "EUR")
    assert (row.media_grade, row.sleeve_grade) == (Grade.NEAR_MINT, Grade.GENERIC)
    assert row.comments == "Case has some scratches."
    assert row.posted_at == datetime(2025, 4, 14, 3, 16, 17, tzinfo=UTC)
    assert (row.release.artist, row.release.want, row.release.have) == ("Live", 27, 209)


def test_what_belongs_to_the_viewer_is_left_behind() -> None:
    other = raw(
        price={"value": 1.0, "currency": "JPY"},
        shipping_price={},
        original_shipping_price={},
        in_cart=False,
        offer_submitted=True,
        shipping_is_blocked=True,
    )
    other["release"]["stats"]["user"] = {"in_wantlist": 0, "in_collection": 7}
    other["original_price"]["converted"] = {"curr_abbr": "JPY", "value": 1.0}

    assert listing_row(other) == listing_row(RAW)
    assert listing_row(RAW).shipping_minor is None  # postage to whoever looked


def test_without_the_sellers_own_price_the_viewers_is_not_taken_for_it() -> None:
    row = listing_row(raw(original_price=None))

    assert (row.price_minor, row.currency) == (None, None)


def test_year_0_is_unknown() -> None:
    assert listing_row(with_release(year=0)).release.year is None


def test_a_release_without_stats_has_unknown_counts() -> None:
    assert listing_row(with_release(stats=None)).release.want is None


def test_an_old_listing_tells_its_release_in_the_description() -> None:
    release = {"id": 732194, "description": 'Max Sedgley - Slowly (12")', "year": 2006}

    told = listing_row(raw(release=release)).release

    assert (told.artist, told.title, told.format) == ("Max Sedgley", "Slowly", '12"')


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (None, "no object"),
        ([], "no object"),
        (raw(id=None), "Its id is None"),
        (raw(id=True), "Its id is True"),
        (raw(id=2**63), "Its id is 9223372036854775808"),
        (raw(id="3526621535"), "Its id is '3526621535'"),
        (raw(release=None), "of which release"),
        (with_release(id=-1), "of which release"),
        (raw(original_price={"value": -1.0, "curr_abbr": "EUR"}), "-1.0 is not a price"),
        (raw(original_price={"value": "9", "curr_abbr": "EUR"}), "'9' is not a price"),
        (raw(original_price={"value": 9.0, "curr_abbr": "XXX"}), "not a currency"),
        (raw(original_price={"value": 9.0}), "not a currency"),
    ],
)
def test_a_listing_that_makes_no_sense_says_why(odd: Any, reason: str) -> None:
    with pytest.raises(BadListing, match=reason):
        listing_row(odd)


def test_text_that_no_database_takes_is_mended() -> None:
    row = listing_row(raw(comments="a\0b \ud83d c"))

    assert row.comments == "ab ? c"


def test_drafts_of_ones_own_inventory_are_not_for_sale() -> None:
    assert is_for_sale(RAW)
    assert is_for_sale({"id": 1})
    assert not is_for_sale(raw(status="Draft"))


def test_a_listing_tells_its_sellers_terms() -> None:
    assert terms_of(RAW) == Terms(999, "Ask first.")
    assert terms_of(raw(seller={"username": "user_003"})) is None
    assert terms_of(raw(seller={"min_order_total": None})) == Terms(None, "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(key=st.sampled_from(sorted(RAW)), odd=JSON)
def test_any_value_anywhere_makes_a_row_or_a_reason(key: str, odd: Any) -> None:
    listing = raw(**{key: odd})

    assert became(listing)
    terms_of(listing)


@given(key=st.sampled_from(sorted(RAW["release"])), odd=JSON)
def test_any_value_in_a_release_makes_a_row_or_a_reason(key: str, odd: Any) -> None:
    assert became(with_release(**{key: odd}))


def became(listing: Any) -> ListingRow | str:
    try:
        return listing_row(listing)
    except BadListing as reason:
        return str(reason)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("inventory_page_2025_authenticated.json", 2),
        ("inventory_page_2014_legacy_50.json", 50),
    ],
)
def test_recorded_pages_survive(samples: Path, name: str, count: int) -> None:
    page = json.loads((samples / "api" / name).read_text("utf-8"))

    rows = [listing_row(listing) for listing in page["listings"]]

    assert len(rows) == count
    assert all(row.release.title and row.media_grade for row in rows)


def test_the_recorded_listing_with_a_converted_price_keeps_the_sellers(samples: Path) -> None:
    listing = json.loads((samples / "api/listing_2025_converted_price.json").read_text("utf-8"))

    row = listing_row(listing)

    assert (row.price_minor, row.currency) == (7594, "EUR")
    assert row.release.label == "Inside Out Music, Sony Music"
