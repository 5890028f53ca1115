"""Kill a pulling process at random moments: is a page lost, doubled, or asked for again?

    python benchmarks/crash.py                 50 kills on each database, two minutes
    python benchmarks/crash.py --kills 10 --seed 2
    python benchmarks/crash.py --faults 0.01   under every fault at 1 % each: ten minutes
    python benchmarks/crash.py --only sqlite   on one of the databases alone

A process pulls a seller and is killed with SIGKILL at a moment that is anywhere in a
pull with the same chance; the next one takes the pull up.  After each kill the database
is compared with itself, after each pull that ends with the simulated market, and each
process's requests with the pages that were committed before it began.  Requests that met
a fault are not counted: they must be asked again.
"""

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import make_url

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.postgres import PostgresServer, postgres_binaries

from cratewise.clock import SystemClock
from cratewise.discogs.client import Discogs
from cratewise.discogs.credential import PersonalToken
from cratewise.discogs.quota import Quota
from cratewise.inventory.pull import pull
from cratewise.money import to_minor
from cratewise.rates import Rates
from cratewise.simulator import Simulator, World
from cratewise.simulator.faults import Faults
from cratewise.store.accounts import local_account
from cratewise.store.engine import open_engine, reading, writing
from cratewise.store.migrate import upgrade
from cratewise.store.quota import QuotaLedger
from cratewise.store.tables import listings, pull_pages, pulls, sellers

LISTINGS = 2_000  # of each seller: 20 pages
SELLERS = 100  # pulled one after the other, and again
NO_ANSWER_SECONDS = 2.0  # until a request that is never answered is given up
LATENCY = (0.01, 0.05)  # seconds
HANGS_AFTER = 1_800.0  # seconds; nothing without faults takes a hundredth of that
UNLIMITED = 1_000_000  # requests a minute, as the simulator tells without a limit

spawn = multiprocessing.get_context("spawn")
Page = tuple[str, str, int]  # sort, direction, page


@dataclass
class Found:
    """What the kills came to; the last four must be 0."""

    kills: int = 0
    pulls: int = 0
    pages: int = 0
    requests: int = 0
    in_flight: int = 0  # asked for again, as the answer was lost with the process
    after_commit: int = 0
    twice: int = 0
    lost: int = 0
    doubled: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.after_commit or self.twice or self.lost or self.doubled or self.problems)


def work(url: str, token: str, database: str, seller: str, life: str) -> None:
    """The process that is killed: it pulls one seller, under a name of its own."""
    clock, engine = SystemClock(), open_engine(database)
    with writing(engine) as db:
        account = local_account(db, currency="EUR", country="DE", at=clock.now())
    quota = Quota(
        QuotaLedger(engine, clock),
        limit=UNLIMITED,
        window_seconds=1.0,
        clock=clock,
        lost_after_seconds=3 * NO_ANSWER_SECONDS,
    )
    with Discogs(
        api_url=url,
        credential=PersonalToken(token),
        quota=quota,
        clock=clock,
        user_agent=life,
        timeout_seconds=NO_ANSWER_SECONDS,
    ) as discogs:
        rates = Rates.shipped()
        pull(engine, discogs, seller, account_id=account.id, kind="full", rates=rates, clock=clock)
    engine.dispose()


class Ordeal:
    """One database's share of kills."""

    def __init__(self, database: str, simulator: Simulator, random: random.Random) -> None:
        self.found = Found()
        self._database = database
        self._simulator = simulator
        self._random = random
        self._engine = open_engine(database)
        self._committed_before: dict[str, set[Page]] = {}  # by life
        self._whole_pull = 0.0  # seconds from its first request to its end, the shortest so far
        upgrade(self._engine)

    def endure(self, kills: int) -> Found:
        # The first pull is left alone, and tells how long one takes here and now.
        for number in count():
            seller = f"seller{number % SELLERS}"
            # The market draws a stock when it is first asked for, and lets all others wait:
            # on a busy machine longer than NO_ANSWER_SECONDS, and so they would ask again.
            self._simulator.world.listings(seller)
            while not self._live(seller, may_die=number > 0 and self.found.kills < kills):
                self._compare_with_itself(seller)
            self._compare_with_itself(seller)
            self._compare_with_market(seller)
            if number and self.found.kills == kills:
                break
        self._count_requests()
        self._count_pulls()
        self._engine.dispose()
        return self.found

    def _live(self, seller: str, *, may_die: bool) -> bool:
        """Run one process; False when it was killed before its end."""
        life = f"{self._engine.dialect.name}/{len(self._committed_before)}"
        self._committed_before[life] = self._committed(seller)
        url, token = self._simulator.url, self._simulator.world.token("digger")
        arguments = (url, token, self._database, seller, life)
        process = spawn.Process(target=work, args=arguments, daemon=True)
        process.start()
        self._await_request_of(life, process)
        began = time.monotonic()
        process.join(self._random.uniform(0, self._whole_pull) if may_die else HANGS_AFTER)
        if process.is_alive() and may_die:
            process.kill()
            self.found.kills += 1
        process.join(HANGS_AFTER)
        if process.exitcode not in (0, -9):
            sys.exit(f"{life} failed while it pulled {seller}: exit code {process.exitcode}")
        if process.exitcode == 0 and not self._committed_before[life]:
            took = time.monotonic() - began
            self._whole_pull = min(self._whole_pull or took, took)
        return process.exitcode == 0

    def _await_request_of(self, life: str, process: Any) -> None:
        known = len(self._simulator.requests)
        give_up = time.monotonic() + HANGS_AFTER
        while process.is_alive() and time.monotonic() < give_up:
            if any(one.user_agent == life for one in self._simulator.requests[known:]):
                return
            time.sleep(0.005)

    def _committed(self, seller: str) -> set[Page]:
        """The pages that the unfinished pull of this seller has stored."""
        page = pull_pages.c
        columns = (page.sort, page.direction, page.page)
        of_seller = select(*columns).join_from(pull_pages, pulls).join(sellers)
        of_seller = of_seller.where(sellers.c.username == seller, pulls.c.state == "running")
        with reading(self._engine) as db:
            rows = db.execute(of_seller)
            return {(row.sort, row.direction, row.page) for row in rows}

    def _count_requests(self) -> None:
        """Compare what each process asked for with what was stored before it began."""
        asked = Counter(
            (one.user_agent, (one.query["sort"], one.query["sort_order"], int(one.query["page"])))
            for one in self._simulator.requests
            if one.user_agent in self._committed_before
            and one.path.endswith("/inventory")
            and one.fault is None
        )
        self.found.requests = asked.total()
        self.found.twice = sum(times - 1 for times in asked.values())
        self.found.after_commit = sum(
            times for (life, page), times in asked.items() if page in self._committed_before[life]
        )

    def _compare_with_itself(self, seller: str) -> None:
        """Ticks, counts and listings must tell the same at any moment."""
        ticked = _sum_of(pull_pages.c.unseen, pull_pages.c.pull_id == pulls.c.id)
        stored = _sum_of(1, listings.c.last_pull_id == pulls.c.id)
        statement = select(pulls.c.seen, ticked, stored).join_from(pulls, sellers)
        latest = statement.where(sellers.c.username == seller).order_by(pulls.c.id.desc()).limit(1)
        with reading(self._engine) as db:
            row = db.execute(latest).first()
        if row and not row[0] == row[1] == row[2]:
            told = "{} seen, {} on the pages stored, {} stored".format(*row)
            self.found.problems.append(f"{seller}: {told}")

    def _compare_with_market(self, seller: str) -> None:
        truth = self._simulator.world.listings(seller)
        columns = (listings.c.discogs_listing_id, listings.c.price_minor, listings.c.currency)
        statement = (
            select(*columns).join_from(listings, sellers).where(sellers.c.username == seller)
        )
        with reading(self._engine) as db:
            rows = db.execute(statement.where(listings.c.gone_at.is_(None))).all()
        stored = {number: minor for number, minor, _ in rows}
        currency = rows[0].currency
        right = {
            number
            for number, one in truth.items()
            if stored.get(number) == to_minor(one.price, currency)
        }
        # What made no sense twice was told, and is not lost without a word.
        self.found.lost += max(len(truth.keys() - right) - self._skipped(seller), 0)
        self.found.doubled += len(rows) - len(stored) + len(stored.keys() - truth.keys())

    def _skipped(self, seller: str) -> int:
        statement = select(pulls.c.skipped).join_from(pulls, sellers)
        latest = statement.where(sellers.c.username == seller).order_by(pulls.c.id.desc()).limit(1)
        with reading(self._engine) as db:
            return db.scalar(latest) or 0

    def _count_pulls(self) -> None:
        with reading(self._engine) as db:
            states = Counter(db.scalars(select(pulls.c.state)))
            self.found.pages = db.execute(select(func.count()).select_from(pull_pages)).scalar_one()
        self.found.pulls = states.pop("done", 0)
        if states:
            self.found.problems.append(f"pulls were left behind: {dict(states)}")
        self.found.in_flight = self.found.requests - self.found.pages


def _sum_of(what: Any, condition: Any) -> Any:
    return select(func.coalesce(func.sum(what), 0)).where(condition).scalar_subquery()


def databases(folder: Path, stack: ExitStack, only: str | None) -> Iterator[tuple[str, str]]:
    """Names and addresses: SQLite, and PostgreSQL where there is one."""
    if only != "postgresql":
        yield "SQLite", f"sqlite:///{folder / 'cratewise.sqlite'}"
    if only == "sqlite":
        return
    binaries = postgres_binaries()
    if binaries is None:
        print("PostgreSQL is not installed here: left out")
    else:
        url = stack.enter_context(PostgresServer(binaries, fsync=True))
        yield "PostgreSQL", make_url(url).render_as_string(hide_password=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=float, default=0.0, help="share of requests, each kind")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    told = parser.parse_args()
    world = World(told.seed, {f"seller{number}": LISTINGS for number in range(SELLERS)})
    print(f"{'':12}{'kills':>6}{'pulls':>6}{'pages':>7}{'asked':>7}{'in flight':>11}", end="")
    print(f"{'after commit':>14}{'twice':>7}{'lost':>6}{'doubled':>9}", flush=True)
    is_clean = True
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        faults = Faults.told(f"all={told.faults}") if told.faults else None
        simulator = stack.enter_context(Simulator(world, latency=LATENCY, faults=faults))
        for name, address in databases(folder, stack, told.only):
            found = Ordeal(address, simulator, random.Random(told.seed)).endure(told.kills)
            print(f"{name:12}{found.kills:6}{found.pulls:6}{found.pages:7}", end="")
            print(f"{found.requests:7}{found.in_flight:11}{found.after_commit:14}", end="")
            print(f"{found.twice:7}{found.lost:6}{found.doubled:9}", flush=True)
            print("".join(f"  {problem}\n" for problem in found.problems), end="")
            is_clean &= found.is_clean
    print(f"promised 0 in the last four columns: {'kept' if is_clean else 'BROKEN'}")
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
