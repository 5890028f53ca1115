"""Insert rows that may be there already: one statement for both databases."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Table
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
    if not rows:
        return
    columns = tuple(rows[0])
    known_by = (on,) if isinstance(on, str) else on
    key = (db.dialect.name, table, columns, known_by, frozenset(keep))
    prepared = _prepared.get(key)
    if prepared is None:
        prepared = _prepared[key] = _prepare(db.dialect, *key[1:])
    prepared.run(db, rows)


def insert_unless_there(db: Connection, table: Table, row: Mapping[str, Any]) -> int | None:
    """Insert a row unless another stands in its way, by any unique key; the new id, or None."""
    statement = DIALECTS[db.dialect.name].insert(table).on_conflict_do_nothing()
    return db.execute(statement.returning(*table.primary_key), row).scalar()


class _Prepared(NamedTuple):
    """A statement as the driver takes it, and how its values are told to the database.

    SQLAlchemy looks at each value of each row anew, which for a page of listings takes
    longer than the database does; what it finds is the same for all rows.
    """

    text: str
    columns: Sequence[tuple[str, Callable[[Any], Any] | None]]
    is_positional: bool

    def run(self, db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        columns = [
            [row[name] for row in rows] if tell is None else [tell(row[name]) for row in rows]
            for name, tell in self.columns
        ]
        told: list[Any] = list(zip(*columns, strict=True))
        if not self.is_positional:
            names = [name for name, _ in self.columns]
            told = [dict(zip(names, values, strict=True)) for values in told]
        db.exec_driver_sql(self.text, told)


_prepared: dict[tuple[str, Table, tuple[str, ...], tuple[str, ...], frozenset[str]], _Prepared] = {}


def _prepare(
    dialect: Dialect,
    table: Table,
    columns: tuple[str, ...],
    on: tuple[str, ...],
    keep: frozenset[str],
) -> _Prepared:
    statement = DIALECTS[dialect.name].insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in {*on, *keep}}
    statement = statement.on_conflict_do_update(index_elements=list(on), set_=changed)
    compiled = statement.inline().compile(dialect=dialect, column_keys=list(columns))
    names = compiled.positiontup or columns
    told = [
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
    ]
    return _Prepared(str(compiled), told, is_positional=bool(compiled.positional))
