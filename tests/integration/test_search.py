"""Asking one seller for single titles: the undocumented `q=`."""

from sqlalchemy import Engine, select
from tests.builders import RATES
from tests.conftest import HandClock
from tests.market import an_account_of, opened_discogs, pull_from

from cratewise.inventory.search import Searched, search
from cratewise.simulator import Simulator, World
from cratewise.store.engine import reading
from cratewise.store.tables import listings


def asked(discogs: Simulator, store: Engine, clock: HandClock, *titles: str) -> Searched:
    with opened_discogs(discogs, store, clock) as client:
        account = an_account_of(store, clock)
        return search(store, client, "Alice", titles, account_id=account, rates=RATES, clock=clock)


def test_a_title_is_found_with_one_request_and_kept(store: Engine, clock: HandClock) -> None:
    with Simulator(World(sellers={"alice": 250})) as discogs:
        wanted = next(iter(discogs.world.listings("alice").values()))
        release = discogs.world.release(wanted.release)
        title = f"{discogs.world.catalogue.artist_of(wanted.release)} {release.title}"
        outcome = asked(discogs, store, clock, title, "Nobody Has This")

        assert len(discogs.requests) == 3  # with the profile
    assert outcome.seller == "alice"
    assert outcome.found[title] >= 1
    assert outcome.found["Nobody Has This"] == 0
    with reading(store) as db:
        assert wanted.id in db.scalars(select(listings.c.discogs_listing_id)).all()
    assert f"{title}: {outcome.found[title]}" in outcome.sentence


def test_what_is_not_found_is_not_gone_and_a_pull_begins_as_if_nothing_was_asked(
    store: Engine, clock: HandClock
) -> None:
    with Simulator(World(sellers={"alice": 250})) as discogs:
        asked(discogs, store, clock, "the")
        outcome = pull_from(discogs, store, clock, "alice")

        assert (outcome.kind, outcome.seen, outcome.gone) == ("full", 250, 0)
        assert asked(discogs, store, clock, "the").new == 0
