"""A killed pull goes on at its next page; nothing is lost, doubled or asked for again."""

import random
import time

import pytest
from sqlalchemy import Engine, func, select
from tests.conftest import HandClock
from tests.crash.killing import Puller, Witness
from tests.market import pull_from

from cratewise.simulator import Simulator, World
from cratewise.store.engine import reading
from cratewise.store.tables import pull_pages, pulls

pytestmark = pytest.mark.crash

LISTINGS = 2_000
PAGES = LISTINGS // 100


def test_a_pull_killed_again_and_again_loses_doubles_and_asks_again_for_nothing(
    store: Engine, database_url: str
) -> None:
    dice = random.Random(1)
    with Simulator(World(sellers={"alice": LISTINGS})) as simulator:
        witness = Witness(simulator, store)
        while not witness.is_done():
            puller = Puller(simulator, database_url, "alice")
            if puller.wait_for(f"pages {len(witness.stored_pages()) + dice.randint(0, 7)}"):
                spin(dice.uniform(0, 0.03))
            puller.kill()
            witness.note_kill()

        assert len(witness.kills) > 2
        assert witness.lost_and_doubled("alice") == (set(), [])
        assert witness.asked_again() == []
        assert witness.counts_agree()
    assert len(witness.stored_pages()) == PAGES


def test_a_deep_pull_killed_again_and_again_doubles_nothing_and_keeps_to_its_budget(
    store: Engine, database_url: str
) -> None:
    dice = random.Random(2)
    with Simulator(World(sellers={"bob": 20_400})) as simulator:
        witness = Witness(simulator, store)
        while not witness.is_done():
            puller = Puller(simulator, database_url, "bob", budget=45)
            if puller.wait_for(f"pages {len(witness.stored_pages()) + dice.randint(3, 12)}"):
                spin(dice.uniform(0, 0.03))
            puller.kill()
            witness.note_kill()

        assert len(witness.kills) > 2
        assert witness.lost_and_doubled("bob")[1] == []
        assert witness.asked_again() == []
        assert witness.counts_agree()
    with reading(store) as db:
        cost = db.scalar(select(pulls.c.requests))
    # Whoever takes up a pull whose last request was spent learns so from one more.
    assert cost in (45, 46)


def spin(seconds: float) -> None:
    """Let a random moment of a page pass, so that kills come anywhere in it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def test_a_worker_that_was_frozen_finds_its_pull_taken_over_and_stores_nothing(
    store: Engine, database_url: str, clock: HandClock
) -> None:
    with Simulator(World(sellers={"alice": LISTINGS})) as simulator:
        frozen = Puller(simulator, database_url, "alice", freezes_at=3)
        assert frozen.wait_for("pages 3")
        # By the clock of this puller half a minute of silence passes at once.
        outcome = pull_from(simulator, store, clock, "alice", kind="full")
        last = frozen.thaw()

        assert Witness(simulator, store).lost_and_doubled("alice") == (set(), [])
    assert outcome.seen == LISTINGS
    assert last == f"seen {LISTINGS}"
    with reading(store) as db:
        assert db.scalar(select(func.count()).select_from(pulls)) == 1
        assert db.scalar(select(func.count()).select_from(pull_pages)) == PAGES
