"""Ask a catalogue: releases by number, by master, by artist, by label.

The file is read without any lock, since nobody changes it: a newer one takes its
name, and whoever has this one open goes on reading it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

import msgspec

from cratewise.errors import BrokenCatalog, NoCatalog
from cratewise.store.catalog_file import FORM
from cratewise.store.catalog_links import Kind, drawer_of, releases_in

MARK = "\x1d"  # between two texts, which hold no such character (catalog/parsed.py)

# `CROSS JOIN` keeps the order: one step through the file, ids ascending.
# A text begins with its master's number (catalog/told.py), and so does it as a number.
_ROWS = """
SELECT releases.id, told, (SELECT year FROM masters WHERE masters.id = CAST(told AS INTEGER)) {}
FROM json_each(?) AS wanted CROSS JOIN releases ON releases.id = wanted.value
"""
# All in three values: a value a row would hold Python's lock for each of them.
_TOLD = f"""
SELECT group_concat(id), group_concat(CAST(told AS TEXT), char({ord(MARK)})),
    group_concat(coalesce(year, 0))
FROM ({_ROWS.format("AS year")})
"""  # noqa: S608 - our own names
_WHOLE = _ROWS.format(", credits")
_CREDITS = """
SELECT releases.id, credits FROM json_each(?) AS wanted CROSS JOIN releases
ON releases.id = wanted.value WHERE credits IS NOT NULL
"""
_LINKS = """
SELECT first, numbers, releases FROM links WHERE kind = ? AND drawer = ? AND last >= ?
ORDER BY last, rowid
"""
_NAMES = """
SELECT people.id, name FROM json_each(?) AS wanted CROSS JOIN people ON people.id = wanted.value
"""


class Joined(NamedTuple):
    """Numbers, texts and original years of releases, ascending, as they come; None: of none."""

    numbers: str | None
    texts: str | None
    years: str | None

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Number, text and year of each, "0" for a year that is not known."""
        if self.numbers and self.texts and self.years:
            rows = (self.numbers.split(","), self.texts.split(MARK), self.years.split(","))
            yield from zip(*rows, strict=True)


class CatalogReader:
    """An open catalogue, for one thread.

    about  what is noted of it: file, sha256, releases, made_at, with_credits, ...

    Raises NoCatalog, BrokenCatalog.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise NoCatalog(path)
        self.path = path
        with self._worded():
            self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            self.about = dict(self._db.execute("SELECT name, value FROM about").fetchall())
        if self.about.get("form") != FORM:
            self.close()
            raise BrokenCatalog(path, "another version of Cratewise made it")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def told(self, ids: Iterable[int]) -> Joined:
        """What it has of these releases, in one step without Python's lock."""
        (joined,) = self._rows(_TOLD, _json(ids))
        return Joined._make(joined)

    def whole(self, ids: Iterable[int]) -> list[tuple[int, bytes, int | None, bytes | None]]:
        """As `told`, and who is credited."""
        return list(self._rows(_WHOLE, _json(ids)))

    def credits(self, ids: Iterable[int]) -> dict[int, bytes]:
        """Who did what on those of these releases of which that is known, packed."""
        return dict(self._rows(_CREDITS, _json(ids)))

    def releases_of(self, kind: Kind, number: int) -> list[int]:
        """All releases on which an artist or a label is named, or of a master; ascending."""
        found: list[int] = []
        with self._worded():
            rows = self._db.execute(_LINKS, (kind, drawer_of(number), number))
            for first, numbers, releases in rows:
                if first > number:
                    break
                found += releases_in(numbers, releases, number)
        return found

    def names(self, people: Iterable[int]) -> dict[int, str]:
        """The names of those who are credited."""
        return dict(self._rows(_NAMES, _json(people)))

    def roles(self) -> dict[int, str]:
        return dict(self._rows("SELECT id, name FROM roles"))

    def _rows(self, statement: str, *asked: object) -> Sequence[Any]:
        with self._worded():
            return self._db.execute(statement, asked).fetchall()

    @contextmanager
    def _worded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise BrokenCatalog(self.path, str(error)) from error


def _json(ids: Iterable[int]) -> str:
    return msgspec.json.encode(sorted(set(ids))).decode()
