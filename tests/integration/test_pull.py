"""Pulling from a simulated Discogs over HTTP, into both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from tests.builders import RATES, a_pull, a_seller
from tests.conftest import HandClock
from tests.market import Listener, an_account_of, opened_discogs, pages_asked, pull_from

from cratewise.clock import SystemClock
from cratewise.errors import (
    DiscogsUnreachable,
    ImpossibleName,
    NotAuthenticated,
    PullStopped,
    SellerSuspended,
    StoreFull,
    UnknownSeller,
)
from cratewise.inventory.claim import SILENCE_SECONDS, new_worker
from cratewise.inventory.progress import Progress
from cratewise.inventory.pull import pull
from cratewise.inventory.reconcile import look_again
from cratewise.score import score_of
from cratewise.simulator import Simulator, World
from cratewise.store.engine import open_engine, reading, writing
from cratewise.store.migrate import upgrade
from cratewise.store.pulls import end, latest_pull, stop
from cratewise.store.sellers import find_seller
from cratewise.store.tables import (
    follows,
    listings,
    price_changes,
    pull_pages,
    pulls,
    releases,
    sellers,
)

UNLIMITED_PAGES = f"PRAGMA max_page_count = {2**31}"


def served(**options: Any) -> Simulator:
    return Simulator(World(**options))


def held(engine: Engine, *columns: Any) -> list[Any]:
    """What the store holds of the listings for sale."""
    with reading(engine) as db:
        statement = select(*(columns or (listings.c.discogs_listing_id,)))
        rows = db.execute(statement.where(listings.c.gone_at.is_(None))).all()
    return [row[0] for row in rows] if not columns else list(rows)


def latest(engine: Engine, name: str = "alice") -> Any:
    with reading(engine) as db:
        seller = find_seller(db, name)
        assert seller is not None
        return latest_pull(db, seller.id)


def test_a_job_that_begins_once_more_after_all_was_read_asks_for_nothing_and_tells_the_same(
    store: Engine, clock: HandClock
) -> None:
    with served(sellers={"alice": 250}) as discogs:
        first = pull_from(discogs, store, clock, "alice", kind="full", job_id="one")
        asked = len(discogs.requests)
        again = pull_from(discogs, store, clock, "alice", kind="full", job_id="one")
        assert len(discogs.requests) == asked
        pull_from(discogs, store, clock, "alice", kind="full", job_id="another")
        assert len(discogs.requests) > asked

    assert (again.pull_id, again.seen, again.sentence) == (
        first.pull_id, first.seen, first.sentence,
    )  # fmt: skip


def test_a_first_pull_keeps_every_listing_with_price_grade_and_score(
    store: Engine, clock: HandClock
) -> None:
    with served(sellers={"alice": 250}, currencies={"alice": "EUR"}) as discogs:
        outcome = pull_from(discogs, store, clock, "alice")
        truth = discogs.world.listings("alice")

    assert (outcome.kind, outcome.seen, outcome.claimed, outcome.new) == ("full", 250, 250, 250)
    assert (outcome.coverage, outcome.requests) == (1.0, 4)
    assert sorted(held(store)) == sorted(truth)
    rows = held(
        store,
        *(listings.c.discogs_listing_id, listings.c.price_minor, listings.c.currency),
        *(listings.c.price_usd, listings.c.score, listings.c.media_grade, listings.c.release_id),
    )
    with reading(store) as db:
        counts = {row.id: (row.want, row.have) for row in db.execute(select(releases))}
    for number, minor, currency, usd, score, grade, release in rows:
        assert (minor, currency) == (round(truth[number].price * 100), "EUR")
        assert usd == pytest.approx(minor / 100 * 1.25)
        assert score == pytest.approx(score_of(*counts[release], usd))
        assert 1 <= grade <= 8


def test_the_outcome_says_what_came_of_it(store: Engine, clock: HandClock) -> None:
    with served(sellers={"alice": 250}) as discogs:
        first = pull_from(discogs, store, clock, "ALICE").sentence
        second = pull_from(discogs, store, clock, "alice").sentence

    assert first == "alice: 250 of 250 listings read (100 %); 250 new."
    assert second == "alice: looked at the newest 100 of 250 listings; nothing changed."


def test_a_puller_follows_the_seller(store: Engine, clock: HandClock) -> None:
    with served(sellers={"alice": 3}) as discogs:
        pull_from(discogs, store, clock, "alice")
        pull_from(discogs, store, clock, "alice")

    with reading(store) as db:
        assert db.scalar(select(func.count()).select_from(follows)) == 1
        assert db.scalar(select(sellers.c.shipping_terms).join(follows))


def test_whoever_joins_anothers_pull_follows_the_seller_too(store: Engine) -> None:
    class Ending(HandClock):
        """While somebody waits, the pull that they follow comes to its end."""

        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            with writing(store) as db:
                end(db, pull_id, "done", outcome="Done.", at=self.now())

    clock = Ending()
    with writing(store) as db:
        alice = a_seller(db)
        pull_id = a_pull(db, alice, state="running", worker=new_worker(), finished_at=None)

    with served(sellers={"alice": 3}) as discogs:
        outcome = pull_from(discogs, store, clock, "alice")

    assert outcome.pull_id == pull_id
    with reading(store) as db:
        assert db.scalars(select(follows.c.seller_id)).all() == [alice]


def test_an_unchanged_seller_costs_two_requests(store: Engine, clock: HandClock) -> None:
    with served(sellers={"alice": 1_250}) as discogs:
        pull_from(discogs, store, clock, "alice")
        before = len(discogs.requests)
        outcome = pull_from(discogs, store, clock, "alice")

        assert len(discogs.requests) - before == 2
    assert (outcome.kind, outcome.new, outcome.coverage) == ("quick", 0, 1.0)


def test_a_quick_look_finds_what_was_listed_since(store: Engine, clock: HandClock) -> None:
    with served(sellers={"alice": 1_250}) as discogs:
        pull_from(discogs, store, clock, "alice")
        discogs.world.add("alice", 130)
        before = len(discogs.requests)
        outcome = pull_from(discogs, store, clock, "alice")

        assert sorted(held(store)) == sorted(discogs.world.listings("alice"))
        assert len(discogs.requests) - before <= 4
    assert (outcome.kind, outcome.new) == ("quick", 130)


def test_a_quick_look_marks_nothing_gone(store: Engine, clock: HandClock) -> None:
    with served(sellers={"alice": 250}) as discogs:
        pull_from(discogs, store, clock, "alice")
        discogs.world.sell("alice", 100)
        for _ in range(3):
            assert pull_from(discogs, store, clock, "alice", kind="quick").gone == 0


def test_what_two_whole_passes_miss_is_gone_and_can_come_back(
    store: Engine, clock: HandClock
) -> None:
    with served(sellers={"alice": 250}) as discogs:
        pull_from(discogs, store, clock, "alice")
        sold = discogs.world.sell("alice", 5)
        passes = [pull_from(discogs, store, clock, "alice", kind="full").gone for _ in range(3)]

        assert passes == [0, 5, 0]
        assert sorted(held(store)) == sorted(discogs.world.listings("alice"))
    with writing(store) as db:
        gone = db.execute(
            select(listings.c.discogs_listing_id).where(listings.c.gone_at.is_not(None))
        )
        assert sorted(gone.scalars()) == sorted(sold)


def test_a_price_that_changed_is_kept_with_the_old_one(store: Engine, clock: HandClock) -> None:
    with served(sellers={"alice": 250}, currencies={"alice": "GBP"}) as discogs:
        pull_from(discogs, store, clock, "alice")
        before = discogs.world.listings("alice")
        repriced = discogs.world.reprice("alice", 7)
        outcome = pull_from(discogs, store, clock, "alice", kind="full")
        after = discogs.world.listings("alice")

    assert (outcome.changed, outcome.new) == (7, 0)
    with reading(store) as db:
        changes = db.execute(
            select(
                listings.c.discogs_listing_id,
                price_changes.c.old_price_minor,
                price_changes.c.new_price_minor,
            ).join(price_changes)
        ).all()
    assert {number for number, _, _ in changes} == set(repriced)
    for number, old, new in changes:
        assert old == round(before[number].price * 100)
        assert new == round(after[number].price * 100)


def test_a_seller_of_12_500_is_read_whole_from_both_ends(store: Engine, clock: HandClock) -> None:
    with served(sellers={"bob": 12_500}) as discogs:
        outcome = pull_from(discogs, store, clock, "bob")

        assert sorted(held(store)) == sorted(discogs.world.listings("bob"))
        asked = pages_asked(discogs)
    assert (outcome.seen, outcome.coverage) == (12_500, 1.0)
    assert len(asked) == len(set(asked)) == 127
    assert max(page for _, _, page in asked) == 100


def test_beyond_20_000_both_ends_are_read_and_the_coverage_is_honest(
    store: Engine, clock: HandClock
) -> None:
    with served(sellers={"carl": 21_000}) as discogs:
        outcome = pull_from(discogs, store, clock, "carl", kind="full")
    assert (outcome.seen, outcome.claimed) == (20_000, 21_000)
    assert outcome.coverage == pytest.approx(20_000 / 21_000)
    assert "95.2 %" in outcome.sentence


def test_stock_that_moves_while_it_is_read_costs_no_listing_that_stays(
    store: Engine, clock: HandClock
) -> None:
    with served(sellers={"alice": 3_000}, stock_moves_every=1) as discogs:
        pull_from(discogs, store, clock, "alice", threads=1)
        truth = discogs.world.listings("alice")
        newest = sorted(truth.values(), key=lambda listing: listing.posted_at)[-30:]

    slipped = set(truth) - set(held(store)) - {listing.id for listing in newest}
    assert slipped == set()


def test_short_pages_are_no_end(store: Engine, clock: HandClock) -> None:
    with served(sellers={"alice": 1_000}, ghosts=0.03) as discogs:
        outcome = pull_from(discogs, store, clock, "alice")

        assert sorted(held(store)) == sorted(discogs.world.listings("alice"))
    assert outcome.claimed == 1_000
    assert outcome.coverage == pytest.approx(outcome.seen / 1_000)


def test_a_pass_that_sees_too_little_of_the_claim_marks_nothing_gone(
    store: Engine, clock: HandClock
) -> None:
    with served(sellers={"alice": 1_000}, ghosts=0.03) as discogs:
        pull_from(discogs, store, clock, "alice")
        discogs.world.sell("alice", 20)
        for _ in range(3):
            assert pull_from(discogs, store, clock, "alice", kind="full").gone == 0


def test_an_unknown_seller_is_an_error_and_leaves_no_trace(store: Engine, clock: HandClock) -> None:
    with served(sellers={}) as discogs, pytest.raises(UnknownSeller, match="nobody_here"):
        pull_from(discogs, store, clock, "nobody_here")

    with reading(store) as db:
        assert db.execute(select(sellers)).first() is None


def test_a_seller_who_was_deleted_keeps_what_is_stored(store: Engine, clock: HandClock) -> None:
    with served(sellers={"alice": 30}) as discogs:
        pull_from(discogs, store, clock, "alice")
        discogs.world.seller("alice").is_gone = True
        with pytest.raises(UnknownSeller):
            pull_from(discogs, store, clock, "alice")

    assert len(held(store)) == 30
    with reading(store) as db:
        assert db.scalar(select(sellers.c.state)) == "gone"


def test_a_suspended_seller_is_an_error_and_keeps_what_is_stored(
    store: Engine, clock: HandClock
) -> None:
    with served(sellers={"alice": 30}) as discogs:
        pull_from(discogs, store, clock, "alice")
        discogs.world.seller("alice").is_suspended = True
        with pytest.raises(SellerSuspended, match="alice"):
            pull_from(discogs, store, clock, "alice")

    assert len(held(store)) == 30
    with reading(store) as db:
        assert db.scalar(select(sellers.c.state)) == "suspended"


def test_an_empty_seller_has_nothing_for_sale(store: Engine, clock: HandClock) -> None:
    with served(sellers={}) as discogs:
        outcome = pull_from(discogs, store, clock, "empty_records")

    assert outcome.sentence == "empty_records has nothing for sale."
    assert (outcome.seen, outcome.claimed, outcome.coverage) == (0, 0, 1.0)


@pytest.mark.parametrize("name", ["", "a/b", "../oauth/identity"])
def test_a_name_that_nobody_can_have_is_refused_without_a_request(
    store: Engine, clock: HandClock, name: str
) -> None:
    with served(sellers={}) as discogs:
        with pytest.raises(ImpossibleName):
            pull_from(discogs, store, clock, name)

        assert discogs.requests == []


def test_a_name_in_another_case_is_the_same_seller(store: Engine, clock: HandClock) -> None:
    with served() as discogs:
        pull_from(discogs, store, clock, "vinyl.KELLER-basel_")
        pull_from(discogs, store, clock, " Vinyl.Keller-Basel_ ")

    with reading(store) as db:
        assert db.execute(select(sellers.c.username)).scalars().all() == ["Vinyl.Keller-Basel_"]


def test_a_seller_who_was_renamed_stays_the_same(store: Engine, clock: HandClock) -> None:
    with served(sellers={"alice": 30}) as discogs:
        pull_from(discogs, store, clock, "alice")
        discogs.world.rename("alice", "alicia")
        outcome = pull_from(discogs, store, clock, "alicia")

    assert (outcome.seller, outcome.new, outcome.seen) == ("alicia", 0, 30)
    with reading(store) as db:
        assert db.execute(select(sellers.c.username)).scalars().all() == ["alicia"]


def test_a_wrong_token_is_a_sentence_and_a_pull_can_follow(store: Engine, clock: HandClock) -> None:
    with served(sellers={"alice": 30}) as discogs:
        holder = discogs.world.token("digger")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(World, "token", staticmethod(lambda _: "wrong"))
            with pytest.raises(NotAuthenticated):
                pull_from(discogs, store, clock, "alice")

        assert holder
        assert pull_from(discogs, store, clock, "alice").seen == 30


def test_a_pull_first_tells_what_it_will_cost(store: Engine, clock: HandClock) -> None:
    listener = Listener()
    with served(sellers={"bob": 12_500}) as discogs:
        pull_from(discogs, store, clock, "bob", on_progress=listener.hear)

    first, *_, last = listener.heard
    assert (first.state, first.pages_done, first.pages_planned) == ("planned", 0, 127)
    assert first.sentence == (
        "bob has 12,500 listings for sale; reading all of them takes 128 requests, a moment."
    )
    assert (last.state, last.seen, last.coverage) == ("done", 12_500, 1.0)
    assert last.eta_seconds == 0
    pages = [progress.pages_done for progress in listener.heard]
    assert pages == sorted(pages)


def test_a_stopped_pull_keeps_what_it_read_and_goes_on_where_it_stopped(
    store: Engine, clock: HandClock
) -> None:
    listener = Listener(stop_after=3)
    with served(sellers={"alice": 2_000}) as discogs:
        with pytest.raises(PullStopped) as stopped:
            pull_from(
                discogs, store, clock, "alice",
                on_progress=listener.hear, should_stop=listener.should_stop, threads=2,
            )  # fmt: skip
        kept = len(held(store))
        before = latest(store)
        outcome = pull_from(discogs, store, clock, "alice")

        asked = pages_asked(discogs)
    assert 300 <= kept < 2_000
    assert (before.state, before.id) == ("stopped", stopped.value.pull_id)
    assert outcome.pull_id == before.id
    assert (outcome.seen, outcome.new, outcome.coverage) == (2_000, 2_000, 1.0)
    assert len(asked) == len(set(asked)) == 20


def test_a_pull_stopped_for_long_is_read_again_from_the_start(
    store: Engine, clock: HandClock
) -> None:
    listener = Listener(stop_after=3)
    with served(sellers={"alice": 1_000}) as discogs:
        with pytest.raises(PullStopped):
            pull_from(
                discogs, store, clock, "alice",
                on_progress=listener.hear, should_stop=listener.should_stop, threads=1,
            )  # fmt: skip
        stopped = latest(store)
        clock.advance(timedelta(hours=6, minutes=1).total_seconds())
        outcome = pull_from(discogs, store, clock, "alice")

    assert outcome.pull_id != stopped.id
    assert outcome.seen == 1_000


def test_a_pull_that_lost_discogs_goes_on_at_the_next_page(store: Engine, clock: HandClock) -> None:
    world = World(sellers={"alice": 1_000})
    first = Simulator(world)

    with first:
        listener = Listener(stop_after=4)
        with pytest.raises(PullStopped):
            pull_from(
                first, store, clock, "alice",
                on_progress=listener.hear, should_stop=listener.should_stop, threads=1,
            )  # fmt: skip
        asked_before = pages_asked(first)
    with pytest.raises(DiscogsUnreachable):
        pull_from(first, store, clock, "alice")
    with Simulator(world) as second:
        outcome = pull_from(second, store, clock, "alice")
        asked_after = pages_asked(second)

    assert outcome.seen == 1_000
    assert not set(asked_before) & set(asked_after)


def test_a_second_pull_of_a_seller_joins_the_first(store: Engine) -> None:
    clock = SystemClock()  # one that waits by hand would wait for nobody
    account = an_account_of(store, clock)
    first_has_begun, both_run = Event(), Event()
    outcomes: list[Any] = []
    second = Listener()

    def hear_first(progress: Any) -> None:
        first_has_begun.set()
        if progress.pages_done == 2:
            both_run.wait()

    def hear_second(progress: Any) -> None:
        second.hear(progress)
        both_run.set()

    with served(sellers={"alice": 1_000}) as simulator:

        def run(hear: Any) -> None:
            with opened_discogs(simulator, store, clock) as discogs:
                outcomes.append(
                    pull(
                        store, discogs, "alice", account_id=account, rates=RATES, clock=clock,
                        on_progress=hear,
                    )
                )  # fmt: skip

        workers = [Thread(target=run, args=(hear,)) for hear in (hear_first, hear_second)]
        workers[0].start()
        first_has_begun.wait()
        workers[1].start()
        for worker in workers:
            worker.join()

        asked = pages_asked(simulator)
    assert [outcome.pull_id for outcome in outcomes] == [outcomes[0].pull_id] * 2
    assert {outcome.seen for outcome in outcomes} == {1_000}
    assert len(asked) == len(set(asked)) == 10
    assert second.heard[0].state == "following"
    with reading(store) as db:
        assert db.scalar(select(func.count()).select_from(pulls)) == 1


def test_a_pull_that_is_stopped_from_outside_ends_at_its_next_page(
    store: Engine, clock: HandClock
) -> None:
    def stop_it(progress: Progress) -> None:
        if progress.pages_done == 3:
            with writing(store) as db:
                stop(db, latest(store).id, clock.now())

    with served(sellers={"alice": 1_000}) as discogs:
        with pytest.raises(PullStopped):
            pull_from(discogs, store, clock, "alice", on_progress=stop_it, threads=1)
        kept = len(held(store))
        outcome = pull_from(discogs, store, clock, "alice")

    assert kept == 300
    assert outcome.seen == 1_000
    with reading(store) as db:
        assert db.scalar(select(func.count()).select_from(pull_pages)) == 10


def test_pulls_of_several_sellers_at_once_wait_for_each_other_and_not_for_ever(
    store: Engine, clock: HandClock
) -> None:
    """They sell the same records, so each pull scores listings of the others again."""
    names = ("alice", "bob", "carl")
    with served(sellers=dict.fromkeys(names, 600)) as discogs:
        for _ in range(2):
            with ThreadPoolExecutor(3) as threads:
                jobs = [
                    threads.submit(pull_from, discogs, store, clock, name, kind="full")
                    for name in names
                ]
            assert [job.result().seen for job in jobs] == [600, 600, 600]
            for number in discogs.world.listings("alice"):
                discogs.world.change(number, price=3.0)

        truth = [number for name in names for number in discogs.world.listings(name)]
    assert sorted(held(store)) == sorted(truth)


def test_a_full_disk_is_a_sentence_and_the_pull_goes_on_when_there_is_space(
    tmp_path: Path, clock: HandClock
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'cratewise.sqlite'}")
    upgrade(engine)

    @event.listens_for(engine, "checkout")
    def fill(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 200")  # 800 kB

    with served(sellers={"alice": 2_000}) as discogs:
        with pytest.raises(StoreFull, match="what was stored is kept"):
            pull_from(discogs, engine, clock, "alice", threads=1)
        kept = len(held(engine))
        event.remove(engine, "checkout", fill)
        event.listen(engine, "checkout", lambda connection, *_: connection.execute(UNLIMITED_PAGES))
        waited = clock.monotonic()
        outcome = pull_from(discogs, engine, clock, "alice")

        assert sorted(held(engine)) == sorted(discogs.world.listings("alice"))
    assert 0 < kept < 2_000
    assert (outcome.seen, outcome.new) == (2_000, 2_000)
    assert clock.monotonic() - waited < SILENCE_SECONDS  # it knows that the first is over
    engine.dispose()


def test_one_look_tells_whether_a_listing_is_still_for_sale(
    store: Engine, clock: HandClock
) -> None:
    with served(sellers={"alice": 30}) as simulator:
        pull_from(simulator, store, clock, "alice")
        [sold] = simulator.world.sell("alice")
        [repriced] = simulator.world.reprice("alice")
        ours = dict(held(store, listings.c.discogs_listing_id, listings.c.id))
        clock.advance(3600)
        with opened_discogs(simulator, store, clock) as discogs:
            look = {
                number: look_again(store, discogs, ours[number], rates=RATES, clock=clock)
                for number in (sold, repriced)
            }
        price = simulator.world.listings("alice")[repriced].price

    assert look == {sold: False, repriced: True}
    with reading(store) as db:
        row = db.execute(select(listings).where(listings.c.discogs_listing_id == repriced)).one()
    assert row.price_minor in (round(price * 100), round(price))
    assert row.price_read_at == clock.now()
    assert sold not in held(store)
