"""Attempts to sign in, so that guessing can be stopped, whichever process is asked."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from cratewise.store.people_tables import sign_in_attempts
from cratewise.store.sellers import key_of

KEPT_FOR = timedelta(days=1)


def note_attempt(db: Connection, name: str, address: str, *, is_good: bool, at: datetime) -> None:
    """Note an attempt; a good one clears the name, and old ones are forgotten."""
    key = key_of(name)
    db.execute(delete(sign_in_attempts).where(sign_in_attempts.c.at < at - KEPT_FOR))
    if is_good:
        db.execute(delete(sign_in_attempts).where(sign_in_attempts.c.name_key == key))
    row = {"name_key": key, "address": address, "is_good": is_good, "at": at}
    db.execute(insert(sign_in_attempts), row)


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
