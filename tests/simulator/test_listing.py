"""What a listing tells, to a stranger and to a viewer with a token."""

from typing import Any

import httpx2
import pytest

from cratewise.simulator import Simulator

from .conftest import Visitor


def listings(client: httpx2.Client, seller: str = "bob", pages: int = 10) -> list[Any]:
    return [
        row
        for n in range(1, pages + 1)
        for row in client.get(
            f"/users/{seller}/inventory", params={"page": n, "per_page": 100}
        ).json()["listings"]
    ]


def test_a_stranger_sees_no_images_no_postage_and_nothing_personal(
    stranger: httpx2.Client,
) -> None:
    for row in listings(stranger, pages=2):
        assert (row["release"]["thumbnail"], row["release"]["images"]) == ("", [])
        assert (row["shipping_price"], row["original_shipping_price"]) == ({}, {})
        assert row["shipping_is_blocked"] is True
        assert "in_cart" not in row
        assert "user" not in row["release"]["stats"]


def test_a_stranger_sees_prices_as_the_seller_wrote_them(stranger: httpx2.Client) -> None:
    for row in listings(stranger, pages=1):
        assert row["price"] == {
            "value": row["original_price"]["value"],
            "currency": row["original_price"]["curr_abbr"],
        }


def test_a_viewer_sees_prices_converted_and_unrounded(digger: httpx2.Client) -> None:
    rows = listings(digger, pages=1)

    assert {row["price"]["currency"] for row in rows} == {"EUR"}
    assert {row["original_price"]["curr_abbr"] for row in rows} == {"GBP"}
    assert any(round(row["price"]["value"], 2) != row["price"]["value"] for row in rows)
    for row in rows:
        assert row["original_price"]["converted"]["value"] == round(row["price"]["value"], 2)


def test_a_viewer_sees_what_is_on_its_own_lists(discogs: Simulator, visit: Visitor) -> None:
    hermit = visit(token_of="hermit")
    row = listings(hermit, pages=1)[0]
    assert row["release"]["stats"]["user"] == {"in_wantlist": 0, "in_collection": 0}

    hermit.put(f"/users/hermit/wants/{row['release']['id']}").raise_for_status()

    wanted = hermit.get(f"/marketplace/listings/{row['id']}").json()
    assert wanted["release"]["stats"]["user"] == {"in_wantlist": 1, "in_collection": 0}


def test_postage_is_told_at_times_and_never_free(digger: httpx2.Client) -> None:
    told = [row["shipping_price"] for row in listings(digger, pages=5)]

    assert {} in told
    assert all(price["value"] > 0 for price in told if price)
    assert any(told)


def test_the_market_has_the_oddities_of_the_real_one(stranger: httpx2.Client) -> None:
    rows = listings(stranger, pages=30)
    releases = [row["release"] for row in rows]

    assert any(row["id"] > 2**32 for row in rows)
    assert any(release["year"] == 0 for release in releases)
    assert any(release["stats"]["community"]["in_collection"] == 0 for release in releases)
    assert any(row["comments"] == "" for row in rows)
    assert any("\n" in row["comments"] for row in rows)
    assert {"Generic", "Not Graded", "No Cover"} <= {row["sleeve_condition"] for row in rows}
    assert any(release["artist"] == "Various" for release in releases)
    assert any(release["artist"].startswith("The ") for release in releases)
    assert any(release["artist"].endswith("(2)") for release in releases)
    assert any(not release["artist"].isascii() for release in releases)
    assert any(", " in release["label"] for release in releases)
    for written in ("LP, Album", '12"', '7", Single', "2xLP, Comp", "CD, Album", "Cass, Album"):
        assert any(release["format"].startswith(written) for release in releases), written


def test_a_listing_tells_no_genre_country_or_master(digger: httpx2.Client) -> None:
    release = listings(digger, pages=1)[0]["release"]

    assert not {"genres", "styles", "country", "master_id"} & set(release)


def test_a_single_listing_is_what_the_inventory_shows(stranger: httpx2.Client) -> None:
    row = listings(stranger, pages=1)[17]

    assert stranger.get(f"/marketplace/listings/{row['id']}").json() == row


@pytest.mark.parametrize("listing_id", ["7", "99999999999"])
def test_a_listing_that_is_not_for_sale_is_not_found(
    stranger: httpx2.Client, listing_id: str
) -> None:
    answer = stranger.get(f"/marketplace/listings/{listing_id}")

    assert (answer.status_code, answer.json()["message"]) == (
        404,
        "The requested resource was not found.",
    )


def test_a_listing_is_shown_in_the_currency_asked_for(stranger: httpx2.Client) -> None:
    row = listings(stranger, pages=1)[0]
    shown = stranger.get(f"/marketplace/listings/{row['id']}?curr_abbr=JPY").json()

    assert shown["price"]["currency"] == "JPY"
    assert shown["price"]["value"] > 100 * row["price"]["value"]
    assert shown["original_price"]["value"] == row["original_price"]["value"]


def test_stats_tell_the_cheapest_copy_among_all_sellers(
    discogs: Simulator, stranger: httpx2.Client
) -> None:
    world = discogs.world
    sold_by_both = {item.release for item in world.listings("alice").values()} & {
        item.release for item in world.listings("bob").values()
    }
    number = min(sold_by_both)

    stats = stranger.get(f"/marketplace/stats/{world.catalogue.release_id(number)}").json()

    dollars = [item.price / seller.currency.per_dollar for seller, item in world.copies(number)]
    assert stats["num_for_sale"] == len(dollars) >= 2
    assert stats["lowest_price"] == {"value": round(min(dollars), 2), "currency": "USD"}


def test_stats_of_a_release_that_nobody_sells_are_null(
    discogs: Simulator, stranger: httpx2.Client
) -> None:
    unsold = next(n for n in range(1_000) if not discogs.world.copies(n))
    stats = stranger.get(f"/marketplace/stats/{discogs.world.catalogue.release_id(unsold)}").json()

    assert stats == {"num_for_sale": None, "lowest_price": None, "blocked_from_sale": False}
