"""Every row that belongs to an account, table by table, for whoever takes what is theirs along.

What lets somebody in is not among it: sessions, tokens, passwords, sealed credentials.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from cratewise.store.all_tables import metadata
from cratewise.store.taste_tables import picks, votes

KEYS = frozenset({"sessions", "api_tokens", "credentials"})  # they let somebody in
MADE_ANEW = frozenset({"predictions", "showings"})  # from what is exported, or of no worth alone
SECRET_COLUMNS = frozenset({"password_hash", "hash", "csrf", "account_id"})
AT_ONCE = 500  # rows


def own_tables() -> list[Table]:
    """The tables that hold something of an account's, by name."""
    held = [
        table
        for name, table in sorted(metadata.tables.items())
        if "account_id" in table.c and name not in KEYS | MADE_ANEW
    ]
    return [metadata.tables["accounts"], *held, votes]


def each_own_row(db: Connection, account_id: int, table: Table) -> Iterator[Mapping[str, Any]]:
    """The account's rows of a table, as they are kept, in the order of its key."""
    columns = [column for column in table.c if column.name not in SECRET_COLUMNS]
    rows = select(*columns).order_by(*table.primary_key.columns)
    if table is votes:
        rows = rows.join(picks, picks.c.id == votes.c.pick_id).where(
            picks.c.account_id == account_id
        )
    else:
        owner = table.c.id if table.name == "accounts" else table.c.account_id
        rows = rows.where(owner == account_id)
    for row in db.execute(rows.execution_options(yield_per=AT_ONCE)).mappings():
        yield {name: value for name, value in row.items() if not isinstance(value, bytes)}
