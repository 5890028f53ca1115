"""What any earlier Cratewise kept is kept: rows of every schema that there ever was."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select
from sqlalchemy.types import Boolean, Date, Float, Integer, LargeBinary

from cratewise.store.engine import open_engine
from cratewise.store.migrate import upgrade
from cratewise.store.migrations import known_versions
from cratewise.store.word_index import is_word_index

Row = dict[str, Any]
EARLIER = known_versions()[:-1]


def tables_of(db: Connection) -> list[Table]:
    """What lies in a database, whoever is referred to first."""
    found = MetaData()
    found.reflect(db, only=lambda name, _: name != "alembic_version" and not is_word_index(name))
    return found.sorted_tables


def a_row(table: Table, version: str, others: dict[str, Row]) -> Row:
    """A row unlike those of other schemas, that refers to rows of this one."""
    row: Row = {}
    for number, column in enumerate(table.columns):
        refers = next(iter(column.foreign_keys), None)
        if refers is not None:
            row[column.name] = others[refers.column.table.name][refers.column.name]
        elif isinstance(column.type, Date):
            row[column.name] = date(2026, 1, int(version))
        elif isinstance(column.type, Boolean):
            row[column.name] = True
        elif isinstance(column.type, LargeBinary):
            row[column.name] = version.encode()
        elif isinstance(column.type, Integer):
            row[column.name] = int(version) * 1000 + number
        elif isinstance(column.type, Float):
            row[column.name] = 0.5
        else:
            row[column.name] = f'["{table.name} {column.name} {version}"]'
    return row


def test_rows_of_every_earlier_schema_are_all_there_in_the_newest(database_url: str) -> None:
    engine = open_engine(database_url)
    kept: list[tuple[str, Row]] = []
    for version in EARLIER:
        upgrade(engine, version)
        with engine.begin() as db:
            others: dict[str, Row] = {}
            for table in tables_of(db):
                others[table.name] = a_row(table, version, others)
                db.execute(insert(table), others[table.name])
            kept += others.items()

    upgrade(engine)

    with engine.connect() as db:
        tables = {table.name: table for table in tables_of(db)}
        for name, row in kept:
            table = tables[name]
            same = {column: row[column] for column in row if column in table.columns}
            keys = [column for column in table.primary_key.columns if column.name in row]
            found = db.execute(select(table).where(*(key == row[key.name] for key in keys))).all()
            assert len(found) == 1, (name, row)
            assert {column: getattr(found[0], column) for column in same} == same
    engine.dispose()
