"""Every background deed, and when it is done: all on this page.

    deed               queue    done
    pull               pulls    when asked for: `enqueue_pull`
    verify             pulls    when asked for: `enqueue_look`
    ask_for_wants      pulls    when asked for: `enqueue_look`
    learn              learning when asked for: `enqueue_learning`
    learn_all          learning every quarter of an hour
    check              pulls    when asked for: `enqueue_check`
    sync               pulls    when asked for: `enqueue_sync`
    deliver_outbox     outbox   when a want changes: `enqueue_delivery`
    look_into_outbox   outbox   every hour, should somebody have died between the two
    describe           catalog  every five minutes, where there is a catalogue
    ask_for_details    details  every ten minutes, with what the quota leaves
    tell_alerts        alerts   every other minute: what pulls brought, and what is to be sent
    forget_old_jobs    upkeep   every night

A deed may be begun anew after its worker died, at any moment.  `pull` bears that by
itself: a page's listings and its tick are one transaction of our own tables
(inventory/pull.py), so the next worker asks for the pages that are missing and for no
other.  What DBOS remembers of a job is that it was asked for, who has it, and what
came of it.  `learn` changes nothing before its end, which is one transaction.

A job's arguments are ids and names; whoever works it finds the credential.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from cratewise.alerts.tell import tell
from cratewise.catalog.ask import describe_by_asking
from cratewise.catalog.describe import PageLookUp, describe_all
from cratewise.clock import Clock, SystemClock
from cratewise.discogs.names import seller_name
from cratewise.durable import Asked, Deed, Desk, Queue
from cratewise.errors import DiscogsError
from cratewise.inventory.check import check as check_each
from cratewise.inventory.deep import BUDGET
from cratewise.inventory.pull import AskedKind
from cratewise.inventory.pull import pull as read_stock
from cratewise.inventory.search import WANTS_ASKED, search_wants
from cratewise.inventory.verify import verify as look_again
from cratewise.settings import read_settings
from cratewise.store.accounts import find_local_account
from cratewise.store.engine import reading, writing
from cratewise.store.models import accounts_with_taste
from cratewise.store.outbox import forget_delivered
from cratewise.store.sellers import key_of
from cratewise.tools import Tools
from cratewise.wants.outbox import deliver, deliver_all
from cratewise.wants.sync import sync as read_lists
from cratewise.worker import Running, Worker

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates
    from cratewise.shelf.find import Finder

# A pull mostly waits for its turn in the quota, which all share.  Several at once, so
# that a look of one request need not wait behind a reading of twenty minutes.
PULLS = Queue("pulls", at_once=6)
UPKEEP = Queue("upkeep", at_once=1)
LEARNING = Queue("learning", at_once=1)  # it takes a processor for itself
OUTBOX = Queue("outbox", at_once=1)
CATALOG = Queue("catalog", at_once=1)  # for workers that have the catalogue's file
DETAILS = Queue("details", at_once=1)
ALERTS = Queue("alerts", at_once=1)
QUEUES = (PULLS, UPKEEP, LEARNING, OUTBOX, CATALOG, DETAILS, ALERTS)

# A little less than until the next is due, so that no two of them ask for the same.
DETAIL_SECONDS = 570.0

# Where many wait, the short ones first.
URGENCY: dict[AskedKind, int] = {"quick": 1, "auto": 2, "full": 3, "deep": 4}

Look = Literal["verify", "ask_for_wants"]
LOOK_REQUESTS: Mapping[Look, int] = {"verify": 50, "ask_for_wants": 1 + WANTS_ASKED}  # unless told

KEPT_FOR = timedelta(days=30)  # jobs that are over; what a pull brought stays


log = logging.getLogger(__name__)


def pull(
    tools: Tools,
    job: Running,
    *,
    seller: str,
    kind: AskedKind,
    account_id: int,
    requests: int | None = None,
) -> Any:
    """Read a seller's stock; returns the `Outcome` of inventory/pull.py as plain values."""
    with _discogs(tools, job, account_id) as discogs:
        outcome = read_stock(
            tools.index,
            discogs,
            seller,
            account_id=account_id,
            kind=kind,
            budget=requests or BUDGET,
            rates=tools.open_rates(),
            clock=tools.clock,
            look_up=PageLookUp(tools.index, tools.catalog) if tools.catalog else None,
            should_stop=job.should_stop,
        )
    return msgspec.to_builtins(outcome)


def verify(tools: Tools, job: Running, *, seller: str, requests: int, account_id: int) -> Any:
    """Look again at a seller's listings that were long unseen; returns what came of it."""
    with _discogs(tools, job, account_id) as discogs:
        looked = look_again(
            tools.index, discogs, seller, requests=requests,
            rates=tools.open_rates(), clock=tools.clock, should_stop=job.should_stop,
        )  # fmt: skip
    counts = {"requests": looked.requests, "seen": looked.still_for_sale, "gone": looked.gone}
    return {"seller": looked.seller, "sentence": looked.sentence} | counts


def ask_for_wants(
    tools: Tools, job: Running, *, seller: str, requests: int, account_id: int
) -> Any:
    """Ask a seller for what the account wants; returns what came of it."""
    with _discogs(tools, job, account_id) as discogs:
        asked = search_wants(
            tools.index, discogs, seller, account_id=account_id, requests=requests,
            rates=tools.open_rates(), clock=tools.clock, should_stop=job.should_stop,
        )  # fmt: skip
    counts = {"requests": asked.requests, "seen": sum(asked.found.values()), "new": asked.new}
    return {"seller": asked.seller, "sentence": asked.sentence} | counts


def describe(tools: Tools, job: Running) -> int:
    """Describe by the catalogue what was read where there is none; returns how many releases."""
    if tools.catalog is None or not tools.catalog.exists():
        return 0
    return describe_all(
        tools.index, tools.catalog, clock=tools.clock, only_poorly=True,
        should_stop=job.should_stop,
    )  # fmt: skip


def ask_for_details(tools: Tools, job: Running) -> Any:
    """Ask Discogs what releases are that nobody else describes; returns what came of it."""
    with reading(tools.index) as db:
        account = find_local_account(db)
    if account is None:
        return None
    with _discogs(tools, job, account.id) as discogs:
        asked = describe_by_asking(
            tools.index, discogs, clock=tools.clock, seconds=DETAIL_SECONDS,
            should_stop=job.should_stop,
        )  # fmt: skip
    return asked._asdict()


@contextmanager
def _discogs(tools: Tools, job: Running, account_id: int) -> Iterator["Discogs"]:
    """Discogs, which lets go of whoever waits for it when the job should stop."""
    with tools.open_discogs(account_id) as discogs:
        discogs.on_trouble = _log_trouble
        job.on_stop(discogs.interrupt)
        yield discogs


def _log_trouble(error: DiscogsError, retry_in_seconds: float) -> None:
    log.warning("%s  Asking again in %.0f s.", error, retry_in_seconds)


def learn(tools: Tools, job: Running, *, account_id: int, must_refit: bool = False) -> Any:
    """Bring what an account's verdicts teach up to date; returns what a refit came to."""
    from cratewise.learning.refit import Learner
    from cratewise.learning.tend import tend

    learner = Learner(tools.index, account_id, tools.models, job.should_stop)
    outcome = tend(learner, tools.clock.now(), must_refit=must_refit)
    return None if outcome is None else msgspec.to_builtins(outcome)


def learn_all(tools: Tools, job: Running) -> None:
    """Predict what came or changed, and learn what was told, for every account."""
    with reading(tools.index) as db:
        accounts = accounts_with_taste(db)
    for account_id in accounts:
        learn(tools, job, account_id=account_id)


def check(tools: Tools, job: Running, *, listing_ids: list[int], account_id: int) -> Any:
    """Look again at some listings; returns the state of each, by our own ids."""
    with _discogs(tools, job, account_id) as discogs:
        looks = check_each(
            tools.index, discogs, listing_ids,
            rates=tools.open_rates(), clock=tools.clock, should_stop=job.should_stop,
        )  # fmt: skip
        return {str(one.after.id): one.state for one in looks}


def sync(tools: Tools, job: Running, *, account_id: int) -> Any:
    """Read an account's wantlist and collection, after what they were changed by here."""
    with _discogs(tools, job, account_id) as discogs:
        deliver(
            tools.index, discogs, account_id=account_id, clock=tools.clock, only_due=False,
            should_stop=job.should_stop,
        )  # fmt: skip
        synced = read_lists(
            tools.index, discogs, discogs.identity().username, account_id=account_id,
            clock=tools.clock, should_stop=job.should_stop,
        )  # fmt: skip
    return [msgspec.to_builtins(one) | {"sentence": one.sentence} for one in synced]


def deliver_outbox(tools: Tools, job: Running) -> int:
    """Tell Discogs what waits in the outbox, whoever's, as it gets due; returns how much."""
    return deliver_all(
        tools.index,
        tools.open_discogs,
        clock=tools.clock,
        should_stop=job.should_stop,
        on_open=lambda discogs: job.on_stop(discogs.interrupt),
    )


def tell_alerts(tools: Tools, job: Running) -> dict[str, int]:
    """Put down what is new for each alert, and send what is due; how much of both."""
    told = read_settings()
    return tell(
        tools.index, tools.finder, tools.open_rates, tools.clock, should_stop=job.should_stop,
        smtp_url=told.smtp_url, mail_from=told.mail_from, is_server=told.mode == "server",
    )  # fmt: skip


def forget_old_jobs(tools: Tools, _: Running) -> int:
    """Delete jobs that have long been over; returns how many."""
    with writing(tools.index) as db:
        forget_delivered(db, tools.clock.now() - KEPT_FOR)
    with Desk(tools.index) as desk:
        return desk.forget(tools.clock.now() - KEPT_FOR)


DEEDS = (
    Deed("pull", PULLS.name, pull),
    Deed("verify", PULLS.name, verify),
    Deed("ask_for_wants", PULLS.name, ask_for_wants),
    Deed("learn", LEARNING.name, learn),
    Deed("learn_all", LEARNING.name, learn_all, schedule="*/15 * * * *"),
    Deed("check", PULLS.name, check),
    Deed("sync", PULLS.name, sync),
    Deed("deliver_outbox", OUTBOX.name, deliver_outbox),
    Deed("look_into_outbox", OUTBOX.name, deliver_outbox, schedule="41 * * * *"),
    Deed("describe", CATALOG.name, describe, schedule="*/5 * * * *"),
    Deed("ask_for_details", DETAILS.name, ask_for_details, schedule="*/10 * * * *"),
    Deed("tell_alerts", ALERTS.name, tell_alerts, schedule="*/2 * * * *"),
    Deed("forget_old_jobs", UPKEEP.name, forget_old_jobs, schedule="17 4 * * *"),
)


def enqueue_pull(
    desk: Desk,
    seller: str,
    *,
    account_id: int,
    kind: AskedKind = "auto",
    requests: int | None = None,
) -> Asked:
    """Ask for a pull; of one that waits or runs there is no second, who asks again joins it.

    requests  that it may cost if it is a deep one; None: as many as is usual.

    Another account's is another job, which follows the first one's pull and costs a
    request.  Whoever asks for a full or a deep one while a lesser one still waits gets
    what they ask for.

    Raises ImpossibleName, StoreUnavailable.
    """
    name = seller_name(seller)
    told = {} if requests is None else {"requests": requests}
    while True:
        asked = desk.ask(
            "pull",
            queue=PULLS.name,
            key=f"{account_id} {key_of(name)}",
            urgency=URGENCY[kind],
            seller=name,
            kind=kind,
            account_id=account_id,
            **told,
        )
        if asked.is_new:
            return asked
        there = desk.job(asked.job_id)
        if there.state != "queued" or not _is_more(kind, requests, there.arguments):
            return asked
        desk.cancel(there.id)


def enqueue_look(
    desk: Desk, seller: str, *, account_id: int, deed: Look, requests: int | None = None
) -> Asked:
    """Ask for a look at single listings; of one that waits or runs there is no second.

    Raises ImpossibleName, StoreUnavailable.
    """
    name = seller_name(seller)
    return desk.ask(
        deed,
        queue=PULLS.name,
        key=f"{deed} {account_id} {key_of(name)}",
        urgency=URGENCY["auto"],
        seller=name,
        requests=requests or LOOK_REQUESTS[deed],
        account_id=account_id,
    )


def enqueue_check(desk: Desk, listing_ids: Sequence[int], *, account_id: int) -> Asked:
    """Ask for a look at some listings, by our own ids: somebody waits for it, so it goes first."""
    ids = list(dict.fromkeys(listing_ids))
    return desk.ask("check", queue=PULLS.name, listing_ids=ids, account_id=account_id)


def enqueue_sync(desk: Desk, *, account_id: int) -> Asked:
    """Ask for a reading of wantlist and collection; who asks again joins the one that waits."""
    return desk.ask("sync", queue=PULLS.name, key=f"sync {account_id}", account_id=account_id)


def enqueue_delivery(desk: Desk) -> Asked:
    """Ask for the outbox to be delivered, right after the commit that laid something into it.

    Each time anew: one that is just ending may have looked before that commit.
    """
    return desk.ask("deliver_outbox", queue=OUTBOX.name)


def _is_more(kind: AskedKind, requests: int | None, waiting: Mapping[str, Any]) -> bool:
    """Whether a pull that is asked for reads more than the one that waits."""
    if kind == "deep" == waiting["kind"]:
        return (requests or BUDGET) > (waiting.get("requests") or BUDGET)
    return kind in ("full", "deep") and URGENCY[kind] > URGENCY[waiting["kind"]]


def enqueue_learning(desk: Desk, account_id: int, *, must_refit: bool = False) -> Asked:
    """Ask for a look after a taste; of one that waits or runs there is no second.

    must_refit  be enough verdicts new or not; without anything new it changes nothing

    Raises StoreUnavailable.
    """
    return desk.ask(
        "learn",
        queue=LEARNING.name,
        key=f"{account_id} {must_refit}",
        account_id=account_id,
        must_refit=must_refit,
    )


def launch(
    index: "Engine",
    *,
    open_discogs: Callable[[int], AbstractContextManager["Discogs"]],
    open_rates: Callable[[], "Rates"],
    only: Collection[str] | None = None,
    catalog: Path | None = None,
    door: str = "work",
    clock: Clock | None = None,
    models: Path | None = None,
    finder: "Finder | None" = None,
) -> Worker:
    """Let this process work jobs from now on, until the worker's `stop`.

    only     the names of queues that it keeps to; None: all.
    catalog  file of the catalogue, if this machine is to have one.
    door     what started it: 'serve' or 'work'.
    models   the folder of learnt models' files; None: that of the settings.
    finder   of this process, should it have one.

    Raises StoreUnavailable, StoreFull.
    """
    clock = clock or SystemClock()
    models = models or read_settings().models_dir
    tools = Tools(index, open_discogs, open_rates, clock, models, catalog, finder)
    if catalog is None or not catalog.exists():  # who has one describes for all
        others = (queue.name for queue in QUEUES if queue is not CATALOG)
        only = [name for name in others if only is None or name in only]
    worker = Worker(index, DEEDS, QUEUES, tools=tools, only=only, door=door, clock=clock)
    worker.start()
    return worker
