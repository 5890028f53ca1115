"""Wants that are changed here and told to Discogs a moment later, on both databases."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine
from tests.conftest import HandClock
from tests.market import an_account_of, opened_discogs

from cratewise.errors import UnknownEntry, WaitAbandoned
from cratewise.simulator import Simulator, World
from cratewise.simulator.faults import Faults
from cratewise.simulator.members import Member
from cratewise.store import outbox
from cratewise.store.engine import reading, writing
from cratewise.store.wants import find_want, keep_wants, wanted_ids
from cratewise.wants.outbox import (
    GIVE_UP_AFTER,
    UNDO_FOR,
    Delivered,
    add_want,
    deliver,
    deliver_all,
    remove_want,
    retry_failed,
    undo,
)
from cratewise.wants.sync import sync


@pytest.fixture
def market() -> Iterator[Simulator]:
    with Simulator(World(sellers={"alice": 20}), faults=Faults(seed=1)) as discogs:
        yield discogs


@pytest.fixture
def digger(market: Simulator) -> Member:
    return market.world.seller("digger")


@pytest.fixture
def me(market: Simulator, store: Engine, clock: HandClock) -> int:
    """An account whose wantlist was read, a minute ago."""
    account_id = an_account_of(store, clock)
    with opened_discogs(market, store, clock) as discogs:
        sync(store, discogs, "digger", account_id=account_id, kinds=["wants"], clock=clock)
    clock.advance(60)
    market.requests.clear()
    return account_id


@pytest.fixture
def unwanted(market: Simulator, digger: Member) -> int:
    """A release that the digger does not want yet."""
    releases = map(market.world.catalogue.release_id, range(1000))
    return next(number for number in releases if number not in digger.wants)


def delivered(
    market: Simulator, store: Engine, clock: HandClock, me: int, *, only_due: bool = True
) -> Delivered:
    with opened_discogs(market, store, clock, timeout_seconds=2) as discogs:
        return deliver(store, discogs, account_id=me, clock=clock, only_due=only_due)


def wanted(store: Engine, me: int) -> set[int]:
    with reading(store) as db:
        return wanted_ids(db, me)


def states(store: Engine, me: int) -> dict[str, int]:
    with reading(store) as db:
        return outbox.count_entries(db, me)


def writes(market: Simulator) -> list[tuple[str, int]]:
    return [(one.method, one.status) for one in market.requests if one.method != "GET"]


def test_a_want_is_here_at_once_and_on_discogs_after_a_moment(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, *, me: int, unwanted: int
) -> None:
    wish = add_want(store, me, unwanted, clock)

    assert wish.is_new
    assert unwanted in wanted(store, me)
    assert delivered(market, store, clock, me) == Delivered()
    assert writes(market) == []
    clock.advance(UNDO_FOR.total_seconds())
    assert delivered(market, store, clock, me) == Delivered(delivered=1)
    assert unwanted in digger.wants
    assert states(store, me) == {"delivered": 1}


def test_a_change_that_is_undone_in_time_costs_no_request(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, *, me: int, unwanted: int
) -> None:
    old = next(iter(digger.wants))
    added, removed = add_want(store, me, unwanted, clock), remove_want(store, me, old, clock)
    before = set(digger.wants)
    assert added.entry is not None
    assert removed.entry is not None
    assert wanted(store, me) == (before | {unwanted}) - {old}

    undo(store, me, added.entry.id, clock)
    undo(store, me, removed.entry.id, clock)

    clock.advance(3600)
    assert delivered(market, store, clock, me) == Delivered()
    assert wanted(store, me) == set(digger.wants) == before
    assert (market.requests, states(store, me)) == ([], {})


def test_the_number_of_what_was_undone_never_means_another_change(
    store: Engine, clock: HandClock, me: int, unwanted: int
) -> None:
    first = add_want(store, me, unwanted, clock)
    assert first.entry is not None
    undo(store, me, first.entry.id, clock)
    second = add_want(store, me, unwanted, clock)
    assert second.entry is not None

    with pytest.raises(UnknownEntry):
        undo(store, me, first.entry.id, clock)

    assert second.entry.id != first.entry.id
    with reading(store) as db:
        assert unwanted in wanted_ids(db, me)
        assert outbox.count_entries(db, me) == {"waiting": 1}


def test_a_removal_that_is_undone_gives_notes_and_rating_back(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, me: int
) -> None:
    old = next(iter(digger.wants))
    with writing(store) as db:
        found = find_want(db, me, old)
        assert found is not None
        noted = found._replace(notes="mono!", rating=4)
        keep_wants(db, me, [noted], clock.now())
    digger.wants[old].notes, digger.wants[old].rating = "mono!", 4
    removed = remove_want(store, me, old, clock)
    assert removed.entry is not None
    clock.advance(60)
    assert delivered(market, store, clock, me).delivered == 1
    assert old not in digger.wants

    undo(store, me, removed.entry.id, clock)
    with reading(store) as db:
        assert find_want(db, me, old) == noted
    clock.advance(60)
    assert delivered(market, store, clock, me).delivered == 1

    assert (digger.wants[old].notes, digger.wants[old].rating) == ("mono!", 4)


def test_the_same_change_twice_is_one(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, *, me: int, unwanted: int
) -> None:
    first, second = add_want(store, me, unwanted, clock), add_want(store, me, unwanted, clock)
    nothing = remove_want(store, me, 1, clock)

    assert (first.is_new, second.is_new, nothing.is_new) == (True, False, False)
    assert first.entry is not None
    assert second.entry is not None
    assert second.entry.id == first.entry.id
    assert states(store, me) == {"waiting": 1}


def test_without_a_network_a_change_waits_and_is_tried_later_and_later(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, *, me: int, unwanted: int
) -> None:
    add_want(store, me, unwanted, clock)
    clock.advance(60)
    market.faults.wish("5xx", 1.0)

    tried = [delivered(market, store, clock, me)]
    tried.append(delivered(market, store, clock, me))  # not due again yet
    clock.advance(30)
    tried.append(delivered(market, store, clock, me))
    clock.advance(30)
    tried.append(delivered(market, store, clock, me))

    assert [one.put_off for one in tried] == [1, 0, 1, 0]
    assert "trouble of its own" in tried[0].problem
    with reading(store) as db:
        [entry] = outbox.entries(db, me, ["waiting"])
    assert (entry.attempts, entry.problem) == (2, tried[2].problem)
    assert unwanted in wanted(store, me)

    market.faults.clear()
    assert delivered(market, store, clock, me, only_due=False).delivered == 1
    assert unwanted in digger.wants


def test_a_mind_that_was_changed_after_an_attempt_is_told_to_discogs(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, *, me: int, unwanted: int
) -> None:
    """The answer was lost on its way: Discogs may have heard of the want, or not."""
    add_want(store, me, unwanted, clock)
    clock.advance(60)
    market.faults.wish("reset", 1.0)
    assert delivered(market, store, clock, me).put_off == 1
    market.faults.clear()
    digger.wants[unwanted] = type(next(iter(digger.wants.values())))(unwanted, 1)

    remove_want(store, me, unwanted, clock)
    clock.advance(60)

    assert delivered(market, store, clock, me).delivered == 1
    assert unwanted not in digger.wants
    assert unwanted not in wanted(store, me)


def test_what_was_removed_on_discogs_too_counts_as_delivered(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, me: int
) -> None:
    old = next(iter(digger.wants))
    remove_want(store, me, old, clock)
    del digger.wants[old]
    clock.advance(60)

    assert delivered(market, store, clock, me) == Delivered(delivered=1)


def test_a_release_that_discogs_does_not_know_fails_for_good_and_is_shown(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, *, me: int, unwanted: int
) -> None:
    add_want(store, me, 2, clock)
    add_want(store, me, unwanted, clock)
    clock.advance(60)

    found = delivered(market, store, clock, me)

    assert (found.delivered, found.failed) == (1, 1)
    assert states(store, me) == {"delivered": 1, "failed": 1}
    assert 2 not in wanted(store, me)
    with reading(store) as db:
        [failed] = outbox.entries(db, me, ["failed"])
    assert "Release not found" in failed.problem
    assert retry_failed(store, me, clock) == 1
    assert states(store, me) == {"delivered": 1, "waiting": 1}


def test_what_nobody_takes_for_two_weeks_fails_for_good(
    market: Simulator, store: Engine, clock: HandClock, me: int, unwanted: int
) -> None:
    add_want(store, me, unwanted, clock)
    clock.advance(GIVE_UP_AFTER.total_seconds() + 1)
    market.faults.wish("5xx", 1.0)

    assert delivered(market, store, clock, me).failed == 1


def test_a_sync_leaves_what_waits_as_it_is_here(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, *, me: int, unwanted: int
) -> None:
    old = next(iter(digger.wants))
    add_want(store, me, unwanted, clock)
    remove_want(store, me, old, clock)
    clock.advance(60)

    with opened_discogs(market, store, clock) as discogs:
        sync(store, discogs, "digger", account_id=me, kinds=["wants"], clock=clock)

    assert wanted(store, me) == (set(digger.wants) | {unwanted}) - {old}


def test_an_entry_in_somebodys_hands_is_taken_by_nobody_else(
    store: Engine, clock: HandClock, me: int, unwanted: int
) -> None:
    add_want(store, me, unwanted, clock)
    now = clock.now() + UNDO_FOR

    def claimed(db: Connection, at: datetime) -> outbox.Entry | None:
        return outbox.claim(db, now=at, until=at + UNDO_FOR, account_id=me, only_due=True)

    with writing(store) as db:
        first, second = claimed(db, now), claimed(db, now)

    assert first is not None
    assert second is None
    with writing(store) as db:  # whoever had it died
        assert claimed(db, now + UNDO_FOR) is not None


def test_everybodys_outbox_is_delivered_as_it_gets_due(
    market: Simulator, digger: Member, store: Engine, clock: HandClock, *, me: int, unwanted: int
) -> None:
    add_want(store, me, unwanted, clock)

    told = deliver_all(
        store, lambda _: opened_discogs(market, store, clock), clock=clock,
        should_stop=lambda: False,
    )  # fmt: skip

    assert told == 1
    assert unwanted in digger.wants
    assert sum(clock.slept) == UNDO_FOR.total_seconds()


def test_whoever_is_told_to_stop_leaves_what_waits(
    market: Simulator, store: Engine, clock: HandClock, me: int, unwanted: int
) -> None:
    add_want(store, me, unwanted, clock)

    with pytest.raises(WaitAbandoned):
        deliver_all(
            store, lambda _: opened_discogs(market, store, clock), clock=clock,
            should_stop=lambda: True,
        )  # fmt: skip

    assert states(store, me) == {"waiting": 1}
    with pytest.raises(UnknownEntry):
        undo(store, me, 999, clock)
