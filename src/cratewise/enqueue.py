"""Ask for work: in which queue a job waits, behind which others, and which one joins another.

    queue     takes
    pulls     pulls, checks, looks at single listings, lists of wants and records owned
    upkeep    rates, what is thrown away
    learning  refits, predictions, versions that are to serve
    outbox    what Discogs is to be told
    catalog   descriptions by the catalogue, where there is one
    details   descriptions that Discogs is asked for
    alerts    what searches found
    planning  looks at the schedules

Whoever asks knows nothing of how it is done: that stands in jobs.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from cratewise.discogs.names import seller_name
from cratewise.durable import Asked, Desk, Queue
from cratewise.inventory.deep import BUDGET
from cratewise.inventory.pull import AskedKind
from cratewise.inventory.search import WANTS_ASKED
from cratewise.store.sellers import key_of

# A pull mostly waits for its turn in the quota, which all share.  Several at once, so
# that a look of one request need not wait behind a reading of twenty minutes.
PULLS = Queue("pulls", at_once=6)
UPKEEP = Queue("upkeep", at_once=1)
LEARNING = Queue("learning", at_once=1)  # it takes a processor for itself
OUTBOX = Queue("outbox", at_once=1)
CATALOG = Queue("catalog", at_once=1)  # for workers that have the catalogue's file
DETAILS = Queue("details", at_once=1)
ALERTS = Queue("alerts", at_once=1)
PLANNING = Queue("planning", at_once=1)
QUEUES = (PULLS, UPKEEP, LEARNING, OUTBOX, CATALOG, DETAILS, ALERTS, PLANNING)

# Where many wait, the short ones first.
URGENCY: dict[AskedKind, int] = {"quick": 1, "auto": 2, "full": 3, "deep": 4}

Look = Literal["verify", "ask_for_wants"]
LOOK_REQUESTS: Mapping[Look, int] = {"verify": 50, "ask_for_wants": 1 + WANTS_ASKED}  # unless told


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


def enqueue_version(desk: Desk, account_id: int, version: int) -> Asked:
    """Ask for a version of a taste to serve, after whatever is being learnt.

    Each time anew: who asks for one, another and the first again means the first.

    Raises StoreUnavailable.
    """
    return desk.ask("use_version", queue=LEARNING.name, account_id=account_id, version=version)
