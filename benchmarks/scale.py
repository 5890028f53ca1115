"""Kill and freeze workers while twenty sellers are read: is everything done once, and told?

    python benchmarks/scale.py                        a minute or two
    python benchmarks/scale.py --sellers 60 --minute-seconds 60     at Discogs' own pace
    python benchmarks/scale.py --database postgresql://...          instead of a server of its own

Three `cratewise work` and two `cratewise serve --no-work` on one PostgreSQL, each a
process of its own that knows no other.  One worker is killed, one frozen; when what the
frozen one had was taken on, it wakes, and the last of the three is killed, so that the
one that slept must end it all.  Meanwhile both servers are asked without a pause.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Engine, func, select

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.postgres import PostgresServer, postgres_binaries

from cratewise.durable import Desk
from cratewise.simulator import Simulator, World
from cratewise.store.engine import open_engine, reading, writing
from cratewise.store.migrate import upgrade
from cratewise.store.tables import listings, pull_pages, pulls, sellers

EACH = 450  # listings of a seller: five pages and a profile
LIMIT = 60  # requests a minute
LATENCY = (0.05, 0.3)  # seconds
HANGS_AFTER = 600.0  # seconds
LOOK_SECONDS = 0.1
PROMISED_SECONDS = 30.0  # until what a frozen worker had is worked elsewhere


@dataclass
class Asking:
    """Asks a server again and again, until told to end."""

    url: str
    seconds: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        with httpx2.Client(base_url=self.url, timeout=30) as http:
            while not self.is_over.is_set():
                for path in ("/api/v1/home", "/api/v1/listings?limit=20", "/readyz"):
                    self._ask(http, path)
                self.is_over.wait(0.02)

    def _ask(self, http: httpx2.Client, path: str) -> None:
        began = time.perf_counter()
        try:
            status = http.get(path).status_code
        except httpx2.HTTPError as error:
            self.refused.append(f"{path}: {error!r}")
            return
        self.seconds.append(time.perf_counter() - began)
        if status != 200:
            self.refused.append(f"{path}: {status}")


class Fleet:
    """The processes, and the database that is all they share."""

    def __init__(self, database: str, market: Simulator, minute: float, folder: Path) -> None:
        self.engine = open_engine(database)
        upgrade(self.engine)
        self.desk = Desk(self.engine)
        self._log = (folder / "log").open("w")
        self._all: list[subprocess.Popen[str]] = []
        self._environ = os.environ | {
            "CRATEWISE_DATABASE_URL": database,
            "CRATEWISE_DATA_DIR": str(folder),
            "CRATEWISE_DISCOGS_API_URL": market.url,
            "CRATEWISE_DISCOGS_TOKEN": market.world.token("digger"),
            "CRATEWISE_DISCOGS_MINUTE_SECONDS": str(minute),
            "CRATEWISE_RATES_URL": "off",
        }

    def start(self, *words: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
        """Start a command; what it tells first."""
        one = subprocess.Popen(
            [sys.executable, "-m", "cratewise", *words, "--json"],
            env=self._environ, stdout=subprocess.PIPE, stderr=self._log, text=True,
        )  # fmt: skip
        self._all.append(one)
        assert one.stdout is not None
        return one, json.loads(one.stdout.readline())

    def close(self) -> None:
        for one in self._all:
            one.kill()
            one.wait()
        self.desk.close()
        self.engine.dispose()
        self._log.close()


def held_by(fleet: Fleet, worker: str) -> set[str]:
    """The jobs that a worker has."""
    return {job.id for job in fleet.desk.running() if job.worker == worker}


def wait_until(what: str, is_so: Any) -> float:
    """Seconds until it is so."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > HANGS_AFTER:
            sys.exit(f"waited in vain until {what}")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


def freeze(one: subprocess.Popen[str], engine: Engine) -> None:
    """Stop a process between two pages: one whose page is half sent would keep its rows."""
    with writing(engine) as db:
        db.exec_driver_sql("LOCK TABLE pulls IN SHARE ROW EXCLUSIVE MODE")
        one.send_signal(signal.SIGSTOP)
        os.waitpid(one.pid, os.WUNTRACED)


def endure(fleet: Fleet, names: list[str]) -> tuple[dict[str, float], list[Asking]]:
    """Queue the sellers, kill, freeze, wake and kill; what each took, and who asked meanwhile."""
    workers = [fleet.start("work") for _ in range(3)]
    servers = [fleet.start("serve", "--no-work", "--port", "0")[1]["url"] for _ in range(2)]
    asking = [Asking(url) for url in servers]
    threads = [threading.Thread(target=one.run) for one in asking]
    for thread in threads:
        thread.start()
    began, took = time.monotonic(), {}
    jobs = []
    for number, name in enumerate(names):
        answer = httpx2.post(
            f"{servers[number % 2]}/api/v1/pulls", json={"seller": name, "kind": "full"}, timeout=60
        )
        jobs.append(answer.raise_for_status().json()["id"])
    (first, its), (second, theirs), (third, _) = workers
    try:
        wait_until("the first worker has something", lambda: held_by(fleet, its["worker"]))
        left = held_by(fleet, its["worker"])
        first.kill()
        first.wait()
        took["killed"] = wait_until(
            "it is taken on", lambda: not left & held_by(fleet, its["worker"])
        )
        wait_until("the second has something", lambda: held_by(fleet, theirs["worker"]))
        left = held_by(fleet, theirs["worker"])
        freeze(second, fleet.engine)
        took["frozen"] = wait_until(
            "it is taken on", lambda: not left & held_by(fleet, theirs["worker"])
        )
        second.send_signal(signal.SIGCONT)
        third.kill()
        third.wait()
        wait_until("all is done", lambda: all(fleet.desk.job(one).is_over for one in jobs))
    finally:
        for one in asking:
            one.is_over.set()
        for thread in threads:
            thread.join()
    took["all"] = time.monotonic() - began
    states = Counter(fleet.desk.job(one).state for one in jobs)
    if states != {"done": len(jobs)}:
        sys.exit(f"jobs ended as {dict(states)}")
    return took, asking


def problems_in(fleet: Fleet, market: Simulator, names: list[str]) -> list[str]:
    """What was lost, doubled, or asked for too often."""
    found = []
    world = market.world
    of = sellers.c.username
    with reading(fleet.engine) as db:
        done = Counter(db.scalars(select(of).join(pulls).where(pulls.c.state == "done")))
        other = db.scalar(select(func.count()).select_from(pulls).where(pulls.c.state != "done"))
        rows = db.execute(select(of, listings.c.discogs_listing_id).join_from(listings, sellers))
        stored = Counter((name, number) for name, number in rows)
        pages = db.scalar(select(func.count()).select_from(pull_pages)) or 0
    if done != Counter(names) or other:
        found.append(f"pulls: {sum(done.values())} done of {len(done)} sellers, {other} otherwise")
    truth = {(name, number) for name in names for number in world.listings(name)}
    if stored.keys() != truth or max(stored.values()) > 1:
        found.append(
            f"listings: {len(truth - stored.keys())} lost, {len(stored) - len(truth)} more"
        )
    asked = [one for one in market.requests if one.path.endswith("/inventory")]
    # Six pulls run in each worker; what was in flight when it was killed is asked again.
    if len(asked) - pages > 3 * 6:
        found.append(f"{len(asked)} pages were asked for, {pages} stored")
    refused = sum(one.status == 429 for one in market.requests)
    if refused:
        found.append(f"the quota was passed: {refused} refusals")
    return found


def most_in_a_minute(moments: list[float], minute: float) -> int:
    """The most requests that were counted within any minute."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= minute:
            first += 1
        most = max(most, last - first + 1)
    return most


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sellers", type=int, default=20)
    parser.add_argument("--minute-seconds", type=float, default=20.0)
    parser.add_argument("--database", help="an empty PostgreSQL database")
    parser.add_argument(
        "--patient", action="store_true", help="judge no time: the machine may be busy"
    )
    told = parser.parse_args()
    names = [f"seller{number}" for number in range(told.sellers)]
    world = World(5, dict.fromkeys(names, EACH))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = told.database
        if database is None:
            binaries = postgres_binaries()
            if binaries is None:
                print("PostgreSQL is not installed here")
                return 1
            database = stack.enter_context(PostgresServer(binaries))
        market = stack.enter_context(
            Simulator(world, rate_limit=LIMIT, minute_seconds=told.minute_seconds, latency=LATENCY)
        )
        fleet = Fleet(database, market, told.minute_seconds, folder)
        stack.callback(fleet.close)
        took, asking = endure(fleet, names)
        found = problems_in(fleet, market, names)
        most = most_in_a_minute([one.at for one in market.requests], told.minute_seconds)
    for one in asking:
        found += one.refused[:5]
    times = sorted(second for one in asking for second in one.seconds)
    if took["frozen"] > PROMISED_SECONDS and not told.patient:
        found.append(f"what a frozen worker had lay for {took['frozen']:.0f} s")
    print(f"{told.sellers} sellers of {EACH}, 3 workers, 2 servers: {took['all']:.0f} s")
    print(f"what a killed worker had was taken on after   {took['killed']:6.1f} s")
    print(f"what a frozen worker had was taken on after   {took['frozen']:6.1f} s, promised 30")
    print(f"most requests within a minute                 {most:6} of {LIMIT}")
    print(f"answers meanwhile {len(times)}, p50 {times[len(times) // 2] * 1000:.0f} ms, ", end="")
    print(f"p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms, the longest {times[-1]:.2f} s")
    print("".join(f"  {problem}\n" for problem in found), end="")
    print(f"everything once, quota kept, always answered: {'BROKEN' if found else 'kept'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
