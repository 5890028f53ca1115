"""Listings as files, streamed: CSV for spreadsheets, JSON and NDJSON for programs.

    rows of the database -> columns -> values -> a piece of the file

Memory stays constant however many there are.  Each form carries both notices of
Discogs' terms where its readers do not stumble over them: JSON in a field of the
document, NDJSON and CSV in a field `notice` of the first listing, Parquet in the
file's own remarks, XLSX on a second sheet.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Literal, Protocol

from cratewise.cells import RUN_BY_SPREADSHEETS
from cratewise.shelf.exported import Currency

Form = Literal["csv", "json", "ndjson", "parquet", "xlsx"]

MEDIA_TYPES: Mapping[Form, str] = {
    "csv": "text/csv",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMS: tuple[Form, ...] = tuple(MEDIA_TYPES)
AHEAD = 4  # batches that wait to be written while others are read
PIECE_BYTES = 1 << 18  # at most


class Told(Protocol):
    """Some listings; store/export_rows.py reads them."""

    def table(self) -> Any:
        """A pyarrow.Table of its COLUMNS, a listing a row."""


class Writer(Protocol):
    """Writes a file of one form, piece by piece."""

    def piece(self, values: Sequence[Any]) -> bytes:
        """What some listings add to the file; values: arrays, a column each."""

    def end(self) -> Iterator[bytes]:
        """What comes behind the last of them."""


def export(
    batches: Iterable[Told], form: Form, own: Currency, *, is_raw: bool = False
) -> Iterator[bytes]:
    """A file of listings, piece by piece.

    own     in which currency `own_price` is told.
    is_raw  CSV only: a text that a spreadsheet would run gets no apostrophe in front.
    """
    from cratewise.shelf.exported_values import Exporter

    values, writer = Exporter(own), _writer(form, is_raw=is_raw)
    # The database reads the next ones while Arrow makes a piece of these.
    with ThreadPoolExecutor(1, thread_name_prefix="export") as pool:
        waiting: deque[Future[bytes]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_piece, batch, values, writer))
            if len(waiting) > AHEAD:
                yield from _cut(waiting.popleft().result())
        while waiting:
            yield from _cut(waiting.popleft().result())
    for piece in writer.end():
        yield from _cut(piece)


def _piece(batch: Told, values: Any, writer: Writer) -> bytes:
    return writer.piece(values(batch.table()))


def _cut(piece: bytes) -> Iterator[bytes]:
    for start in range(0, len(piece), PIECE_BYTES):
        yield piece[start : start + PIECE_BYTES]


def _writer(form: Form, *, is_raw: bool) -> Writer:
    from cratewise.shelf.export_texts import CsvWriter, JsonWriter, NdjsonWriter
    from cratewise.shelf.tables_of_listings import ParquetWriter, XlsxWriter

    match form:
        case "csv":
            return CsvWriter(is_raw=is_raw)
        case "json":
            return JsonWriter()
        case "ndjson":
            return NdjsonWriter()
        case "parquet":
            return ParquetWriter()
        case "xlsx":
            return XlsxWriter()


def as_cell(value: Any) -> str:
    """A single value as CSV has it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case str():
            return f"'{value}" if value[:1] in RUN_BY_SPREADSHEETS else value
        case _:
            return str(value)
