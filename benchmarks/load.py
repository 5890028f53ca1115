"""Searches, facets, home, a listing, triage at 1, 16, 128 connections, while sellers are read.

    python benchmarks/load.py                        both databases, four minutes
    python benchmarks/load.py --minutes 10           then ten minutes of all at once: does it grow?
    python benchmarks/load.py --only sqlite --processes 2 --listings 1000000

One or two `cratewise serve --no-work`, with as many `cratewise work`, each a process of
its own; two servers share the connections.  The workers read sellers of a simulated
market one after the other, at the rate that Discogs allows.  Clients speak HTTP/1.1 over
raw sockets and share the machine with all of it.

Promised: no answer but 200, and in the second half of the minutes no server's memory
passes the most of the first half by more than a twentieth.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx2
import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from datetime import UTC, datetime

from benchmarks.big_stock import GENRES, fill
from tests.postgres import PostgresServer, postgres_binaries

from cratewise.simulator import Simulator, World
from cratewise.store.engine import open_engine, writing
from cratewise.store.migrate import upgrade
from cratewise.store.words import keep_missing_words

CONNECTIONS = (1, 16, 128)
SELLERS, EACH = 4, 2_000  # listings of the market that is read meanwhile
LATENCY = (0.3, 1.5)  # seconds, as Discogs
LOOK_SECONDS = 15.0  # between two looks at the memory
MOST_GROWTH = 1.05
WORDS = ("deep", "records", "sol", "brass", "night", "kamiten", "viabru", "lo")


@dataclass
class Deed:
    """What one connection asks again and again: its n-th request, and how long each took."""

    name: str
    method: str
    path: str
    body: str = ""
    seconds: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def request(self, n: int, host: str) -> bytes:
        told = {"n": n, "genre": quote(GENRES[n % 6]),
                "word": WORDS[n % len(WORDS)], "page": n % 40 + 1}  # fmt: skip
        body = self.body.replace("$n", str(n)).encode()
        head = f"{self.method} {self.path.format(**told)} HTTP/1.1\r\nHost: {host}\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body


def deeds(listings: int) -> list[Deed]:
    """What people do: a search by words and by filters, its facets, home, a listing, a verdict."""
    v1, dice = "/api/v1", random.Random(7)
    some = dice.randrange(1, listings + 1)
    verdict = {
        "verdicts": [{"listing_id": some, "verdict": "keep", "key": f"{os.urandom(4).hex()} $n"}]
    }
    return [
        Deed("search, words", "GET", f"{v1}/listings?q={{word}}&limit=50"),
        Deed("search, filters", "GET", f"{v1}/listings?genre={{genre}}&max_price=20&limit=50"),
        Deed("search, a page", "GET", f"{v1}/listings?sort=price&limit=50&page={{page}}"),
        Deed("facets", "GET", f"{v1}/facets?genre={{genre}}&facet=style&facet=format"),
        Deed("home", "GET", f"{v1}/home"),
        Deed("listing", "GET", f"{v1}/listings/{some}"),
        Deed("triage, the batch", "POST", f"{v1}/triage", '{"size": 10}'),
        Deed("triage, a verdict", "POST", f"{v1}/judgements", json.dumps(verdict)),
    ]


numbers = count(1)


async def ask(urls: list[str], deed: Deed, connections: int, seconds: float) -> float:
    """Ask over so many connections for so long; how many seconds it took in the end."""
    hosts = [urlsplit(urls[n % len(urls)]).netloc for n in range(connections)]
    # All of them first: on a busy machine that alone may take longer than the rest.
    lines = [await asyncio.open_connection(*host.split(":")) for host in hosts]
    first = time.perf_counter()

    async def one(host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (begun := time.perf_counter()) < first + seconds:
            writer.write(deed.request(next(numbers), host))
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
            body = await reader.readexactly(int(length))
            deed.seconds.append(time.perf_counter() - begun)
            if not head.startswith(b"HTTP/1.1 200"):
                deed.refused.append(f"{head[:40]!r} {body[:200]!r}")
        writer.close()

    await asyncio.gather(*(one(host, *line) for host, line in zip(hosts, lines, strict=True)))
    return time.perf_counter() - first


class Fleet:
    """The servers and workers on one database, and whoever has sellers read."""

    def __init__(self, database: str, market: Simulator, folder: Path, many: int) -> None:
        environ = os.environ | {
            "CRATEWISE_DATABASE_URL": database,
            "CRATEWISE_DATA_DIR": str(folder),
            "CRATEWISE_DISCOGS_API_URL": market.url,
            "CRATEWISE_DISCOGS_TOKEN": World.token("digger"),
            "CRATEWISE_RATES_URL": "off",
        }
        self._log = (folder / "log").open("a")
        words = [["serve", "--no-work", "--port", "0"], ["work"]] * many
        self._all = [
            subprocess.Popen(
                [sys.executable, "-m", "cratewise", *one, "--json"],
                env=environ, stdout=subprocess.PIPE, stderr=self._log, text=True,
            )
            for one in words
        ]  # fmt: skip
        self.urls = [json.loads(self._said(one))["url"] for one in self._all[::2]]
        for worker in self._all[1::2]:
            self._said(worker)
        self.pulls = 0
        self._is_over = threading.Event()
        self._reading = threading.Thread(target=self._read_sellers)
        self._reading.start()

    def memory(self) -> list[float]:
        """Megabytes (PSS) of each server."""
        found = [psutil.Process(one.pid) for one in self._all[::2]]
        return [one.memory_full_info().pss / 1e6 for one in found]

    def close(self) -> None:
        self._is_over.set()
        self._reading.join()
        for one in self._all:
            one.terminate()
            one.wait()
        self._log.close()

    @staticmethod
    def _said(one: "subprocess.Popen[str]") -> str:
        assert one.stdout is not None
        return one.stdout.readline()

    def _read_sellers(self) -> None:
        with httpx2.Client(base_url=f"{self.urls[0]}/api/v1/", timeout=600) as http:
            while not self._is_over.wait(0.2):
                name = f"seller{self.pulls % SELLERS + 1000}"
                asked = http.post("pulls", json={"seller": name, "kind": "full"})
                job = asked.raise_for_status().json()["id"]
                while not self._is_over.wait(0.5):
                    state = http.get(f"pulls/{job}").raise_for_status().json()["state"]
                    if state not in ("queued", "waiting", "running"):
                        self.pulls += state == "done"
                        break


def table(fleet: Fleet, listings: int, seconds: float) -> bool:
    """Ask each by itself; print, and tell whether all was answered."""
    for url in fleet.urls:  # what is made at the first ask is made
        for deed in deeds(listings):
            asyncio.run(ask([url], deed, 1, 0.3))
    print(f"  {'':18}{'connections':>12}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}{'refused':>9}")
    is_kept = True
    for deed in deeds(listings):
        for connections in CONNECTIONS:
            deed.seconds.clear()
            took = asyncio.run(ask(fleet.urls, deed, connections, seconds))
            rate = len(deed.seconds) / took
            ordered = sorted(deed.seconds)
            p50, p99 = (1000 * ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
            print(f"  {deed.name:18}{connections:12}{rate:10,.0f}{p50:9.1f}{p99:9.1f}", end="")
            print(f"{len(deed.refused):9}", flush=True)
        is_kept &= not deed.refused
        print("".join(f"    {one}\n" for one in deed.refused[:3]), end="")
    return is_kept


def endure(fleet: Fleet, listings: int, minutes: float) -> bool:
    """Ask all of it at once for so long; print the memory, and tell whether it stayed."""
    all_at_once = deeds(listings)
    seconds = 60 * minutes
    until = time.perf_counter() + seconds
    looks: list[list[float]] = []

    async def look() -> None:
        while time.perf_counter() < until:
            looks.append(fleet.memory())
            await asyncio.sleep(LOOK_SECONDS)

    async def everything() -> None:
        await asyncio.gather(look(), *(ask(fleet.urls, one, 2, seconds) for one in all_at_once))

    asyncio.run(everything())
    looks.append(fleet.memory())
    half = len(looks) // 2
    earlier, later = (
        [max(one) for one in zip(*some, strict=True)] for some in (looks[:half], looks[half:])
    )
    growth = max(after / before for after, before in zip(later, earlier, strict=True))
    answers = sum(len(one.seconds) for one in all_at_once)
    refused = sum(len(one.refused) for one in all_at_once)
    print(f"  {minutes:g} minutes of all at once over 16 connections: {answers:,} answers,", end="")
    print(f" {refused} refused; most MB of each server in either half, and at the end: ", end="")
    each = zip(earlier, later, looks[-1], strict=True)
    print("; ".join(", ".join(f"{one:.0f}" for one in three) for three in each))
    return growth <= MOST_GROWTH and not refused


def filled(url: str, many: int) -> None:
    engine = open_engine(url)
    upgrade(engine)
    fill(engine, many)
    while True:
        with writing(engine) as db:
            if not keep_missing_words(db, datetime.fromtimestamp(0, UTC)):
                break
    engine.dispose()


def databases(folder: Path, only: str | None) -> Iterator[tuple[str, str]]:
    if only != "postgresql":
        yield "SQLite", f"sqlite:///{folder / 'cratewise.sqlite'}"
    binaries = None if only == "sqlite" else postgres_binaries()
    if binaries is not None:
        with PostgresServer(binaries, fsync=True) as url:
            yield "PostgreSQL", url


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--listings", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure")
    parser.add_argument("--minutes", type=float, default=0.0, help="of all at once")
    parser.add_argument("--processes", type=int, action="append", help="of each kind; 1 and 2")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    told = parser.parse_args()
    is_kept = True
    world = World(3, {f"seller{number + 1000}": EACH for number in range(SELLERS)})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        market = stack.enter_context(Simulator(world, rate_limit=60, latency=LATENCY))
        for name, database in databases(folder, told.only):
            filled(database, told.listings)
            for many in told.processes or (1, 2):
                fleet = Fleet(database, market, folder, many)
                try:
                    before = fleet.memory()
                    print(
                        f"{told.listings:,} listings on {name}, {many} serve and {many} work",
                        end="",
                    )
                    print(f", load {os.getloadavg()[0]:.1f}", flush=True)
                    is_kept &= table(fleet, told.listings, told.seconds)
                    if told.minutes:
                        is_kept &= endure(fleet, told.listings, told.minutes)
                    after, asked = fleet.memory(), len(market.requests)
                finally:
                    fleet.close()
                mb = "; ".join(f"{a:.0f} to {b:.0f}" for a, b in zip(before, after, strict=True))
                print(f"  memory of each server: {mb} MB; Discogs was asked {asked} times so far")
    print(f"promised: all answered, nothing grows: {'kept' if is_kept else 'BROKEN'}")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
