"""Ask a catalogue: releases by number, by master, by artist, by label.

The file is read without any lock, since nobody changes it: a newer one takes its
name, and whoever has this one open goes on reading it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import msgspec

from cratewise.errors import BrokenCatalog, NoCatalog
from cratewise.store.catalog_file import FORM

_ORIGINAL_YEAR = "(SELECT year FROM masters WHERE masters.id = releases.master_id)"
# `CROSS JOIN` keeps the order: one step through the file, ids ascending.
_DESCRIBED = f"""
SELECT releases.id, master_id, {_ORIGINAL_YEAR}, country, genres, styles, artists, labels,
       year
FROM json_each(?) AS wanted CROSS JOIN releases ON releases.id = wanted.value
"""  # noqa: S608 - our own words
_WHOLE = f"""
SELECT releases.id, master_id, {_ORIGINAL_YEAR}, title, artists, labels, formats, genres,
       styles, country, released, year, barcodes, videos, credits
FROM json_each(?) AS wanted CROSS JOIN releases ON releases.id = wanted.value
"""  # noqa: S608
_PRESSINGS = "SELECT id FROM releases WHERE master_id = ? ORDER BY year IS NULL, year, id"
_NAMES = """
SELECT people.id, name FROM json_each(?) AS wanted CROSS JOIN people ON people.id = wanted.value
"""


class DescribedRow(NamedTuple):
    """What enriches a listing, as the file keeps it; lists are JSON, None: none."""

    id: int
    master_id: int | None
    original_year: int | None
    country: str | None
    genres: str | None
    styles: str | None
    artists: str | None
    labels: str | None
    year: int | None


class WholeRow(NamedTuple):
    """All that is known of a release, as the file keeps it."""

    id: int
    master_id: int | None
    original_year: int | None
    title: str
    artists: str | None
    labels: str | None
    formats: str | None
    genres: str | None
    styles: str | None
    country: str | None
    released: str | None
    year: int | None
    barcodes: str | None
    videos: str | None
    credits: str | None


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

    def described(self, ids: Iterable[int]) -> list[DescribedRow]:
        """Those of these releases that the catalogue has, ascending."""
        return [DescribedRow._make(row) for row in self._rows(_DESCRIBED, _json(ids))]

    def whole(self, ids: Iterable[int]) -> list[WholeRow]:
        return [WholeRow._make(row) for row in self._rows(_WHOLE, _json(ids))]

    def pressings(self, master_id: int) -> list[int]:
        """All releases of a master, the earliest first."""
        return [number for (number,) in self._rows(_PRESSINGS, master_id)]

    def releases_of(self, kind: Literal["artist", "label"], number: int) -> list[int]:
        """All releases on which an artist, or on whose sleeve a label, is named; ascending."""
        statement = f"SELECT release_id FROM {kind}_releases WHERE {kind}_id = ?"  # noqa: S608
        return [release for (release,) in self._rows(statement, number)]

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
