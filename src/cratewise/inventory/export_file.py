"""Open one of Discogs' official exports: its encoding, its columns, its records by line.

A spreadsheet may have saved it again, so Windows' encoding and semicolons or tabs
between columns are understood too.  What the columns mean is csv_import.py's.
"""

import codecs
import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from cratewise.cells import RUN_BY_SPREADSHEETS
from cratewise.errors import ImportRefused, WrongColumns
from cratewise.inventory.own_export import as_discogs_writes, is_our_own

# What both column sets of the export have, of 2020 and of 2026, and a listing consists of;
# the rest is the seller's own bookkeeping.
COLUMNS = (
    "listing_id", "artist", "title", "label", "catno", "format", "release_id", "status",
    "price", "listed", "comments", "media_condition", "sleeve_condition", "accept_offer",
)  # fmt: skip

DELIMITERS = ",;\t"
PIECE_BYTES = 1 << 16  # read at once; the header must end within the first piece

UTF_8 = "utf-8"
WINDOWS = "cp1252"


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file.

    line    where it begins, counted from 1 for the header.
    fields  by column, as they stand there.
    """

    line: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A row that cannot be read, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ExportFile:
    """An open export; its records can be read once.

    encoding   'utf-8' or 'cp1252'.
    delimiter  what stands between columns.
    columns    their names, in small letters.
    """

    encoding: str
    delimiter: str
    columns: Sequence[str]
    records: Iterator[Record | BadLine]


@contextmanager
def opened_export(
    path: Path, *, columns: Sequence[str] = COLUMNS, what: str = "inventory export"
) -> Iterator[ExportFile]:
    """Open an export and read its header.

    columns  that it must have, in small letters; one of our own exports of listings is
             read as if it had those of the official one.
    what     the export is called, should it lack one.

    Raises ImportRefused when it cannot be read or is no such file, WrongColumns when
    columns are missing.
    """
    encoding = _encoding_of(path)
    # What cannot be decoded here is the end of a file that was cut off, or one of five
    # bytes that Windows gives no meaning: one odd letter costs less than its row.
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        lines = _Lines(stream)
        delimiter = _delimiter(lines)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        found = _columns(path, reader)
        records = _records(lines, reader, found)
        missing = [name for name in columns if name not in found]
        if missing and columns is COLUMNS and is_our_own(found):
            records = map(_translated, records)
        elif missing:
            raise WrongColumns(str(path), missing=missing, found=found, what=what)
        yield ExportFile(encoding.removesuffix("-sig"), delimiter, found, records)


def _translated(record: Record | BadLine) -> Record | BadLine:
    if isinstance(record, BadLine):
        return record
    return Record(record.line, as_discogs_writes(record.fields))


class _Lines(Iterator[str]):
    """The lines of a file, counted; those of one record can be read again.

    A quote that is never closed makes a reader swallow all that follows.  Reading on
    behind the line that opened it saves the rest.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._count = 0

    @property
    def first(self) -> int:
        """The number of the first line since `begin`."""
        return self._count - len(self._taken) + 1

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._stream)
        self._taken.append(line)
        self._count += 1
        return line

    def begin(self) -> None:
        self._taken.clear()

    def give_back(self, *, keep: int) -> None:
        """Return all lines since `begin` but the first `keep`."""
        self._again.extendleft(reversed(self._taken[keep:]))
        self._count -= len(self._taken[keep:])
        del self._taken[keep:]


def _records(
    lines: _Lines, reader: Iterator[list[str]], columns: Sequence[str]
) -> Iterator[Record | BadLine]:
    while True:
        lines.begin()
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadLine(lines.first, f"Its quotes do not match: {error}.")
            lines.give_back(keep=1)
            continue
        if not any(value.strip() for value in values):
            continue  # an empty line, or a spreadsheet's empty row
        if len(values) != len(columns):
            reason = f"It has {len(values)} columns where the header has {len(columns)}."
            yield BadLine(lines.first, reason)
            lines.give_back(keep=1)
        else:
            yield Record(lines.first, dict(zip(columns, map(_without_guard, values), strict=True)))


def _without_guard(text: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it."""
    return text[1:] if text.startswith("'") and text[1:2] in RUN_BY_SPREADSHEETS else text


def _columns(path: Path, reader: Iterator[list[str]]) -> list[str]:
    try:
        return [name.strip().lower() for name in next(reader)]
    except (StopIteration, csv.Error):
        raise ImportRefused(f"{path} does not begin with a row of column names.") from None


def _delimiter(lines: _Lines) -> str:
    header = next(lines, "")
    lines.give_back(keep=0)
    return max(DELIMITERS, key=header.count)


def _encoding_of(path: Path) -> str:
    """UTF-8 if every byte of the file is; else Windows' Western European.

    Raises ImportRefused.
    """
    if path.exists() and not path.is_file():
        raise ImportRefused(f"{path} is not a file.")
    try:
        with path.open("rb") as stream:
            pieces = iter(lambda: stream.read(PIECE_BYTES), b"")
            first = next(pieces, b"")
            _refuse_unless_text(path, first)
            if first.startswith(codecs.BOM_UTF8):
                return f"{UTF_8}-sig"
            return UTF_8 if _is_utf_8(first, pieces) else WINDOWS
    except FileNotFoundError:
        raise ImportRefused(f"There is no file {path}.") from None
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from error


def _refuse_unless_text(path: Path, first: bytes) -> None:
    if not first.strip():
        raise ImportRefused(f"{path} is empty.")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ImportRefused(
            f"{path} is encoded in UTF-16: save it as UTF-8 (a spreadsheet calls it "
            "“CSV UTF-8”) and import that."
        )
    if b"\0" in first or (len(first) == PIECE_BYTES and not {*b"\r\n"} & {*first}):
        raise ImportRefused(
            f"{path} is not a text file: an archive has to be unpacked first, a spreadsheet "
            "saved as CSV."
        )


def _is_utf_8(first: bytes, others: Iterator[bytes]) -> bool:
    # The last letter may be cut in two, as in a download that broke off: not `final`.
    decoder = codecs.getincrementaldecoder(UTF_8)()
    try:
        decoder.decode(first)
        for piece in others:
            decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    return True
