"""Deep pulls of more than 20,000 listings, over HTTP and into both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from tests.builders import RATES
from tests.conftest import HandClock
from tests.market import Listener, opened_discogs, pages_asked, pull_from

from cratewise.errors import PullStopped
from cratewise.inventory.deep import BUDGET
from cratewise.inventory.verify import Verified, verify
from cratewise.simulator import Simulator, World
from cratewise.store.engine import reading, writing
from cratewise.store.tables import listings, pulls

CLAIMED = 20_400


def held(engine: Engine) -> int:
    with reading(engine) as db:
        for_sale = listings.c.gone_at.is_(None)
        return db.execute(select(func.count()).where(for_sale)).scalar_one()


@pytest.fixture(scope="module")
def bob() -> World:
    """A seller beyond reach; drawn once, since drawing 20,400 listings takes a second."""
    return World(sellers={"bob": CLAIMED})


def test_a_seller_beyond_20_000_is_read_deep_and_what_is_to_spare_verifies(
    store: Engine, clock: HandClock
) -> None:
    with Simulator(World(sellers={"bob": CLAIMED})) as discogs:
        first = pull_from(discogs, store, clock, "bob")
        asked = pages_asked(discogs)
        sold = unseen_for_long(store, clock, 2)
        discogs.world.remove(sold[0])
        before = len(discogs.requests)
        second = pull_from(discogs, store, clock, "bob", kind="deep")

        assert len(discogs.requests) - before == second.requests
    assert first.kind == "deep"
    assert first.seen > 20_200  # of which both ends of `listed` show 20,000
    assert first.coverage == first.seen / CLAIMED
    assert f"{first.seen:,} known" in first.sentence
    assert len(asked) == len(set(asked)) == first.requests - 1 < BUDGET / 2
    assert (first.gone, second.gone) == (0, 1)
    assert "Looked again at 2 not seen for 30 days: 1 still for sale, 1 gone." in second.sentence


def test_a_budget_is_kept_to_the_request(store: Engine, clock: HandClock, bob: World) -> None:
    with Simulator(bob) as discogs:
        outcome = pull_from(discogs, store, clock, "bob", kind="deep", budget=23)

        assert len(discogs.requests) == outcome.requests == 23
    assert outcome.seen == 2_200


def test_what_one_pull_saw_counts_for_the_next(store: Engine, clock: HandClock, bob: World) -> None:
    with Simulator(bob) as discogs:
        shares = [
            pull_from(discogs, store, clock, "bob", kind="deep", budget=23).coverage
            for _ in range(3)
        ]

        asked = pages_asked(discogs)
    # The newest page is looked at anew each time, and nothing else.
    assert len(asked) - len(set(asked)) == 2
    assert shares == [2_200 / CLAIMED, 4_300 / CLAIMED, 6_400 / CLAIMED]


def test_a_quick_look_adds_to_the_coverage(store: Engine, clock: HandClock) -> None:
    with Simulator(World(sellers={"bob": CLAIMED})) as discogs:
        before = pull_from(discogs, store, clock, "bob", kind="deep", budget=12)
        discogs.world.add("bob", 150)
        after = pull_from(discogs, store, clock, "bob")

    assert (after.kind, after.new) == ("quick", 150)
    assert after.coverage == (before.seen + 150) / (CLAIMED + 150)


def test_after_a_week_everything_is_read_again(store: Engine, clock: HandClock, bob: World) -> None:
    with Simulator(bob) as discogs:
        pull_from(discogs, store, clock, "bob", kind="deep", budget=12)
        first = pages_asked(discogs)
        clock.advance(timedelta(days=8).total_seconds())
        again = pull_from(discogs, store, clock, "bob", budget=12)

        assert sorted(pages_asked(discogs)[len(first) :]) == sorted(first)
    assert (again.kind, again.new) == ("deep", 0)


def test_a_deep_pull_that_was_stopped_goes_on_within_its_budget(
    store: Engine, clock: HandClock, bob: World
) -> None:
    listener = Listener(stop_after=9)
    with Simulator(bob) as discogs:
        with pytest.raises(PullStopped):
            pull_from(
                discogs, store, clock, "bob", kind="deep", budget=40,
                on_progress=listener.hear, should_stop=listener.should_stop,
            )  # fmt: skip
        outcome = pull_from(discogs, store, clock, "bob", kind="deep", budget=40)

        asked = pages_asked(discogs)
        assert len(discogs.requests) == outcome.requests == 40
    assert len(asked) == len(set(asked)) == 38  # and two profiles
    assert outcome.seen == 3_800


def test_the_cost_and_the_coverage_to_expect_are_told_first(
    store: Engine, clock: HandClock, bob: World
) -> None:
    listener = Listener(stop_after=0)
    with Simulator(bob) as discogs, pytest.raises(PullStopped):
        pull_from(
            discogs, store, clock, "bob", budget=201,
            on_progress=listener.hear, should_stop=listener.should_stop,
        )  # fmt: skip

    assert listener.heard[0].state == "planned"
    assert listener.heard[0].pages_planned == 200
    assert listener.heard[0].sentence == (
        "bob has 20,400 listings for sale, more than Discogs shows in one order; reading the "
        "most of them takes some 201 requests, a moment, and about 98 % will be known then."
    )


def test_a_deep_pull_that_saw_too_little_marks_nothing_gone(
    store: Engine, clock: HandClock
) -> None:
    with Simulator(World(sellers={"bob": CLAIMED})) as discogs:
        pull_from(discogs, store, clock, "bob", kind="deep", budget=12)
        discogs.world.sell("bob", 9_000)
        discogs.world.add("bob", 9_000)
        for _ in range(2):
            clock.advance(timedelta(days=8).total_seconds())
            assert pull_from(discogs, store, clock, "bob", kind="deep", budget=12).gone == 0


def unseen_for_long(store: Engine, clock: HandClock, count: int) -> list[int]:
    """Let the best-scored `count` listings have been seen last 31 days ago; their Discogs ids."""
    with writing(store) as db:
        best = select(listings.c.id).order_by(listings.c.score.desc()).limit(count)
        ids = db.scalars(best).all()
        old = clock.now() - timedelta(days=31)
        db.execute(update(listings).where(listings.c.id.in_(ids)).values(last_seen_at=old))
        numbers = select(listings.c.discogs_listing_id).where(listings.c.id.in_(ids))
        return list(db.scalars(numbers.order_by(listings.c.score.desc())))


def test_the_best_of_what_was_unseen_for_long_is_verified_first(
    store: Engine, clock: HandClock
) -> None:
    with Simulator(World(sellers={"alice": 250})) as discogs:
        pull_from(discogs, store, clock, "alice")
        unverified = unseen_for_long(store, clock, 5)
        discogs.world.remove(unverified[1])
        with opened_discogs(discogs, store, clock) as client:
            outcome = verify(store, client, "ALICE", requests=3, rates=RATES, clock=clock)

        paths = [request.path for request in discogs.requests[-3:]]
    assert paths == [f"/marketplace/listings/{number}" for number in unverified[:3]]
    assert outcome == Verified("alice", still_for_sale=2, gone=1)
    assert held(store) == 249


def test_unverified_listings_count_for_nothing_beyond_reach(
    store: Engine, clock: HandClock
) -> None:
    with Simulator(World(sellers={"bob": CLAIMED})) as discogs:
        pull_from(discogs, store, clock, "bob", kind="deep", budget=12)
        unseen_for_long(store, clock, 1_100)
        discogs.world.add("bob", 10)
        outcome = pull_from(discogs, store, clock, "bob", kind="quick")

    with reading(store) as db:
        assert db.scalar(select(pulls.c.coverage).where(pulls.c.kind == "quick")) == (
            outcome.coverage
        )
    assert outcome.coverage < 200 / CLAIMED
