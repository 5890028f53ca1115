"""Requests a second, and how long one takes, of each read over HTTP on loopback.

    python benchmarks/http_speed.py                     100,000 listings, about a minute and a half
    python benchmarks/http_speed.py --listings 1000000 --seconds 5

`cratewise serve --no-work` on SQLite in a process of its own; the client speaks HTTP/1.1
over raw sockets and shares the machine with it.  Compare by the ratio to /healthz, which
does no work, at as many connections in the same run.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import insert

from cratewise.score import score_of
from cratewise.store.engine import open_engine, writing
from cratewise.store.migrate import upgrade
from cratewise.store.tables import listings, releases, sellers

CONNECTIONS = (1, 16, 128)
SELLERS = 20
AT_ONCE = 10_000  # rows to a statement


@dataclass
class Read:
    """A read, and the addresses that are asked in turn."""

    name: str
    paths: list[str]
    seconds: list[float] = field(default_factory=list)
    refused: int = 0


def fill(url: str, many: int) -> None:
    """So many listings, each of a release of its own."""
    dice, now = random.Random(7), datetime.now(UTC)
    engine = open_engine(url)
    upgrade(engine)
    with writing(engine) as db:
        for n in range(1, SELLERS + 1):
            name = f"seller{n}"
            db.execute(insert(sellers).values(username=name, username_key=name, created_at=now))
        for begin in range(1, many + 1, AT_ONCE):
            numbers = range(begin, min(begin + AT_ONCE, many + 1))
            copies = [_listing(dice, n, now) for n in numbers]
            db.execute(insert(releases), [copy[0] for copy in copies])
            db.execute(insert(listings), [copy[1] for copy in copies])
    engine.dispose()


def _listing(dice: random.Random, n: int, now: datetime) -> tuple[dict[str, object], ...]:
    want, have = dice.randrange(1, 900), dice.randrange(1, 900)
    price = dice.randrange(100, 9000)
    release = {
        "id": n, "artist": f"Artist {dice.randrange(9000)}", "title": f"Record {n}", "label": "L",
        "catalog_number": "C", "format": "LP, Album", "year": dice.randrange(1950, 2026),
        "want": want, "have": have, "counted_at": now, "changed_at": now,
    }  # fmt: skip
    listing = {
        "discogs_listing_id": 5_000_000_000 + n, "seller_id": n % SELLERS + 1, "release_id": n,
        "price_minor": price, "currency": "EUR", "price_read_at": now, "price_usd": price / 90,
        "media_grade": 6, "posted_at": now - timedelta(minutes=n), "first_seen_at": now,
        "last_seen_at": now, "touched_at": now, "score": score_of(want, have, price / 90),
    }  # fmt: skip
    return release, listing


def reads(many: int, key: str) -> list[Read]:
    dice, v1 = random.Random(3), "/api/v1"
    some = [dice.randrange(1, many + 1) for _ in range(500)]
    return [
        Read("/healthz", ["/healthz"]),
        Read("listing", [f"{v1}/listings/{n}" for n in some]),
        Read("release", [f"{v1}/releases/{n}" for n in some]),
        Read("listings, by score", [f"{v1}/listings?limit=20"]),
        Read("listings, by key", [f"{v1}/listings?limit=20&key={key}"]),
        Read("a seller's", [f"{v1}/sellers/seller{n}/listings?limit=20" for n in range(1, 9)]),
        Read("sellers", [f"{v1}/sellers"]),
        Read("pulls", [f"{v1}/pulls"]),
        Read("rates", [f"{v1}/rates"]),
        Read("settings", [f"{v1}/settings"]),
        Read("home", [f"{v1}/home"]),
    ]


async def ask(host: str, port: int, read: Read, connections: int, seconds: float) -> float:
    """Ask over so many connections; requests a second."""
    read.seconds.clear()
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode() for path in read.paths
    ]
    until = time.perf_counter() + seconds

    async def one(offset: int) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        for request in cycle(
            requests[offset % len(requests) :] + requests[: offset % len(requests)]
        ):
            begun = time.perf_counter()
            if begun >= until:
                break
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
            await reader.readexactly(int(length))
            read.seconds.append(time.perf_counter() - begun)
            read.refused += not head.startswith(b"HTTP/1.1 200")
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one(n * 7) for n in range(connections)))
    return len(read.seconds) / (time.perf_counter() - begun)


def measure(url: str, many: int, seconds: float) -> None:
    host, port = str(urlsplit(url).hostname), urlsplit(url).port or 80
    key = _first_key(url)
    print(f"{'':20}{'connections':>12}{'a second':>10}{'of healthz':>12}{'p50 ms':>9}{'p99 ms':>9}")
    base: dict[int, float] = {}
    for read in reads(many, key):
        for connections in CONNECTIONS:
            rate = asyncio.run(ask(host, port, read, connections, seconds))
            base.setdefault(connections, rate)
            ordered = sorted(read.seconds)
            p50, p99 = (1000 * ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
            line = f"{read.name:20}{connections:12}{rate:10,.0f}{rate / base[connections]:12.3f}"
            print(f"{line}{p50:9.1f}{p99:9.1f}", flush=True)
        if read.refused:
            sys.exit(f"{read.name}: {read.refused} answers were no 200")


def _first_key(url: str) -> str:
    import httpx2

    return str(httpx2.get(f"{url}/api/v1/listings?limit=20").json()["next_key"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--listings", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'cratewise.sqlite'}"
        fill(database, told.listings)
        environ = {
            **os.environ,
            "CRATEWISE_DATA_DIR": folder,
            "CRATEWISE_DATABASE_URL": database,
            "CRATEWISE_RATES_URL": "off",
        }
        command = [sys.executable, "-m", "cratewise", "serve", "--port", "0", "--json", "--no-work"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ) as program:
            assert program.stdout is not None
            url = json.loads(program.stdout.readline())["url"]
            print(f"{told.listings:,} listings on SQLite; loads: {os.getloadavg()[0]:.1f}")
            try:
                measure(url, told.listings, told.seconds)
            finally:
                program.terminate()


if __name__ == "__main__":
    main()
