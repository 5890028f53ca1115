"""Rows of SQLite's as one long text a column: none of them becomes an object of Python's.

    SELECT group_concat(id, MARK), group_concat(title, MARK) ... -> split by Arrow, column by column

SQLite joins the texts, and Arrow takes them apart, without holding Python's lock, so that
both go on at once in two threads; and a number or a text costs half of what a driver's does.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

MARK = "\x1f"  # between two rows; names hold no control characters, see catalog/parsed.py
NOTHING = "\x1e"  # NULL


def joined(column: str) -> str:
    """SQL for a column of all rows as one text; of floats it has 15 digits."""
    return f"CAST(group_concat(coalesce({column}, '{NOTHING}'), '{MARK}') AS BLOB)"


class ColumnTexts:
    """Some rows, told as `joined` does; arrays of Arrow's once somebody asks for them.

    kinds  of the columns, by name: names of Arrow's types.
    told   their texts; None: there are no rows.
    count  of rows.
    """

    def __init__(self, kinds: Mapping[str, str], told: Sequence[bytes | None], count: int) -> None:
        self._told = dict(zip(kinds, told, strict=True))
        self._kinds = kinds
        self._count = count
        self._arrays: dict[str, Any] = {}

    @property
    def is_plain(self) -> bool:
        """Whether no text holds a mark itself, so that it can be told where each row ends."""
        marks = max(self._count - 1, 0)
        return all((text or b"").count(MARK.encode()) == marks for text in self._told.values())

    def array(self, name: str) -> Any:
        """A column as an array; its text is given up for it."""
        if name not in self._arrays:
            self._arrays[name] = self._split(self._told.pop(name), self._kinds[name])
        return self._arrays[name]

    def _split(self, text: bytes | None, kind: str) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        if not self._count or text is None:
            return pa.array([], kind)
        whole = pa.array([text], pa.large_binary()).cast(pa.large_string())
        values = pc.split_pattern(whole, MARK).values.cast(pa.string())
        is_told = pc.not_equal(values, NOTHING)
        told = is_told.true_count
        if not told:
            return pa.nulls(self._count, kind)
        if told < self._count:
            values = pc.if_else(is_told, values, None)
        return values if kind == "string" else values.cast(kind)

    @cached_property
    def table(self) -> Any:
        """All of it as a pyarrow.Table."""
        import pyarrow as pa

        return pa.table({name: self.array(name) for name in self._kinds})
