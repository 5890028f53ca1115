"""How many listings a second a pull parses and stores, and the memory that it takes.

    python benchmarks/store_speed.py                    20,000 listings, half a minute
    python benchmarks/store_speed.py --listings 5000
    python benchmarks/store_speed.py --deep             100,000 listings, pulled deep: some minutes
    python benchmarks/store_speed.py --only sqlite      into one of the databases alone

A simulated Discogs in a process of its own answers over HTTP, without a limit and
without latency; each pull runs in a process of its own, whose memory is counted from
its start to its end.  Beside it, on the same answers: reading their JSON alone, and
what Python's sqlite3 takes to store the same rows without asking what is there.
A deep pull meets many listings twice or more, in several orders: each time counts as one
that was parsed and stored, and the distinct ones are told beside.

Promised: 2,000 listings/s and 150 MB.
"""

import argparse
import json
import multiprocessing
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import psutil
from sqlalchemy import func, select

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.postgres import PostgresServer, postgres_binaries

from cratewise.clock import SystemClock
from cratewise.discogs.client import Discogs
from cratewise.discogs.credential import PersonalToken
from cratewise.discogs.quota import Quota
from cratewise.inventory.pull import AskedKind, pull
from cratewise.rates import Rates
from cratewise.store.accounts import local_account
from cratewise.store.engine import open_engine, reading, writing
from cratewise.store.migrate import upgrade
from cratewise.store.quota import QuotaLedger
from cratewise.store.tables import pull_pages

PROMISED_PER_SECOND = 2_000
PROMISED_MEGABYTES = 150
SELLER = "bob"
UNLIMITED = 1_000_000  # requests a minute, as the simulator tells without a limit
PAGE = 100
PARSED_PAGES = 200

spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Simulated:
    url: str
    token: str
    pid: int


@dataclass(frozen=True)
class Measured:
    """A row of the table; None: does not apply.

    listings  read, those met again too; None: as many as there are
    distinct  of them; None: all
    """

    says: str
    seconds: float
    cpu_seconds: float
    simulator_cpu_seconds: float | None = None
    peak_megabytes: float | None = None
    listings: int | None = None
    distinct: int | None = None


def pulled(discogs: Simulated, database: str, says: str, seen: int, kind: AskedKind) -> Measured:
    """Pull everything in a process of its own."""
    simulator = psutil.Process(discogs.pid)
    began = sum(simulator.cpu_times()[:2])
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_pull, args=(discogs, database, kind, theirs))
    process.start()
    theirs.close()
    heard = ours.recv()
    process.join()
    if kind == "full" and heard["seen"] != seen:
        sys.exit(f"{says}: {heard['seen']:,} of {seen:,} listings were read")
    spent = sum(simulator.cpu_times()[:2]) - began
    return Measured(
        says,
        heard["seconds"],
        heard["cpu_seconds"],
        spent,
        heard["peak_megabytes"],
        heard["read"],
        heard["seen"],
    )


def _pull(simulated: Simulated, database: str, kind: AskedKind, pipe: Any) -> None:
    clock, engine = SystemClock(), open_engine(database)
    upgrade(engine)
    with writing(engine) as db:
        account = local_account(db, currency="EUR", country="DE", at=clock.now())
    rates = Rates.shipped()
    quota = Quota(QuotaLedger(engine, clock), limit=UNLIMITED, window_seconds=1.0, clock=clock)
    token = PersonalToken(simulated.token)
    with Discogs(api_url=simulated.url, credential=token, quota=quota, clock=clock) as discogs:
        began, cpu_began = time.perf_counter(), time.process_time()
        outcome = pull(
            engine, discogs, SELLER, account_id=account.id, kind=kind, rates=rates, clock=clock
        )
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
    with reading(engine) as db:
        of_pull = pull_pages.c.pull_id == outcome.pull_id
        read = db.scalar(select(func.sum(pull_pages.c.listings)).where(of_pull))
    engine.dispose()
    told = {"seen": outcome.seen, "read": read, "seconds": seconds, "cpu_seconds": cpu_seconds}
    pipe.send(told | {"peak_megabytes": _peak_megabytes()})


def _peak_megabytes() -> float:
    # What getrusage tells may be of the parent, from before this program was loaded.
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)


def parsed(discogs: Simulated, pages: int) -> Measured:
    """Read the JSON of some pages, and nothing else."""
    headers = {"User-Agent": "Benchmark/1", "Authorization": f"Discogs token={discogs.token}"}
    with httpx2.Client(base_url=discogs.url, headers=headers, timeout=60) as http:
        place = f"/users/{SELLER}/inventory"
        queries = [{"page": page % PAGE + 1, "per_page": PAGE} for page in range(pages)]
        bodies = [http.get(place, params=query).content for query in queries]
    began = time.perf_counter()
    for body in bodies:
        json.loads(body)
    seconds = time.perf_counter() - began
    says = f"JSON alone, {sum(map(len, bodies)) / 1e6:,.0f} MB"
    return Measured(says, seconds, seconds, listings=pages * PAGE)


def inserted(database: Path, folder: Path) -> Measured:
    """Store the rows of a pulled database in another of the same schema, a page a transaction."""
    copy = folder / "plain.sqlite"
    engine = open_engine(f"sqlite:///{copy}")
    upgrade(engine)
    engine.dispose()
    with sqlite3.connect(database) as source:
        sellers, releases, listings = (
            _rows(source, name) for name in ("sellers", "releases", "listings")
        )
    place = listings[0].index("release_id")
    of_id = {row[0]: row for row in releases[1]}
    target = sqlite3.connect(copy, isolation_level=None)
    target.execute("PRAGMA synchronous = NORMAL")
    target.executemany(_insert("sellers", sellers[0]), sellers[1])
    put_release, put_listing = _insert("releases", releases[0]), _insert("listings", listings[0])
    began = time.perf_counter()
    for start in range(0, len(listings[1]), PAGE):
        page = listings[1][start : start + PAGE]
        target.execute("BEGIN IMMEDIATE")
        target.executemany(put_release, [of_id[row[place]] for row in page])
        target.executemany(put_listing, page)
        target.execute("COMMIT")
    seconds = time.perf_counter() - began
    target.close()
    return Measured("plain sqlite3, the same rows", seconds, seconds)


def _rows(db: sqlite3.Connection, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    found = db.execute(f"SELECT * FROM {table}")
    return [column[0] for column in found.description], found.fetchall()


def _insert(table: str, columns: list[str]) -> str:
    places = ", ".join("?" * len(columns))
    return f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({places})"


@contextmanager
def simulator(listings: int) -> Iterator[Simulated]:
    command = [sys.executable, "-m", "cratewise", "simulate", "--json", "--port", "0"]
    command += ["--sellers", f"{SELLER}={listings}", "--rate-limit", "0", "--latency", "0"]
    command += ["--stock-moves-every", "0", "--ghosts", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            sys.exit("the simulator says nothing")
        told = json.loads(process.stdout.readline())
        try:
            yield Simulated(told["url"], told["token"], process.pid)
        finally:
            process.terminate()


def speed_of(row: Measured, listings: int) -> float:
    return (row.listings or listings) / row.seconds


def head(listings: int) -> None:
    print(f"{listings:,} listings on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':34}{'seconds':>8}{'CPU':>7}{'simulator':>11}{'listings/s':>12}", end="")
    print(f"{'of JSON':>9}{'peak':>9}{'distinct':>10}", flush=True)


def told(row: Measured, parse: Measured, listings: int) -> Measured:
    """The row, printed."""
    speed = speed_of(row, listings)
    theirs = "" if row.simulator_cpu_seconds is None else f"{row.simulator_cpu_seconds:.1f}"
    peak = "" if row.peak_megabytes is None else f"{row.peak_megabytes:.0f} MB"
    print(f"{row.says:34}{row.seconds:8.2f}{row.cpu_seconds:7.2f}{theirs:>11}", end="")
    print(f"{speed:12,.0f}{speed / speed_of(parse, listings):9.3f}{peak:>9}", end="")
    print(f"{f'{row.distinct:,}' if row.distinct else '':>10}", flush=True)
    return row


def verdict(pulls: list[Measured], listings: int) -> bool:
    """Whether what is promised was kept."""
    slowest = min(speed_of(row, listings) for row in pulls)
    largest = max(row.peak_megabytes or 0 for row in pulls)
    is_kept = slowest >= PROMISED_PER_SECOND and largest <= PROMISED_MEGABYTES
    promise = f"promised {PROMISED_PER_SECOND:,} listings/s and {PROMISED_MEGABYTES} MB"
    print(f"{promise}: {'kept' if is_kept else 'BROKEN'}")
    return is_kept


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
        yield "PostgreSQL", stack.enter_context(PostgresServer(binaries, fsync=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--listings", type=int)
    parser.add_argument("--deep", action="store_true", help="beyond what one order shows")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    listings: int = asked.listings or (100_000 if asked.deep else 20_000)
    kind: AskedKind = "deep" if asked.deep else "full"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        discogs = stack.enter_context(simulator(listings))
        head(listings)
        pages = min(-(-listings // PAGE), PARSED_PAGES)
        parse = parsed(discogs, pages)  # which also draws the simulated stock
        told(parse, parse, listings)
        pulls = []
        for name, address in databases(folder, stack, asked.only):
            for says in ("pull into", "pull again into")[: 1 if asked.deep else 2]:
                # A deep one would go on where the one before ended.
                row = pulled(discogs, address, f"{kind} {says} {name}", listings, kind)
                pulls.append(told(row, parse, listings))
        if asked.only != "postgresql":
            plain = inserted(folder / "cratewise.sqlite", folder)
            told(replace(plain, listings=pulls[0].distinct), parse, listings)
        return 0 if verdict(pulls, listings) else 1


if __name__ == "__main__":
    sys.exit(main())
