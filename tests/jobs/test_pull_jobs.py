"""Pulls as jobs: real workers, `cratewise work`, against the simulated Discogs."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select
from tests.builders import a_listing, a_seller
from tests.conftest import HandClock
from tests.jobs.freezing import freeze_outside_transactions

from cratewise.clock import SystemClock
from cratewise.discogs.client import Discogs
from cratewise.discogs.quota import Quota
from cratewise.durable import Desk
from cratewise.enqueue import enqueue_look, enqueue_pull
from cratewise.errors import ImpossibleName, UnknownJob
from cratewise.jobs import launch, throw_away
from cratewise.rates import Rates
from cratewise.simulator import Simulator, World
from cratewise.simulator.faults import Faults
from cratewise.store.accounts import local_account
from cratewise.store.engine import reading, writing
from cratewise.store.quota import QuotaLedger
from cratewise.store.tables import listings, pull_pages, pulls, releases, wants, workers
from cratewise.tools import Tools
from cratewise.worker import Running

Opener = Callable[[int], Discogs]


@pytest.fixture
def me(store: Engine) -> int:
    with writing(store) as db:
        return local_account(db, currency="EUR", country="DE", at=SystemClock().now()).id


@pytest.fixture
def desk(store: Engine) -> Iterator[Desk]:
    with Desk(store) as desk:
        yield desk


@pytest.fixture
def market() -> Iterator[Simulator]:
    with Simulator(World(seed=3, sellers={"alice": 250}), rate_limit=None) as discogs:
        yield discogs


def opener(store: Engine, discogs: Simulator, limit: int = 25) -> Opener:
    """Discogs for anybody, without a credential."""

    def open_discogs(_account_id: int) -> Discogs:
        clock = SystemClock()
        quota = Quota(QuotaLedger(store, clock), limit=limit, clock=clock)
        return Discogs(api_url=discogs.url, credential=None, quota=quota, clock=clock)

    return open_discogs


def count(store: Engine, table: object) -> int:
    with reading(store) as db:
        return len(db.execute(select(table)).all())  # type: ignore[call-overload]  # any table


def pull_state(store: Engine) -> str:
    with reading(store) as db:
        return str(db.scalar(select(pulls.c.state)))


def test_a_pull_that_was_asked_for_is_done_and_says_what_came_of_it(
    store: Engine, desk: Desk, me: int, market: Simulator
) -> None:
    asked = enqueue_pull(desk, " Alice ", account_id=me)

    worker = launch(store, open_discogs=opener(store, market), open_rates=Rates.shipped)
    job = desk.wait(asked.job_id)
    worker.stop()

    assert job.state == "done"
    assert job.arguments == {"seller": "Alice", "kind": "auto", "account_id": me}
    assert (job.result["seller"], job.result["seen"], job.result["new"]) == ("alice", 250, 250)
    assert count(store, listings) == 250


def test_a_seller_whom_nobody_knows_is_told_in_a_sentence(
    store: Engine, desk: Desk, me: int, market: Simulator
) -> None:
    asked = enqueue_pull(desk, "nobody", account_id=me)

    worker = launch(store, open_discogs=opener(store, market), open_rates=Rates.shipped)
    job = desk.wait(asked.job_id)
    worker.stop()

    assert (job.state, job.error_kind) == ("failed", "UnknownSeller")
    assert job.error is not None
    assert "no seller 'nobody'" in job.error


def test_a_seller_has_one_pull_that_waits_and_a_full_one_goes_before_a_lesser(
    desk: Desk, me: int
) -> None:
    quick = enqueue_pull(desk, "alice", account_id=me, kind="quick")
    again = enqueue_pull(desk, "ALICE", account_id=me)
    full = enqueue_pull(desk, "https://www.discogs.com/seller/alice", account_id=me, kind="full")
    lesser = enqueue_pull(desk, "alice", account_id=me, kind="quick")

    assert (again.job_id, again.is_new) == (quick.job_id, False)
    assert full.is_new
    assert (lesser.job_id, lesser.is_new) == (full.job_id, False)
    assert [job.id for job in desk.jobs(states=["queued"])] == [full.job_id]


def test_a_deep_pull_keeps_its_budget_and_a_larger_one_goes_before_it(desk: Desk, me: int) -> None:
    small = enqueue_pull(desk, "alice", account_id=me, kind="deep", requests=300)
    large = enqueue_pull(desk, "alice", account_id=me, kind="deep", requests=600)
    smaller = enqueue_pull(desk, "alice", account_id=me, kind="deep", requests=200)

    assert small.is_new
    assert large.is_new
    assert (smaller.job_id, smaller.is_new) == (large.job_id, False)
    assert desk.job(large.job_id).arguments["requests"] == 600


def test_a_deep_pull_that_was_asked_for_costs_what_it_may(
    store: Engine, desk: Desk, me: int
) -> None:
    with Simulator(World(seed=3, sellers={"carol": 20_500}), rate_limit=None) as market:
        asked = enqueue_pull(desk, "carol", account_id=me, kind="deep", requests=12)
        opened = opener(store, market, limit=1_000)
        worker = launch(store, open_discogs=opened, open_rates=Rates.shipped)
        job = desk.wait(asked.job_id)
        worker.stop()

        assert (job.state, job.result["kind"]) == ("done", "deep")
        assert job.result["requests"] == len(market.requests) == 12


def test_looks_at_single_listings_are_jobs_too(
    store: Engine, desk: Desk, me: int, market: Simulator
) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        long_ago = SystemClock().now() - timedelta(days=40)
        a_listing(db, alice, discogs_listing_id=7, last_seen_at=long_ago)  # Discogs has none
        row = {"account_id": me, "synced_at": long_ago}
        db.execute(insert(wants).values(row | {"release_id": db.scalar(select(releases.c.id))}))
    verify = enqueue_look(desk, "alice", account_id=me, deed="verify", requests=5)
    again = enqueue_look(desk, "Alice", account_id=me, deed="verify")
    ask = enqueue_look(desk, "alice", account_id=me, deed="ask_for_wants", requests=3)

    worker = launch(store, open_discogs=opener(store, market), open_rates=Rates.shipped)
    verified, asked = desk.wait(verify.job_id), desk.wait(ask.job_id)
    worker.stop()

    assert (again.job_id, again.is_new) == (verify.job_id, False)
    assert (verified.result["requests"], verified.result["gone"]) == (1, 1)
    assert (asked.result["requests"], asked.result["seen"]) == (2, 0)
    assert asked.result["sentence"].startswith("alice has Alice Coltrane")


def test_a_workers_log_carries_the_pulls_id(store: Engine, desk: Desk, me: int) -> None:
    world = World(seed=3, sellers={"alice": 250})
    with Simulator(world, rate_limit=None, faults=Faults.told("5xx=0.3")) as discogs:
        worker = Program(store, discogs, CRATEWISE_LOG_LEVEL="info")
        asked = enqueue_pull(desk, "alice", account_id=me)
        desk.wait(asked.job_id)
        said = worker.leave()

    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    told = [line["event"] for line in lines if line.get("pull_id") == asked.job_id]
    assert told[0] == "Job begun."
    assert told[-1] == "Job done."
    assert any("Asking again in" in line for line in told)


def test_an_impossible_name_is_refused_before_anything_is_asked(desk: Desk, me: int) -> None:
    with pytest.raises(ImpossibleName):
        enqueue_pull(desk, "a/b", account_id=me)

    assert desk.jobs() == []


def test_a_cancelled_pull_stops_although_it_waits_for_the_quota_and_keeps_what_it_read(
    store: Engine, desk: Desk, me: int
) -> None:
    with Simulator(World(seed=3, sellers={"bob": 9_000}), rate_limit=60) as discogs:
        worker = launch(store, open_discogs=opener(store, discogs), open_rates=Rates.shipped)
        asked = enqueue_pull(desk, "bob", account_id=me)
        while count(store, pull_pages) < 4:  # then one request in 2.4 s, and four threads wait
            pass

        sent = len(discogs.requests)
        assert desk.cancel(asked.job_id)
        while pull_state(store) == "running":
            pass
        worker.stop()

    assert desk.job(asked.job_id).state == "cancelled"
    assert pull_state(store) == "stopped"
    assert count(store, listings) == 100 * count(store, pull_pages)
    assert len(discogs.requests) <= sent + 1


def test_jobs_that_are_long_over_are_forgotten_by_night(
    store: Engine, desk: Desk, me: int, clock: HandClock
) -> None:
    over, waiting = (enqueue_pull(desk, name, account_id=me).job_id for name in ("a", "b"))
    desk.cancel(over)
    tools = Tools(store, lambda _: None, Rates.shipped, clock, Path())  # type: ignore[arg-type, return-value]  # asks nobody

    clock.jump((SystemClock().now() - clock.now() + timedelta(days=29)).total_seconds())
    assert throw_away(tools, Running("a look"))["jobs"] == 0
    clock.advance(timedelta(days=2).total_seconds())
    assert throw_away(tools, Running("a look"))["jobs"] == 1

    assert desk.job(waiting).state == "queued"
    with pytest.raises(UnknownJob):
        desk.job(over)


# A worker that beats often and is soon taken for dead.
IMPATIENT = """
from functools import partial
from cratewise import jobs
from cratewise.cli.app import main
jobs.Worker = partial(jobs.Worker, beat_seconds=0.2, silent_seconds=1.0)
main()
"""


class Program:
    """`cratewise work` as a process."""

    def __init__(self, store: Engine, discogs: Simulator, **environment: str) -> None:
        url = store.url.render_as_string(hide_password=False)
        told = {
            "CRATEWISE_DATABASE_URL": url,
            "CRATEWISE_DISCOGS_API_URL": discogs.url,
            "CRATEWISE_DISCOGS_TOKEN": discogs.world.token("digger"),
            "CRATEWISE_DISCOGS_MINUTE_SECONDS": "1",
            "CRATEWISE_RATES_URL": "off",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", IMPATIENT, "work", "--json"],
            env=os.environ | told | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.id = json.loads(self.process.stdout.readline())["worker"]

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def leave(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate()
        assert self.process.returncode == 0
        return said


def asked_pages(discogs: Simulator) -> Counter[str]:
    return Counter(
        one.query["page"] for one in list(discogs.requests) if one.path.endswith("/inventory")
    )


@pytest.mark.crash
def test_a_pull_whose_worker_is_killed_goes_on_elsewhere_and_asks_for_no_stored_page_again(
    store: Engine, desk: Desk, me: int
) -> None:
    market = Simulator(World(seed=3, sellers={"bob": 3_000}), rate_limit=None, latency=(0.05, 0.1))
    with market as discogs:
        anna = Program(store, discogs)
        asked = enqueue_pull(desk, "bob", account_id=me)
        while count(store, pull_pages) < 10:
            pass
        anna.kill()
        with reading(store) as db:
            stored = {str(page) for page in db.scalars(select(pull_pages.c.page))}
        before = asked_pages(discogs)

        ben = Program(store, discogs)
        job = desk.wait(asked.job_id)
        ben.leave()

    again = asked_pages(discogs) - before
    assert (job.state, job.worker, job.takeovers) == ("done", ben.id, 1)
    assert job.result["seen"] == 3_000
    assert count(store, listings) == 3_000
    assert stored & set(again) == set()
    assert count(store, pulls) == 1
    assert count(store, workers) == 0


@pytest.mark.crash
def test_a_pull_whose_worker_is_frozen_goes_on_elsewhere_and_the_frozen_one_does_no_harm(
    store: Engine, desk: Desk, me: int
) -> None:
    market = Simulator(World(seed=3, sellers={"bob": 3_000}), rate_limit=None, latency=(0.05, 0.1))
    with market as discogs:
        anna = Program(store, discogs)
        asked = enqueue_pull(desk, "bob", account_id=me)
        while count(store, pull_pages) < 10:
            pass
        freeze_outside_transactions(anna.process, store, desk)

        ben = Program(store, discogs)
        while desk.job(asked.job_id).worker != ben.id:
            pass
        anna.process.send_signal(signal.SIGCONT)
        job = desk.wait(asked.job_id)
        anna.leave()
        ben.leave()

    assert (job.state, job.worker) == ("done", ben.id)
    assert count(store, listings) == 3_000
    assert count(store, pull_pages) == 30
    assert pull_state(store) == "done"


@pytest.mark.crash
def test_a_worker_that_is_told_to_end_keeps_what_it_read_and_says_so(
    store: Engine, desk: Desk, me: int
) -> None:
    market = Simulator(World(seed=3, sellers={"bob": 3_000}), rate_limit=None, latency=(0.05, 0.1))
    with market as discogs:
        anna = Program(store, discogs)
        asked = enqueue_pull(desk, "bob", account_id=me)
        while count(store, pull_pages) < 10:
            pass

        said = anna.leave()

    assert "Working: pulls, upkeep" in said
    assert "Traceback" not in said
    assert desk.job(asked.job_id).state == "queued"
    assert pull_state(store) == "stopped"
    assert 10 <= count(store, pull_pages) < 30


def test_what_dbos_would_obey_in_the_environment_is_not_heeded(
    store: Engine, desk: Desk, me: int, market: Simulator
) -> None:
    foreign = {"DBOS__CLOUD": "true", "DBOS__VMID": "local", "DBOS__APPVERSION": "theirs"}
    worker = Program(store, market, **foreign)

    job = desk.wait(enqueue_pull(desk, "alice", account_id=me).job_id)
    worker.leave()

    assert (job.state, job.worker) == ("done", worker.id)
    assert worker.id != "local"


def test_work_kept_to_a_kind_that_there_is_not_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cratewise", "work", "--only", "lerning"],
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert "'lerning' is none of pulls, upkeep" in done.stderr
