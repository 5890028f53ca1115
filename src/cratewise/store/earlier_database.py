"""The tables of an earlier system's database, read in the order of their ids, nothing written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, column, func, inspect, select, table

from cratewise.store.engine import reading

AT_ONCE = 2_000  # rows of one question


def tables_there(engine: Engine, wanted: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Which of the wanted columns each wanted table has; a table that is missing is left out.

    Raises StoreUnavailable.
    """
    with reading(engine) as db:
        found = inspect(db)
        there = set(found.get_table_names())
        return {
            name: tuple(c["name"] for c in found.get_columns(name) if c["name"] in columns)
            for name, columns in wanted.items()
            if name in there
        }


def count_rows(engine: Engine, name: str) -> int:
    """How many rows a table has."""
    with reading(engine) as db:
        return db.execute(select(func.count()).select_from(table(name))).scalar_one()


def rows_of(engine: Engine, name: str, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Every row by its id, some thousands at a time; `columns` holds "id"."""
    said = table(name, *(column(each) for each in columns))
    number = said.c["id"]
    after: Any = None
    while True:
        statement = select(said).order_by(number).limit(AT_ONCE)
        if after is not None:
            statement = statement.where(number > after)
        with reading(engine) as db:
            rows = [dict(row) for row in db.execute(statement).mappings()]
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["id"]
