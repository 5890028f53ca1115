"""Exports that are no text: Parquet for analysis, XLSX for spreadsheets.

Loaded with Arrow when somebody exports.
"""

import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from cratewise.notices import API_NOTICE, DATA_NOTICE
from cratewise.shelf.exported import COLUMNS, NAMES, Column
from cratewise.shelf.exported_values import Array

HARDLY_TWICE = frozenset({"listing_id", "posted_at", "first_seen_at", "price_usd", "score", "url"})
ROWS_A_GROUP = 20_000  # of Parquet: 10 MB; readers skip whole groups
ROWS_A_SHEET = 1_000_000  # XLSX ends a sheet at 1,048,576
LONGEST_CELL = 32_767  # letters, of XLSX
PIECE_BYTES = 1 << 18


class ParquetWriter:
    """A Parquet file: prices as floating numbers, moments in UTC, names as lists."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._schema = _schema()
        self._file = pq.ParquetWriter(
            pa.PythonFile(self._sink, "w"),
            self._schema,
            compression="zstd",
            use_dictionary=[name for name in NAMES if name not in HARDLY_TWICE],
        )
        self._group: list[Any] = []

    def piece(self, values: Sequence[Array]) -> bytes:
        arrays = [_measured(column, array) for column, array in zip(COLUMNS, values, strict=True)]
        self._group.append(pa.record_batch(arrays, schema=self._schema))
        if sum(part.num_rows for part in self._group) >= ROWS_A_GROUP:
            self._write()
        return self._sink.taken()

    def end(self) -> Iterator[bytes]:
        self._write()
        self._file.close()
        yield self._sink.taken()

    def _write(self) -> None:
        if self._group:
            self._file.write_table(pa.Table.from_batches(self._group))
            self._group = []


class XlsxWriter:
    """A workbook: as many sheets as the listings need, and one with the notices.

    Texts are written as texts, which no spreadsheet runs.  A workbook is put together
    at its end, so nothing comes before all is written to a file on disk.
    """

    def __init__(self) -> None:
        import xlsxwriter

        self._file = tempfile.TemporaryFile(prefix="cratewise-", suffix=".xlsx")  # noqa: SIM115 - closed at the end
        options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
        self._book = xlsxwriter.Workbook(self._file, options)
        self._sheets = 1
        self._sheet, self._row = _new_sheet(self._book, 1), 1

    def piece(self, values: Sequence[Array]) -> bytes:
        for listing in zip(*(array.to_pylist() for array in values), strict=True):
            if self._row > ROWS_A_SHEET:
                self._sheets += 1
                self._sheet, self._row = _new_sheet(self._book, self._sheets), 1
            for place, (column, value) in enumerate(zip(COLUMNS, listing, strict=True)):
                if value is not None and value != "":
                    _write_cell(self._sheet, self._row, place, column, value)
            self._row += 1
        return b""

    def end(self) -> Iterator[bytes]:
        notices = self._book.add_worksheet("Notices")
        notices.write_string(0, 0, DATA_NOTICE)
        notices.write_string(1, 0, API_NOTICE)
        self._book.close()
        with self._file as file:
            file.seek(0)
            yield from iter(lambda: file.read(PIECE_BYTES), b"")


class _Sink:
    """A file that is read while it is written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._written = 0
        self.closed = False

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        self._written += len(self._pieces[-1])
        return len(self._pieces[-1])

    def tell(self) -> int:
        return self._written

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _schema() -> Any:
    types = {
        "text": pa.string(),
        "flag": pa.bool_(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "price": pa.float64(),
        "moment": pa.timestamp("us", tz="UTC"),
        "names": pa.list_(pa.string()),
        "ids": pa.list_(pa.int64()),
    }
    fields = [pa.field(column.name, types[column.kind]) for column in COLUMNS]
    return pa.schema(fields, metadata={"notice": f"{DATA_NOTICE} {API_NOTICE}"})


def _measured(column: Column, array: Array) -> Array:
    """Values as Parquet has them."""
    match column.kind:
        case "price":
            return array.cast(pa.float64())
        case "names":
            return _lists(array, pa.string())
        case "ids":
            return _lists(array, pa.int64())
    return array


def _lists(array: Array, of: Any) -> Array:
    coded = array.dictionary_encode()
    told = pa.array(map(_list_of, coded.dictionary.to_pylist()), pa.list_(of))
    return told.take(coded.indices)


@lru_cache(maxsize=50_000)  # few different lists of styles stand on many releases
def _list_of(names: str) -> list[Any]:
    found: list[Any] = msgspec.json.decode(names)
    return found


def _new_sheet(book: Any, number: int) -> Any:
    sheet = book.add_worksheet("Listings" if number == 1 else f"Listings {number}")
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(NAMES):
        sheet.write_string(0, place, name)
    return sheet


def _write_cell(sheet: Any, row: int, place: int, column: Column, value: Any) -> None:
    match column.kind:
        case "text":
            sheet.write_string(row, place, value[:LONGEST_CELL])
        case "whole" | "number" | "price":
            sheet.write_number(row, place, float(value))
        case "flag":
            sheet.write_boolean(row, place, bool(value))
        case "moment":
            sheet.write_datetime(row, place, value.replace(microsecond=0, tzinfo=None))
        case "names" | "ids":
            names = ", ".join(str(name) for name in msgspec.json.decode(value))
            sheet.write_string(row, place, names[:LONGEST_CELL])
