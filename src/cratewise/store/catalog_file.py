"""Write a catalogue: one SQLite file of releases, a row each, which nobody changes later.

It is a file of its own beside the index, whichever database that is in, so that a new
one takes the old one's place by a rename.  While it is being made it knows how far the
dump is stored: rows and that note are one transaction, so a kill loses neither.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import msgspec

from cratewise.errors import BrokenCatalog, ImportUnderWay, StoreFull
from cratewise.store import catalog_links as links
from cratewise.store.catalog_links import DRAWERS, KINDS, Kind, Pairs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

FORM = "3"  # of the tables; a file of another form is not read
LOG_PAGES = 16_384  # 64 MB: SQLite's log is folded into the file so rarely

_TABLES = """
CREATE TABLE releases (
    id INTEGER PRIMARY KEY, outline BLOB NOT NULL, told BLOB NOT NULL, credits BLOB
);
CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE masters (id INTEGER PRIMARY KEY, year INTEGER);
CREATE TABLE links (
    kind TEXT, drawer INTEGER, first INTEGER, last INTEGER, numbers BLOB, releases BLOB
);
CREATE INDEX links_by_last ON links (kind, drawer, last);
CREATE TABLE unsorted_links (
    part INTEGER, kind TEXT, drawer INTEGER, numbers BLOB, releases BLOB, years BLOB
);
CREATE INDEX unsorted_links_by_drawer ON unsorted_links (kind, drawer);
CREATE TABLE doubled (release_id INTEGER PRIMARY KEY, part INTEGER);
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
ROWS_AT_ONCE = 64  # in one statement: beginning one takes as long as storing a row
_ADD = "INSERT OR REPLACE INTO releases VALUES (?, ?, ?, ?)"
_ADD_MANY = _ADD + ", (?, ?, ?, ?)" * (ROWS_AT_ONCE - 1)
_FIRST_YEAR = """
INSERT INTO masters VALUES (?, ?)
ON CONFLICT (id) DO UPDATE SET year = excluded.year WHERE excluded.year < year
"""
_THERE = """
SELECT releases.id FROM json_each(?) AS told CROSS JOIN releases ON releases.id = told.value
"""


class Columns(NamedTuple):
    """What is kept of n releases; texts in UTF-8, which need not be decoded for that.

    outline, told  see catalog/told.py.
    credits        see catalog/parsed.py.
    """

    outline: Sequence[bytes]
    told: Sequence[bytes]
    credits: Sequence[bytes | None]


class CatalogWriter:
    """A catalogue that is being made; a context manager.

    doubled  how many releases took the place of one with the same number.

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
            self._db.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
            self._db.execute("PRAGMA cache_size = -32768")
            if not self._has_tables():
                self._db.executescript(f"BEGIN; {_TABLES} COMMIT;")
        self._roles: dict[str, int] = {}
        self._new_roles: list[tuple[int, str]] = []
        self._pairs: dict[Kind, list[Pairs]] = {kind: [] for kind in KINDS}
        self._last_id = -1  # unknown yet
        about = self.about()
        self.doubled = self._doubled_before = int(about.get("doubled", 0))
        self._part = int(about.get("part", 0)) + 1  # what one transaction stores

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
        self,
        ids: "Numbers",
        columns: Columns,
        pairs: Mapping[Kind, Pairs],
        people: Sequence[tuple[int, str]],
    ) -> None:
        """Store releases, until `commit` only for the time being.

        An error undoes all since the last `commit`, `doubled` too.

        ids     of n releases; of two with one id the later stays.
        people  number and name of those who are credited.
        """
        with _worded(self.path):
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            with self._undone_on_error():
                self._note_doubled(ids)
                self._add_rows(ids.tolist(), *columns)
                self._db.executemany("INSERT OR IGNORE INTO people VALUES (?, ?)", people)
                for kind, some in pairs.items():
                    self._pairs[kind].append(some)

    def _add_rows(self, *columns: Sequence[object]) -> None:
        values: list[object] = [None] * (len(columns) * len(columns[0]))
        for place, column in enumerate(columns):
            values[place :: len(columns)] = column
        step = ROWS_AT_ONCE * len(columns)
        many = len(values) // step * step
        self._db.executemany(_ADD_MANY, (values[at : at + step] for at in range(0, many, step)))
        rest = range(many, len(values), len(columns))
        self._db.executemany(_ADD, (values[at : at + len(columns)] for at in rest))

    def commit(self, **about: object) -> None:
        """Keep what was added, with what is to be noted of it; all or nothing."""
        with _worded(self.path):
            if not self._db.in_transaction:
                return
            with self._undone_on_error():
                for kind, some in self._pairs.items():
                    self._db.executemany(
                        "INSERT INTO unsorted_links VALUES (?, ?, ?, ?, ?, ?)",
                        ((self._part, kind, *drawn) for drawn in links.drawn(some)),
                    )
                self._db.executemany("INSERT OR REPLACE INTO roles VALUES (?, ?)", self._new_roles)
                self._note({**about, "part": self._part, "doubled": self.doubled})
                self._db.execute("COMMIT")
        self._part += 1
        self._doubled_before = self.doubled
        self._forget_pairs()
        self._new_roles.clear()

    def add_masters(self, years: Sequence[tuple[int, int]]) -> None:
        """Store in which year masters first came out: (number, year)."""
        with _worded(self.path), self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO masters VALUES (?, ?)", years)

    def add_first_years(self, years: Mapping[int, int]) -> None:
        """Keep the earlier year of each master, until `commit` only for the time being."""
        if not years:
            return
        with _worded(self.path):
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            with self._undone_on_error():
                self._db.executemany(_FIRST_YEAR, sorted(years.items()))

    def finish(self, **about: object) -> None:
        """Sort what others look things up by, and put all into one file.

        Killed in between, it goes on behind the last drawer.
        """
        with _worded(self.path):
            for kind in KINDS:
                for drawer in range(DRAWERS):
                    with self._transaction():
                        self._sort(kind, drawer)
            with self._transaction():
                self._db.execute("DELETE FROM doubled")
                self._db.execute("DELETE FROM about WHERE name = 'part'")
                self._note({**about, "form": FORM})
            # A reader cannot make the files that a log beside it would need.
            self._db.execute("PRAGMA journal_mode = DELETE")

    # -- links ---------------------------------------------------------------

    def _sort(self, kind: Kind, drawer: int) -> None:
        place = (kind, drawer)
        rows = self._db.execute(
            "SELECT part, numbers, releases, years FROM unsorted_links WHERE kind = ? AND "
            "drawer = ? ORDER BY rowid",
            place,
        ).fetchall()
        if not rows:
            return
        # Deleted first: the blocks then take the room of what they are made of.
        self._db.execute("DELETE FROM unsorted_links WHERE kind = ? AND drawer = ?", place)
        parts = [self._of_last(part, links.gathered(*drawn)) for part, *drawn in rows]
        pairs = links.in_order(links.joined(parts))
        self._db.executemany(
            "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?)",
            ((*place, *block) for block in links.blocks(pairs)),
        )
        if kind == "master":  # a dump of masters knows better
            years = links.first_years(pairs)
            self._db.executemany("INSERT OR IGNORE INTO masters VALUES (?, ?)", years.items())

    def _note_doubled(self, ids: "Numbers") -> None:
        """Note which releases are there already; a dump's numbers ascend, so hardly any ever is."""
        import numpy as np

        if not ids.size:
            return
        if self._last_id < 0:
            self._last_id = self._db.execute("SELECT max(id) FROM releases").fetchone()[0] or 0
        if ids[0] <= self._last_id or (np.diff(ids) <= 0).any():
            distinct = np.unique(ids)
            asked = msgspec.json.encode(distinct.tolist()).decode()
            there = [number for (number,) in self._db.execute(_THERE, (asked,))]
            self.doubled += len(there) + len(ids) - len(distinct)
            self._db.executemany(
                "INSERT OR REPLACE INTO doubled VALUES (?, ?)",
                ((number, self._part) for number in there),
            )
            for some in self._pairs.values():
                some[:] = [links.without(one, np.array(there)) for one in some]
        self._last_id = max(self._last_id, int(ids.max()))

    def _of_last(self, part: int, pairs: Pairs) -> Pairs:
        """A part's pairs, but those of releases that a later part told anew."""
        import numpy as np

        if not self.doubled:
            return pairs
        later = self._db.execute("SELECT release_id FROM doubled WHERE part > ?", (part,))
        return links.without(pairs, np.array([number for (number,) in later], dtype=np.int64))

    def _forget_pairs(self) -> None:
        for some in self._pairs.values():
            some.clear()

    # -- SQLite --------------------------------------------------------------

    def _has_tables(self) -> bool:
        found = self._db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'about'")
        return bool(found.fetchone()[0])

    def _note(self, about: Mapping[str, object]) -> None:
        told = [(name, str(value)) for name, value in about.items()]
        self._db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", told)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        with self._undone_on_error():
            yield
            self._db.execute("COMMIT")

    @contextmanager
    def _undone_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._forget_pairs()
            self.doubled = self._doubled_before
            if self._db.in_transaction:  # a full disk ends it by itself
                self._db.execute("ROLLBACK")
            raise


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
