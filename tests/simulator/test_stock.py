"""Stock moves: what is sold, added, repriced or hidden shows on the next page read."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cratewise.simulator import Simulator, World
from cratewise.simulator.stock import Stock


@pytest.fixture
def world() -> World:
    return World(sellers={"alice": 250, "carol": 250})


SORTS = ("listed", "price", "item", "artist", "label", "catno", "audio")


def every_order(stock: Stock) -> list[list[int]]:
    return [[item.id for item in stock.slice(sort, False, 0, 10_000)] for sort in SORTS]


def test_what_is_sold_is_gone_from_every_order(world: World) -> None:
    every_order(world.stock("alice"))
    sold = world.sell("alice", 10)

    assert len(sold) == 10
    for order in every_order(world.stock("alice")):
        assert len(order) == 240
        assert not set(sold) & set(order)


def test_what_is_added_is_the_newest_and_has_a_new_id(world: World) -> None:
    before = set(world.listings("alice"))
    added = world.add("alice", 3)

    newest = [item.id for item in world.stock("alice").slice("listed", True, 0, 3)]
    assert sorted(newest) == sorted(added)
    assert not set(added) & before
    assert all(listing_id > 2**32 for listing_id in added)


def test_a_new_price_keeps_the_listing_and_moves_it_in_the_order_of_prices(world: World) -> None:
    every_order(world.stock("alice"))
    before = world.listings("alice")
    repriced = world.reprice("alice", 25)

    after = world.listings("alice")
    assert set(after) == set(before)
    assert {i for i in before if after[i].price != before[i].price} == set(repriced)
    prices = [item.price for item in world.stock("alice").slice("price", False, 0, 250)]
    assert prices == sorted(prices)


def test_a_listing_taken_away_can_come_back_under_its_id(world: World) -> None:
    listing_id = next(iter(world.listings("alice")))

    world.remove(listing_id)
    assert world.find_listing(listing_id) is None
    world.restore(listing_id)

    assert world.find_listing(listing_id) is not None


def test_one_listing_can_be_given_a_price(world: World) -> None:
    listing_id = next(iter(world.listings("alice")))

    world.change(listing_id, price=12.5)

    assert world.listings("alice")[listing_id].price == 12.5


def test_more_may_come_to_want_a_release(world: World) -> None:
    listing = next(iter(world.listings("alice").values()))

    world.revalue(world.release(listing.release).id, want=999, have=1)

    assert (world.release(listing.release).want, world.release(listing.release).have) == (999, 1)


def test_a_renamed_seller_keeps_its_number_and_its_stock(world: World, visit: Any) -> None:
    number, stock = world.seller("alice").id, world.listings("alice")

    world.rename("alice", "Alice_Records")

    with Simulator(world) as discogs:
        assert visit(discogs).get("/users/alice").status_code == 404
        profile = visit(discogs).get("/users/alice_records").json()
    assert (profile["username"], profile["id"]) == ("Alice_Records", number)
    assert world.listings("alice_records") == stock


def test_stock_that_moves_while_it_is_read_moves_as_often_as_told(visit: Any) -> None:
    world = World(sellers={"alice": 250}, stock_moves_every=2)
    before = world.listings("alice")
    with Simulator(world) as discogs:
        for _ in range(6):
            visit(discogs).get("/users/alice/inventory")

    after = world.listings("alice")
    sold, added = set(before) - set(after), set(after) - set(before)
    repriced = [i for i in set(before) & set(after) if before[i] != after[i]]
    assert (len(sold), len(added), len(repriced)) == (1, 1, 1)


def test_pages_come_short_where_sold_listings_still_hold_their_place(visit: Any) -> None:
    world = World(sellers={"alice": 1_000}, ghosts=0.02)
    with Simulator(world) as discogs:
        client = visit(discogs)
        pages = [
            client.get("/users/alice/inventory", params={"page": n, "per_page": 100}).json()
            for n in range(1, 11)
        ]
        profile = client.get("/users/alice").json()

    sizes = [len(answer["listings"]) for answer in pages]
    assert sum(sizes) == profile["num_for_sale"] == 980
    assert pages[0]["pagination"]["items"] == 1_000
    assert min(sizes) < 100


def test_stock_moved_from_many_threads_stays_whole(world: World) -> None:
    every_order(world.stock("alice"))

    def stir(_: int) -> None:
        world.sell("alice", 2)
        world.add("alice", 2)
        world.reprice("alice", 2)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(stir, range(100)))

    on_sale = set(world.listings("alice"))
    assert len(on_sale) == 250
    assert all(set(order) == on_sale for order in every_order(world.stock("alice")))
