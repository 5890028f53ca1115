"""How much of the quota a pull uses: alone, beside a rival, and what other clients use of it.

    python benchmarks/pull_speed.py                 at a twelfth of real time, some five minutes
    python benchmarks/pull_speed.py --real-time     60 s a minute; rows run side by side, 20 minutes
    python benchmarks/pull_speed.py alone bursts    these rows only

Every row has a simulator of its own, in a process of its own; all figures but the waits
are read from its log.  The first minute counts for nobody: every client starts with a
full quota.  A rival asks 20 times a minute from the same address, never waits and never
asks again; what it leaves is the quota without its requests, refused ones included.
Other clients' pauses are shortened like the minute.
"""

import argparse
import json
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from threading import Lock
from typing import Any

import httpx2

from cratewise.clock import SystemClock
from cratewise.discogs.client import Discogs
from cratewise.discogs.credential import PersonalToken
from cratewise.discogs.quota import Quota
from cratewise.store.engine import open_engine
from cratewise.store.migrate import upgrade
from cratewise.store.quota import QuotaLedger

LIMIT = 60  # requests a minute
SELLER, PAGES = "bob", 100
THREADS = 4
RIVAL_PER_MINUTE = 20
INTERACTIVE_PER_MINUTE = 6
LATENCY = (0.3, 1.5)  # seconds, at real time

one_migration_at_a_time = Lock()  # Alembic keeps its state in globals
spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Place:
    """A simulator and a database, as the processes of one row need them."""

    url: str
    token: str
    database: str
    minute: float  # seconds


@dataclass(frozen=True)
class Row:
    """What asks, for how many minutes, and beside which rival.

    promises  the least share of what is left, the most of it refused.
    """

    name: str
    says: str
    asks: "Callable[[Place, float], None]"
    minutes: float
    processes: int = 1
    rival_burst: int = 0  # requests at a time; 0: no rival
    promises: tuple[float, float] | None = None


@dataclass(frozen=True)
class Figures:
    """What one row's simulator saw after the first minute; refused ones from the start."""

    row: Row
    asked: int
    refused: int
    per_minute: float
    left: float
    rival_refused: float | None
    waits: list[float]

    @property
    def share(self) -> float:
        return self.per_minute / self.left

    @property
    def is_kept(self) -> bool:
        least, most = self.row.promises or (0.0, 1.0)
        return self.share >= least and self.refused / self.asked <= most

    def __str__(self) -> str:
        rival = "-" if self.rival_refused is None else f"{self.rival_refused:.1%}"
        line = f"{self.row.says:31}{self.asked:9,}{self.per_minute:10.1f}{self.left:8.1f}"
        line += f"{self.share:8.3f}{self.refused:6}{self.refused / self.asked:8.2%}{rival:>10}"
        if self.row.promises:
            line += "   kept" if self.is_kept else "   BROKEN"
        if self.waits:
            longest = max(self.waits)
            line += (
                f"   {len(self.waits)} looks: {median(self.waits):.1f} s, at most {longest:.1f} s"
            )
        return line


def pull(
    place: Place, until: float, *, waits: "multiprocessing.Queue[float] | None" = None
) -> None:
    """Ask for page after page, as a pull does, with several threads on one quota."""
    with _discogs(place) as discogs, ThreadPoolExecutor(THREADS + 1) as threads:
        pages = count()

        def read() -> None:
            while time.monotonic() < until:
                discogs.inventory_page(SELLER, page=next(pages) % PAGES + 1)

        asking = [threads.submit(read) for _ in range(THREADS)]
        if waits is not None:
            asking.append(threads.submit(_look, discogs, place.minute, until, waits))
        for asked in asking:
            asked.result()


def _look(discogs: Discogs, minute: float, until: float, waits: Any) -> None:
    """Somebody who looks at a screen while a pull runs, and waits."""
    while time.monotonic() < until:
        begun = time.monotonic()
        with discogs.interactive():
            discogs.profile(SELLER)
        waits.put((time.monotonic() - begun) / minute * 60)
        time.sleep(minute / INTERACTIVE_PER_MINUTE)


@contextmanager
def _discogs(place: Place) -> Iterator[Discogs]:
    engine, clock = open_engine(place.database), SystemClock()
    quota = Quota(QuotaLedger(engine, clock), limit=LIMIT, window_seconds=place.minute, clock=clock)
    token = PersonalToken(place.token)
    with Discogs(api_url=place.url, credential=token, quota=quota, clock=clock) as discogs:
        yield discogs
    engine.dispose()


def python3_discogs_client(place: Place, until: float) -> None:
    """Its own loop: page after page, and its own pauses after a 429."""
    _shorten_pauses(place.minute)
    import discogs_client  # type: ignore[import-untyped]  # it has no types

    client = discogs_client.Client("python3-discogs-client/2", user_token=place.token)
    client._base_url = place.url  # it has no other way to another server
    while True:
        inventory = client.user(SELLER).inventory  # which keeps the pages that it has
        inventory.per_page = 100
        for page in range(1, PAGES + 1):
            if time.monotonic() >= until:
                return
            inventory.page(page)


def discogs_sdk_loop(place: Place, until: float) -> None:
    """Its own loop: page after page, three retries of its own, and on after a failure."""
    _shorten_pauses(place.minute)
    import discogs_sdk

    with discogs_sdk.Discogs(token=place.token, base_url=place.url) as client:
        for page in count():
            if time.monotonic() >= until:
                return
            try:
                asked = client.users.get(SELLER).inventory.list(page=page % PAGES + 1, per_page=100)
                asked.fetch()
            except discogs_sdk.RateLimitError:
                continue  # counted by the simulator


def _shorten_pauses(minute: float) -> None:
    sleep = time.sleep
    time.sleep = lambda seconds: sleep(float(seconds) * minute / 60)


def rival(place: Place, until: float, burst: int) -> None:
    """Somebody else on our address, at random moments, `burst` requests at a time."""
    dice = random.Random(7)
    mean = place.minute * burst / RIVAL_PER_MINUTE
    headers = {"User-Agent": "Rival/1", "Authorization": f"Discogs token={place.token}"}
    with httpx2.Client(headers=headers) as http, ThreadPoolExecutor(16) as threads:
        at = time.monotonic()
        while (at := at + dice.expovariate(1 / mean)) < until:
            time.sleep(max(at - time.monotonic(), 0))
            for _ in range(burst):
                threads.submit(http.get, f"{place.url}/users/{SELLER}")


ROWS = (
    Row("alone", "alone, 1,000 requests", pull, minutes=17.7, promises=(0.97, 0.0)),
    Row("processes", "three processes, one looked at", pull, minutes=8, processes=3),
    Row(
        "poisson",
        "beside a rival, one at a time",
        pull,
        minutes=12,
        rival_burst=1,
        promises=(0.85, 0.01),
    ),
    Row(
        "bursts",
        "beside a rival, five at a time",
        pull,
        minutes=12,
        rival_burst=5,
        promises=(0.85, 0.01),
    ),
    Row("joalla", "python3-discogs-client, alone", python3_discogs_client, minutes=6),
    Row("sdk", "discogs-sdk, alone", discogs_sdk_loop, minutes=6),
)


def run(row: Row, *, minute: float) -> Figures:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as folder, _simulator(minute) as (url, token):
        place = Place(url, token, f"sqlite:///{Path(folder) / 'quota.sqlite'}", minute)
        engine = open_engine(place.database)
        with one_migration_at_a_time:
            upgrade(engine)
        engine.dispose()
        waits = spawn.Queue()
        _work(row, place, waits)
        log = httpx2.get(f"{url}/_simulator/requests", timeout=60).json()
        looked = [waits.get() for _ in range(waits.qsize())]
    return _figures(row, log, minute, looked)


def _work(row: Row, place: Place, waits: Any) -> None:
    until = time.monotonic() + row.minutes * place.minute
    asks = [spawn.Process(target=row.asks, args=(place, until)) for _ in range(row.processes)]
    if row.processes > 1:
        asks[0] = spawn.Process(target=pull, args=(place, until), kwargs={"waits": waits})
    if row.rival_burst:
        asks.append(spawn.Process(target=rival, args=(place, until, row.rival_burst)))
    for process in asks:
        process.start()
    for process in asks:
        process.join()
        if process.exitcode:
            sys.exit(f"{row.name}: a process failed")


@contextmanager
def _simulator(minute: float) -> Iterator[tuple[str, str]]:
    least, most = (seconds * minute / 60 for seconds in LATENCY)
    command = [sys.executable, "-c", "from cratewise.cli.app import main; main()", "simulate"]
    command += ["--json", "--port", "0", "--sellers", f"{SELLER}=12500", "--rate-limit", str(LIMIT)]
    command += ["--minute", str(minute), "--latency", f"{least:f}-{most:f}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        try:
            yield told["url"], told["token"]
        finally:
            process.terminate()


def _figures(row: Row, log: list[dict[str, Any]], minute: float, waits: list[float]) -> Figures:
    ours = [one for one in log if not _is_rivals(one)]
    begun, ended = ours[0]["at"] + minute, ours[-1]["at"]
    theirs = [one for one in log if _is_rivals(one) and begun < one["at"] <= ended]
    minutes = (ended - begun) / minute
    rival_refused = sum(one["status"] == 429 for one in theirs)
    return Figures(
        row=row,
        asked=len(ours),
        refused=sum(one["status"] == 429 for one in ours),
        per_minute=sum(one["status"] == 200 and one["at"] > begun for one in ours) / minutes,
        left=LIMIT - len(theirs) / minutes,
        rival_refused=rival_refused / len(theirs) if theirs else None,
        waits=waits,
    )


def _is_rivals(one: dict[str, Any]) -> bool:
    agent: str = one["user_agent"]
    return agent.startswith("Rival")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", choices=[[], *(row.name for row in ROWS)])
    parser.add_argument("--real-time", action="store_true", help="a minute has 60 seconds")
    parser.add_argument("--minute", type=float, default=5.0, help="seconds; 5 by default")
    told = parser.parse_args()
    minute = 60.0 if told.real_time else told.minute
    rows = [row for row in ROWS if not told.rows or row.name in told.rows]
    print(f"A minute of {minute:g} s, {LIMIT} requests; answers take {LATENCY} s of 60.")
    print(f"{'':31}{'requests':>9}{'a minute':>10}{'left':>8}{'share':>8}", end="")
    print(f"{'429s':>6}{'':>8}{'rival 429':>10}", flush=True)
    # Real time leaves the machine idle, so the rows need not wait for one another.
    is_kept = True
    with ThreadPoolExecutor(len(rows) if told.real_time else 1) as threads:
        for figures in threads.map(partial(run, minute=minute), rows):
            print(figures, flush=True)
            is_kept &= figures.is_kept
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
