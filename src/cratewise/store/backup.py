"""A backup: one SQLite file with everything that is kept, whichever database it came from.

It is one moment of a database that others go on writing.  What is sealed in it stays
sealed: the key lies in another file, and is in no backup.  Behind what SQLite reads lies a
checksum of it, since SQLite notices a page that makes no sense, but no price with a digit
more.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Engine

from cratewise.errors import BackupRefused, StoreFull, StoreUnavailable
from cratewise.store.copy import Copied, Progress, copy_database
from cratewise.store.engine import is_sqlite, open_as_it_lies, open_engine
from cratewise.store.migrate import schema_version, upgrade
from cratewise.store.migrations import known_versions

MARK = 0x43_57_42_4B  # "CWBK", where SQLite files say which program's they are
END = b"cratewise sha256"  # then the checksum
END_BYTES = len(END) + hashlib.sha256().digest_size
READ_BYTES = 1 << 20


def back_up(engine: Engine, path: Path, on_progress: Progress | None = None) -> None:
    """Write a backup.  It appears under its name when it is whole, and not before.

    Raises BackupRefused when something of that name is there, StoreUnavailable, StoreFull.
    """
    if path.exists():
        raise BackupRefused(f"{path} is there already, and no backup overwrites another file.")
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        if is_sqlite(engine):
            _copy_file(engine, partial)
        else:
            _copy_rows(engine, partial, on_progress)
        _mark(partial)
        _close(partial)
    except BaseException:
        _remove(partial)
        raise
    partial.rename(path)


def check_backup(path: Path) -> str:
    """The schema of a backup that can be restored.

    Raises BackupRefused when it is none, is damaged, or is of a newer Cratewise.
    """
    if not path.is_file():
        raise BackupRefused(f"There is no file {path}.")
    try:
        address = f"file:{quote(str(path))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as file:
            mark = file.execute("PRAGMA application_id").fetchone()[0]
            if mark != MARK:
                raise BackupRefused(f"{path} is no backup that `cratewise backup` wrote.")
            verdict = file.execute("PRAGMA integrity_check(1)").fetchone()[0]
            version = file.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"{path} is damaged or no backup: {error}.") from error
    if verdict != "ok":
        raise BackupRefused(f"{path} is damaged: {verdict}.")
    if not _is_as_written(path):
        raise BackupRefused(f"{path} is damaged: its checksum is another.")
    if version not in known_versions():
        raise BackupRefused(
            f"{path} was written by a newer Cratewise (schema {version}; this one knows "
            f"{known_versions()[-1]}): install that version first."
        )
    return str(version)


def restore(path: Path, target: Engine, on_progress: Progress | None = None) -> list[Copied]:
    """Fill an empty database from a backup, of this or any earlier schema.

    Raises BackupRefused, StoreNotEmpty, StoreUnavailable, StoreFull; then nothing changed.
    """
    version = check_backup(path)
    if version == known_versions()[-1]:
        return _restored(open_as_it_lies(path), target, on_progress)
    with tempfile.TemporaryDirectory() as folder:
        older = Path(folder, "older.sqlite")
        shutil.copyfile(path, older)
        source = open_engine(f"sqlite:///{older}")
        upgrade(source)
        return _restored(source, target, on_progress)


def _restored(source: Engine, target: Engine, on_progress: Progress | None) -> list[Copied]:
    try:
        upgrade(target)
        return copy_database(source, target, on_progress)
    finally:
        source.dispose()


def _copy_file(engine: Engine, path: Path) -> None:
    """SQLite's own way: pages of one moment, packed, while others write."""
    if schema_version(engine) is None:
        upgrade(engine)
    try:
        with closing(sqlite3.connect(str(engine.url.database))) as file:
            file.execute("VACUUM INTO ?", (str(path),))
    except sqlite3.OperationalError as error:
        said = str(error)
        if "full" in said or "No space" in said or "I/O" in said:
            raise StoreFull(f"No space is left for the backup ({said}).") from error
        raise StoreUnavailable(f"The backup could not be written: {said}.") from error


def _copy_rows(engine: Engine, path: Path, on_progress: Progress | None) -> None:
    target = open_engine(URL.create("sqlite", database=str(path)))  # a `?` may be in its name
    try:
        upgrade(target)
        copy_database(engine, target, on_progress)
    finally:
        target.dispose()


def _mark(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
        file.execute(f"PRAGMA application_id = {MARK}")
        file.commit()


def _close(path: Path) -> None:
    """Add the checksum, and see that all of it is on the disk."""
    path.chmod(0o600)
    with path.open("rb+") as file:
        checksum = hashlib.file_digest(file, "sha256").digest()  # which reads to the end
        file.write(END + checksum)
        file.flush()
        os.fsync(file.fileno())


def _is_as_written(path: Path) -> bool:
    """Whether the checksum is right.  A backup of an earlier Cratewise has none."""
    left, checksum = path.stat().st_size - END_BYTES, hashlib.sha256()
    with path.open("rb") as file:
        file.seek(left)
        end = file.read()
        if not end.startswith(END):
            return True
        file.seek(0)
        while left:
            part = file.read(min(left, READ_BYTES))
            checksum.update(part)
            left -= len(part)
    return end == END + checksum.digest()


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
