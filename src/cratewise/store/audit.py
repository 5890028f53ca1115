"""Who did what that others may have to answer for; it holds no secret and no verdict."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from cratewise.store.people_tables import audit_entries
from cratewise.store.tables import accounts


class Entry(NamedTuple):
    """account: by name; None: nobody who signed in, or an account that is no more."""

    id: int
    account: str | None
    deed: str
    detail: str
    address: str
    at: datetime


def note_deed(
    db: Connection,
    account_id: int | None,
    deed: str,
    *,
    at: datetime,
    detail: str = "",
    address: str = "",
) -> None:
    row = {"account_id": account_id, "deed": deed, "detail": detail, "address": address, "at": at}
    db.execute(insert(audit_entries), row)


def list_deeds(db: Connection, *, limit: int, before_id: int | None = None) -> list[Entry]:
    """The newest first; before_id: older than that one."""
    columns = audit_entries.c
    statement = (
        select(
            columns.id, accounts.c.name, columns.deed, columns.detail, columns.address, columns.at
        )
        .outerjoin(accounts, accounts.c.id == columns.account_id)
        .order_by(columns.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        statement = statement.where(columns.id < before_id)
    return [Entry._make(row) for row in db.execute(statement)]
