"""Read a wantlist and a collection from Discogs, 100 releases a request, and keep them.

Pages are kept as they come, so whoever is interrupted loses nothing.  A list may move
while it is read: only a reading in which it stood still takes off what is no longer
there, and one in which it moved is tried once more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cratewise.catalog.enrich import description
from cratewise.clock import Clock
from cratewise.errors import (
    NotAllowed,
    PrivateList,
    UnknownSeller,
    WaitAbandoned,
)
from cratewise.inventory.rows import clean, moment
from cratewise.store.engine import reading
from cratewise.store.wants import Owned, Want
from cratewise.wants.gathering import KINDS, NAMES, Entry, Gathered, Gathering, Kind, ids_before

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.answers import Page
    from cratewise.discogs.client import Discogs

READINGS = 2  # of a list that moves while it is read
BEST_RATING = 5

OnPage = Callable[[Kind, int, int], None]
ShouldStop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class SyncedList:
    """What came of reading one list.

    claimed   entries, as Discogs counted last.
    skipped   entries that make no sense.
    is_whole  it stood still meanwhile; else nothing was taken off.
    """

    gathered: Gathered
    claimed: int
    skipped: int
    is_whole: bool

    @property
    def sentence(self) -> str:
        told = self.gathered.sentence
        if self.skipped:
            told += f"  Left out: {self.skipped:,} entries that make no sense."
        if not self.is_whole:
            told += "  It moved while it was read, so nothing was taken off; sync again."
        return told


def sync(
    engine: "Engine",
    discogs: "Discogs",
    owner: str,
    *,
    account_id: int,
    kinds: Sequence[Kind] = KINDS,
    clock: Clock,
    on_page: OnPage | None = None,
    should_stop: ShouldStop | None = None,
) -> list[SyncedList]:
    """Make an account's wants and collection those of a member of Discogs.

    owner    whose lists: a name in any case; another's, when they are public.
    on_page  told after each page: of which list, which page of how many.

    Raises UnknownSeller, PrivateList, WaitAbandoned, another DiscogsError; what was read
    is kept.
    """
    reader = _Reader(engine, discogs, owner, account_id, clock, on_page, should_stop)
    return [reader.read(kind) for kind in kinds]


@dataclass(frozen=True, slots=True)
class _Reader:
    engine: "Engine"
    discogs: "Discogs"
    owner: str
    account_id: int
    clock: Clock
    on_page: OnPage | None
    should_stop: ShouldStop | None

    def read(self, kind: Kind) -> SyncedList:
        try:
            folders = self.discogs.folders(self.owner) if kind == "collection" else {}
            return self._read(kind, folders)
        except NotAllowed as error:
            raise PrivateList(self.owner, NAMES[kind]) from error

    def _read(self, kind: Kind, folders: Mapping[int, str]) -> SyncedList:
        with reading(self.engine) as db:
            before = ids_before(db, self.account_id, kind)
        for _ in range(READINGS - 1):
            found = self._gathered(kind, folders, before)
            if found.is_whole:
                return found
        return self._gathered(kind, folders, before)

    def _gathered(self, kind: Kind, folders: Mapping[int, str], before: set[int]) -> SyncedList:
        now = self.clock.now
        gathering = Gathering(
            self.engine, self.account_id, kind, told_at=now(), now=now, before=before
        )
        read, skipped, claims = 0, 0, set[int]()
        for page in self._pages(kind):
            entries = [_entry(kind, raw, folders) for raw in page.rows]
            gathering.keep([entry for entry in entries if entry is not None])
            read += len(entries)
            skipped += entries.count(None)
            claims.add(page.items)
        # What moves shifts entries onto a page that was read, or makes one stand on two.
        is_whole = claims == {read} and read == len(gathering.entries) + skipped
        return SyncedList(gathering.conclude(is_whole=is_whole), page.items, skipped, is_whole)

    def _pages(self, kind: Kind) -> Iterator["Page"]:
        ask = self.discogs.wants if kind == "wants" else self.discogs.collection
        number, last = 1, 1
        while number <= last:
            if self.should_stop is not None and self.should_stop():
                raise WaitAbandoned
            try:
                page = ask(self.owner, page=number)
            except UnknownSeller:
                if number == 1:
                    raise
                return  # the list shrank, and the page is no more
            yield page
            last = page.pages
            if self.on_page:
                self.on_page(kind, number, max(number, last))
            number += 1


def _entry(kind: Kind, raw: Any, folders: Mapping[int, str]) -> Entry | None:
    """One entry of a page; None when it makes no sense."""
    told = raw if isinstance(raw, Mapping) else {}
    # An entry without the information has its release's number alone.
    release = description(told.get("basic_information", {"id": told.get("id")}))
    if release is None:
        return None
    rating, added_at = _rating(told.get("rating")), moment(told.get("date_added"))
    if kind == "wants":
        notes = told.get("notes")
        want = Want(release.id, clean(notes) if isinstance(notes, str) else "", rating, added_at)
        return Entry(release.id, want, release)
    folder = folders.get(told.get("folder_id", 0), "")
    copy = told.get("instance_id")
    key = copy if isinstance(copy, int) else -release.id
    return Entry(key, Owned(release.id, 1, folder, rating, added_at), release)


def _rating(raw: object) -> int | None:
    return raw if isinstance(raw, int) and 1 <= raw <= BEST_RATING else None
