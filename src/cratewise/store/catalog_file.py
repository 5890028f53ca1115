"""Write a catalogue: one SQLite file of releases, a row each, which nobody changes later.

It is a file of its own beside the index, whichever database that is in, so that a new
one takes the old one's place by a rename.  While it is being made it knows how far the
dump is stored: rows and that note are one transaction, so a kill loses neither.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from cratewise.errors import BrokenCatalog, ImportUnderWay, StoreFull

FORM = "1"  # of the tables; a file of another form is not read

_TABLES = """
CREATE TABLE releases (
    id INTEGER PRIMARY KEY, master_id INTEGER, title TEXT NOT NULL, artists TEXT, labels TEXT,
    formats TEXT, genres TEXT, styles TEXT, country TEXT, released TEXT, year INTEGER,
    barcodes TEXT, videos TEXT, credits TEXT
);
CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE masters (id INTEGER PRIMARY KEY, year INTEGER);
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_ADD = f"INSERT OR REPLACE INTO releases VALUES ({', '.join('?' * 14)})"  # noqa: S608 - our own marks

# What others ask for besides ids.  Rows come in the order of the key, which fills the
# pages of a table without a row id from left to right.
_FINISH = (
    "CREATE INDEX releases_by_master ON releases (master_id, year) WHERE master_id IS NOT NULL",
    "INSERT OR IGNORE INTO masters SELECT master_id, min(year) FROM releases"
    " WHERE master_id IS NOT NULL GROUP BY master_id",
    *(
        statement
        for one in ("artist", "label")
        for statement in (
            f"CREATE TABLE {one}_releases ({one}_id INTEGER, release_id INTEGER,"
            f" PRIMARY KEY ({one}_id, release_id)) WITHOUT ROWID",
            f"INSERT OR IGNORE INTO {one}_releases"  # noqa: S608 - our own names
            " SELECT json_extract(told.value, '$[0]') AS one, releases.id"
            f" FROM releases, json_each(releases.{one}s) AS told"
            " WHERE one > 0 ORDER BY one, releases.id",
        )
    ),
    "ANALYZE",
)


class CatalogWriter:
    """A catalogue that is being made; a context manager.

    Raises StoreFull when the disk is full, ImportUnderWay when another process makes it,
    BrokenCatalog when a file that is there is no catalogue.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with _worded(path):
            self._db = sqlite3.connect(path, isolation_level=None, timeout=0)
            # Held until the end: a second import into this file finds out at once.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            # A power cut costs the last commits, never the file; a kill costs nothing.
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA cache_size = -65536")
            self._db.execute("PRAGMA temp_store = FILE")
            self._db.execute("PRAGMA threads = 2")  # that sort the indexes
            if not self._has_tables():
                self._db.executescript(f"BEGIN; {_TABLES} COMMIT;")
        self._roles: dict[str, int] = {}
        self._new_roles: list[tuple[int, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def about(self) -> dict[str, str]:
        """What is noted of the catalogue and of how far it is."""
        with _worded(self.path):
            return dict(self._db.execute("SELECT name, value FROM about"))

    def note(self, **about: object) -> None:
        with _worded(self.path):
            self._note(about)

    def number_of_role(self, name: str) -> int:
        """The number of a role, a new one if it was not met before."""
        if not self._roles:
            rows = self._db.execute("SELECT name, id FROM roles")
            self._roles = dict(rows.fetchall()) or {"": 0}
        number = self._roles.get(name)
        if number is None:
            number = self._roles[name] = len(self._roles)
            self._new_roles.append((number, name))
        return number

    def known_people(self) -> Iterator[int]:
        """The numbers of those whose names are stored."""
        with _worded(self.path):
            yield from (number for (number,) in self._db.execute("SELECT id FROM people"))

    def add(
        self, rows: Sequence[tuple[Any, ...]], people: Sequence[tuple[int, str]], **about: object
    ) -> None:
        """Store releases, with what is to be noted of it; all or nothing.

        rows    the columns of `releases`; of two with one id the later one stays.
        people  number and name of those who are credited.
        """
        with _worded(self.path), self._transaction():
            self._db.executemany(_ADD, rows)
            self._db.executemany("INSERT OR IGNORE INTO people VALUES (?, ?)", people)
            self._db.executemany("INSERT OR REPLACE INTO roles VALUES (?, ?)", self._new_roles)
            self._note(about)
        self._new_roles.clear()

    def add_masters(self, years: Sequence[tuple[int, int]], **about: object) -> None:
        """Store in which year masters first came out: (number, year)."""
        with _worded(self.path), self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO masters VALUES (?, ?)", years)
            self._note(about)

    def count(self) -> int:
        with _worded(self.path):
            return int(self._db.execute("SELECT count(*) FROM releases").fetchone()[0])

    def finish(self, **about: object) -> None:
        """Make what others look things up by, all or nothing, and put all into one file."""
        with _worded(self.path):
            with self._transaction():
                for statement in _FINISH:
                    self._db.execute(statement)
                self._note({**about, "form": FORM})
            # A reader cannot make the files that a log beside it would need.
            self._db.execute("PRAGMA journal_mode = DELETE")

    def _has_tables(self) -> bool:
        found = self._db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'about'")
        return bool(found.fetchone()[0])

    def _note(self, about: dict[str, object]) -> None:
        told = [(name, str(value)) for name, value in about.items()]
        self._db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", told)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # a full disk ends it by itself
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


@contextmanager
def _worded(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = str(error)
        if "full" in said or "disk I/O" in said:
            raise StoreFull(
                f"No space is left for the catalogue in {path.parent} ({said}): what is stored of "
                "it stays, and the same import goes on there once there is space."
            ) from error
        if "locked" in said:
            raise ImportUnderWay(path) from error
        raise BrokenCatalog(path, said) from error


def how_far(path: Path) -> tuple[str, int] | None:
    """Of which dump a catalogue is being made, and how many releases are stored; None: none."""
    if not path.exists():
        return None
    with _worded(path):
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0)
        try:
            about = dict(db.execute("SELECT name, value FROM about"))
        finally:
            db.close()
    return about.get("being_made_of", "").partition(" ")[0], int(about.get("offered", 0))
