"""Asking one seller for single titles: the undocumented `q=`."""

from datetime import timedelta

from sqlalchemy import Engine, insert, select
from tests.builders import NOON, RATES
from tests.conftest import HandClock
from tests.market import an_account_of, opened_discogs, pull_from

from cratewise.inventory.search import Searched, search, search_wants
from cratewise.simulator import Simulator, World
from cratewise.store.engine import reading, writing
from cratewise.store.tables import listings, releases, wants


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


def test_a_seller_is_asked_for_what_is_wanted_those_wanted_last_first(
    store: Engine, clock: HandClock
) -> None:
    account = an_account_of(store, clock)
    with Simulator(World(sellers={"alice": 250})) as discogs:
        world = discogs.world
        there = next(iter(world.listings("alice").values())).release
        titles = [(world.catalogue.artist_of(there), world.release(there).title)]
        titles += [("Nobody", f"Has This {n}") for n in range(3)]
        with writing(store) as db:
            for days, (artist, title) in enumerate(titles):
                row = {"id": 900 + days, "artist": artist, "title": title, "label": ""}
                row |= {"catalog_number": "", "format": "LP", "changed_at": NOON}
                db.execute(insert(releases).values(row))
                want = {"account_id": account, "release_id": 900 + days, "synced_at": NOON}
                want["added_at"] = NOON - timedelta(days=days)
                db.execute(insert(wants).values(want))

        with opened_discogs(discogs, store, clock) as client:
            outcome = search_wants(
                store, client, "alice", account_id=account, requests=3, rates=RATES, clock=clock
            )

        assert len(discogs.requests) == outcome.requests == 3
    assert list(outcome.found) == [" ".join(title) for title in titles[:2]]
    assert outcome.found[" ".join(titles[0])] >= 1


def test_who_wants_nothing_asks_for_nothing(store: Engine, clock: HandClock) -> None:
    account = an_account_of(store, clock)
    with (
        Simulator(World(sellers={"alice": 5})) as discogs,
        opened_discogs(discogs, store, clock) as client,
    ):
        outcome = search_wants(store, client, "alice", account_id=account, rates=RATES, clock=clock)

    assert outcome.sentence == "alice was asked for nothing."
