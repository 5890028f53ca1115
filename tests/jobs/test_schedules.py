"""What is done by itself: whose turn it is, each once, and what is thrown away."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select, update
from tests.builders import NOON, a_follow, a_listing, a_pull, a_seller, an_account
from tests.conftest import HandClock
from typer.testing import CliRunner

from cratewise.cli.app import app
from cratewise.durable import Desk, Job
from cratewise.enqueue import enqueue_pull
from cratewise.errors import ScheduleError, UnknownSchedule
from cratewise.jobs import see_to_schedules, throw_away
from cratewise.rates import Rates
from cratewise.schedules import change_schedule, due, planned_for
from cratewise.shelf.fresh import FreshShelf
from cratewise.store.engine import reading, writing
from cratewise.store.retention import keep_for
from cratewise.store.schedules import Key, take_turn, turns_taken
from cratewise.store.tables import (
    accounts,
    hidden,
    judgements,
    listings,
    price_changes,
    pulls,
    sellers,
)
from cratewise.tools import Tools
from cratewise.worker import Running


@pytest.fixture
def desk(store: Engine) -> Iterator[Desk]:
    with Desk(store) as desk:
        yield desk


@pytest.fixture
def tools(store: Engine, clock: HandClock) -> Tools:
    return Tools(store, lambda _: None, Rates.shipped, clock, Path())  # type: ignore[arg-type, return-value]  # asks nobody


@pytest.fixture
def alice(store: Engine) -> int:
    """A seller whom the local account follows, read fully at noon."""
    with writing(store) as db:
        alice = a_seller(db)
        a_follow(db, an_account(db), alice)
        a_pull(db, alice)
    return alice


def look(tools: Tools) -> list[str]:
    """What one look at the schedules asks for, at sellers alone."""
    asked = see_to_schedules(tools, Running("a look"))
    return [one for one in asked if one.startswith(("quick", "full"))]


def asked_pulls(desk: Desk) -> list[Job]:
    return desk.jobs(deed="pull")


def account(store: Engine, name: str = "local") -> int:
    with reading(store) as db:
        return int(db.execute(select(accounts.c.id).where(accounts.c.name == name)).scalar_one())


def days(number: float) -> float:
    return timedelta(days=number).total_seconds()


def test_a_seller_is_looked_at_a_day_after_somebody_read_them_and_not_before(
    tools: Tools, desk: Desk, alice: int, clock: HandClock
) -> None:
    clock.advance(days(0.9))
    before = look(tools)
    clock.advance(days(0.1))
    then = look(tools)

    assert (before, then) == ([], ["quick alice"])
    job = asked_pulls(desk)[0]
    assert (job.arguments["seller"], job.arguments["kind"]) == ("alice", "quick")


def test_after_a_week_the_whole_stock_is_read_which_is_a_look_as_well(
    tools: Tools, desk: Desk, alice: int, clock: HandClock
) -> None:
    clock.advance(days(8))

    assert look(tools) == ["full alice"]
    assert [job.arguments["kind"] for job in asked_pulls(desk)] == ["full"]
    assert look(tools) == []


def test_a_seller_whom_somebody_read_by_hand_meanwhile_is_not_read_again(
    tools: Tools, store: Engine, alice: int, clock: HandClock
) -> None:
    with writing(store) as db:
        late = NOON + timedelta(hours=20)
        a_pull(db, alice, kind="quick", started_at=late, finished_at=late)
    clock.advance(days(1))

    assert look(tools) == []


def test_a_seller_who_was_just_followed_waits_for_whoever_follows_to_read_them(
    tools: Tools, store: Engine, clock: HandClock
) -> None:
    with writing(store) as db:
        a_follow(db, an_account(db), a_seller(db, "bob"))

    assert look(tools) == []


@pytest.mark.parametrize("state", ["gone", "suspended"])
def test_a_seller_who_sells_no_more_is_not_asked_for(
    tools: Tools, store: Engine, alice: int, clock: HandClock, state: str
) -> None:
    with writing(store) as db:
        db.execute(update(sellers).values(state=state))
    clock.advance(days(30))

    assert look(tools) == []


def test_a_seller_whom_two_follow_is_read_once_for_both(
    tools: Tools, store: Engine, desk: Desk, alice: int, clock: HandClock
) -> None:
    with writing(store) as db:
        row = {"name": "Ann", "currency": "EUR", "country": "DE", "created_at": NOON}
        ann = db.execute(insert(accounts).values(row).returning(accounts.c.id)).scalar_one()
        a_follow(db, ann, alice)
    clock.advance(days(1))

    assert look(tools) == ["quick alice"]
    assert look(tools) == []
    assert len(asked_pulls(desk)) == 1


def test_an_account_that_was_shut_out_looks_at_nobody(
    tools: Tools, store: Engine, alice: int, clock: HandClock
) -> None:
    with writing(store) as db:
        db.execute(update(accounts).values(disabled_at=NOON))
    clock.advance(days(30))

    assert look(tools) == []


def test_whoever_looks_at_the_same_moment_one_asks(
    store: Engine, tools: Tools, desk: Desk, alice: int, clock: HandClock
) -> None:
    clock.advance(days(1))
    begin, found = threading.Barrier(6), []

    def look_along() -> None:
        begin.wait()
        found.append(look(tools))

    threads = [threading.Thread(target=look_along) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [[], [], [], [], [], ["quick alice"]]
    assert len(asked_pulls(desk)) == 1


def test_a_turn_whose_taker_died_before_asking_is_taken_by_another(
    store: Engine, tools: Tools, alice: int, clock: HandClock
) -> None:
    clock.advance(days(1))
    with reading(store) as db:
        one = next(one for one in due(db, clock.now()) if one.seller)
    with writing(store) as db:
        assert take_turn(db, one.key, None, clock.now())

    at_once = look(tools)
    clock.advance(timedelta(minutes=6).total_seconds())

    assert at_once == []
    assert look(tools) == ["quick alice"]


def test_a_look_that_came_to_nothing_is_tried_again_a_day_later(
    tools: Tools, desk: Desk, alice: int, clock: HandClock
) -> None:
    clock.advance(days(7))
    first = look(tools)
    desk.cancel(asked_pulls(desk)[0].id)
    clock.advance(days(0.5))
    soon = look(tools)
    clock.advance(days(0.5))

    assert (first, soon, look(tools)) == (["full alice"], [], ["full alice"])


def test_a_clock_that_was_set_back_stops_nothing_that_is_done_by_itself(
    store: Engine, tools: Tools, desk: Desk, alice: int, clock: HandClock
) -> None:
    """All was last done, and a turn last taken, a year from now: nothing was due until then."""
    clock.jump(days(365))
    with writing(store) as db:
        a_pull(db, alice, finished_at=clock.now())
    clock.jump(days(1))
    assert look(tools) == ["quick alice"]
    desk.cancel(asked_pulls(desk)[0].id)
    everything = set(see_to_schedules(tools, Running("a look")))
    clock.jump(days(-358))  # eight days after noon

    again = see_to_schedules(tools, Running("a look"))

    assert set(again) == {"full alice", "rates", "alerts", "retention"}, everything
    assert see_to_schedules(tools, Running("a look")) == []
    clock.advance(days(0.9))
    assert look(tools) == []


def test_what_is_told_of_a_seller_goes_before_what_is_told_over_all(
    store: Engine, tools: Tools, alice: int, clock: HandClock
) -> None:
    me = account(store)
    with writing(store) as db:
        change_schedule(db, "quick", me, None, is_on=False, at=NOON)
        change_schedule(db, "full", me, None, every_minutes=3 * 1440, at=NOON)
        change_schedule(db, "quick", me, alice, every_minutes=120, is_on=True, at=NOON)
    clock.advance(days(0.1))
    soon = look(tools)
    with writing(store) as db:
        mine = change_schedule(db, "quick", me, alice, is_usual=True, at=clock.now())
    clock.advance(days(2))
    later = look(tools)
    clock.advance(days(1))

    assert soon == ["quick alice"]
    assert (mine.is_on, mine.told, mine.next_at) == (False, "overall", None)
    assert (later, look(tools)) == ([], ["full alice"])


def test_a_schedule_says_when_it_was_last_done_and_when_it_is_due(
    store: Engine, alice: int, clock: HandClock
) -> None:
    with reading(store) as db:
        planned = {one.key.kind: one for one in planned_for(db, account(store), clock.now())}

    assert (planned["full"].last_at, planned["full"].next_at) == (NOON, NOON + timedelta(days=7))
    assert planned["alerts"].next_at == NOON  # never done, so at once
    assert (planned["quick"].seller, planned["quick"].told) == ("alice", "usual")


def test_a_schedule_that_makes_no_sense_is_refused(store: Engine, alice: int) -> None:
    me = account(store)
    with writing(store) as db:
        with pytest.raises(UnknownSchedule, match="none of quick, full, rates"):
            change_schedule(db, "daily", me, None, is_on=False, at=NOON)
        with pytest.raises(ScheduleError, match="every 60 minutes at most"):
            change_schedule(db, "quick", me, None, every_minutes=5, at=NOON)
        with pytest.raises(ScheduleError, match="the same for every seller"):
            change_schedule(db, "rates", me, alice, is_on=False, at=NOON)
        stranger = a_seller(db, "stranger")
        with pytest.raises(ScheduleError, match="sellers that you follow"):
            change_schedule(db, "quick", me, stranger, is_on=False, at=NOON)


def test_what_is_the_installations_is_asked_for_once_when_due(
    store: Engine, tools: Tools, desk: Desk, clock: HandClock
) -> None:
    first = see_to_schedules(tools, Running("a look"))
    again = see_to_schedules(tools, Running("a look"))
    clock.advance(120)
    later = see_to_schedules(tools, Running("a look"))

    assert (first, again, later) == (["rates", "alerts", "retention"], [], ["alerts"])
    assert {job.deed for job in desk.jobs()} == {"refresh_rates", "tell_alerts", "throw_away"}
    with reading(store) as db:
        assert set(turns_taken(db)) == {Key("rates"), Key("alerts"), Key("retention")}


# -- what is thrown away -------------------------------------------------------


def ids(store: Engine, table: Any) -> set[int]:
    with reading(store) as db:
        return set(db.scalars(select(table.c.id)))


def test_old_listings_that_went_are_thrown_away_and_what_is_somebodys_stays(
    store: Engine, tools: Tools, alice: int, clock: HandClock
) -> None:
    old, lately = NOON - timedelta(days=731), NOON - timedelta(days=729)
    me = account(store)
    with writing(store) as db:
        thrown = a_listing(db, alice, gone_at=old)
        stay = [
            a_listing(db, alice, gone_at=lately),
            a_listing(db, alice),
            a_listing(db, alice, gone_at=old, source="csv"),
            judged := a_listing(db, alice, gone_at=old),
            hid := a_listing(db, alice, gone_at=old),
        ]
        release = db.scalar(select(listings.c.release_id).where(listings.c.id == judged))
        verdict = {"account_id": me, "listing_id": judged, "release_id": release, "key": "k"}
        verdict |= {"verdict": "keep", "judged_at": old, "listing": "{}"}
        db.execute(insert(judgements).values(verdict))
        row = {"kind": "listing", "name": str(hid), "name_key": str(hid), "hidden_at": old}
        db.execute(insert(hidden).values(row | {"account_id": me}))
    shelf = FreshShelf(clock)
    with reading(store) as db:
        assert len(shelf.get(db)) == 6

    went = throw_away(tools, Running("a look"))

    assert went["gone"] == 1
    assert ids(store, listings) == set(stay)
    assert thrown not in stay
    with reading(store) as db:  # a process that holds them in memory notices
        assert len(shelf.get(db)) == 5


def test_old_prices_and_pulls_are_thrown_away_but_the_last_pull_of_each_kind(
    store: Engine, tools: Tools, alice: int
) -> None:
    long_ago = NOON - timedelta(days=800)
    with writing(store) as db:
        told = {"started_at": long_ago, "finished_at": long_ago}
        earlier, quick, last = (
            a_pull(db, alice, kind=k, **told) for k in ("full", "quick", "full")
        )
        one = a_listing(db, alice)
        for at in (long_ago, NOON):
            row = {"listing_id": one, "changed_at": at, "old_price_minor": 1, "new_price_minor": 2}
            db.execute(insert(price_changes).values(row))
        first = db.scalar(select(func.min(pulls.c.id)))
        # The one of the fixture was begun today, and has a lower number than these.
        db.execute(update(pulls).where(pulls.c.id == first).values(started_at=NOON))

    went = throw_away(tools, Running("a look"))

    assert (went["prices"], went["pulls"]) == (1, 1)
    assert ids(store, pulls) == {first, quick, last}
    assert earlier not in ids(store, pulls)


def test_what_shall_be_kept_for_ever_is(store: Engine, tools: Tools, alice: int) -> None:
    with writing(store) as db:
        a_listing(db, alice, gone_at=NOON - timedelta(days=4000))
        keep_for(db, "gone", 0)

    assert "gone" not in throw_away(tools, Running("a look"))
    assert len(ids(store, listings)) == 1


# -- at the terminal -------------------------------------------------------------


def cratewise(*words: str) -> Any:
    return CliRunner().invoke(app, [*words])


def test_schedules_are_shown_and_changed_at_the_terminal(
    store: Engine, database_url: str, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", database_url)

    changed = cratewise("schedule", "quick", "--every", "12h", "--seller", "ALICE", "--json")
    everything = cratewise("schedule", "--keep", "gone=365", "--keep", "prices=ever")

    assert changed.exit_code == 0, changed.output
    (one,) = json.loads(changed.stdout)["schedules"]
    assert (one["seller"], one["every_minutes"], one["told"]) == ("alice", 720, "seller")
    lines = [line.split("\t") for line in everything.stdout.splitlines()]
    assert [line[:3] for line in lines if line[0] == "quick"] == [
        ["quick", "", "1d"],
        ["quick", "alice", "12h"],
    ]
    assert ["gone", "365 days"] in [line[:2] for line in lines]
    assert ["prices", "ever"] in [line[:2] for line in lines]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("schedule", "quick", "--every", "soon"), "is no time such as 12h"),
        (("schedule", "--every", "2h"), "say which"),
        (("schedule", "--keep", "gone=a"), "tells no days"),
        (("schedule", "daily"), "is none of quick"),
        (("schedule", "--keep", "gone=3"), "from 30 to"),
        (("schedule", "--keep", "wants=30"), "is none of jobs"),
    ],
)
def test_what_makes_no_sense_at_the_terminal_is_told(words: tuple[str, ...], sentence: str) -> None:
    answer = cratewise(*words)

    assert answer.exit_code != 0
    assert sentence in " ".join(answer.output.replace("│", "").split())


def test_a_pull_that_waits_is_joined(
    store: Engine, tools: Tools, desk: Desk, alice: int, clock: HandClock
) -> None:
    asked = enqueue_pull(desk, "alice", account_id=account(store), kind="quick")
    clock.advance(days(1))

    assert look(tools) == ["quick alice"]
    assert [job.id for job in asked_pulls(desk)] == [asked.job_id]
