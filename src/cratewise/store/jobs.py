"""Where DBOS keeps jobs: a schema of the same PostgreSQL, or a file beside SQLite's.

SQLite has one writer a file.  In the same file, an import that writes for six
seconds kept a job from being asked for during all six; in a file of its own it took
1.4 ms.  What must not be lost stands in our own tables, so the two need no
common transaction.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text

from cratewise.errors import StoreError
from cratewise.store.engine import BUSY_SECONDS, is_sqlite, write_ahead
from cratewise.store.line import line_to, take_lines_that_hold

SCHEMA = "dbos"  # PostgreSQL's; SQLite has none
MOST_CONNECTIONS = 40  # opened as needed: a few, and one for each job that starts or ends
FROZEN_SECONDS = 60  # PostgreSQL takes its locks from a worker frozen in a transaction


def open_jobs_engine(engine: Engine) -> Engine:
    """An engine for DBOS alone, beside that of the index; connects to nothing yet.

    Raises StoreError for a database in memory, which no other process could see.
    """
    if is_sqlite(engine):
        jobs = create_engine(
            engine.url.set(database=str(jobs_file(engine))),
            pool_size=4,
            max_overflow=MOST_CONNECTIONS - 4,
        )
        event.listen(jobs, "connect", _tune_sqlite)
        return jobs
    jobs = create_engine(
        engine.url,
        pool_size=4,
        max_overflow=MOST_CONNECTIONS - 4,
        connect_args=line_to(engine.url),
    )
    take_lines_that_hold(jobs)
    event.listen(jobs, "connect", _tune_postgresql)
    return jobs


def jobs_file(engine: Engine) -> Path:
    """`cratewise-jobs.sqlite` for `cratewise.sqlite`."""
    if not engine.url.database or engine.url.database == ":memory:":
        raise StoreError("Jobs need a database in a file: set CRATEWISE_DATABASE_URL.")
    index = Path(engine.url.database)
    return index.with_name(f"{index.stem}-jobs{index.suffix}")


def has_jobs(jobs: Engine) -> bool:
    """Whether DBOS has made its tables."""
    schema = None if is_sqlite(jobs) else SCHEMA
    return inspect(jobs).has_table("workflow_status", schema=schema)


def unfinished(jobs: Engine) -> dict[tuple[str, str], int]:
    """How many jobs wait or run: by queue and DBOS' own name of the state."""
    table = "workflow_status" if is_sqlite(jobs) else f"{SCHEMA}.workflow_status"
    statement = text(
        f"SELECT queue_name, status, count(*) FROM {table} "  # noqa: S608 - a name of ours
        "WHERE status IN ('ENQUEUED', 'DELAYED', 'PENDING') GROUP BY 1, 2"
    )
    with jobs.connect() as db:
        return {(row[0] or "", row[1]): row[2] for row in db.execute(statement)}


def _tune_sqlite(connection: Any, _record: object) -> None:
    # DBOS counts on the driver to begin transactions, and to take the writer's place
    # at once; the journal it would leave at `delete`.
    connection.isolation_level = "IMMEDIATE"
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    write_ahead(connection.cursor())
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _tune_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{FROZEN_SECONDS}s'")
    connection.commit()  # the pool rolls back what is not committed
