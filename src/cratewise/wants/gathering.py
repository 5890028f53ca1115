"""Gather a wantlist or a collection, from wherever it is told, into the database.

Batches are kept as they come, each whole or not at all.  What nobody told is taken off
at the end, and only by who knows that all was told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from cratewise.store.descriptions import Description, describe_releases
from cratewise.store.engine import writing
from cratewise.store.listing_row import ReleaseRow
from cratewise.store.outbox import waiting_releases
from cratewise.store.releases import meet_releases
from cratewise.store.wants import (
    Owned,
    Want,
    forget_owned,
    forget_wants,
    keep_owned,
    keep_wants,
    owned_ids,
    wanted_ids,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Kind = Literal["wants", "collection"]
KINDS: tuple[Kind, ...] = ("wants", "collection")
NAMES: dict[Kind, str] = {"wants": "wantlist", "collection": "collection"}


class Entry(NamedTuple):
    """One entry of a list.

    key      tells it from the others: a record owned twice is two entries.
    release  what it tells of its release: much, or as little as a listing.
    """

    key: int
    row: Want | Owned
    release: Description | ReleaseRow


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of a list, in releases.

    entries   read; a record owned twice is two.
    releases  on it, each once.
    added     of them not there before.
    removed   taken off, since they are on it no longer.
    """

    kind: Kind
    entries: int
    releases: int
    added: int
    removed: int

    @property
    def sentence(self) -> str:
        moved = [f"{self.added:,} added"] if self.added else []
        moved += [f"{self.removed:,} removed"] if self.removed else []
        noun = "release" if self.releases == 1 else "releases"
        told = f"{NAMES[self.kind].capitalize()}: {self.releases:,} {noun}"
        return f"{told}; {', '.join(moved) or 'nothing changed'}."


class Gathering:
    """A list while it is read.

    told_at  nothing that is read is younger; what was told later stays as it is.
    now      when releases are kept, by a clock that goes on.
    """

    def __init__(
        self,
        engine: "Engine",
        account_id: int,
        kind: Kind,
        *,
        told_at: datetime,
        now: Callable[[], datetime],
        before: set[int],
    ) -> None:
        self.entries: set[int] = set()  # by their keys
        self._engine = engine
        self._account_id = account_id
        self._kind: Kind = kind
        self._told_at = told_at
        self._now = now
        self._before = before
        self._copies: dict[int, Owned] = {}
        self._wanted: set[int] = set()

    def keep(self, entries: Sequence[Entry]) -> None:
        """Keep a batch, all or nothing; an entry that was met before counts once."""
        new = [entry for entry in entries if entry.key not in self.entries]
        if not new:
            return
        rows = [self._merged(entry.row) for entry in new]
        with writing(self._engine) as db:
            self._meet(db, [entry.release for entry in new])
            untold = self._untold(db)
            self._store(db, {row.release_id: row for row in rows if row.release_id not in untold})
        self.entries.update(entry.key for entry in new)

    def conclude(self, *, is_whole: bool) -> Gathered:
        """Count what came of it.

        is_whole  all was told: what was not is on the list no longer.
        """
        met = self._wanted | self._copies.keys()
        removed = 0
        if is_whole:
            forget = forget_wants if self._kind == "wants" else forget_owned
            with writing(self._engine) as db:
                lacking = self._before - met - self._untold(db)
                removed = forget(db, self._account_id, lacking, self._told_at)
        return Gathered(
            kind=self._kind,
            entries=len(self.entries),
            releases=len(met),
            added=len(met - self._before),
            removed=removed,
        )

    def _merged(self, row: Want | Owned) -> Want | Owned:
        if isinstance(row, Want):
            self._wanted.add(row.release_id)
            return row
        first = self._copies.get(row.release_id)
        if first is not None:
            row = row._replace(
                copies=first.copies + row.copies,
                folder=row.folder or first.folder,
                rating=row.rating or first.rating,
                added_at=first.added_at or row.added_at,
            )
        self._copies[row.release_id] = row
        return row

    def _untold(self, db: "Connection") -> set[int]:
        """What was changed here and Discogs does not know yet: here it is right already."""
        return waiting_releases(db, self._account_id) if self._kind == "wants" else set()

    def _meet(self, db: "Connection", told: list[Description | ReleaseRow]) -> None:
        now = self._now()
        described = [release for release in told if isinstance(release, Description)]
        describe_releases(db, described, self._kind, now)
        meet_releases(db, [one for one in told if isinstance(one, ReleaseRow)], now)

    def _store(self, db: "Connection", rows: dict[int, Want | Owned]) -> None:
        ordered = [rows[number] for number in sorted(rows)]
        wants = [row for row in ordered if isinstance(row, Want)]
        owned = [row for row in ordered if isinstance(row, Owned)]
        keep_wants(db, self._account_id, wants, self._told_at)
        keep_owned(db, self._account_id, owned, self._told_at)


def ids_before(db: "Connection", account_id: int, kind: Kind) -> set[int]:
    """The releases of a list, as it was kept so far."""
    return wanted_ids(db, account_id) if kind == "wants" else owned_ids(db, account_id)
