"""Sessions of browsers; what is kept of their secrets is a hash."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from cratewise.store.people_tables import sessions


class Session(NamedTuple):
    """A browser that signed in.

    csrf   what its pages must show with each change; NEARBY: it is a device that was paired
    agent  as the browser calls itself
    """

    id: int
    account_id: int
    csrf: str
    made_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str
    address: str


NEARBY = ""  # as `csrf`: a device that `serve --lan` let in, whose pages show no word

_SESSIONS = select(*(sessions.c[name] for name in Session._fields))
LONGEST_AGENT = 200


def find_session(db: Connection, hashed: str) -> Session | None:
    """The session with a secret of this hash, be it over or not."""
    row = db.execute(_SESSIONS.where(sessions.c.hash == hashed)).first()
    return None if row is None else Session._make(row)


def list_sessions(db: Connection, account_id: int, now: datetime) -> list[Session]:
    """An account's sessions that are not over, the one used last first."""
    rows = db.execute(
        _SESSIONS.where(sessions.c.account_id == account_id, sessions.c.expires_at > now).order_by(
            sessions.c.seen_at.desc(), sessions.c.id
        )
    )
    return [Session._make(row) for row in rows]


def keep_session(
    db: Connection,
    account_id: int,
    hashed: str,
    csrf: str,
    *,
    agent: str,
    address: str,
    at: datetime,
    expires_at: datetime,
) -> int:
    """Note a session that begins; those of everybody that are over are forgotten."""
    db.execute(delete(sessions).where(sessions.c.expires_at <= at))
    row = {"account_id": account_id, "hash": hashed, "csrf": csrf, "made_at": at, "seen_at": at}
    row |= {"expires_at": expires_at, "agent": agent[:LONGEST_AGENT], "address": address}
    return int(db.execute(insert(sessions).returning(sessions.c.id), row).scalar_one())


def touch_session(db: Connection, session_id: int, *, at: datetime, expires_at: datetime) -> None:
    """Note that it was used."""
    db.execute(
        update(sessions)
        .where(sessions.c.id == session_id)
        .values(seen_at=at, expires_at=expires_at)
    )


def revoke_session(db: Connection, account_id: int, session_id: int) -> bool:
    """End a session of this account; False when it has none of that number."""
    mine = delete(sessions).where(sessions.c.account_id == account_id)
    return db.execute(mine.where(sessions.c.id == session_id)).rowcount == 1


def revoke_all(db: Connection, account_id: int, *, but: int | None = None) -> int:
    """End every session of an account; `but`: all others."""
    mine = delete(sessions).where(sessions.c.account_id == account_id)
    if but is not None:
        mine = mine.where(sessions.c.id != but)
    return db.execute(mine).rowcount
