"""Two clients that nobody here wrote read the simulator as they read Discogs."""

import inspect
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import discogs_client  # type: ignore[import-untyped]  # it ships no types
import discogs_sdk
import pytest

from cratewise.simulator import Simulator, World


@pytest.fixture
def discogs() -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 250, "large": 10_050})) as simulator:
        yield simulator


class TestDiscogsSdk:
    """discogs-sdk, which Cratewise itself is built on."""

    @pytest.fixture
    def client(self, discogs: Simulator) -> Iterator[discogs_sdk.Discogs]:
        with discogs_sdk.Discogs(
            token=World.token("digger"), base_url=discogs.url, max_retries=0
        ) as client:
            yield client

    @pytest.fixture
    def stranger(self, discogs: Simulator) -> Iterator[discogs_sdk.Discogs]:
        with discogs_sdk.Discogs(base_url=discogs.url, max_retries=0) as client:
            yield client

    def test_it_reads_a_profile_and_who_it_is(self, client: discogs_sdk.Discogs) -> None:
        assert client.user.identity().username == "digger"
        profile = client.users.get("ALICE")
        assert (profile.username, profile.num_for_sale) == ("alice", 250)
        assert isinstance(profile.registered, datetime)

    def test_it_walks_a_whole_inventory(
        self, discogs: Simulator, client: discogs_sdk.Discogs
    ) -> None:
        pages = client.users.get("alice").inventory.list(per_page=100, sort="listed")
        listings = list(pages)

        assert {listing.id for listing in listings} == set(discogs.world.listings("alice"))
        first = listings[0]
        assert first.original_price is not None
        assert first.price is not None
        assert first.price.currency == "EUR"
        assert first.posted is not None
        assert first.posted.tzinfo is not None
        assert first.raw["release"]["stats"]["community"]["in_wantlist"] >= 0
        assert any(each.shipping_price is None for each in listings)

    def test_it_asks_for_one_page(self, client: discogs_sdk.Discogs) -> None:
        page = (
            client.users.get("alice")
            .inventory.list(page=2, per_page=100, sort="price", sort_order="desc")
            .fetch()
        )

        assert len(page.items) == 100
        assert (page.total_items, page.total_pages) == (250, 3)

    def test_it_is_told_why_page_101_is_refused(self, client: discogs_sdk.Discogs) -> None:
        with pytest.raises(discogs_sdk.ForbiddenError, match="Pagination above 100"):
            client.users.get("large").inventory.list(page=101, per_page=100).fetch()

    def test_it_reads_releases_masters_and_what_they_fetch(
        self, discogs: Simulator, client: discogs_sdk.Discogs
    ) -> None:
        sold = {item.release for item in discogs.world.listings("alice").values()}
        known = next(
            pressing
            for number in sorted(sold)
            if (pressing := discogs.world.release(number)).master_id is not None
        )

        release = client.releases.get(known.id)
        assert release.title == known.title
        assert release.genres == [known.genre]
        assert release.master_id == known.master_id
        assert release.rating.get().release_id == known.id
        assert release.stats.get().num_have is None  # documented, but never there
        stats = release.marketplace_stats.get()
        assert stats.num_for_sale is not None
        assert stats.lowest_price is not None
        master = client.masters.get(known.master_id or 0)
        assert master.title == known.title
        assert known.id in {version.id for version in master.versions.list()}

    def test_it_reads_one_listing_and_misses_one_that_is_gone(
        self, discogs: Simulator, client: discogs_sdk.Discogs
    ) -> None:
        listing_id = next(iter(discogs.world.listings("alice")))
        assert client.marketplace.listings.get(listing_id).id == listing_id

        discogs.world.remove(listing_id)

        with pytest.raises(discogs_sdk.NotFoundError):
            assert client.marketplace.listings.get(listing_id).status

    def test_it_keeps_a_wantlist(self, discogs: Simulator, client: discogs_sdk.Discogs) -> None:
        wantlist = client.users.get("digger").wantlist
        release_id = discogs.world.catalogue.release_id(4_711)

        assert len(list(wantlist.list(per_page=100))) == 340
        assert wantlist.create(release_id=release_id).id == release_id
        assert wantlist.update(release_id, notes="blue sleeve", rating=5).notes == "blue sleeve"
        assert next(iter(wantlist.list())).id == release_id
        wantlist.delete(release_id)
        assert release_id not in discogs.world.seller("digger").wants

    def test_it_reads_a_collection(self, client: discogs_sdk.Discogs) -> None:
        collection = client.users.get("digger").collection

        assert [folder.name for folder in collection.folders.list()] == ["All", "Uncategorized"]
        assert [each.name for each in collection.fields.list()] == ["Media", "Sleeve", "Notes"]
        copies = list(collection.folders.get(0).releases.list(per_page=100, sort="added"))
        assert len(copies) == 270
        assert all(copy.basic_information for copy in copies)

    def test_it_raises_what_it_raises_for_discogs(self, stranger: discogs_sdk.Discogs) -> None:
        with pytest.raises(discogs_sdk.AuthenticationError):
            stranger.user.identity()
        with pytest.raises(discogs_sdk.NotFoundError, match="may have been deleted"):
            assert stranger.users.get("gone_records").username

    def test_it_notices_a_full_minute(self) -> None:
        with (
            Simulator(World(sellers={"alice": 3}), rate_limit=12) as discogs,
            discogs_sdk.Discogs(base_url=discogs.url, max_retries=0) as client,
        ):
            for _ in range(5):
                client.users.get("alice").inventory.list().fetch()
            with pytest.raises(discogs_sdk.RateLimitError):
                client.users.get("alice").inventory.list().fetch()


class TestPython3DiscogsClient:
    """python3-discogs-client, which most scripts use."""

    @pytest.fixture
    def client(self, discogs: Simulator) -> Any:
        client = discogs_client.Client("CratewiseTests/1.0", user_token=World.token("digger"))
        client._base_url = discogs.url
        return client

    def test_it_reads_a_profile_and_who_it_is(self, client: Any) -> None:
        assert client.identity().username == "digger"
        assert client.user("alice").num_collection == 0

    def test_it_walks_a_whole_inventory(self, discogs: Simulator, client: Any) -> None:
        inventory = client.user("alice").inventory
        inventory.per_page = 100
        listings = list(inventory)

        assert {listing.id for listing in listings} == set(discogs.world.listings("alice"))
        assert len(inventory) == 250
        assert listings[0].price.currency == "EUR"
        assert listings[0].seller.username == "alice"
        assert isinstance(listings[0].posted, datetime)

    def test_it_finds_nothing_past_the_end(self, client: Any) -> None:
        with pytest.raises(IndexError):
            client.user("alice").inventory[300]

    def test_it_reads_releases_masters_and_what_they_fetch(
        self, discogs: Simulator, client: Any
    ) -> None:
        known = next(
            pressing
            for number in range(1_000)
            if (pressing := discogs.world.release(number)).master_id is not None
        )

        release = client.release(known.id)
        assert release.title == known.title
        assert release.tracklist[0].position == "A1"
        assert release.community.want == known.want
        assert release.marketplace_stats.blocked_from_sale is False
        assert release.master.title == known.title
        assert known.id in {version.id for version in release.master.versions}

    def test_it_reads_one_listing(self, discogs: Simulator, client: Any) -> None:
        listing_id = next(iter(discogs.world.listings("alice")))

        assert client.listing(listing_id).status == "For Sale"

    def test_it_keeps_a_wantlist(self, discogs: Simulator, client: Any) -> None:
        wantlist = client.user("digger").wantlist
        release_id = discogs.world.catalogue.release_id(4_711)

        assert len(list(wantlist)) == 340
        wantlist.add(release_id)
        assert wantlist[0].release.id == release_id
        wantlist.remove(release_id)
        assert release_id not in discogs.world.seller("digger").wants

    def test_it_reads_a_collection(self, client: Any) -> None:
        folders = client.user("digger").collection_folders

        assert [folder.name for folder in folders] == ["All", "Uncategorized"]
        assert len(list(folders[0].releases)) == 270

    def test_it_raises_what_it_raises_for_discogs(self, client: Any) -> None:
        with pytest.raises(discogs_client.exceptions.HTTPError, match="may have been deleted"):
            client.user("gone_records").fetch("id")


def test_no_test_here_forgot_to_ask_the_simulator() -> None:
    """Both clients are asked at the simulator's address, never at Discogs' own."""
    for tests in (TestDiscogsSdk, TestPython3DiscogsClient):
        assert "discogs.url" in inspect.getsource(tests)
