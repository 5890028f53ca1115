"""Every row that belongs to an account, table by table, for whoever takes what is theirs along.

What lets somebody in is not among it: sessions, tokens, passwords, sealed credentials.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, union

from cratewise.store.alert_tables import alert_listings, alerts, deliveries
from cratewise.store.all_tables import metadata
from cratewise.store.engine import stand_still
from cratewise.store.tables import accounts, follows, postage, sellers
from cratewise.store.taste_tables import picks, votes

KEYS = frozenset({"sessions", "api_tokens", "credentials"})  # they let somebody in
# From what is exported, or of no worth alone; models' files are code to whoever loads them.
MADE_ANEW = frozenset({"predictions", "showings", "model_parts"})
SECRET_COLUMNS = frozenset({"password_hash", "hash", "feed_hash", "csrf", "account_id"})
AT_ONCE = 500  # rows

# Rows that belong to whoever owns what they refer to.
_THROUGH = {votes: picks, deliveries: alerts, alert_listings: alerts}


def own_tables() -> list[Table]:
    """The tables that hold something of an account's, by name."""
    held = [
        table
        for name, table in sorted(metadata.tables.items())
        if "account_id" in table.c and name not in KEYS | MADE_ANEW
    ]
    return [accounts, sellers, *held, *_THROUGH]


def each_own_row(db: Connection, account_id: int, table: Table) -> Iterator[Mapping[str, Any]]:
    """The account's rows of a table, as they are kept, in the order of its key.

    Of sellers those that the account's other rows name.
    """
    columns = [column for column in table.c if column.name not in SECRET_COLUMNS]
    rows = select(*columns).where(_is_own(table, account_id)).order_by(*table.primary_key.columns)
    stand_still(db)
    for row in db.execute(rows.execution_options(yield_per=AT_ONCE)).mappings():
        yield {name: value for name, value in row.items() if not isinstance(value, bytes)}


def _is_own(table: Table, account_id: int) -> ColumnElement[bool]:
    if table is accounts:
        return accounts.c.id == account_id
    if table is sellers:
        named = union(
            *(
                select(one.c.seller_id).where(one.c.account_id == account_id)
                for one in (follows, postage)
            )
        )
        return sellers.c.id.in_(named)
    if table in _THROUGH:
        owner = _THROUGH[table]
        [by] = (key.parent for key in table.foreign_keys if key.column.table is owner)
        return by.in_(select(owner.c.id).where(owner.c.account_id == account_id))
    return table.c.account_id == account_id
