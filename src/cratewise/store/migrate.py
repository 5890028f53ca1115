"""Bring a database to the newest schema; safe when two processes try at once.

Every program does this on its start, so a database that is up to date costs one
query and takes no lock.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from cratewise.errors import SchemaMismatch, StoreError
from cratewise.store.engine import is_sqlite, reading, worded_errors
from cratewise.store.migrations import FOLDER, known_versions

if TYPE_CHECKING:
    from alembic.config import Config

# Whoever migrates a PostgreSQL database holds this advisory lock; any number
# will do that no other program of the same database uses.
MIGRATION_LOCK = 0x63_72_61_74_65  # "crate"


def upgrade(engine: Engine, to: str | None = None) -> None:
    """Apply every migration that the database lacks, all or none.

    to  the number of the last one; None: the newest.

    Raises SchemaMismatch when a newer Cratewise wrote the database, StoreUnavailable,
    StoreFull.
    """
    to = to or known_versions()[-1]
    if schema_version(engine) == to:
        return
    with worded_errors(engine):
        if is_sqlite(engine):
            _upgrade_sqlite(engine, to)
        else:
            _upgrade_postgresql(engine, to)


def schema_version(engine: Engine) -> str | None:
    """The number of the newest step that the database has; None when it is empty.

    Raises SchemaMismatch when this program does not know that step.
    """
    with reading(engine) as db:
        return _version(db)


def configured_for(db: Connection) -> "Config":
    """Alembic's settings for the steps of `migrations/`, run on this connection."""
    from alembic.config import Config  # 0.1 s that an up-to-date database does not pay

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = db
    return config


def _upgrade_sqlite(engine: Engine, to: str) -> None:
    with engine.connect() as db:
        # Copying a table to change it would else delete what refers to its rows;
        # SQLite heeds this only outside a transaction.
        cursor = db.connection.cursor()
        cursor.execute("PRAGMA foreign_keys = OFF")
        try:
            with db.begin():  # BEGIN IMMEDIATE: a second process waits here
                _apply(db, to)
                _refuse_broken_references(db)
        finally:
            cursor.execute("PRAGMA foreign_keys = ON")


def _refuse_broken_references(db: Connection) -> None:
    if row := db.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(
            f"Migrating was undone: a row of {row[0]} would refer to a row of {row[2]} that is "
            "not there."
        )


def _upgrade_postgresql(engine: Engine, to: str) -> None:
    with engine.begin() as db:
        db.execute(text("SET LOCAL lock_timeout = 0"))  # another may migrate for minutes
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        _apply(db, to)


def _apply(db: Connection, to: str) -> None:
    from alembic import command

    if _version(db) != to:  # another may have migrated while we waited
        command.upgrade(configured_for(db), to)


def _version(db: Connection) -> str | None:
    if not inspect(db).has_table("alembic_version"):
        return None
    version = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version is not None and version not in known_versions():
        raise SchemaMismatch(
            f"The database was written by a newer Cratewise (schema {version}; this one knows "
            f"{known_versions()[-1]}): install that version again, or use another database."
        )
    return version
