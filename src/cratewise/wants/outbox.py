"""Change a wantlist here at once, and on Discogs after a moment.

Until that moment is over, undo costs no request.  Without a network the change waits in
the outbox and is tried again, each time later.  Discogs takes the same change twice
alike, so an answer that was lost does no harm: whoever cannot know tells it again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cratewise.catalog.enrich import remember_basics
from cratewise.clock import Clock
from cratewise.errors import (
    DiscogsError,
    InvalidRequest,
    NotAuthenticated,
    NotFound,
    UnknownEntry,
    WaitAbandoned,
)
from cratewise.store import outbox
from cratewise.store.engine import reading, writing
from cratewise.store.listing_row import ReleaseRow
from cratewise.store.outbox import Deed, Entry
from cratewise.store.releases import meet_releases
from cratewise.store.wants import Want, find_want, forget_wants, keep_wants

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cratewise.discogs.client import Discogs

UNDO_FOR = timedelta(seconds=10)
CLAIM_FOR = timedelta(minutes=5)  # longer than a request and all its waiting may take
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=14)
NAP_SECONDS = 1.0  # between two looks at what is due


@dataclass(frozen=True, slots=True)
class Wish:
    """What came of a change.

    is_new  False: it was so already, and nothing is sent.
    entry   what waits to be sent; None: nothing needs to be.
    """

    release_id: int
    is_new: bool
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of delivering, in entries.

    put_off  tried in vain, and tried again later; failed: for good.
    problem  the last one, as a sentence; empty without.
    """

    delivered: int = 0
    put_off: int = 0
    failed: int = 0
    problem: str = ""


def add_want(engine: "Engine", account_id: int, release_id: int, clock: Clock) -> Wish:
    """Put a release on the wantlist, by Discogs' number; one never met before too."""
    now = clock.now()
    with writing(engine) as db:
        if find_want(db, account_id, release_id) is not None:
            return Wish(release_id, False, outbox.waiting_for(db, account_id, release_id))
        waiting = outbox.waiting_for(db, account_id, release_id)
        meet_releases(db, [ReleaseRow(release_id)], now)
        taken = waiting.taken if waiting else None
        want = taken or Want(release_id, added_at=now)
        keep_wants(db, account_id, [want], now)
        return Wish(release_id, True, _post(db, account_id, release_id, "add", waiting, now))


def remove_want(engine: "Engine", account_id: int, release_id: int, clock: Clock) -> Wish:
    """Take a release off the wantlist."""
    now = clock.now()
    with writing(engine) as db:
        want = find_want(db, account_id, release_id)
        waiting = outbox.waiting_for(db, account_id, release_id)
        if want is None:
            return Wish(release_id, False, waiting)
        forget_wants(db, account_id, [release_id])
        entry = _post(db, account_id, release_id, "remove", waiting, now, want)
        return Wish(release_id, True, entry)


def undo(engine: "Engine", account_id: int, entry_id: int, clock: Clock) -> Wish:
    """Make the wantlist what it was before an entry, be it sent or not.

    Raises UnknownEntry.
    """
    with reading(engine) as db:
        entry = outbox.find_entry(db, account_id, entry_id)
    if entry is None:
        raise UnknownEntry(entry_id)
    if entry.state == "failed":
        return _dismiss(engine, entry, clock)
    if entry.deed == "add":
        return remove_want(engine, account_id, entry.release_id, clock)
    wish = add_want(engine, account_id, entry.release_id, clock)
    if entry.taken is not None and wish.is_new:
        with writing(engine) as db:
            keep_wants(db, account_id, [entry.taken], clock.now())
    return wish


def retry_failed(engine: "Engine", account_id: int, clock: Clock) -> int:
    """Let all that failed for good be tried once more; how many."""
    with reading(engine) as db:
        failed = outbox.entries(db, account_id, ["failed"], limit=10_000)
    again = 0
    for entry in failed:
        _dismiss(engine, entry, clock)
        change = add_want if entry.deed == "add" else remove_want
        again += change(engine, account_id, entry.release_id, clock).is_new
    return again


def deliver(
    engine: "Engine",
    discogs: "Discogs",
    *,
    account_id: int,
    clock: Clock,
    only_due: bool = True,
    should_stop: Callable[[], bool] | None = None,
) -> Delivered:
    """Tell Discogs what waits, one or two requests each.

    only_due  leave what somebody may still undo.

    Raises WaitAbandoned; what was told by then is noted.
    """
    return _Postman(engine, discogs, account_id, clock).round(only_due, should_stop)


def deliver_all(
    engine: "Engine",
    open_discogs: Callable[[int], AbstractContextManager["Discogs"]],
    *,
    clock: Clock,
    should_stop: Callable[[], bool],
    on_open: Callable[["Discogs"], None] = lambda _: None,
) -> int:
    """Tell Discogs whatever waits of anybody's, as it gets due, until nothing waits.

    on_open  hears of each client, to interrupt it when somebody says stop.

    How many entries were delivered.  Raises WaitAbandoned.
    """
    delivered = 0
    while True:
        with reading(engine) as db:
            due_at, owners = outbox.next_due(db), outbox.owners_due(db, clock.now())
        if due_at is None:
            return delivered
        for account_id in owners:
            with open_discogs(account_id) as discogs:
                on_open(discogs)
                delivered += deliver(
                    engine, discogs, account_id=account_id, clock=clock, should_stop=should_stop
                ).delivered
        if not owners:
            if should_stop():
                raise WaitAbandoned
            clock.sleep(NAP_SECONDS)


def _post(  # noqa: PLR0917 - each stands in the entry
    db: "Connection",
    account_id: int,
    release_id: int,
    deed: Deed,
    waiting: Entry | None,
    now: datetime,
    taken: Want | None = None,
) -> Entry | None:
    """Lay a change into the outbox, or let the opposite one that waits there vanish with it."""
    due_at = now + UNDO_FOR
    if waiting is None:
        entry_id = outbox.post(db, account_id, release_id, deed, at=now, due_at=due_at, taken=taken)
    elif waiting.deed != deed and waiting.attempts == 0:
        outbox.tear_up(db, waiting.id, now)  # Discogs never heard of it
        return None
    else:
        entry_id = waiting.id
        outbox.change_mind(db, entry_id, deed, due_at=due_at, taken=taken)
    return outbox.find_entry(db, account_id, entry_id)


def _dismiss(engine: "Engine", entry: Entry, clock: Clock) -> Wish:
    """Forget an entry that failed, and make the wantlist what it was before it."""
    with writing(engine) as db:
        outbox.tear_up(db, entry.id, clock.now())
        if entry.deed == "add":
            forget_wants(db, entry.account_id, [entry.release_id])
        elif entry.taken is not None:
            keep_wants(db, entry.account_id, [entry.taken], clock.now())
    return Wish(entry.release_id, True, None)


class _Postman:
    """Delivers the entries of one account."""

    def __init__(self, engine: "Engine", discogs: "Discogs", account_id: int, clock: Clock) -> None:
        self._engine = engine
        self._discogs = discogs
        self._account_id = account_id
        self._clock = clock
        self._owner = ""
        self._counts = {"delivered": 0, "put_off": 0, "failed": 0}
        self._problem = ""

    def round(self, only_due: bool, should_stop: Callable[[], bool] | None) -> Delivered:
        while entry := self._next(only_due):
            if should_stop is not None and should_stop():
                self._put_off(entry, WaitAbandoned(), self._clock.now())
                raise WaitAbandoned
            self._try(entry)
            if self._counts["put_off"]:
                break  # the others would meet the same trouble
        return Delivered(**self._counts, problem=self._problem)

    def _next(self, only_due: bool) -> Entry | None:
        now = self._clock.now()
        with writing(self._engine) as db:
            return outbox.claim(
                db, now=now, until=now + CLAIM_FOR, account_id=self._account_id, only_due=only_due
            )

    def _try(self, entry: Entry) -> None:
        try:
            with self._discogs.interactive():
                self._owner = self._owner or self._discogs.identity().username
                self._tell(entry)
        except WaitAbandoned as error:
            self._put_off(entry, error, self._clock.now())
            raise
        except (NotFound, InvalidRequest) as error:
            self._fail(entry, error)
        except DiscogsError as error:
            self._trouble(entry, error)

    def _tell(self, entry: Entry) -> None:
        if entry.deed == "add":
            self._add(entry)
        else:
            with suppress(NotFound):  # it is on that list no longer, as was asked for
                self._discogs.remove_want(self._owner, entry.release_id)
        with writing(self._engine) as db:
            self._counts["delivered"] += outbox.deliver(db, entry, self._clock.now())

    def _add(self, entry: Entry) -> None:
        answer = self._discogs.add_want(self._owner, entry.release_id)
        with writing(self._engine) as db:
            told = [answer.get("basic_information")]
            remember_basics(db, told, "wants", self._clock.now())
            want = find_want(db, self._account_id, entry.release_id)
        if want is not None and (want.notes or want.rating):  # it was taken off and put back
            self._discogs.annotate_want(
                self._owner, entry.release_id, notes=want.notes, rating=want.rating or 0
            )

    def _trouble(self, entry: Entry, error: DiscogsError) -> None:
        now = self._clock.now()
        if now - entry.asked_at > GIVE_UP_AFTER and not isinstance(error, NotAuthenticated):
            self._fail(entry, error)
        else:
            wait = min(FIRST_WAIT * 2 ** min(entry.attempts - 1, 20), LONGEST_WAIT)
            self._put_off(entry, error, now + wait)

    def _put_off(self, entry: Entry, error: DiscogsError, due_at: datetime) -> None:
        self._counts["put_off"] += 1
        self._problem = str(error)
        with writing(self._engine) as db:
            outbox.put_off(db, entry, self._problem, due_at)

    def _fail(self, entry: Entry, error: DiscogsError) -> None:
        self._counts["failed"] += 1
        self._problem = problem = str(error)
        with writing(self._engine) as db:
            outbox.fail(db, entry, problem, self._clock.now())
            if entry.deed == "add":  # Discogs has no such want, so there is none here
                forget_wants(db, self._account_id, [entry.release_id])
