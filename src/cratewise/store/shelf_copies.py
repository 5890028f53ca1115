"""Tokens of the copies of this database that processes keep in files of their own.

A database that was restored from before such a copy does not know its token.
"""

from datetime import datetime

from sqlalchemy import Column, Connection, Table, Text, delete, insert, select

from cratewise.store.tables import Instant, metadata

MOST_KNOWN = 64  # copies; of several processes, each of which makes one anew once in a while

shelf_copies = Table(
    "shelf_copies",
    metadata,
    Column("token", Text, primary_key=True),
    Column("made_at", Instant, nullable=False),
)


def know_copy(db: Connection, token: str, at: datetime) -> None:
    """Know a copy that is about to be made, and forget the oldest."""
    db.execute(insert(shelf_copies).values(token=token, made_at=at))
    newest = select(shelf_copies.c.token).order_by(shelf_copies.c.made_at.desc()).limit(MOST_KNOWN)
    db.execute(delete(shelf_copies).where(shelf_copies.c.token.not_in(newest.scalar_subquery())))


def knows_copy(db: Connection, token: str) -> bool:
    """Whether a copy was made of this database, and after any backup it was restored from."""
    found = select(shelf_copies.c.made_at).where(shelf_copies.c.token == token)
    return db.scalar(found) is not None
