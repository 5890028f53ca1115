"""A seller's inventory is paged, sorted and refused as Discogs does it."""

import gzip
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from cratewise.simulator import Simulator, World

SORTS = ("listed", "price", "item", "artist", "label", "catno", "audio")


def page(client: httpx2.Client, seller: str = "bob", **query: Any) -> Any:
    return client.get(f"/users/{seller}/inventory", params=query).raise_for_status().json()


def ids(answer: Any) -> list[int]:
    return [listing["id"] for listing in answer["listings"]]


def test_all_pages_together_show_each_listing_once(
    discogs: Simulator, stranger: httpx2.Client
) -> None:
    pages = [page(stranger, "alice", page=n, per_page=100) for n in (1, 2, 3)]

    seen = [listing_id for answer in pages for listing_id in ids(answer)]
    assert sorted(seen) == sorted(discogs.world.listings("alice"))


def test_a_page_holds_fifty_unless_told_and_a_hundred_at_most(stranger: httpx2.Client) -> None:
    sizes = {
        told: page(stranger, per_page=told)["pagination"]["per_page"] for told in (1, 100, 250, 500)
    }

    assert len(page(stranger)["listings"]) == 50
    assert sizes == {1: 1, 100: 100, 250: 100, 500: 100}


def test_page_101_is_refused_while_pages_tells_the_true_count(stranger: httpx2.Client) -> None:
    last = page(stranger, page=100, per_page=100)
    refused = stranger.get("/users/bob/inventory?page=101&per_page=10")

    assert last["pagination"]["pages"] == 125
    assert last["pagination"]["items"] == 12_500
    assert refused.status_code == 403
    assert refused.json() == {
        "message": "Pagination above 100 disabled for inventories besides your own"
    }


def test_a_seller_reads_beyond_page_100_of_its_own_inventory(visit: Any) -> None:
    own = page(visit(token_of="bob"), page=125, per_page=100)

    assert len(own["listings"]) == 100
    assert own["listings"][0]["quantity"] == 1


def test_a_page_past_the_end_is_not_found(stranger: httpx2.Client) -> None:
    answer = stranger.get("/users/alice/inventory?page=4&per_page=100")

    assert (answer.status_code, answer.json()) == (
        404,
        {"message": "The requested resource was not found."},
    )


@pytest.mark.parametrize("sort", SORTS)
def test_descending_is_ascending_read_backwards(stranger: httpx2.Client, sort: str) -> None:
    up = [
        listing_id
        for n in (1, 2, 3)
        for listing_id in ids(page(stranger, "alice", sort=sort, page=n, per_page=100))
    ]
    down = ids(page(stranger, "alice", sort=sort, sort_order="desc", per_page=100))

    assert down == up[::-1][:100]


def test_seven_sorts_show_seven_different_first_pages(stranger: httpx2.Client) -> None:
    first_pages = {sort: tuple(ids(page(stranger, sort=sort, per_page=100))) for sort in SORTS}

    assert len(set(first_pages.values())) == 7


def test_each_sort_goes_by_what_it_says(stranger: httpx2.Client) -> None:
    def column(sort: str) -> list[Any]:
        rows = page(stranger, "alice", sort=sort, per_page=100)["listings"]
        return {
            "price": [row["original_price"]["value"] for row in rows],
            "item": [row["release"]["title"].casefold() for row in rows],
            "artist": [row["release"]["artist"].casefold() for row in rows],
            "audio": [row["audio"] for row in rows],
        }[sort]

    for sort in ("price", "item", "artist", "audio"):
        assert column(sort) == sorted(column(sort))


def test_the_newest_come_first_unless_told_otherwise(stranger: httpx2.Client) -> None:
    assert ids(page(stranger)) == ids(page(stranger, sort="listed", sort_order="desc"))


def test_the_order_of_listing_is_not_quite_that_of_posting(stranger: httpx2.Client) -> None:
    pages = [page(stranger, page=n, per_page=100)["listings"] for n in range(1, 11)]

    posted = [row["posted"] for rows in pages for row in rows]
    out_of_order = sum(later > earlier for earlier, later in pairwise(posted))
    assert 0 < out_of_order < 0.05 * len(posted)


def test_links_lead_to_the_neighbours_and_carry_the_simulators_own_address(
    discogs: Simulator, stranger: httpx2.Client
) -> None:
    answer = stranger.get("/users/alice/inventory", params={"page": 2, "per_page": 100})
    urls = answer.json()["pagination"]["urls"]

    assert set(urls) == {"first", "prev", "next", "last"}
    assert all(url.startswith(f"{discogs.url}/users/alice/inventory?") for url in urls.values())
    assert stranger.get(urls["next"]).json()["pagination"]["page"] == 3
    assert answer.links["last"]["url"] == urls["last"]


def test_a_single_page_has_no_links(stranger: httpx2.Client) -> None:
    answer = stranger.get("/users/Vinyl.Keller-Basel_/inventory")

    assert answer.json()["pagination"]["urls"] == {}
    assert "Link" not in answer.headers


def test_a_token_in_the_query_is_not_repeated_in_links(stranger: httpx2.Client) -> None:
    token = World.token("digger")
    answer = stranger.get("/users/alice/inventory", params={"token": token, "per_page": 100})

    assert answer.json()["listings"][0]["in_cart"] is False
    assert token not in answer.text


def test_a_wrong_status_is_refused_and_a_right_one_of_others_ignored(
    stranger: httpx2.Client,
) -> None:
    wrong = stranger.get("/users/alice/inventory?status=Lost")

    assert wrong.status_code == 422
    assert wrong.json()["message"] == (
        "Invalid status: expected one of All, Deleted, Draft, Expired, "
        "For Sale, Sold, Suspended, Violation."
    )
    assert page(stranger, "alice", status="Sold")["pagination"]["items"] == 250


def test_the_owners_sorts_show_a_stranger_nothing(stranger: httpx2.Client) -> None:
    by_status = page(stranger, "alice", sort="status")
    by_location = stranger.get("/users/alice/inventory?sort=location")

    assert (by_status["listings"], by_status["pagination"]["items"]) == ([], 0)
    assert by_location.status_code == 422


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("page", "two"),
        ("per_page", "many"),
        ("sort", "colour"),
        ("sort_order", "up"),
        ("curr_abbr", "DM"),
    ],
)
def test_nonsense_in_the_query_is_refused(stranger: httpx2.Client, name: str, said: str) -> None:
    answer = stranger.get("/users/alice/inventory", params={name: said})

    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"Invalid {name}: expected ")


@pytest.mark.parametrize("name", ["gone_records", "nobody_at_all"])
def test_a_seller_that_was_deleted_or_never_was_is_not_found(
    stranger: httpx2.Client, name: str
) -> None:
    for path in (f"/users/{name}", f"/users/{name}/inventory"):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert answer.json() == {"message": "User does not exist or may have been deleted."}


def test_a_suspended_seller_says_so_and_shows_nothing(stranger: httpx2.Client) -> None:
    profile = stranger.get("/users/suspended_records").json()

    assert profile["marketplace_suspended"] is True
    assert page(stranger, "suspended_records")["listings"] == []


def test_an_empty_seller_has_one_empty_page(stranger: httpx2.Client) -> None:
    answer = page(stranger, "empty_records")

    assert answer["listings"] == []
    assert (answer["pagination"]["items"], answer["pagination"]["pages"]) == (0, 1)
    assert stranger.get("/users/empty_records").json()["num_for_sale"] == 0


def test_a_name_is_found_in_any_case_and_answered_as_it_is_spelt(stranger: httpx2.Client) -> None:
    profile = stranger.get("/users/vinyl.KELLER-basel_").json()

    assert profile["username"] == "Vinyl.Keller-Basel_"
    assert page(stranger, "VINYL.keller-basel_")["pagination"]["items"] == 40


def test_a_body_is_compressed_for_whom_it_may_be(stranger: httpx2.Client) -> None:
    with stranger.stream("GET", "/users/alice/inventory") as answer:
        compressed = b"".join(answer.iter_raw())
    plain = stranger.get("/users/alice/inventory", headers={"Accept-Encoding": "identity"})

    assert gzip.decompress(compressed) == plain.content
    assert "Content-Encoding" not in plain.headers
