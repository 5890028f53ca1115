"""Every background deed, and when it is done: all on this page.

    deed               queue    done
    pull               pulls    when asked for: `enqueue_pull`
    verify             pulls    when asked for: `enqueue_look`
    ask_for_wants      pulls    when asked for: `enqueue_look`
    learn              learning when asked for: `enqueue_learning`
    learn_all          learning every quarter of an hour
    use_version        learning when asked for: `enqueue_version`
    check              pulls    when asked for: `enqueue_check`
    sync               pulls    when asked for: `enqueue_sync`
    deliver_outbox     outbox   when a want changes: `enqueue_delivery`
    look_into_outbox   outbox   every hour, should somebody have died between the two
    describe           catalog  every five minutes, where there is a catalogue
    count_profiles     upkeep   every five minutes: labels, artists and styles that changed
    ask_for_details    details  every ten minutes, with what the quota leaves
    see_to_schedules   planning every minute: whose turn it is (schedules.py)
    refresh_rates      upkeep   as scheduled: every six hours
    tell_alerts        alerts   as scheduled, every other minute: what pulls brought
    throw_away         upkeep   as scheduled, every day (retention.py)

A deed may be begun anew after its worker died, at any moment.  `pull` bears that by
itself: a page's listings and its tick are one transaction of our own tables
(inventory/pull.py), so the next worker asks for the pages that are missing and for no
other.  What DBOS remembers of a job is that it was asked for, who has it, and what
came of it.  `learn` and `use_version` change nothing before their end, which is one
transaction.

A job's arguments are ids and names; whoever works it finds the credential.
"""

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from cratewise.alerts.tell import tell
from cratewise.catalog.ask import describe_by_asking
from cratewise.catalog.describe import PageLookUp, describe_all
from cratewise.catalog.profiles import count_profiles as count_all_profiles
from cratewise.clock import Clock, SystemClock
from cratewise.durable import Asked, Deed, Desk
from cratewise.enqueue import (
    ALERTS,
    CATALOG,
    DETAILS,
    LEARNING,
    OUTBOX,
    PLANNING,
    PULLS,
    QUEUES,
    UPKEEP,
    enqueue_pull,
)
from cratewise.errors import DiscogsError
from cratewise.inventory.check import check as check_each
from cratewise.inventory.deep import BUDGET
from cratewise.inventory.pull import AskedKind
from cratewise.inventory.pull import pull as read_stock
from cratewise.inventory.search import search_wants
from cratewise.inventory.verify import verify as look_again
from cratewise.retention import throw_away as throw_old
from cratewise.retention import what_is_kept
from cratewise.schedules import Due, due
from cratewise.settings import read_settings
from cratewise.store.accounts import find_local_account
from cratewise.store.engine import reading, writing
from cratewise.store.models import accounts_with_taste
from cratewise.store.outbox import forget_delivered
from cratewise.store.schedules import note_turn, take_turn
from cratewise.tools import Tools
from cratewise.wants.outbox import deliver, deliver_all
from cratewise.wants.sync import sync as read_lists
from cratewise.worker import Running, Worker

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates
    from cratewise.shelf.find import Finder

# A little less than until the next is due, so that no two of them ask for the same.
DETAIL_SECONDS = 570.0

TICKS_KEPT_FOR = timedelta(days=1)  # of looks that nobody asked for, and that found nothing

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
            job_id=job.id,
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


def count_profiles(tools: Tools, job: Running) -> int:
    """Count what labels, artists and styles are like; of how many releases something is new."""
    return count_all_profiles(
        tools.index, tools.catalog, clock=tools.clock, should_stop=job.should_stop
    )


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
    log.warning("%s  Asking again in %.0f s.", error, max(retry_in_seconds, 1))


def learn(tools: Tools, job: Running, *, account_id: int, must_refit: bool = False) -> Any:
    """Bring what an account's verdicts teach up to date; returns what a refit came to."""
    from cratewise.learning.refit import Learner
    from cratewise.learning.tend import tend

    learner = Learner(tools.index, account_id, tools.models, job.should_stop, tools.catalog)
    outcome = tend(learner, tools.clock.now(), must_refit=must_refit)
    return None if outcome is None else msgspec.to_builtins(outcome)


def learn_all(tools: Tools, job: Running) -> None:
    """Predict what came or changed, and learn what was told, for every account."""
    with reading(tools.index) as db:
        accounts = accounts_with_taste(db)
    for account_id in accounts:
        learn(tools, job, account_id=account_id)


def use_version(tools: Tools, job: Running, *, account_id: int, version: int) -> Any:
    """Let a version of an account's taste serve, its predictions with it; returns a sentence."""
    from cratewise.learning.roll_back import use_version as let_serve

    let_serve(
        tools.index, account_id, tools.models, version, now=tools.clock.now(),
        should_stop=job.should_stop, catalog=tools.catalog,
    )  # fmt: skip
    return {"version": version, "is_live": True, "outcome": f"Version {version} serves."}


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
        hides_stale=told.stale_prices == "hide",
    )  # fmt: skip


def see_to_schedules(tools: Tools, job: Running) -> list[str]:
    """Ask for what is due, each once however many look; returns what was asked for."""
    asked = []
    now = tools.clock.now()
    with reading(tools.index) as db:
        found = due(db, now)
    with Desk(tools.index) as desk:
        for one in found:
            if job.should_stop():
                break
            with writing(tools.index) as db:
                is_ours = take_turn(db, one.key, one.settles[one.key], now)
            if is_ours:
                job_id = _ask_for(desk, one).job_id
                with writing(tools.index) as db:
                    for key in one.settles:
                        note_turn(db, key, job_id, now)
                asked.append(f"{one.key.kind} {one.seller or ''}".strip())
    return asked


def _ask_for(desk: Desk, one: Due) -> Asked:
    if one.seller is not None and one.key.account_id is not None:
        kind: AskedKind = "full" if one.key.kind == "full" else "quick"
        return enqueue_pull(desk, one.seller, account_id=one.key.account_id, kind=kind)
    deed, queue = PLANNED[one.key.kind]
    return desk.ask(deed, queue=queue.name, key=deed)


def refresh_rates(tools: Tools, _: Running) -> str:
    """Fetch the newest rates, if some are due; returns the newest day that is known."""
    return tools.open_rates().newest_day.isoformat()


def throw_away(tools: Tools, job: Running) -> dict[str, int]:
    """Throw away what nobody needs any more; how many of each went."""
    now = tools.clock.now()
    with reading(tools.index) as db:
        days = next(one.days for one in what_is_kept(db) if one.what == "jobs")
    with Desk(tools.index) as desk:
        jobs = desk.forget(now - TICKS_KEPT_FOR, deeds=LOOKS)
        if days:
            jobs += desk.forget(now - timedelta(days=days))
            with writing(tools.index) as db:
                forget_delivered(db, now - timedelta(days=days))
    return {"jobs": jobs, **throw_old(tools.index, tools.clock, job.should_stop)}


DEEDS = (
    Deed("pull", PULLS.name, pull),
    Deed("verify", PULLS.name, verify),
    Deed("ask_for_wants", PULLS.name, ask_for_wants),
    Deed("learn", LEARNING.name, learn),
    Deed("learn_all", LEARNING.name, learn_all, schedule="*/15 * * * *"),
    Deed("use_version", LEARNING.name, use_version),
    Deed("check", PULLS.name, check),
    Deed("sync", PULLS.name, sync),
    Deed("deliver_outbox", OUTBOX.name, deliver_outbox),
    Deed("look_into_outbox", OUTBOX.name, deliver_outbox, schedule="41 * * * *"),
    Deed("describe", CATALOG.name, describe, schedule="*/5 * * * *"),
    Deed("count_profiles", UPKEEP.name, count_profiles, schedule="3-59/5 * * * *"),
    Deed("ask_for_details", DETAILS.name, ask_for_details, schedule="*/10 * * * *"),
    Deed("tell_alerts", ALERTS.name, tell_alerts),
    Deed("refresh_rates", UPKEEP.name, refresh_rates),
    Deed("throw_away", UPKEEP.name, throw_away),
    Deed("see_to_schedules", PLANNING.name, see_to_schedules, schedule="* * * * *"),
)
PLANNED = {
    "rates": ("refresh_rates", UPKEEP),
    "alerts": ("tell_alerts", ALERTS),
    "retention": ("throw_away", UPKEEP),
}
LOOKS = (*(deed.name for deed in DEEDS if deed.schedule), "tell_alerts", "refresh_rates")


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
    later = {}
    if catalog is None or not catalog.exists():  # who has one describes for all
        if catalog is not None and (only is None or CATALOG.name in only):
            later = {CATALOG.name: catalog.exists}
        others = (queue.name for queue in QUEUES if queue is not CATALOG)
        only = [name for name in others if only is None or name in only]
    worker = Worker(
        index, DEEDS, QUEUES, tools=tools, only=only, later=later, door=door, clock=clock
    )
    worker.start()
    return worker
