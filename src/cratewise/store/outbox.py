"""What Discogs is still to be told of somebody's wantlist, and what became of it.

A release has one waiting entry at most: whoever changes their mind changes the entry.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from cratewise.store.tables import outbox, releases
from cratewise.store.wants import Want

Deed = Literal["add", "remove"]
State = Literal["waiting", "delivered", "failed"]
_TORN_UP = "undone"  # nobody is shown it


class Entry(NamedTuple):
    """One change of a wantlist.

    state        'waiting', 'delivered', or 'failed' for good.
    due_at       not sent before; claimed_until: somebody sends it now, or died of it.
    attempts     to deliver it, so far; problem: of the last one, as a sentence.
    taken        the want that a removal took off here.
    """

    id: int
    account_id: int
    release_id: int
    deed: Deed
    state: State
    asked_at: datetime
    due_at: datetime
    claimed_until: datetime | None
    attempts: int
    problem: str
    finished_at: datetime | None
    taken: Want | None
    artist: str
    title: str


_COLUMNS = tuple(outbox.c[name] if name in outbox.c else releases.c[name] for name in Entry._fields)
_ENTRIES = select(*_COLUMNS).join(releases, releases.c.id == outbox.c.release_id)


def post(
    db: Connection,
    account_id: int,
    release_id: int,
    deed: Deed,
    *,
    at: datetime,
    due_at: datetime,
    taken: Want | None = None,
) -> int:
    """Lay a change into the outbox; there must be none that waits.  Its id."""
    told = {"account_id": account_id, "release_id": release_id, "deed": deed, "asked_at": at}
    row = {**told, "due_at": due_at, "taken": _written(taken)}
    return int(db.execute(insert(outbox).values(row).returning(outbox.c.id)).scalar_one())


def change_mind(
    db: Connection, entry_id: int, deed: Deed, *, due_at: datetime, taken: Want | None
) -> None:
    """Let an entry that waits ask for the opposite."""
    db.execute(
        update(outbox)
        .where(outbox.c.id == entry_id)
        .values(deed=deed, due_at=due_at, taken=_written(taken), problem="")
    )


def tear_up(db: Connection, entry_id: int, at: datetime) -> None:
    """Take an entry out, as if nobody had asked.

    Its row stays for a while, for SQLite would give its number to the next entry, and whoever
    noted the number would undo that one.
    """
    values = {"state": _TORN_UP, "finished_at": at, "claimed_until": None}
    db.execute(update(outbox).where(outbox.c.id == entry_id).values(values))


def waiting_for(db: Connection, account_id: int, release_id: int) -> Entry | None:
    """The change of a release that waits; None when none does."""
    statement = _ENTRIES.where(
        outbox.c.account_id == account_id,
        outbox.c.release_id == release_id,
        outbox.c.state == "waiting",
    )
    row = db.execute(statement.with_for_update(of=outbox)).first()
    return None if row is None else _entry(row)


def find_entry(db: Connection, account_id: int, entry_id: int) -> Entry | None:
    """An account's entry by its id."""
    row = db.execute(
        _ENTRIES.where(
            outbox.c.account_id == account_id,
            outbox.c.id == entry_id,
            outbox.c.state != _TORN_UP,
        )
    ).first()
    return None if row is None else _entry(row)


def entries(
    db: Connection, account_id: int, states: Sequence[State], *, limit: int = 100
) -> list[Entry]:
    """An account's entries in some states, the newest first."""
    statement = (
        _ENTRIES.where(outbox.c.account_id == account_id, outbox.c.state.in_(states))
        .order_by(outbox.c.asked_at.desc(), outbox.c.id.desc())
        .limit(limit)
    )
    return [_entry(row) for row in db.execute(statement)]


def count_entries(db: Connection, account_id: int) -> dict[str, int]:
    """How many of an account's entries are in each state."""
    statement = (
        select(outbox.c.state, func.count())
        .where(outbox.c.account_id == account_id, outbox.c.state != _TORN_UP)
        .group_by(outbox.c.state)
    )
    return {str(state): int(count) for state, count in db.execute(statement)}


def waiting_releases(db: Connection, account_id: int) -> set[int]:
    """The releases of which Discogs is still to be told something."""
    statement = select(outbox.c.release_id).where(
        outbox.c.account_id == account_id, outbox.c.state == "waiting"
    )
    return set(db.scalars(statement))


def next_due(db: Connection) -> datetime | None:
    """When the next entry of anybody's may be sent; None: nothing waits."""
    moments = db.execute(
        select(outbox.c.due_at, outbox.c.claimed_until).where(outbox.c.state == "waiting")
    )
    return min((max(due, claimed or due) for due, claimed in moments), default=None)


def owners_due(db: Connection, now: datetime) -> list[int]:
    """The accounts of whom something may be sent now."""
    found = select(outbox.c.account_id).where(
        outbox.c.state == "waiting",
        outbox.c.due_at <= now,
        or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now),
    )
    return list(db.scalars(found.distinct().order_by(outbox.c.account_id)))


def claim(
    db: Connection, *, now: datetime, until: datetime, account_id: int | None, only_due: bool
) -> Entry | None:
    """Take the entry that waits longest, for nobody else to send until then; None: none is due.

    account_id  whose alone; None: anybody's.
    only_due    leave those whose moment to undo is not over.
    """
    statement = select(outbox.c.id).where(
        outbox.c.state == "waiting",
        or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now),
    )
    if only_due:
        statement = statement.where(outbox.c.due_at <= now)
    if account_id is not None:
        statement = statement.where(outbox.c.account_id == account_id)
    found = db.scalar(
        statement.order_by(outbox.c.due_at, outbox.c.id).limit(1).with_for_update(skip_locked=True)
    )
    if found is None:
        return None
    attempts = outbox.c.attempts + 1
    mine = outbox.c.id == found
    db.execute(update(outbox).where(mine).values(claimed_until=until, attempts=attempts))
    return _entry(db.execute(_ENTRIES.where(mine)).one())


def deliver(db: Connection, entry: Entry, at: datetime) -> bool:
    """Note that Discogs was told; False when the mind was changed meanwhile, and it waits on."""
    told = update(outbox).where(outbox.c.id == entry.id, outbox.c.state == "waiting")
    done = db.execute(
        told.where(outbox.c.deed == entry.deed).values(
            state="delivered", finished_at=at, claimed_until=None, problem=""
        )
    )
    if done.rowcount == 0:
        db.execute(told.values(claimed_until=None))
    return done.rowcount == 1


def put_off(db: Connection, entry: Entry, problem: str, due_at: datetime) -> None:
    """Try an entry again later."""
    db.execute(
        update(outbox)
        .where(outbox.c.id == entry.id, outbox.c.state == "waiting")
        .values(due_at=due_at, claimed_until=None, problem=problem)
    )


def fail(db: Connection, entry: Entry, problem: str, at: datetime) -> None:
    """Try an entry no more; it stays to be seen."""
    db.execute(
        update(outbox)
        .where(outbox.c.id == entry.id, outbox.c.state == "waiting")
        .values(state="failed", finished_at=at, claimed_until=None, problem=problem)
    )


def forget_delivered(db: Connection, before: datetime) -> int:
    """Forget what Discogs was told before then, and what was undone; how many entries."""
    over = delete(outbox).where(
        outbox.c.state.in_(("delivered", _TORN_UP)), outbox.c.finished_at < before
    )
    return db.execute(over).rowcount


def _written(want: Want | None) -> str | None:
    return None if want is None else msgspec.json.encode(want).decode()


def _entry(row: Sequence[object]) -> Entry:
    entry = Entry._make(row)
    if not isinstance(entry.taken, str):
        return entry
    return entry._replace(taken=msgspec.json.decode(entry.taken, type=Want))
