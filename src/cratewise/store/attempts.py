"""Attempts to sign in, so that guessing can be stopped, whichever process is asked."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from cratewise.store.people_tables import sign_in_attempts
from cratewise.store.sellers import key_of

KEPT_FOR = timedelta(days=1)


def note_attempt(db: Connection, name: str, address: str, *, at: datetime) -> int:
    """Note an attempt, which counts as failed until it is forgiven; old ones are forgotten."""
    db.execute(delete(sign_in_attempts).where(sign_in_attempts.c.at < at - KEPT_FOR))
    row = {"name_key": key_of(name), "address": address, "is_good": False, "at": at}
    noted = db.execute(insert(sign_in_attempts).returning(sign_in_attempts.c.id), row)
    return int(noted.scalar_one())


def forgive_attempts(db: Connection, name: str, attempt: int) -> None:
    """Note that an attempt was good, which clears all others on the name."""
    others = sign_in_attempts.c.name_key == key_of(name)
    is_this = sign_in_attempts.c.id == attempt
    db.execute(delete(sign_in_attempts).where(others, ~is_this))
    db.execute(update(sign_in_attempts).where(is_this).values(is_good=True))


def count_failures(
    db: Connection, since: datetime, *, name: str | None = None, address: str | None = None
) -> int:
    """How many attempts failed since then, on a name or from an address."""
    statement = (
        select(func.count())
        .select_from(sign_in_attempts)
        .where(sign_in_attempts.c.is_good.is_(False), sign_in_attempts.c.at > since)
    )
    if name is not None:
        statement = statement.where(sign_in_attempts.c.name_key == key_of(name))
    if address is not None:
        statement = statement.where(sign_in_attempts.c.address == address)
    return db.execute(statement).scalar_one()
