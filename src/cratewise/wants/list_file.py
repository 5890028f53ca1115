"""Read one of the two official CSV exports, of a wantlist or of a collection: no token needed.

A file is as old as its date says, and what Discogs told since counts for more.  It is the
whole list only where every line makes sense and nothing was synced after it was written:
else nothing is taken off.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.clock import Clock
from cratewise.errors import BadListing
from cratewise.inventory.csv_import import date_of
from cratewise.inventory.export_file import BadLine, Record, opened_export
from cratewise.inventory.rows import LARGEST_ID, clean, moment, year_of
from cratewise.store.engine import reading
from cratewise.store.listing_row import ReleaseRow
from cratewise.store.wants import Owned, Want, last_sync
from cratewise.wants.gathering import Entry, Gathered, Gathering, Kind, ids_before

if TYPE_CHECKING:
    from sqlalchemy import Engine

BATCH = 500  # entries a transaction
COLUMNS = ("catalog#", "artist", "title", "label", "format", "rating", "released", "release_id")
OF_COLLECTION = "collectionfolder"  # a wantlist has no such column


@dataclass(frozen=True, slots=True)
class ImportedList:
    """What came of a file.

    bad          lines left out, with the reason.
    is_outdated  something of the list was told after the file was written.
    read_at      the date of the file.
    """

    gathered: Gathered
    bad: Sequence[tuple[int, str]]
    is_outdated: bool
    read_at: datetime

    @property
    def sentence(self) -> str:
        told = self.gathered.sentence
        if self.bad:
            noun = "line" if len(self.bad) == 1 else "lines"
            told += f"  Left out: {len(self.bad):,} bad {noun}, so nothing was taken off."
        elif self.is_outdated:
            told += (
                f"  The file is of {self.read_at:%d %B %Y, %H:%M} UTC, and the list was synced "
                "since, so nothing was taken off."
            )
        return told


def import_list(
    engine: "Engine",
    path: Path,
    *,
    account_id: int,
    clock: Clock,
    on_progress: Callable[[int], None] | None = None,
) -> ImportedList:
    """Make an account's wants, or its collection, those of a file; again changes nothing.

    on_progress  told after each batch how many entries are kept.

    Raises ImportRefused, WrongColumns; then nothing is stored.
    """
    with opened_export(path, columns=COLUMNS, what="wantlist or collection export") as export:
        kind: Kind = "collection" if OF_COLLECTION in export.columns else "wants"
        read_at = date_of(path, clock.now())
        with reading(engine) as db:
            before = ids_before(db, account_id, kind)
            synced_at = last_sync(db, account_id)[0 if kind == "wants" else 1]
        gathering = Gathering(
            engine, account_id, kind, told_at=read_at, now=clock.now, before=before
        )
        bad: list[tuple[int, str]] = []
        batch: list[Entry] = []
        for record in export.records:
            entry = _entry(record, kind, bad)
            if entry is not None:
                batch.append(entry)
            if len(batch) == BATCH:
                gathering.keep(batch)
                batch = []
                if on_progress:
                    on_progress(len(gathering.entries))
        gathering.keep(batch)
    is_outdated = synced_at is not None and synced_at > read_at
    gathered = gathering.conclude(is_whole=not bad and not is_outdated)
    return ImportedList(gathered, bad, is_outdated, read_at)


def _entry(record: Record | BadLine, kind: Kind, bad: list[tuple[int, str]]) -> Entry | None:
    if isinstance(record, BadLine):
        bad.append((record.line, record.reason))
        return None
    try:
        return _of_fields(record.line, record.fields, kind)
    except BadListing as error:
        bad.append((record.line, str(error)))
        return None


def _of_fields(line: int, fields: Mapping[str, str], kind: Kind) -> Entry:
    told = {name: clean(value) for name, value in fields.items()}
    release = ReleaseRow(
        id=_release_id(told["release_id"]),
        artist=told["artist"],
        title=told["title"],
        label=told["label"],
        catalog_number=told["catalog#"],
        format=told["format"],
        year=year_of(_whole(told["released"][:4])),
    )
    rating = _rating(told["rating"])
    if kind == "wants":
        want = Want(release.id, told.get("notes", ""), rating)
        return Entry(release.id, want, release)
    added_at = moment(told.get("date added"))
    owned = Owned(release.id, 1, told[OF_COLLECTION], rating, added_at)
    return Entry(line, owned, release)


def _release_id(text: str) -> int:
    number = _whole(text[:20])
    if number is None or not 0 < number <= LARGEST_ID:
        # Spreadsheets shorten long numbers: 4,33E+09.
        raise BadListing(f"Its release_id is {text!r:.40}; expected a number.")
    return number


def _rating(text: str) -> int | None:
    number = _whole(text)
    return number if number is not None and 1 <= number <= 5 else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None
