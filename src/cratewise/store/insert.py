"""Insert rows that may be there already: one statement for both databases."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}


def insert_or_update(
    db: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    on: str | tuple[str, ...],
    keep: Collection[str] = (),
) -> None:
    """Insert the rows, or update those whose column `on` is there already.

    rows  all with the same keys.
    on    what a row is known by: one column, or several together.
    keep  columns that an update leaves as they are, beside `on`.

    One call of the driver for any number of rows, so no limit on parameters applies.
    """
    if rows:
        columns = tuple(rows[0])
        known_by = (on,) if isinstance(on, str) else on
        statement = _statement(db.dialect.name, table, columns, known_by, frozenset(keep))
        db.execute(statement, list(rows))


def insert_unless_there(db: Connection, table: Table, row: Mapping[str, Any]) -> int | None:
    """Insert a row unless another stands in its way, by any unique key; the new id, or None."""
    statement = DIALECTS[db.dialect.name].insert(table).on_conflict_do_nothing()
    return db.execute(statement.returning(*table.primary_key), row).scalar()


@cache
def _statement(
    dialect: str, table: Table, columns: tuple[str, ...], on: tuple[str, ...], keep: frozenset[str]
) -> Any:
    statement = DIALECTS[dialect].insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in {*on, *keep}}
    return statement.on_conflict_do_update(index_elements=list(on), set_=changed)
