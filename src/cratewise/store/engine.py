"""Open the database: SQLite in a file, or PostgreSQL by an address.

SQLite is set up so that readers never wait for a writer (WAL) and writers queue
instead of failing.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from cratewise.errors import SettingError, StoreFull, StoreUnavailable
from cratewise.store.line import OUR_NAME, connection_name, line_to, take_lines_that_hold

BUSY_SECONDS = 30  # how long a writer waits for another before it gives up
FROZEN_SECONDS = 15  # within a transaction that writes, until it is ended
CACHE_KIBIBYTES = 32 * 1024  # of pages that one SQLite connection keeps
ONCE_KIBIBYTES = 8 * 1024  # while it reads each of a great many rows once

TURN = "cratewise_turn_to_write"  # the engine's lock, among its options
READER = "cratewise_reader"  # likewise: the engine as whoever reads has it

DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


def open_engine(url: str | URL) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://...`; connects to nothing yet.

    Raises SettingError when the address makes no sense.
    """
    address = _address(url)
    if address.get_backend_name() == "postgresql":
        engine = create_engine(
            address,
            pool_use_lifo=True,  # the one that was used last has its statements prepared
            pool_size=8,
            max_overflow=24,
            connect_args=line_to(address),
        )
        take_lines_that_hold(engine)
        event.listen(engine, "begin", _lose_locks_when_frozen)
        _keep_reader(engine, isolation_level="AUTOCOMMIT")
        return engine
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        connect_args={"timeout": BUSY_SECONDS, "autocommit": sqlite3.LEGACY_TRANSACTION_CONTROL}
        if hasattr(sqlite3, "LEGACY_TRANSACTION_CONTROL")
        else {"timeout": BUSY_SECONDS},
    )
    engine.update_execution_options(**{TURN: RLock()})
    event.listen(engine, "connect", _tune_sqlite)
    event.listen(engine, "begin", _begin_immediately)
    _keep_reader(engine)
    return engine


def open_as_it_lies(path: Path) -> Engine:
    """An engine that reads a SQLite file to which nobody writes, and leaves no trace of it."""
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    address = URL.create(DRIVERS["sqlite"], database=f"file:{quote(str(path))}", query=query)
    engine = create_engine(address, connect_args={"isolation_level": None})
    event.listen(engine, "begin", _begin_immediately)
    _keep_reader(engine)
    return engine


def _keep_reader(engine: Engine, **options: Any) -> None:
    reader = engine.execution_options(cratewise_reads=True, **options)
    engine.update_execution_options(**{READER: reader})


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def place_of(engine: Engine) -> str:
    """The database's address as people write it, without a password."""
    address = engine.url.set(drivername=engine.url.get_backend_name())
    return address.render_as_string(hide_password=True)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write; it commits at the end or leaves no trace.

    Raises StoreUnavailable, StoreFull in the place of the drivers' own errors.
    """
    with worded_errors(engine), _turn_to_write(engine), engine.begin() as db:
        yield db


def _turn_to_write(engine: Engine) -> AbstractContextManager[object]:
    # SQLite has one writer, and whoever waits for it naps between two tries, up to
    # 0.1 s.  Threads of one process queue here instead, and wake when it is their turn.
    turn: AbstractContextManager[object] | None = engine.get_execution_options().get(TURN)
    return turn or nullcontext()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reading, which no writer waits for.

    SQLite shows one view of the database throughout.  PostgreSQL shows each statement the
    newest, which spares two round trips; see `stand_still`.

    Raises StoreUnavailable in the place of the drivers' own errors.
    """
    reader: Engine = engine.get_execution_options()[READER]
    with worded_errors(engine), reader.connect() as db:
        yield db


def stand_still(db: Connection) -> None:
    """Let whoever reads see the database from here on as it is now, whatever others write.

    For answers that come in parts: PostgreSQL keeps those within a transaction alone.
    """
    if db.dialect.name != "postgresql":
        return  # SQLite's view is one since the first statement
    driver: Any = db.connection.driver_connection
    if driver.autocommit and driver.info.transaction_status.name == "IDLE":
        db.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


@contextmanager
def reading_once(db: Connection) -> Iterator[None]:
    """While a great many rows are read, each once: pages of them are not worth keeping."""
    if db.dialect.name != "sqlite":
        yield
        return
    db.exec_driver_sql(f"PRAGMA cache_size = -{ONCE_KIBIBYTES}")
    try:
        yield
    finally:
        if not db.closed:  # by an error, while this was waiting for its end
            db.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")


@contextmanager
def worded_errors(engine: Engine) -> Iterator[None]:
    """Turn what a driver says of a full disk or a lost server into a sentence."""
    try:
        yield
    except NoConnectionLeft as error:
        raise StoreUnavailable(
            "Every connection to the database is in use, and none came free in time; try again."
        ) from error
    except DBAPIError as error:
        if _was_kept_waiting(error):
            end_frozen_writers(engine)  # so that trying again helps
        # The last is what SQLite says of a file that is no database, or a broken one.
        if type(error) not in {OperationalError, DatabaseError} and not _was_frozen(error):
            raise
        raise _worded(error, engine) from error


def alone_with(db: Connection, name: str) -> None:
    """Let nobody else who calls this with the same name go on until this transaction ends."""
    if db.dialect.name == "postgresql":  # SQLite has one writer anyway
        db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def end_frozen_writers(engine: Engine) -> int:
    """End PostgreSQL's side of our writers that were frozen while they sent; returns how many.

    PostgreSQL itself ends who sleeps between two statements of a transaction.  Whose
    statements are half sent counts as busy to it, and keeps its locks for as long as it
    sleeps.  Connections of other programs are never touched, nor those of other users.
    """
    if is_sqlite(engine):
        return 0
    with reading(engine) as db:
        told = {"seconds": FROZEN_SECONDS, "ours": f"{OUR_NAME} "}
        return len(db.exec_driver_sql(_END_FROZEN, told).all())


def end_connections_of(engine: Engine, worker: str) -> int:
    """End PostgreSQL's side of all that a dead worker's process writes or waits for; how many.

    Of a frozen one that has many, those that wait would each take over the lock that the one
    before them lost, and keep it for as long again.
    """
    if is_sqlite(engine):
        return 0
    with reading(engine) as db:
        return len(db.exec_driver_sql(_END_DEAD, {"name": connection_name(worker)}).all())


_END_DEAD = """
    SELECT pg_terminate_backend(pid)
    FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user
      AND application_name = %(name)s AND pid <> pg_backend_pid()
      AND (backend_xid IS NOT NULL OR wait_event_type = 'Lock')
"""

_END_FROZEN = """
    SELECT pg_terminate_backend(pid)
    FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user
      AND (application_name = current_setting('application_name')
           OR starts_with(application_name, %(ours)s))
      AND pid <> pg_backend_pid()
      AND state = 'active' AND wait_event_type = 'Client' AND wait_event = 'ClientRead'
      AND backend_xid IS NOT NULL
      AND state_change < clock_timestamp() - make_interval(secs => %(seconds)s)
"""


def _was_frozen(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "25P03"  # see _lose_locks_when_frozen


def _was_kept_waiting(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "55P03"  # its lock_timeout


def _worded(error: DBAPIError, engine: Engine) -> Exception:
    said = str(error.orig)
    if "disk is full" in said or "No space left" in said or "disk I/O error" in said:
        return StoreFull(f"No space is left for the database ({said}); what was stored is kept.")
    if "locked" in said or _was_kept_waiting(error):
        return StoreUnavailable(
            f"Another process kept the database locked for more than {BUSY_SECONDS} s; try again."
        )
    return StoreUnavailable(
        f"The database at {place_of(engine)} cannot be used: {said.strip().rstrip('.')}."
    )


def _address(url: str | URL) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise SettingError(
            "CRATEWISE_DATABASE_URL", "expected sqlite:///FILE or postgresql://USER@HOST/NAME."
        ) from None
    backend = "postgresql" if address.get_backend_name() == "postgres" else address.drivername
    driver = DRIVERS.get(backend.partition("+")[0])
    if driver is None:
        raise SettingError(
            "CRATEWISE_DATABASE_URL",
            f"{address.get_backend_name()} is not supported; use SQLite or PostgreSQL.",
        )
    return address.set(drivername=driver)


def _tune_sqlite(connection: Any, _record: object) -> None:
    # pysqlite must not begin transactions of its own: `_begin_immediately` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    write_ahead(cursor)
    # A power cut may cost the last commits, never the file; kill -9 costs nothing.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
    cursor.close()


def write_ahead(cursor: sqlite3.Cursor) -> None:
    # The file remembers its mode, so only the first to open it changes it.  SQLite
    # does not queue for that change: two that try at once get an error, not a wait.
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def _lose_locks_when_frozen(db: Connection) -> None:
    # A process that was stopped in the middle of a transaction would keep others from
    # the rows it wrote for as long as it sleeps.  A reader keeps nobody from anything,
    # and may wait for whoever reads its output.
    if not db.get_execution_options().get("cratewise_reads", False):
        db.exec_driver_sql(
            f"SET LOCAL idle_in_transaction_session_timeout = '{FROZEN_SECONDS}s'; "
            f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"
        )


def _begin_immediately(db: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another
    # wrote in between; one that takes the writer's place at the start queues.
    if db.get_execution_options().get("cratewise_reads", False):
        # Told to the driver itself, as this touches no file, and an answer reads several times.
        driver: Any = db.connection.driver_connection
        driver.execute("BEGIN")
    else:
        db.exec_driver_sql("BEGIN IMMEDIATE")
