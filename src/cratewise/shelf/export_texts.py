"""Exports that are texts: CSV for spreadsheets, JSON and NDJSON for programs.

A listing's line is joined of whole columns in C++, quotes, commas and all, so that it costs
a microsecond or two.  Loaded with Arrow when somebody exports.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cratewise.cells import RUN_BY_SPREADSHEETS
from cratewise.notices import API_NOTICE, DATA_NOTICE
from cratewise.shelf.exported import COLUMNS, NAMES, Column
from cratewise.shelf.exported_values import Array

NOTICE = f"{DATA_NOTICE} {API_NOTICE}"
FIRST_LETTER = 32  # what comes before it are control characters

_IN_QUOTES = frozenset({"text", "names", "ids"})  # of CSV
_AS_THEY_ARE = frozenset({"flag", "whole", "number", "price", "names", "ids"})  # of JSON
_RUN = pa.array(sorted(RUN_BY_SPREADSHEETS))


class CsvWriter:
    """A header and a row a listing (RFC 4180), texts in quotes.

    is_raw  a text that a spreadsheet would run gets no apostrophe in front.
    """

    def __init__(self, *, is_raw: bool) -> None:
        self._is_raw = is_raw
        self._before = (",".join((*NAMES, "notice")) + "\r\n").encode()

    def piece(self, values: Sequence[Array]) -> bytes:
        parts: list[Any] = []
        for column, array in zip(COLUMNS, values, strict=True):
            cell = self._cell(column, array)
            parts += ['"', cell, '",'] if column.kind in _IN_QUOTES else [cell, ","]
        notice = f'"{NOTICE}"' if self._before else ""
        first, self._before = self._before, b""
        return first + _lines([*parts, _once(notice, len(values[0])), "\r\n"])

    def end(self) -> Iterator[bytes]:
        yield self._before

    def _cell(self, column: Column, array: Array) -> Array:
        if column.kind in {"names", "ids"}:
            array = _each_distinct(array, _joined_names)
        if column.may_run and not self._is_raw:
            is_run = pc.is_in(pc.utf8_slice_codeunits(array, 0, 1), _RUN)
            if is_run.true_count:
                guarded = pc.binary_join_element_wise("'", array, "")
                array = pc.if_else(is_run, guarded, array)
        if column.kind in _IN_QUOTES:
            return _doubled(array, '"', '"')
        return _plain(column, array)


class NdjsonWriter:
    """A JSON object a line."""

    def __init__(self) -> None:
        self._notice = ',"notice":' + msgspec.json.encode(NOTICE).decode()

    def piece(self, values: Sequence[Array]) -> bytes:
        notice, self._notice = self._notice, ""
        return _lines([*_object(values), _once(notice, len(values[0])), "}\n"])

    def end(self) -> Iterator[bytes]:
        yield b""


class JsonWriter:
    """One JSON object: `notices`, and `listings` one a line."""

    def __init__(self) -> None:
        notices = msgspec.json.encode([DATA_NOTICE, API_NOTICE])
        self._before = b'{"notices": ' + notices + b',\n"listings": ['
        self._between = b"\n"

    def piece(self, values: Sequence[Array]) -> bytes:
        lines = _lines([*_object(values), "},\n"]).removesuffix(b",\n")
        written = self._before + self._between + lines
        self._before, self._between = b"", b",\n"
        return written

    def end(self) -> Iterator[bytes]:
        yield self._before + b"\n]}\n"


def _object(values: Sequence[Array]) -> list[Any]:
    """The parts of JSON objects, but for what closes them."""
    parts: list[Any] = []
    for column, array in zip(COLUMNS, values, strict=True):
        plain = _plain(column, array)
        if column.kind not in _AS_THEY_ARE:
            plain = pc.binary_join_element_wise('"', _escaped(plain), '"', "")
        parts += [f'{"," if parts else "{"}"{column.name}":', plain.fill_null("null")]
    return parts


def _plain(column: Column, array: Array) -> Array:
    """Values as texts, without quotes; null is unknown."""
    if column.kind == "moment":  # to the second, ISO 8601 in UTC
        # Without its zone, which it is twenty times faster to write a moment without.
        written = array.cast(pa.timestamp("s"), safe=False).cast(pa.string())
        written = pc.binary_replace_slice(written, start=10, stop=11, replacement="T")
        return pc.binary_join_element_wise(written, "Z", "")
    return array if pa.types.is_string(array.type) else array.cast(pa.string())


def _lines(parts: Sequence[Any]) -> bytes:
    """Columns and texts between them, joined row by row."""
    merged: list[Any] = []
    for part in parts:
        if merged and isinstance(part, str) and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    told = {"null_handling": "replace", "null_replacement": ""}
    joined = pc.binary_join_element_wise(*merged, "", **told)
    _, offsets, letters = joined.buffers()
    ends = np.frombuffer(offsets, np.int32)[[joined.offset, joined.offset + len(joined)]]
    return bytes(memoryview(letters)[ends[0] : ends[1]])


def _once(text: str, rows: int) -> Array:
    return pa.array([text, *[""] * (rows - 1)])


def _doubled(array: Array, mark: str, before: str) -> Array:
    """A column of texts, a mark in which has another one before it."""
    if (_letters(array) == ord(mark)).any():
        return pc.replace_substring(array, mark, before + mark)
    return array


def _escaped(array: Array) -> Array:
    """Texts as they stand in JSON between quotes."""
    if _letters(array).min(initial=255) < FIRST_LETTER:
        return _each_distinct(array, lambda text: msgspec.json.encode(text).decode()[1:-1])
    return _doubled(_doubled(array, "\\", "\\"), '"', "\\")


def _letters(array: Array) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """All bytes of a column of texts."""
    return np.frombuffer(array.buffers()[2] or b"", np.uint8)


def _each_distinct(array: Array, told: Callable[[str], str]) -> Array:
    coded = array.dictionary_encode()
    texts = pa.array([told(text) for text in coded.dictionary.to_pylist()], pa.string())
    return texts.take(coded.indices)


@lru_cache(maxsize=50_000)  # few different lists of styles stand on many releases
def _joined_names(names: str) -> str:
    return ", ".join(str(name) for name in msgspec.json.decode(names))
