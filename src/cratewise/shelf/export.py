"""Write listings to a file, one at a time: CSV for spreadsheets, JSON and NDJSON for programs.

Memory stays constant however many there are.  Each form carries both notices of
Discogs' terms where its readers do not stumble over them: JSON in a field of the
document, NDJSON and CSV in a field `notice` of the first listing.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TextIO

import msgspec

from cratewise.notices import API_NOTICE, DATA_NOTICE
from cratewise.shelf.record import FIELDS, record
from cratewise.store.stock import Listing

# A spreadsheet runs a cell that begins so, whoever wrote it; the last four are the
# same signs in full width, which some spreadsheets take for the plain ones.
RUN_BY_SPREADSHEETS = tuple("=+-@\t\r\n＝＋－＠")


def write_csv(listings: Iterable[Listing], file: TextIO) -> int:
    """A header and a row a listing (RFC 4180); returns how many listings.

    A text that a spreadsheet would run gets an apostrophe in front.
    """
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([*FIELDS, "notice"])
    count = 0
    for count, listing in enumerate(listings, 1):
        cells = [as_cell(value) for value in record(listing).values()]
        writer.writerow([*cells, f"{DATA_NOTICE} {API_NOTICE}" if count == 1 else ""])
    return count


def write_ndjson(listings: Iterable[Listing], file: TextIO) -> int:
    """A JSON object a line; returns how many listings."""
    encoder = msgspec.json.Encoder(decimal_format="number")
    count = 0
    for count, listing in enumerate(listings, 1):
        fields = record(listing)
        if count == 1:
            fields["notice"] = f"{DATA_NOTICE} {API_NOTICE}"
        file.write(encoder.encode(fields).decode() + "\n")
    return count


def write_json(listings: Iterable[Listing], file: TextIO) -> int:
    """One JSON object: `notices`, and `listings` one a line; returns how many."""
    encoder = msgspec.json.Encoder(decimal_format="number")
    notices = encoder.encode([DATA_NOTICE, API_NOTICE]).decode()
    file.write(f'{{"notices": {notices},\n"listings": [')
    count = 0
    for count, listing in enumerate(listings, 1):
        file.write(",\n" if count > 1 else "\n")
        file.write(encoder.encode(record(listing)).decode())
    file.write("\n]}\n")
    return count


FORMS: Mapping[str, Callable[[Iterable[Listing], TextIO], int]] = {
    "csv": write_csv,
    "json": write_json,
    "ndjson": write_ndjson,
}


def as_cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case str():
            return f"'{value}" if value.startswith(RUN_BY_SPREADSHEETS) else value
        case _:
            return str(value)
