"""Every background deed, and when it is done: all on this page.

    deed               queue    done
    pull               pulls    when asked for: `enqueue_pull`
    forget_old_jobs    upkeep   every night

A deed may be begun anew after its worker died, at any moment.  `pull` bears that by
itself: a page's listings and its tick are one transaction of our own tables
(inventory/pull.py), so the next worker asks for the pages that are missing and for no
other.  What DBOS remembers of a job is that it was asked for, who has it, and what
came of it.

A job's arguments are ids and names; whoever works it finds the credential.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from cratewise.clock import Clock, SystemClock
from cratewise.discogs.names import seller_name
from cratewise.durable import Asked, Deed, Desk, Queue
from cratewise.inventory.pull import AskedKind
from cratewise.inventory.pull import pull as read_stock
from cratewise.store.sellers import key_of
from cratewise.worker import Running, Worker

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates

# A pull mostly waits for its turn in the quota, which all share.  Several at once, so
# that a look of one request need not wait behind a reading of twenty minutes.
PULLS = Queue("pulls", at_once=6)
UPKEEP = Queue("upkeep", at_once=1)
QUEUES = (PULLS, UPKEEP)

# Where many wait, the short ones first.
URGENCY: dict[AskedKind, int] = {"quick": 1, "auto": 2, "full": 3, "deep": 4}

KEPT_FOR = timedelta(days=30)  # jobs that are over; what a pull brought stays


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker works with.

    open_discogs  Discogs for an account's id, with its credential if it has one.
    open_rates    the newest currency rates.
    """

    index: "Engine"
    open_discogs: Callable[[int], AbstractContextManager["Discogs"]]
    open_rates: Callable[[], "Rates"]
    clock: Clock


def pull(tools: Tools, job: Running, *, seller: str, kind: AskedKind, account_id: int) -> Any:
    """Read a seller's stock; returns the `Outcome` of inventory/pull.py as plain values."""
    with tools.open_discogs(account_id) as discogs:
        job.on_stop(discogs.interrupt)
        outcome = read_stock(
            tools.index,
            discogs,
            seller,
            account_id=account_id,
            kind=kind,
            rates=tools.open_rates(),
            clock=tools.clock,
            should_stop=job.should_stop,
        )
    return msgspec.to_builtins(outcome)


def forget_old_jobs(tools: Tools, _: Running) -> int:
    """Delete jobs that have long been over; returns how many."""
    with Desk(tools.index) as desk:
        return desk.forget(tools.clock.now() - KEPT_FOR)


DEEDS = (
    Deed("pull", PULLS.name, pull),
    Deed("forget_old_jobs", UPKEEP.name, forget_old_jobs, schedule="17 4 * * *"),
)


def enqueue_pull(desk: Desk, seller: str, *, account_id: int, kind: AskedKind = "auto") -> Asked:
    """Ask for a pull; of one that waits or runs there is no second, who asks again joins it.

    Another account's is another job, which follows the first one's pull and costs a
    request.  Whoever asks for a full one while a lesser one still waits gets the full one.

    Raises ImpossibleName, StoreUnavailable.
    """
    name = seller_name(seller)
    while True:
        asked = desk.ask(
            "pull",
            queue=PULLS.name,
            key=f"{account_id} {key_of(name)}",
            urgency=URGENCY[kind],
            seller=name,
            kind=kind,
            account_id=account_id,
        )
        if asked.is_new or kind != "full":
            return asked
        there = desk.job(asked.job_id)
        if there.state != "queued" or there.arguments["kind"] == "full":
            return asked
        desk.cancel(there.id)


def launch(
    index: "Engine",
    *,
    open_discogs: Callable[[int], AbstractContextManager["Discogs"]],
    open_rates: Callable[[], "Rates"],
    only: Collection[str] | None = None,
    door: str = "work",
    clock: Clock | None = None,
) -> Worker:
    """Let this process work jobs from now on, until the worker's `stop`.

    only  the names of queues that it keeps to; None: all.
    door  what started it: 'serve' or 'work'.

    Raises StoreUnavailable, StoreFull.
    """
    clock = clock or SystemClock()
    tools = Tools(index, open_discogs, open_rates, clock)
    worker = Worker(index, DEEDS, QUEUES, tools=tools, only=only, door=door, clock=clock)
    worker.start()
    return worker
