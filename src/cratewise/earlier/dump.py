"""Read tables out of a dump that pg_dump wrote as text.

Its rows stand between `COPY table (columns) FROM stdin;` and `\\.`, a line each, columns
between tabs.  Tables stand in the order of their names, listings before the records
that they need, so each table is a pass over the file of its own.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cratewise.earlier.source import COLUMNS, MUST_BE_THERE, opened_text
from cratewise.errors import ImportRefused

_COPY = re.compile(r'^COPY (?:"?[\w$]+"?\.)?"?([\w$]+)"? \((.*)\) FROM stdin;')
_ESCAPED = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
END = "\\."
NOTHING = "\\N"


@contextmanager
def opened_dump(path: Path) -> Iterator["DumpFile"]:
    """Raises ImportRefused when it is no such dump, or lacks a table that matters."""
    yield DumpFile(path)


class DumpFile:
    """A dump whose tables can be read one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._counts = _counted(path)
        if not self._counts:
            raise ImportRefused(
                f"{path} is neither a dump that pg_dump wrote as text (with COPY, not "
                "--inserts) nor the earlier CSV export."
            )
        if missing := [name for name in MUST_BE_THERE if name not in self._counts]:
            raise ImportRefused(f"{path} has no table {' and no '.join(missing)}.")

    def count(self, table: str) -> int | None:
        return self._counts.get(table, 0)

    def rows(self, table: str) -> Iterator[Mapping[str, Any]]:
        with opened_text(self._path) as file:
            for line in file:
                if (begun := _COPY.match(line)) and begun[1] == table:
                    yield from _rows(file, _names(begun[2]), frozenset(COLUMNS[table]))
                    return


def _rows(
    lines: Iterator[str], names: list[str], wanted: frozenset[str]
) -> Iterator[Mapping[str, Any]]:
    for line in lines:
        written = line.rstrip("\r\n")
        if written == END:
            return
        cells = written.split("\t")
        yield {
            name: None if cell == NOTHING else _unescaped(cell)
            for name, cell in zip(names, cells, strict=False)
            if name in wanted
        }


def _counted(path: Path) -> dict[str, int]:
    """How many rows each table has; checks that the last one is whole."""
    counts: dict[str, int] = {}
    table: str | None = None
    try:
        with opened_text(path) as file:
            for line in file:
                if table is None:
                    if begun := _COPY.match(line):
                        table = begun[1]
                        counts[table] = 0
                elif line.rstrip("\r\n") == END:
                    table = None
                else:
                    counts[table] += 1
    except (OSError, EOFError) as error:
        raise ImportRefused(f"{path} breaks off: {error}.") from error
    if table is not None:
        raise ImportRefused(f"{path} breaks off within the table {table}: copy it again.")
    return counts


def _names(written: str) -> list[str]:
    return [name.strip().strip('"') for name in written.split(",")]


def _unescaped(cell: str) -> str:
    return _ESCAPED.sub(_meaning, cell) if "\\" in cell else cell


def _meaning(escaped: re.Match[str]) -> str:
    said = escaped[1]
    if said[0] == "x" and len(said) > 1:
        return chr(int(said[1:], 16))
    return chr(int(said, 8)) if said[0].isdigit() else _MEANT.get(said, said)
