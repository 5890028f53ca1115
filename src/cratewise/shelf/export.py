"""Listings as files, streamed: CSV for spreadsheets, JSON and NDJSON for programs.

Memory stays constant however many there are.  Each form carries both notices of
Discogs' terms where its readers do not stumble over them: JSON in a field of the
document, NDJSON and CSV in a field `notice` of the first listing, Parquet in the
file's own remarks, XLSX on a second sheet.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import msgspec
import numpy as np

from cratewise.cells import RUN_BY_SPREADSHEETS
from cratewise.notices import API_NOTICE, DATA_NOTICE
from cratewise.shelf.exported import COLUMNS, NAMES, Currency, Values, exporter
from cratewise.shelf.tables_of_listings import parquet_pieces, xlsx_pieces
from cratewise.store.export_rows import Batch

Form = Literal["csv", "json", "ndjson", "parquet", "xlsx"]

NOTICE = f"{DATA_NOTICE} {API_NOTICE}"

MEDIA_TYPES: Mapping[Form, str] = {
    "csv": "text/csv",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMS: tuple[Form, ...] = tuple(MEDIA_TYPES)


def export(
    batches: Iterable[Batch], form: Form, own: Currency, *, is_raw: bool = False
) -> Iterator[bytes]:
    """A file of listings, piece by piece.

    own     in which currency `own_price` is told.
    is_raw  CSV only: a text that a spreadsheet would run gets no apostrophe in front.
    """
    columns = map(exporter(own), batches)
    match form:
        case "csv":
            return _csv_pieces(columns, is_raw=is_raw)
        case "json":
            return _json_pieces(columns)
        case "ndjson":
            return _ndjson_pieces(columns)
        case "parquet":
            return parquet_pieces(columns)
        case "xlsx":
            return xlsx_pieces(columns)


def _csv_pieces(batches: Iterable[list[Values]], *, is_raw: bool) -> Iterator[bytes]:
    """A header and a row a listing (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*NAMES, "notice"])
    notice = NOTICE
    for batch in batches:
        cells = [_CELLS[column.kind](values) for column, values in zip(COLUMNS, batch, strict=True)]
        if not is_raw:
            cells = [
                _kept_from_running(values) if column.may_run else values
                for column, values in zip(COLUMNS, cells, strict=True)
            ]
        notices = [notice, *[""] * (len(cells[0]) - 1)]
        writer.writerows(zip(*cells, notices, strict=True))
        notice = ""
        yield _taken(text)
    if rest := _taken(text):
        yield rest


def _ndjson_pieces(batches: Iterable[list[Values]]) -> Iterator[bytes]:
    """A JSON object a line."""
    encoder = msgspec.json.Encoder()
    is_first = True
    for rows in _objects(batches):
        if is_first:
            rows[0]["notice"] = NOTICE
            is_first = False
        yield encoder.encode_lines(rows)


def _json_pieces(batches: Iterable[list[Values]]) -> Iterator[bytes]:
    """One JSON object: `notices`, and `listings` one a line."""
    encoder = msgspec.json.Encoder()
    yield b'{"notices": ' + encoder.encode([DATA_NOTICE, API_NOTICE]) + b',\n"listings": ['
    between = b"\n"
    for rows in _objects(batches):
        yield between + b",\n".join(map(encoder.encode, rows))
        between = b",\n"
    yield b"\n]}\n"


def _objects(batches: Iterable[list[Values]]) -> Iterator[list[dict[str, Any]]]:
    for batch in batches:
        told = [_TOLD[column.kind](values) for column, values in zip(COLUMNS, batch, strict=True)]
        yield [dict(zip(NAMES, row, strict=True)) for row in zip(*told, strict=True)]


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


def iso_moments(values: Values) -> Sequence[str | None]:
    """Moments as ISO 8601 in UTC, to the second."""
    micros = np.array([0 if value is None else value for value in values], "datetime64[us]")
    texts = np.datetime_as_string(micros.astype("datetime64[s]")).tolist()
    return [
        None if value is None else f"{text}Z" for value, text in zip(values, texts, strict=True)
    ]


@lru_cache(maxsize=50_000)  # few different lists of styles stand on many releases
def _joined(names: str | None) -> str | None:
    if names is None:
        return None
    return ", ".join(str(name) for name in msgspec.json.decode(names))


def _kept_from_running(values: Values) -> Values:
    return [f"'{text}" if text and text[0] in RUN_BY_SPREADSHEETS else text for text in values]


def _raw_json(values: Values) -> Values:
    return [None if value is None else msgspec.Raw(value.encode()) for value in values]


def _as_they_are(values: Values) -> Values:
    return values


def _flags(values: Values) -> Values:
    return ["true" if value else "false" for value in values]


def _lists(values: Values) -> Values:
    return list(map(_joined, values))


_CELLS: Mapping[str, Callable[[Values], Values]] = {
    **dict.fromkeys(("text", "whole", "number", "price"), _as_they_are),
    "flag": _flags,
    "moment": iso_moments,
    "names": _lists,
    "ids": _lists,
}
_TOLD: Mapping[str, Callable[[Values], Values]] = {
    **dict.fromkeys(("text", "whole", "number"), _as_they_are),
    "flag": lambda values: list(map(bool, values)),
    "moment": iso_moments,
    "price": _raw_json,
    "names": _raw_json,
    "ids": _raw_json,
}


def _taken(text: io.StringIO) -> bytes:
    """What was written, which is forgotten then."""
    written = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return written
