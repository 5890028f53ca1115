"""What somebody told of a schedule, when it was last its turn, and what pulls say of both."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, case, delete, func, select, update

from cratewise.store.insert import insert_or_update, insert_unless_there
from cratewise.store.schedule_tables import schedules, turns
from cratewise.store.tables import accounts, credentials, follows, pulls, sellers


class Key(NamedTuple):
    """Which schedule is meant; account_id None: the installation's, seller_id None: over all."""

    kind: str
    account_id: int | None = None
    seller_id: int | None = None

    @property
    def text(self) -> str:
        return f"{self.kind} {self.account_id or '-'} {self.seller_id or '-'}"


class Told(NamedTuple):
    """What somebody told of a schedule."""

    every_minutes: int
    is_on: bool


class Turn(NamedTuple):
    """When a schedule was last seen to; job_id None: the job was not asked for yet."""

    taken_at: datetime
    job_id: str | None


class Followed(NamedTuple):
    """A seller whom an account follows, and when their stock was last read well.

    has_credential  the account's own: whoever has one may ask more often
    full_at         by a pull that saw all, or as much as can be seen
    read_at         by any pull
    """

    account_id: int
    seller_id: int
    seller: str
    state: str
    followed_at: datetime
    has_credential: bool
    full_at: datetime | None
    read_at: datetime | None


def schedules_told(db: Connection, account_id: int | None = None) -> dict[Key, Told]:
    """What was told, of every account or of one; the installation's own among both."""
    table = schedules
    statement = select(
        *(table.c.kind, table.c.account_id, table.c.seller_id, table.c.every_minutes, table.c.is_on)
    )
    if account_id is not None:
        statement = statement.where(
            table.c.account_id.is_(None) | (table.c.account_id == account_id)
        )
    return {Key(*row[:3]): Told(*row[3:]) for row in db.execute(statement)}


def tell_schedule(db: Connection, key: Key, told: Told, at: datetime) -> None:
    """Keep to this from now on."""
    row = {"key": key.text, **key._asdict(), **told._asdict(), "told_at": at}
    insert_or_update(db, schedules, [row], on="key")


def forget_schedule(db: Connection, key: Key) -> None:
    """Keep to what is told over all again, or to what is shipped."""
    db.execute(delete(schedules).where(schedules.c.key == key.text))


def turns_taken(db: Connection) -> dict[Key, Turn]:
    """When each schedule was last seen to."""
    table = turns
    statement = select(
        *(table.c.kind, table.c.account_id, table.c.seller_id, table.c.taken_at, table.c.job_id)
    )
    return {Key(*row[:3]): Turn(*row[3:]) for row in db.execute(statement)}


def take_turn(db: Connection, key: Key, before: Turn | None, at: datetime) -> bool:
    """Take a turn that was last taken at `before`; False: somebody else was quicker."""
    if before is None:
        row = {"key": key.text, **key._asdict(), "taken_at": at}
        return insert_unless_there(db, turns, row) is not None
    taken = db.execute(
        update(turns)
        .where(turns.c.key == key.text, turns.c.taken_at == before.taken_at)
        .values(taken_at=at, job_id=None)
    )
    return taken.rowcount == 1


def note_turn(db: Connection, key: Key, job_id: str, at: datetime) -> None:
    """Note that the job was asked for, so that the turn is done."""
    row = {"key": key.text, **key._asdict(), "taken_at": at, "job_id": job_id}
    insert_or_update(db, turns, [row], on="key")


def followed_by_all(
    db: Connection, account_id: int | None = None, *, until: datetime
) -> list[Followed]:
    """Whom accounts that may act follow, or one account; and when each was last read well.

    until  what ended later is passed over: a clock that was set back since told it.
    """
    is_full = pulls.c.kind.in_(("full", "deep"))
    read = (
        select(
            pulls.c.seller_id,
            func.max(case((is_full, pulls.c.finished_at))).label("full_at"),
            func.max(pulls.c.finished_at).label("read_at"),
        )
        .where(pulls.c.state == "done", pulls.c.kind != "csv", pulls.c.finished_at <= until)
        .group_by(pulls.c.seller_id)
        .subquery()
    )
    statement = (
        select(
            *(follows.c.account_id, follows.c.seller_id, sellers.c.username, sellers.c.state),
            *(follows.c.followed_at, credentials.c.account_id.is_not(None)),
            *(read.c.full_at, read.c.read_at),
        )
        .select_from(follows)
        .join(sellers, sellers.c.id == follows.c.seller_id)
        .join(accounts, accounts.c.id == follows.c.account_id)
        .outerjoin(credentials, credentials.c.account_id == follows.c.account_id)
        .outerjoin(read, read.c.seller_id == follows.c.seller_id)
        .where(accounts.c.disabled_at.is_(None))
        .order_by(follows.c.account_id, sellers.c.username_key, sellers.c.id)
    )
    if account_id is not None:
        statement = statement.where(follows.c.account_id == account_id)
    return [Followed._make(row) for row in db.execute(statement)]
