"""Read the earlier CSV export: twelve columns, listings with their records in one row.

It names no release by number and no seller by id, so both are told apart by what is
written of them.
"""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cratewise.earlier.rules import numbered_by_words
from cratewise.earlier.source import LISTINGS, RECORDS, SELLERS, opened_text
from cratewise.errors import ImportRefused, WrongColumns

HEADER = (
    *("Listing ID", "Record Artist", "Record Title", "Record Label", "Record Format"),
    *("Record Year", "Seller", "Record Price", "Media Condition", "Score", "Kept", "Evaluated"),
)
OF_RECORD = HEADER[1:6]


@contextmanager
def opened_csv(path: Path) -> Iterator["CsvExport"]:
    """Raises WrongColumns when a column is missing."""
    yield CsvExport(path)


class CsvExport:
    """An export read once for its records, once for its sellers, once for its listings."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with opened_text(path) as file:
            found = next(csv.reader(file), [])
        found = [name.strip().removeprefix("\ufeff") for name in found]
        if missing := [name for name in HEADER if name not in found]:
            raise WrongColumns(str(path), missing=missing, found=found)
        self._found = found

    def count(self, table: str) -> int | None:
        return None if table in (RECORDS, SELLERS, LISTINGS) else 0

    def rows(self, table: str) -> Iterator[Mapping[str, Any]]:
        if table == RECORDS:
            yield from _distinct(map(_record, self._lines()))
        elif table == SELLERS:
            yield from _distinct(map(_seller, self._lines()))
        elif table == LISTINGS:
            yield from map(_listing, self._lines())

    def _lines(self) -> Iterator[Mapping[str, str]]:
        with opened_text(self._path) as file:
            reader = csv.DictReader(file, fieldnames=self._found, restval="")
            next(reader, None)  # the header
            try:
                yield from reader
            except csv.Error as error:
                raise ImportRefused(f"{self._path}, line {reader.line_num}: {error}.") from error


def _record(line: Mapping[str, str]) -> dict[str, Any]:
    artist, title, label, form, year = (line[name].strip() for name in OF_RECORD)
    return {
        "id": -_record_id(line),
        "artist": artist,
        "title": title,
        "label": label,
        "format": form,
        "year": year,
    }


def _seller(line: Mapping[str, str]) -> dict[str, Any]:
    return {"id": _seller_id(line), "name": line["Seller"]}


def _listing(line: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": line["Listing ID"],
        "seller_id": _seller_id(line),
        "record_id": -_record_id(line),
        "record_price": line["Record Price"],
        "media_condition": line["Media Condition"],
        "score": line["Score"],
        "kept": line["Kept"],
        "evaluated": line["Evaluated"],
    }


def _record_id(line: Mapping[str, str]) -> int:
    artist, title, label, form, year = (line[name].strip() for name in OF_RECORD)
    return numbered_by_words(artist, title, label, form, year)


def _seller_id(line: Mapping[str, str]) -> int:
    return -numbered_by_words(line["Seller"].strip(), "", "", "", "")


def _distinct(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    met: set[int] = set()
    for row in rows:
        if row["id"] not in met:
            met.add(row["id"])
            yield row
