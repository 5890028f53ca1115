"""Every question that Cratewise asks Discogs, over real HTTP, and every way it can be refused."""

import logging
import traceback
from collections.abc import Iterator

import pytest
from tests.conftest import HandClock
from tests.quota_line import ListLedger

from cratewise.discogs.client import USER_AGENT, Discogs
from cratewise.discogs.credential import Credential, PersonalToken, limit_for
from cratewise.discogs.quota import Quota
from cratewise.errors import (
    DiscogsUnreachable,
    ImpossibleName,
    InvalidRequest,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    SettingError,
    UnknownSeller,
    WaitAbandoned,
)
from cratewise.simulator import Simulator, World
from cratewise.simulator.world import (
    EMPTY_SELLER,
    GONE_SELLER,
    ODD_NAME_SELLER,
    PRIVATE_BUYER,
    SUSPENDED_SELLER,
)

DIGGER = PersonalToken(World.token("digger"))


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 250, "bob": 12_500}), rate_limit=60) as simulator:
        yield simulator


@pytest.fixture
def discogs(simulator: Simulator, clock: HandClock) -> Iterator[Discogs]:
    simulator.requests.clear()
    with client(simulator.url, clock) as discogs:
        yield discogs


def client(url: str, clock: HandClock, credential: Credential | None = DIGGER) -> Discogs:
    quota = Quota(ListLedger(clock), limit=limit_for(credential), clock=clock)
    return Discogs(api_url=url, credential=credential, quota=quota, clock=clock)


def test_a_profile_is_spelt_as_discogs_spells_it(discogs: Discogs) -> None:
    profile = discogs.profile(ODD_NAME_SELLER.upper())

    assert profile.username == ODD_NAME_SELLER
    assert profile.for_sale == 40
    assert not profile.is_suspended


def test_a_suspended_seller_says_so(discogs: Discogs) -> None:
    assert discogs.profile(SUSPENDED_SELLER).is_suspended


def test_a_page_of_stock_has_its_listings_and_the_whole_count(
    discogs: Discogs, simulator: Simulator
) -> None:
    page = discogs.inventory_page("bob", sort="price", direction="asc", page=3)

    assert (page.page, page.pages, page.items) == (3, 125, 12_500)
    assert len(page.listings) == 100
    assert {"id", "original_price", "release"} <= set(page.listings[0])
    asked = simulator.requests[-1].query
    assert (asked["sort"], asked["sort_order"], asked["per_page"]) == ("price", "asc", "100")


def test_an_empty_seller_has_an_empty_page(discogs: Discogs) -> None:
    page = discogs.inventory_page(EMPTY_SELLER)

    assert (page.items, page.listings) == (0, [])


def test_beyond_page_100_of_others_stock_discogs_refuses(discogs: Discogs) -> None:
    with pytest.raises(NotAllowed, match="Pagination above 100 disabled"):
        discogs.inventory_page("bob", page=101)


def test_a_listing_its_release_and_its_prices_are_read(discogs: Discogs) -> None:
    listed = discogs.inventory_page("alice").listings[0]

    listing = discogs.listing(listed["id"])
    release = discogs.release(listing["release"]["id"])
    stats = discogs.marketplace_stats(release["id"])

    assert listing["id"] == listed["id"]
    assert release["title"] == listed["release"]["title"]
    assert stats["num_for_sale"] >= 1


def test_wants_and_a_collection_are_read(discogs: Discogs) -> None:
    wants = discogs.wants("digger", page=2)
    owned = discogs.collection("digger")

    assert wants.page == 2
    assert "basic_information" in wants.rows[0]
    assert "instance_id" in owned.rows[0]


def test_whose_token_it_is_can_be_asked(discogs: Discogs) -> None:
    assert discogs.identity().username == "digger"


def test_every_request_says_who_we_are(discogs: Discogs, simulator: Simulator) -> None:
    discogs.profile("alice")

    assert simulator.requests[-1].user_agent == USER_AGENT
    assert simulator.requests[-1].viewer == "digger"


@pytest.mark.parametrize("name", ["nobody_at_all", GONE_SELLER, "two words"])
def test_a_seller_that_is_not_there_is_named(discogs: Discogs, name: str) -> None:
    with pytest.raises(UnknownSeller, match=name):
        discogs.profile(name)


def test_a_name_that_cannot_be_costs_no_request(discogs: Discogs, simulator: Simulator) -> None:
    with pytest.raises(ImpossibleName):
        discogs.inventory_page("alice/../bob")

    assert simulator.requests == []


def test_what_is_gone_or_private_is_told_apart(discogs: Discogs) -> None:
    with pytest.raises(NotFound):
        discogs.listing(1)
    with pytest.raises(NotAllowed):
        discogs.wants(PRIVATE_BUYER)


def test_without_a_token_the_quota_is_what_discogs_says(
    simulator: Simulator, clock: HandClock
) -> None:
    with client(simulator.url, clock, credential=None) as discogs:
        discogs.profile("alice")

        assert discogs.quota.limit == 25
        with pytest.raises(NotAuthenticated, match="connect --token"):
            discogs.identity()


def test_a_token_is_in_no_error_log_or_repr(
    simulator: Simulator, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = PersonalToken("ThisIsASecretOfSomebody")
    with (
        caplog.at_level(logging.DEBUG),
        client(simulator.url, clock, credential=wrong) as discogs,
        pytest.raises(NotAuthenticated) as refused,
    ):
        discogs.identity()

    told = "".join(traceback.format_exception(refused.value)) + caplog.text
    assert wrong.token not in told + repr(wrong) + repr(discogs) + repr(vars(refused.value))


@pytest.mark.parametrize(
    "secret", ["ThisIsASecret\nX-More: 1", "ThisIsASecret\n", "ThisIsASecretÄ"]
)
def test_a_token_that_no_header_can_carry_is_told_without_being_shown(
    simulator: Simulator, clock: HandClock, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The libraries quote such a header, in errors and logs; it was asked again for two hours."""
    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(InvalidRequest, match="copy it again") as refused,
    ):
        client(simulator.url, clock, credential=PersonalToken(secret))

    told = "".join(traceback.format_exception(refused.value)) + caplog.text
    assert "ThisIsASecret" not in told


def test_a_token_is_never_sent_where_it_could_be_read(clock: HandClock) -> None:
    with pytest.raises(SettingError, match=r"no credential is sent to http://discogs\.example"):
        client("http://discogs.example", clock)


def test_a_credential_that_only_a_library_sees_is_refused(
    clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCOGS_TOKEN", "OfTheOperator")

    with pytest.raises(SettingError, match="unset"):
        client("https://api.discogs.com", clock, credential=None)


def test_where_nothing_answers_one_who_waits_hears_of_it_soon(clock: HandClock) -> None:
    with Simulator(World()) as gone:
        url = gone.url
    begun = clock.monotonic()

    with client(url, clock) as discogs, discogs.interactive():
        with pytest.raises(DiscogsUnreachable, match="check the network"):
            discogs.profile("alice")
        assert discogs.remaining == 60

    assert clock.monotonic() - begun <= 10


def test_told_to_stop_a_thread_that_waits_goes_away(simulator: Simulator, clock: HandClock) -> None:
    with client(simulator.url, clock) as discogs:
        discogs.interrupt()
        with pytest.raises(WaitAbandoned):
            discogs.profile("alice")


def test_requests_go_through_the_proxy_of_this_machine_but_not_to_itself(
    monkeypatch: pytest.MonkeyPatch, clock: HandClock, simulator: Simulator
) -> None:
    """A tunnel that leads nowhere: what takes it fails, what does not is answered."""
    with Simulator(World()) as gone:
        monkeypatch.setenv("HTTP_PROXY", gone.url)
        monkeypatch.setenv("HTTPS_PROXY", gone.url)

    with client(simulator.url, clock) as discogs:
        assert discogs.profile("alice").username == "alice"
    elsewhere = client("https://api.discogs.com", clock)
    with elsewhere, elsewhere.interactive(), pytest.raises(DiscogsUnreachable):
        elsewhere.profile("alice")
