"""Ask a catalogue: releases by number, by master, by artist, by label.

The file is read without any lock, since nobody changes it: a newer one takes its
name, and whoever has this one open goes on reading it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import msgspec

from cratewise.errors import BrokenCatalog, NoCatalog
from cratewise.store.catalog_file import FORM
from cratewise.store.catalog_links import Kind, drawer_of, releases_in
from cratewise.store.facts import ToldFacts

# `CROSS JOIN` keeps the order: one step through the file, ids ascending.
# An outline begins with its master's number (catalog/told.py), and so does it as a number.
_OUTLINES = """
SELECT releases.id, outline, coalesce(
    (SELECT nullif(year, 0) FROM masters WHERE masters.id = CAST(outline AS INTEGER)), 'null'
) AS year {} FROM json_each(?) AS wanted CROSS JOIN releases ON releases.id = wanted.value
"""
_OUTLINE = "'[' || id || ',' || year || ',' || outline || ']'"
# All in one value: a value a row would hold Python's lock for each of them.
_ALL = f"SELECT '[' || group_concat({_OUTLINE}) || ']' FROM ({_OUTLINES.format('')})"  # noqa: S608 - our own names
_WHOLE = (
    f"SELECT {_OUTLINE}, CAST(told AS TEXT), credits FROM ({_OUTLINES.format(', told, credits')})"  # noqa: S608 - likewise
)
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

_outlines = msgspec.json.Decoder(list[ToldFacts])


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

    def outlines(self, ids: Iterable[int]) -> list[ToldFacts]:
        """What it has of these releases that enriches a listing, ascending."""
        ((found,),) = self._rows(_ALL, _json(ids))
        return self._decoded(found) if found else []

    def whole(self, ids: Iterable[int]) -> list[tuple[ToldFacts, str, bytes | None]]:
        """As `outlines`, all else that is told of them, and who is credited."""
        rows = self._rows(_WHOLE, _json(ids))
        found = self._decoded(f"[{','.join(outline for outline, _, _ in rows)}]")
        return [(one, told, credits) for one, (_, told, credits) in zip(found, rows, strict=True)]

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

    def _decoded(self, outlines: str) -> list[ToldFacts]:
        try:
            return _outlines.decode(outlines)
        except msgspec.DecodeError as error:
            raise BrokenCatalog(self.path, str(error)) from error

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
