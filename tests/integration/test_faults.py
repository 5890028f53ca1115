"""Discogs on a bad day: what goes wrong costs time, and nothing that was for sale."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, select
from tests.conftest import HandClock
from tests.market import Listener, opened_discogs, pull_from

from cratewise.discogs.circuit import OPENS_AFTER
from cratewise.discogs.client import Discogs
from cratewise.discogs.quota import Quota
from cratewise.errors import (
    CircuitOpen,
    DiscogsBroken,
    DiscogsError,
    DiscogsUnreachable,
    RateLimited,
)
from cratewise.inventory.progress import Progress
from cratewise.simulator import Faults, Simulator, World
from cratewise.simulator.faults import KINDS
from cratewise.store.engine import reading
from cratewise.store.quota import QuotaLedger
from cratewise.store.tables import listings

HOUR = 3_600.0
MINUTE_SECONDS = 5.0  # a wait of one takes 5 looks at the ledger instead of 60


@contextmanager
def served(clock: HandClock, faults: Faults | None = None, **sellers: int) -> Iterator[Simulator]:
    """A Discogs whose minute and outages pass as the test's clock does."""
    world = World(sellers=sellers or {"alice": 250})
    with Simulator(
        world, faults=faults, rate_limit=60, minute_seconds=MINUTE_SECONDS, clock=clock.monotonic
    ) as discogs:
        yield discogs


def held(store: Engine) -> set[int]:
    with reading(store) as db:
        return set(db.execute(select(listings.c.discogs_listing_id)).scalars())


def pull(simulator: Simulator, store: Engine, clock: HandClock, **options: Any) -> Any:
    options = {"patience_seconds": 2 * HOUR, "timeout_seconds": 1.0, "limit": 60} | options
    options |= {"minute_seconds": MINUTE_SECONDS}
    return pull_from(simulator, store, clock, "alice", **options)


def test_under_every_fault_together_the_whole_stock_is_read(
    store: Engine, clock: HandClock
) -> None:
    faults = Faults(dict.fromkeys(KINDS, 0.01), seed=6, rival=10)
    with served(clock, faults, alice=4_000) as discogs:
        outcome = pull(discogs, store, clock)
        met = {request.fault for request in discogs.requests} - {None}

        assert held(store) == set(discogs.world.listings("alice"))
    assert outcome.seen == 4_000
    assert len(met) >= 4


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"listing"}))
def test_each_fault_alone_is_asked_again_until_there_is_an_answer(
    store: Engine, clock: HandClock, kind: str
) -> None:
    with served(clock, Faults({kind: 0.3}, seed=3), alice=500) as discogs:
        pull(discogs, store, clock)

        assert held(store) == set(discogs.world.listings("alice"))
        assert kind in {request.fault for request in discogs.requests}


def test_an_outage_of_an_hour_is_waited_out_and_the_pull_goes_on(
    store: Engine, clock: HandClock
) -> None:
    listener = Listener()
    with served(clock, Faults.told("outage=3600@12"), alice=2_500) as discogs:
        outcome = pull(discogs, store, clock, on_progress=listener.hear)
        first = next(r.at for r in discogs.requests if r.fault == "outage")
        during = [r for r in discogs.requests if first <= r.at < first + HOUR]

        assert held(store) == set(discogs.world.listings("alice"))
    assert outcome.seen == 2_500
    assert 0 < len(during) < 400  # asked now and then, by four threads
    assert any("trouble of its own (503" in told.waiting_for for told in listener.heard)
    assert listener.heard[-1].waiting_for == ""


@pytest.mark.parametrize("seconds", [3 * HOUR, -3 * HOUR], ids=["ahead", "back"])
def test_a_clock_that_jumps_during_a_pull_loses_and_doubles_nothing(
    store: Engine, clock: HandClock, seconds: float
) -> None:
    listener = Listener()
    with served(clock, alice=2_500) as discogs:

        def jump(progress: Progress) -> None:
            listener.hear(progress)
            if progress.pages_done in {5, 15}:
                clock.jump(seconds)

        first = pull(discogs, store, clock, on_progress=jump)
        again = pull(discogs, store, clock, kind="full")

        assert held(store) == set(discogs.world.listings("alice"))
    assert (first.seen, first.new, first.gone) == (2_500, 2_500, 0)
    assert (again.seen, again.new, again.gone, again.back) == (2_500, 0, 0, 0)
    assert first.requests == 26


def test_patience_ends_and_what_was_read_is_kept_for_the_next_pull(
    store: Engine, clock: HandClock
) -> None:
    with served(clock, Faults.told("outage=3600@12"), alice=2_500) as discogs:
        with pytest.raises(DiscogsBroken, match="503"):
            pull(discogs, store, clock, patience_seconds=60.0)
        read = len(held(store))
        clock.advance(HOUR)
        outcome = pull(discogs, store, clock)

        assert held(store) == set(discogs.world.listings("alice"))
    assert read >= 500
    assert outcome.seen == 2_500


def test_a_name_that_cannot_be_looked_up_costs_no_slot_and_says_so(
    store: Engine, clock: HandClock
) -> None:
    quota = Quota(QuotaLedger(store, clock, spans_machines=False), limit=25, clock=clock)
    with (
        Discogs(
            api_url="https://discogs.invalid",
            credential=None,
            quota=quota,
            clock=clock,
            patience_seconds=5.0,
        ) as discogs,
        pytest.raises(DiscogsUnreachable, match=r"discogs\.invalid cannot be looked up"),
    ):
        discogs.profile("alice")

    assert quota.remaining() == 25


def told_troubles(
    simulator: Simulator, store: Engine, clock: HandClock, until: int
) -> list[DiscogsError]:
    """What a client hears that asks until it has failed so often."""
    heard: list[DiscogsError] = []

    def hear(error: DiscogsError, seconds: float) -> None:
        heard.append(error)
        if len(heard) == until:
            simulator.faults.clear()

    with opened_discogs(
        simulator,
        store,
        clock,
        limit=60,
        minute_seconds=MINUTE_SECONDS,
        patience_seconds=HOUR,
        on_trouble=hear,
    ) as discogs:
        assert discogs.profile("alice").username == "alice"
        assert discogs.trouble == ""
    return heard


def test_refusals_in_a_row_open_the_circuit_which_closes_by_itself(
    store: Engine, clock: HandClock
) -> None:
    with served(clock, Faults({"429": 1.0})) as discogs:
        heard = told_troubles(discogs, store, clock, until=6)

    assert [type(error) for error in heard[: OPENS_AFTER - 1]] == [RateLimited, RateLimited]
    assert all(type(error) is CircuitOpen for error in heard[OPENS_AFTER - 1 :])
    assert "refused 3 times in a row: nothing is sent for" in str(heard[OPENS_AFTER - 1])
    pauses = [error.retry_in_seconds for error in heard if isinstance(error, CircuitOpen)]
    assert pauses[-1] > 2 * pauses[0]


def test_an_open_circuit_holds_for_every_process_and_lets_one_request_try(
    store: Engine, clock: HandClock
) -> None:
    refused = Quota(QuotaLedger(store, clock, spans_machines=False), limit=60, clock=clock)
    for _ in range(OPENS_AFTER):
        refused.refused(refused.take("background"), {})
    other = Quota(QuotaLedger(store, clock, spans_machines=False), limit=60, clock=clock)

    with pytest.raises(CircuitOpen, match="refused 3 times in a row"):
        other.take("interactive", within_seconds=0.0)
    assert "refused 3 times in a row" in other.trouble
    trial = other.take("background")
    with pytest.raises(CircuitOpen):
        refused.take("interactive", within_seconds=0.0)
    other.answered(trial, {})
    refused.take("interactive", within_seconds=0.0)
    assert refused.trouble == ""


def test_a_trial_that_died_blocks_nobody_for_longer_than_an_answer_takes(
    store: Engine, clock: HandClock
) -> None:
    quota = Quota(QuotaLedger(store, clock, spans_machines=False), limit=60, clock=clock)
    for _ in range(OPENS_AFTER):
        quota.refused(quota.take("background"), {})
    quota.take("background")  # by a process that is killed now
    died_at = clock.monotonic()

    quota.take("background")

    assert 0 < clock.monotonic() - died_at < 200


def test_a_pull_tells_that_the_circuit_is_open_and_then_goes_on(
    store: Engine, clock: HandClock
) -> None:
    heard: list[Progress] = []
    with served(clock, alice=2_000) as discogs:

        def hear(progress: Progress) -> None:
            heard.append(progress)
            if progress.pages_done == 5:
                discogs.faults.change({"429": 1.0})
            if "in a row" in progress.waiting_for:
                discogs.faults.clear()

        outcome = pull(discogs, store, clock, on_progress=hear)

    assert outcome.seen == 2_000
    assert any("refused" in progress.waiting_for for progress in heard)
    assert heard[-1].waiting_for == ""


def test_a_listing_that_makes_no_sense_costs_itself_and_is_told(
    store: Engine, clock: HandClock
) -> None:
    with served(clock, alice=2_500) as discogs:
        bad = set(sorted(discogs.world.listings("alice"))[::200])
        discogs.faults.spoiled = bad
        outcome = pull(discogs, store, clock)

        assert held(store) == set(discogs.world.listings("alice")) - bad
    assert (outcome.seen, outcome.skipped) == (2_487, 13)
    assert outcome.requests <= 26 + 3 + 4  # bad ones are not looked at again for ever
    assert sum(f"Listing {each} was left out" in " ".join(outcome.problems) for each in bad) == 13


def test_a_listing_that_made_no_sense_once_is_kept_from_the_second_look(
    store: Engine, clock: HandClock
) -> None:
    with served(clock, Faults({"listing": 0.1}, seed=2), alice=2_500) as discogs:
        outcome = pull(discogs, store, clock)

        assert held(store) == set(discogs.world.listings("alice"))
        assert "listing" in {request.fault for request in discogs.requests}
    assert outcome.skipped == 0
