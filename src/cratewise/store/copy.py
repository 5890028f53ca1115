"""Copy a whole database into an empty one, of the same kind or of the other.

All of it arrives in one transaction, which ends when both sides count the same, or nothing does.
What lives for a minute stays behind: who works, and the quota's slots.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Table,
    column,
    func,
    insert,
    select,
    table,
    type_coerce,
)

from cratewise.errors import CopyDiffers, StoreMissing, StoreNotEmpty
from cratewise.store.all_tables import metadata
from cratewise.store.engine import is_sqlite, place_of, writing
from cratewise.store.tables import Instant

ROWS_AT_A_TIME = 2_000  # some 2 MB

STAYS_BEHIND = frozenset({"workers", "quota_slots", "quota_waiters"})


class Copied(NamedTuple):
    """How many rows a table had, and has now in the other database."""

    table: str
    there: int
    here: int


Progress = Callable[[str, int, int], None]


def copy_database(
    source: Engine, target: Engine, on_progress: Progress | None = None
) -> list[Copied]:
    """Copy every row.

    source       of the newest schema; it may be written meanwhile: what is copied is one
                 moment of it.
    target       of the newest schema, and empty.
    on_progress  told table, rows copied of it, and rows that it has.

    Raises StoreNotEmpty, CopyDiffers, StoreUnavailable, StoreFull.
    """
    tell = on_progress or _nobody
    with _one_moment(source) as there, writing(target) as here:
        _refuse_unless_empty(here, target)
        for each in _tables():
            _copy(each, there, here, tell)
        _count_on(here)
        return [_counted(each, there, here) for each in _tables()]


def refuse_unless_there(source: Engine) -> None:
    """Opening a file makes it where there is none: a mistyped name would be an empty database.

    Raises StoreMissing.
    """
    if is_sqlite(source) and not Path(str(source.url.database)).is_file():
        raise StoreMissing(place_of(source))


def _counted(each: Table, there: Connection, here: Connection) -> Copied:
    copied = Copied(each.name, _count(there, each), _count(here, each))
    if copied.there != copied.here:
        raise CopyDiffers(*copied)
    return copied


def _tables() -> list[Table]:
    return [each for each in metadata.sorted_tables if each.name not in STAYS_BEHIND]


def _one_moment(engine: Engine) -> Any:
    """A connection that sees the database as it stood when it first looked."""
    options: dict[str, Any] = {"cratewise_reads": True}
    if not is_sqlite(engine):
        options["isolation_level"] = "REPEATABLE READ"
    return engine.execution_options(**options).connect()


def _refuse_unless_empty(db: Connection, engine: Engine) -> None:
    if any(_count(db, each) for each in _tables()):
        raise StoreNotEmpty(place_of(engine))


def _copy(each: Table, there: Connection, here: Connection, tell: Progress) -> None:
    rows_there, done = _count(there, each), 0
    tell(each.name, 0, rows_there)
    plain = table(each.name, *(column(c.name, _plain(c)) for c in each.columns))
    with closing(_rows(each, there)) as some:
        for rows in some:
            here.execute(insert(plain), rows)
            done += len(rows)
            tell(each.name, done, rows_there)


def _rows(each: Table, there: Connection) -> Generator[Sequence[Mapping[str, Any]]]:
    # Moments stay the numbers that they are kept as: nothing looks at them on the way.
    columns = [type_coerce(c, _plain(c)).label(c.name) for c in each.columns]
    statement = select(*columns).order_by(*each.primary_key.columns)
    with there.execute(statement, execution_options={"yield_per": ROWS_AT_A_TIME}) as found:
        for rows in found.mappings().partitions():
            yield [dict(row) for row in rows]


def _plain(of: Any) -> Any:
    return BigInteger() if isinstance(of.type, Instant) else of.type


def _count(db: Connection, each: Table) -> int:
    return db.execute(select(func.count()).select_from(each)).scalar_one()


def _count_on(db: Connection) -> None:
    """Let PostgreSQL number new rows behind those that came with their numbers."""
    if db.dialect.name != "postgresql":
        return  # SQLite counts on from the highest by itself
    for each in _tables():
        number = each.autoincrement_column
        if number is not None:
            highest = select(func.max(number)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(each.name, number.name)
            db.execute(select(func.setval(sequence, highest)))


def _nobody(name: str, done: int, rows: int) -> None:
    """Nobody listens."""
