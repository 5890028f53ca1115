"""Read the earlier database as it stands; it is only ever read."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cratewise.earlier.source import COLUMNS, MUST_BE_THERE
from cratewise.errors import ImportRefused
from cratewise.store.earlier_database import count_rows, rows_of, tables_there
from cratewise.store.engine import open_engine, place_of

if TYPE_CHECKING:
    from sqlalchemy import Engine


@contextmanager
def opened_database(address: str) -> Iterator["EarlierDatabase"]:
    """Raises ImportRefused when it lacks a table that matters, SettingError, StoreUnavailable."""
    engine = open_engine(address.replace("postgres://", "postgresql://", 1))
    try:
        yield EarlierDatabase(engine)
    finally:
        engine.dispose()


class EarlierDatabase:
    """The earlier tables, by the columns that they have."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._columns = tables_there(engine, COLUMNS)
        if missing := [name for name in MUST_BE_THERE if name not in self._columns]:
            raise ImportRefused(
                f"The database at {place_of(engine)} has no table {' and no '.join(missing)}."
            )

    def count(self, table: str) -> int | None:
        return count_rows(self._engine, table) if table in self._columns else 0

    def rows(self, table: str) -> Iterator[Mapping[str, Any]]:
        if table in self._columns:
            yield from rows_of(self._engine, table, self._columns[table])
