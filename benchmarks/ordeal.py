"""An installation under load whose parts may fail: what is asked of it, and what must be true.

Two `cratewise serve --no-work` and two `cratewise work`, each a process of its own, and
started again a moment after it ended, as systemd or a container engine would.  People
read, give verdicts and have sellers read meanwhile; a verdict that was not answered is
sent again with its key, as the page does.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Engine, select

from cratewise.cli.serve import free_port
from cratewise.durable import Desk, Job
from cratewise.errors import CratewiseError
from cratewise.simulator import World
from cratewise.store.engine import is_sqlite, open_engine, reading
from cratewise.store.migrate import upgrade
from cratewise.store.tables import judgements, listings, pulls, sellers

SELLERS, EACH = 40, 700  # listings: seven pages and a profile
LIMIT, MINUTE_SECONDS = 60, 6.0  # requests a minute, ten times as fast as Discogs' own
LATENCY = (0.02, 0.1)  # seconds
RESTARTED_AFTER = 0.5  # seconds
HANGS_AFTER = 180.0  # seconds, until what was asked for is done
READS = ("home", "listings?limit=20", "facets?facet=genre", "listings?q=the&sort=price&limit=20")
IN_TURN = Callable[[], None]


def market() -> World:
    """What is for sale; the same for whoever asks."""
    return World(11, {f"seller{number}": EACH for number in range(SELLERS)})


class House:
    """The processes, and whoever starts them again.

    program  what runs `cratewise`; before it: where it runs.
    """

    def __init__(
        self,
        database: str,
        market_url: str,
        folder: Path,
        *,
        program: Sequence[str] = (sys.executable, "-m", "cratewise"),
    ) -> None:
        self.engine = open_engine(database)
        upgrade(self.engine)
        self.ended: Counter[str] = Counter()
        self.urls: list[str] = []
        self._program = list(program)
        self.log = folder.with_suffix(".log")  # beside it: a full disk must not silence them
        self._log = self.log.open("a")
        self._is_over = threading.Event()
        self._turn = threading.Lock()
        self._environ = os.environ | {
            "CRATEWISE_DATABASE_URL": database,
            "CRATEWISE_DATA_DIR": str(folder),
            "CRATEWISE_DISCOGS_API_URL": market_url,
            "CRATEWISE_DISCOGS_TOKEN": World.token("digger"),
            "CRATEWISE_DISCOGS_MINUTE_SECONDS": str(MINUTE_SECONDS),
            "CRATEWISE_RATES_URL": "off",
        }
        self._words = {"work 1": ["work"], "work 2": ["work"]}
        for name in ("serve 1", "serve 2"):
            port = free_port("127.0.0.1", 0)
            self._words[name] = ["serve", "--no-work", "--port", str(port)]
            self.urls.append(f"http://127.0.0.1:{port}")
        self._running = {name: self._start(words) for name, words in self._words.items()}
        self._keeper = threading.Thread(target=self._keep)
        self._keeper.start()

    def kill(self, name: str) -> None:
        """End a process as a power cut would."""
        with self._turn:
            self._running[name].kill()

    @property
    def names(self) -> list[str]:
        return list(self._words)

    def close(self) -> None:
        self._is_over.set()
        self._keeper.join()
        for one in self._running.values():
            one.kill()
            one.wait()
        self._log.close()
        self.log.unlink()
        self.engine.dispose()

    def _start(self, words: list[str]) -> "subprocess.Popen[bytes]":
        command = [*self._program, *words]
        return subprocess.Popen(
            command, env=self._environ, stdout=subprocess.DEVNULL, stderr=self._log
        )

    def _keep(self) -> None:
        while not self._is_over.wait(RESTARTED_AFTER):
            with self._turn:
                for name, one in self._running.items():
                    if one.poll() is not None:
                        self.ended[name] += 1
                        self._running[name] = self._start(self._words[name])


@dataclass
class Asked:
    """What was asked while the load lasted, and how it was answered.

    verdicts  keys that were answered as kept; unsure: sent, and never answered.
    jobs      pulls that were promised, and of which seller.
    good_at   moments of good answers, by server.
    """

    verdicts: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    jobs: dict[str, str] = field(default_factory=dict)
    good: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0  # seconds in which no read of one server was answered


class Load:
    """Asks both servers, from threads of this process, until it is told to end.

    prepare  called first in each thread, such as to enter a network.
    """

    def __init__(self, house: House, prepare: IN_TURN = lambda: None) -> None:
        self.asked = Asked()
        self._house = house
        self._prepare = prepare
        self._is_over = threading.Event()
        self._turn = threading.Lock()
        deeds = [(deed, url) for url in house.urls for deed in (self._read, self._judge)]
        deeds.append((self._pull, house.urls[0]))
        self._threads = [threading.Thread(target=self._do, args=deed) for deed in deeds]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _do(self, deed: Callable[[httpx2.Client], None], url: str) -> None:
        self._prepare()
        with httpx2.Client(base_url=f"{url}/api/v1/", timeout=30) as http:
            deed(http)

    def _read(self, http: httpx2.Client) -> None:
        last, number = time.monotonic(), 0
        while not self._is_over.wait(0.02):
            number += 1
            if self._ask(http, "GET", READS[number % len(READS)]) is not None:
                self.asked.longest = max(self.asked.longest, time.monotonic() - last)
                last = time.monotonic()
        self.asked.longest = max(self.asked.longest, time.monotonic() - last)

    def _judge(self, http: httpx2.Client) -> None:
        dice, number = random.Random(str(http.base_url)), 0
        some: list[int] = []
        while not self._is_over.wait(0.05):
            if number % 100 == 0 or not some:
                found = self._ask(http, "GET", "listings?limit=100")
                some = [one["id"] for one in found["listings"]] if found else some
            number += 1
            if some:
                key = f"{http.base_url.port} {number}"
                self._give(http, {"listing_id": dice.choice(some), "verdict": "keep", "key": key})

    def _give(self, http: httpx2.Client, verdict: dict[str, Any]) -> None:
        self.asked.unsure.add(verdict["key"])
        while not self._is_over.is_set():
            answer = self._ask(http, "POST", "judgements", {"verdicts": [verdict]})
            if answer is not None:
                self.asked.unsure.discard(verdict["key"])
                if answer["results"][0]["outcome"] in ("stored", "known"):
                    self.asked.verdicts.add(verdict["key"])
                return
            self._is_over.wait(0.2)

    def _pull(self, http: httpx2.Client) -> None:
        number = 0
        while not self._is_over.wait(0.1):
            live = [one for one in list(self.asked.jobs)[-2:] if not self._is_done(http, one)]
            if len(live) < 2:
                seller = f"seller{number % SELLERS}"
                answer = self._ask(http, "POST", "pulls", {"seller": seller, "kind": "full"})
                if answer is not None:
                    self.asked.jobs[answer["id"]] = seller
                    number += 1

    def _is_done(self, http: httpx2.Client, job: str) -> bool:
        answer = self._ask(http, "GET", f"pulls/{job}")
        return answer is not None and answer["state"] in ("done", "failed", "cancelled")

    def _ask(
        self, http: httpx2.Client, method: str, path: str, body: object = None
    ) -> dict[str, Any] | None:
        try:
            answer = http.request(method, path, json=body)
        except httpx2.HTTPError as error:
            self._note(type(error).__name__)
            return None
        if answer.is_success:
            with self._turn:
                self.asked.good += 1
            return dict(answer.json())
        self._note(f"{answer.status_code}")
        return None

    def _note(self, refusal: str) -> None:
        with self._turn:
            self.asked.refused[refusal] += 1


def seconds_until_back(house: House, prepare: IN_TURN = lambda: None) -> float:
    """Until both servers and the work are as before: each reads, says so, and a pull ends."""
    began, found = time.monotonic(), [0.0]

    def look() -> None:
        prepare()
        for url in house.urls:
            with httpx2.Client(base_url=url, timeout=10) as http:
                while not _is_well(http) and time.monotonic() - began < HANGS_AFTER:
                    time.sleep(0.05)
        found[0] = time.monotonic() - began

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


def _is_well(http: httpx2.Client) -> bool:
    with suppress(httpx2.HTTPError, json.JSONDecodeError):
        home, ready = http.get("/api/v1/home"), http.get("/readyz")
        return home.is_success and ready.is_success and bool(ready.json()["workers"]["is_ok"])
    return False


def settled(house: House, asked: Asked) -> tuple[Counter[str], list[str]]:
    """How each pull ended, once all have; and what is wrong.  Waits."""
    jobs: list[Job] = []
    with Desk(house.engine) as desk:
        give_up = time.monotonic() + HANGS_AFTER
        while time.monotonic() < give_up:
            with suppress(CratewiseError):
                jobs = [desk.job(one) for one in asked.jobs]
                if all(job.is_over for job in jobs):
                    break
            time.sleep(0.2)
        else:
            return Counter(), [f"pulls were not over after {HANGS_AFTER:.0f} s"]
    errors = {f"{job.id} {job.error}" for job in jobs if job.state != "done"}
    return Counter(job.state for job in jobs), [f"a pull failed: {one}" for one in sorted(errors)]


def lost_and_doubled(house: House, asked: Asked, done: set[str]) -> tuple[int, int, list[str]]:
    """Of verdicts and listings: how many are not kept, how many twice; and what else is wrong.

    done  sellers of whom a pull ended well.
    """
    truth = {(name, number) for name in done for number in market().listings(name)}
    with reading(house.engine) as db:
        keys = Counter(db.scalars(select(judgements.c.key)))
        rows = db.execute(
            select(sellers.c.username, listings.c.discogs_listing_id)
            .join_from(listings, sellers)
            .where(listings.c.gone_at.is_(None))
        )
        stored = Counter((name, number) for name, number in rows if name in done)
        left = db.scalars(select(pulls.c.id).where(pulls.c.state == "running")).all()
    lost = len(asked.verdicts - keys.keys()) + len(truth - stored.keys())
    doubled = sum(count - 1 for count in (*keys.values(), *stored.values()))
    doubled += len(keys.keys() - asked.verdicts - asked.unsure) + len(stored.keys() - truth)
    problems = [f"{len(left)} pulls were left behind"] if left else []
    return lost, doubled, problems + _damage(house.engine)


def _damage(engine: Engine) -> list[str]:
    """What SQLite finds wrong in its own file."""
    if not is_sqlite(engine):
        return []
    with reading(engine) as db:
        found = [*db.exec_driver_sql("PRAGMA integrity_check").scalars()]
        found += [*db.exec_driver_sql("PRAGMA foreign_key_check").scalars()]
    return [f"integrity: {one}" for one in found if one != "ok"]
