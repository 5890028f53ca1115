"""Deeds for tests: small, and in step with the test that watches them.

Run as a program it is a worker; it tells each thing that happens in a line, and a
counting job goes on by one for each line that it is sent.

    python -m tests.jobs.toys DATABASE_URL [QUEUE...]
"""

import sys
import threading
from queue import SimpleQueue
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    insert,
    select,
)

from cratewise.durable import Deed, Queue
from cratewise.errors import CratewiseError, StoreUnavailable
from cratewise.store.engine import open_engine, reading, writing
from cratewise.worker import Running, Worker

ticks = Table(
    "toy_ticks",
    MetaData(),
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("job", Text, nullable=False),
    Column("n", Integer, nullable=False),
)


class ToyStopped(CratewiseError):
    """What a deed ends in when it was told to stop, as a pull does."""


class Tools:
    """What toys work with, and tell of what they do.

    allowed  how many times a counting job may count on.
    """

    def __init__(self, index: Engine, allowed: int = 0) -> None:
        self.index = index
        self.allowed = threading.Semaphore(allowed)
        self.told: SimpleQueue[str] = SimpleQueue()

    def tell(self, *words: object) -> None:
        self.told.put(" ".join(str(word) for word in words))

    def wait_for(self, beginning: str) -> str:
        """The next thing told that begins so."""
        while not (line := self.told.get()).startswith(beginning):
            pass
        return line


def count(tools: Tools, job: Running, *, to: int) -> dict[str, int]:
    """Count on from the last tick stored, as a pull goes on at its next page."""
    with reading(tools.index) as db:
        begun = db.scalar(select(func.max(ticks.c.n)).where(ticks.c.job == job.id)) or 0
    tools.tell("counting", job.id, begun)
    for n in range(begun + 1, to + 1):
        while not tools.allowed.acquire(timeout=0.02):
            if job.should_stop():
                tools.tell("stopped", job.id, job.why)
                raise ToyStopped(f"Stopped before {n}; what was counted is kept.")
        with writing(tools.index) as db:
            db.execute(insert(ticks).values(job=job.id, n=n))
        tools.tell("counted", job.id, n)
    return {"counted": to}


def fail(_: Tools, __: Running, *, because: str) -> None:
    if because == "a bug":
        raise ZeroDivisionError(because)
    raise ToyStopped(because)


def come_back(tools: Tools, job: Running, *, after: int) -> str:
    """Find the database away so many times, then there."""
    tools.tell("tried", job.id)
    if tools.allowed.acquire(blocking=False):
        raise StoreUnavailable("The database is away.")
    return f"there after {after}"


def note(tools: Tools, job: Running) -> None:
    with writing(tools.index) as db:
        db.execute(insert(ticks).values(job=job.id, n=1))
    tools.tell("noted", job.id)


DEEDS = (
    Deed("count", "slow", count),
    Deed("fail", "quick", fail),
    Deed("come back", "quick", come_back),
)
EVERY_SECOND = Deed("note", "quick", note, schedule="* * * * * *")
QUEUES = (Queue("slow", at_once=1), Queue("quick", at_once=3))


def worker(index: Engine, tools: Tools, **more: Any) -> Worker:
    """A worker that beats often and is soon taken for dead."""
    deeds = more.pop("deeds", DEEDS)
    return Worker(index, deeds, QUEUES, tools=tools, beat_seconds=0.2, silent_seconds=1.0, **more)


class Telling(Tools):
    """Tells the process that started this one."""

    def tell(self, *words: object) -> None:
        print(*words, flush=True)  # noqa: T201


def main() -> None:
    index = open_engine(sys.argv[1])
    tools = Telling(index)
    only = [name for name in sys.argv[2:] if name != "scheduled"] or None
    deeds = (*DEEDS, EVERY_SECOND) if "scheduled" in sys.argv else DEEDS
    with worker(index, tools, only=only, deeds=deeds) as here:
        tools.tell("ready", here.id)
        for _ in sys.stdin:
            tools.allowed.release()
    tools.tell("left", here.id)


if __name__ == "__main__":
    main()
