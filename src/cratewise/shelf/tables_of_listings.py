"""Exports that are no text: Parquet for analysis, XLSX for spreadsheets.

Both libraries load when somebody asks for such a file: they are large.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from cratewise.notices import API_NOTICE, DATA_NOTICE
from cratewise.shelf.exported import COLUMNS, NAMES, Column, Values

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BATCHES_A_GROUP = 10  # of Parquet: 20,000 rows, 10 MB; readers skip whole groups
ROWS_A_SHEET = 1_000_000  # XLSX ends a sheet at 1,048,576
LONGEST_CELL = 32_767  # letters, of XLSX
PIECE_BYTES = 1 << 18


def parquet_pieces(batches: Iterable[list[Values]]) -> Iterator[bytes]:
    """A Parquet file: prices as floating numbers, moments in UTC, names as lists."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(pa)
    sink = _Sink()
    with pq.ParquetWriter(pa.PythonFile(sink, "w"), schema, compression="zstd") as writer:
        group: list[Any] = []
        for batch in batches:
            group.append(_record_batch(pa, schema, batch))
            if len(group) == BATCHES_A_GROUP:
                writer.write_table(pa.Table.from_batches(group))
                group = []
                yield sink.taken()
        if group:
            writer.write_table(pa.Table.from_batches(group))
    yield sink.taken()


def xlsx_pieces(batches: Iterable[list[Values]]) -> Iterator[bytes]:
    """A workbook: as many sheets as the listings need, and one with the notices.

    Texts are written as texts, which no spreadsheet runs.  A workbook is put together
    at its end, so nothing comes before all is written to a file on disk.
    """
    import xlsxwriter

    with tempfile.TemporaryFile(prefix="cratewise-", suffix=".xlsx") as file:
        with xlsxwriter.Workbook(
            file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
        ) as book:
            _write_sheets(book, batches)
            notices = book.add_worksheet("Notices")
            notices.write_string(0, 0, DATA_NOTICE)
            notices.write_string(1, 0, API_NOTICE)
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


def _schema(pa: Any) -> Any:
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


def _record_batch(pa: Any, schema: Any, batch: list[Values]) -> Any:
    arrays = [
        pa.array(_measured(column, values), type=field.type)
        for column, values, field in zip(COLUMNS, batch, schema, strict=True)
    ]
    return pa.record_batch(arrays, schema=schema)


def _measured(column: Column, values: Values) -> Sequence[Any]:
    """Values as Parquet has them."""
    match column.kind:
        case "price":
            return [None if value is None else float(value) for value in values]
        case "flag":
            return list(map(bool, values))
        case "names" | "ids":
            return list(map(_list_of, values))
    return values


@lru_cache(maxsize=50_000)  # few different lists of styles stand on many releases
def _list_of(names: str | None) -> list[Any] | None:
    found: list[Any] | None = None if names is None else msgspec.json.decode(names)
    return found


def _write_sheets(book: Any, batches: Iterable[list[Values]]) -> None:
    sheet, row = _new_sheet(book, 1), 1
    sheets = 1
    for batch in batches:
        for listing in zip(*batch, strict=True):
            if row > ROWS_A_SHEET:
                sheets += 1
                sheet, row = _new_sheet(book, sheets), 1
            for place, (column, value) in enumerate(zip(COLUMNS, listing, strict=True)):
                if value is not None and value != "":
                    _write_cell(sheet, row, place, column, value)
            row += 1


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
            moment = EPOCH + timedelta(seconds=value // 1_000_000)
            sheet.write_datetime(row, place, moment.replace(tzinfo=None))
        case "names" | "ids":
            names = ", ".join(str(name) for name in msgspec.json.decode(value))
            sheet.write_string(row, place, names[:LONGEST_CELL])
