"""Wantlist and collection as Discogs tells them, on both databases, from a simulated Discogs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select
from tests.conftest import HandClock
from tests.market import an_account_of, opened_discogs

from cratewise.errors import PrivateList, UnknownSeller, WaitAbandoned
from cratewise.simulator import Simulator, World
from cratewise.simulator.members import Member, Want
from cratewise.store.engine import reading
from cratewise.store.tables import owned, releases, wants
from cratewise.store.wants import list_wants, owned_ids, wanted_ids
from cratewise.wants.sync import SyncedList, sync


@pytest.fixture
def market() -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 20})) as discogs:
        yield discogs


@pytest.fixture
def digger(market: Simulator) -> Member:
    return market.world.seller("digger")


def synced(
    market: Simulator, store: Engine, clock: HandClock, owner: str = "digger", **options: Any
) -> list[SyncedList]:
    clock.advance(60)
    with opened_discogs(market, store, clock) as discogs:
        account_id = an_account_of(store, clock)
        return sync(store, discogs, owner, account_id=account_id, clock=clock, **options)


def ids(store: Engine, clock: HandClock) -> tuple[set[int], set[int]]:
    account_id = an_account_of(store, clock)
    with reading(store) as db:
        return wanted_ids(db, account_id), owned_ids(db, account_id)


def test_every_want_and_every_owned_release_is_kept_for_a_hundred_a_request(
    market: Simulator, digger: Member, store: Engine, clock: HandClock
) -> None:
    found = synced(market, store, clock, "Digger")

    wanted, owned_now = ids(store, clock)
    assert wanted == set(digger.wants)
    assert owned_now == {copy.release_id for copy in digger.collection}
    assert [one.sentence for one in found] == [
        "Wantlist: 340 releases; 340 added.",
        "Collection: 270 releases; 270 added.",
    ]
    asked = [request.path.split("/")[3] for request in market.requests]
    assert asked == ["wants"] * 4 + ["collection"] * 4  # 340, the folders, 270


def test_what_wants_tell_of_releases_is_kept(
    market: Simulator, store: Engine, clock: HandClock
) -> None:
    synced(market, store, clock)

    with reading(store) as db:
        newest = list_wants(db, an_account_of(store, clock), limit=1)[0]
        row = db.execute(select(releases).where(releases.c.id == newest.release_id)).one()
    number = market.world.catalogue.number_of(newest.release_id)
    assert number is not None
    release = market.world.release(number)
    assert (newest.artist, newest.title, newest.format) == (
        release.artist, release.title, release.kind.short
    )  # fmt: skip
    assert json.loads(row.genres) == [release.genre]
    assert json.loads(row.styles) == list(release.styles)
    assert (row.master_id, row.described_by) == (release.master_id, "wants")


def test_what_left_the_lists_is_taken_off_and_the_rest_stays(
    market: Simulator, digger: Member, store: Engine, clock: HandClock
) -> None:
    synced(market, store, clock)
    gone = next(iter(digger.wants))
    del digger.wants[gone]
    new = next(n for n in map(market.world.catalogue.release_id, range(900)) if n != gone and
               n not in digger.wants)  # fmt: skip
    digger.wants[new] = Want(new, 1_800_000_000, rating=4, notes="the blue sleeve")
    sold = digger.collection.pop().release_id

    found = synced(market, store, clock)

    wanted, owned_now = ids(store, clock)
    assert wanted == set(digger.wants)
    assert sold not in owned_now
    assert [one.sentence for one in found] == [
        "Wantlist: 340 releases; 1 added, 1 removed.",
        "Collection: 269 releases; 1 removed.",
    ]
    with reading(store) as db:
        newest = list_wants(db, an_account_of(store, clock), limit=1)[0]
    assert (newest.release_id, newest.rating, newest.notes) == (new, 4, "the blue sleeve")


def test_a_record_owned_twice_is_one_release_with_two_copies(
    market: Simulator, digger: Member, store: Engine, clock: HandClock
) -> None:
    twice = digger.collection[3]
    digger.collection.append(type(twice)(999, twice.release_id, twice.added_at + 5))

    [found] = synced(market, store, clock, kinds=["collection"])
    [again] = synced(market, store, clock, kinds=["collection"])

    assert (found.claimed, found.gathered.entries, found.gathered.releases) == (271, 271, 270)
    assert again.sentence == "Collection: 270 releases; nothing changed."
    with reading(store) as db:
        row = db.execute(select(owned).where(owned.c.release_id == twice.release_id)).one()
    assert (row.copies, row.folder) == (2, "Uncategorized")


class MovingList:
    """A wantlist that loses its newest want each time a page of it was read, so many times."""

    def __init__(self, digger: Member, times: int, clock: HandClock) -> None:
        self._digger, self._times, self._clock = digger, times, clock

    def __call__(self, *_: object) -> None:
        self._clock.advance(1)
        if self._times:
            self._times -= 1
            newest = max(self._digger.wants.values(), key=lambda want: want.added_at)
            del self._digger.wants[newest.release_id]


def test_a_list_that_moved_while_it_was_read_is_read_once_more(
    market: Simulator, digger: Member, store: Engine, clock: HandClock
) -> None:
    synced(market, store, clock, kinds=["wants"])

    [found] = synced(market, store, clock, kinds=["wants"], on_page=MovingList(digger, 2, clock))

    assert found.is_whole
    assert ids(store, clock)[0] == set(digger.wants)


def test_nothing_is_taken_off_by_readings_in_which_the_list_moved(
    market: Simulator, digger: Member, store: Engine, clock: HandClock
) -> None:
    """Each removal draws a want from the next page onto the one that was read already.

    A first version compared counts: of 337 wants 337 were seen, but three of those were
    gone, and three others, never seen, were taken off.
    """
    synced(market, store, clock, kinds=["wants"])
    before = set(digger.wants)

    [found] = synced(market, store, clock, kinds=["wants"], on_page=MovingList(digger, 8, clock))

    assert not found.is_whole
    assert "nothing was taken off" in found.sentence
    assert ids(store, clock)[0] == before


def test_whoever_stops_keeps_the_pages_that_were_read(
    market: Simulator, store: Engine, clock: HandClock
) -> None:
    pages: list[int] = []

    with pytest.raises(WaitAbandoned):
        synced(
            market, store, clock,
            on_page=lambda _kind, page, _pages: pages.append(page),
            should_stop=lambda: len(pages) == 2,
        )  # fmt: skip

    assert len(ids(store, clock)[0]) == 200


def test_public_lists_of_another_member_are_read_and_private_ones_named(
    market: Simulator, store: Engine, clock: HandClock
) -> None:
    with pytest.raises(PrivateList, match="The wantlist of 'hermit' is private"):
        synced(market, store, clock, "hermit")
    with pytest.raises(PrivateList, match="The collection of 'hermit' is private"):
        synced(market, store, clock, "hermit", kinds=["collection"])
    with pytest.raises(UnknownSeller, match="nobody_at_all"):
        synced(market, store, clock, "nobody_at_all")


def test_one_entry_that_makes_no_sense_costs_itself_alone(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, monkeypatch: Any
) -> None:
    from cratewise.simulator import wants as simulated

    odd = list(digger.wants)[7]
    real = simulated.want_json

    def spoiled(visit: Any, member: Member, want: Want) -> dict[str, Any]:
        shown = real(visit, member, want)
        return {"id": "?", "basic_information": None} if want.release_id == odd else shown

    monkeypatch.setattr(simulated, "want_json", spoiled)

    [found] = synced(market, store, clock, kinds=["wants"])

    assert (found.skipped, found.gathered.releases) == (1, 339)
    assert "Left out: 1 entries that make no sense." in found.sentence
    with reading(store) as db:
        assert len(db.execute(select(wants)).all()) == 339
