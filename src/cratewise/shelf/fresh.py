"""Keep a shelf as the database is: load it, and take over what changed since.

Every write moves `touched_at` of a listing, `changed_at` or `described_at` of a release.
A writer notes the time before it commits, so a change may show up behind later ones:
each look reaches back, once a second as far as a transaction may last.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from cratewise.clock import Clock
from cratewise.shelf.memory import give_back, many_rows
from cratewise.shelf.on_disk import read_shelf, write_shelf
from cratewise.shelf.shelf import Shelf
from cratewise.store.engine import reading, reading_once, stand_still, writing
from cratewise.store.shelf_copies import know_copy, knows_copy
from cratewise.store.shelf_rows import (
    NEVER,
    Batch,
    Newest,
    changes_since,
    drops_of,
    every_drop,
    every_listing,
    every_release,
    every_seller,
    how_many,
    listings_of,
    newest_changes,
    releases_of,
)
from cratewise.store.tables import microseconds

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

LOOKS_BACK_US = 60_000_000  # as long as a writer may wait for its turn and then write
SECONDS_BETWEEN_LONG_LOOKS = 1.0
WAITS_SECONDS = 0.5  # for a look under way; one that takes longer reads everything anew
MANY = 5  # once one listing in so many changed, all of it is read anew: that is quicker
FEW_ROWS = 1_000  # so many are taken over however small the shelf is
WORTH_A_FILE = 20_000  # listings; fewer are read in a fifth of a second
# Then a start reads all rows, were a writer's clock wrong by more than a minute.
READ_ANEW_AFTER = timedelta(days=7)
NOTHING = Newest(NEVER, NEVER, 0, (), NEVER)


@dataclass
class Told:
    """What the database tells of some listings, and of their releases."""

    releases: list[Batch] = field(default_factory=list)
    listings: list[Batch] = field(default_factory=list)
    drops: list[Batch] = field(default_factory=list)


class FreshShelf:
    """A shelf, and how to bring it up to date; any thread may ask.

    Nothing is read from the database until somebody asks.
    """

    def __init__(self, clock: Clock, path: Path | None = None) -> None:
        """path: of the file that `keep` writes and a start reads; None: neither does."""
        self._clock = clock
        self._path = path
        self._turn = Lock()  # one looks at a time
        self.looks = 0  # that ended
        self._shelf: Shelf | None = None
        self._next_long_look = 0.0
        # The newest change that was taken over, and those within reach of a long look.
        self._newest = NOTHING
        self._read_at = clock.now()  # all of it, last
        self._in_file: tuple[str, int] | None = None  # the shelf's name and version
        self._known_listings: Mapping[int, int] = {}
        self._known_releases: Mapping[int, int] = {}

    def __len__(self) -> int:
        """How many listings are in memory now; asks nobody."""
        return 0 if self._shelf is None else len(self._shelf)

    @property
    def is_loaded(self) -> bool:
        """Whether whoever asks need not wait until all is read."""
        return self._shelf is not None

    def is_current(self, shelf: Shelf) -> bool:
        """Whether it was not replaced by one that was loaded anew."""
        return self._shelf is shelf

    def get(self, db: "Connection", newest: Newest | None = None, looks: int = 0) -> Shelf:
        """The shelf as the database is now; within a second, for what was slow to commit.

        newest  what moved last, where that was just asked for, and how many looks had ended
                before; None: it is asked for here.
        """
        if self._turn.acquire(blocking=self._shelf is None):
            try:
                # Whoever looked meanwhile may know something newer.
                self._look(db, newest if newest == self._newest or looks == self.looks else None)
            finally:
                self._turn.release()
        elif self._turn.acquire(timeout=WAITS_SECONDS):
            self._turn.release()  # whoever looked meanwhile looked for us too
        if self._shelf is None:
            raise LookupError("The shelf was not loaded.")
        return self._shelf

    def keep(self, engine: "Engine") -> None:
        """Put the shelf into its file, for the next start.

        Raises StoreUnavailable, StoreFull; OSError where the file cannot be written.
        """
        if self._path is None or self.is_kept():
            return
        known_at, token = self._clock.now(), secrets.token_hex(16)
        with writing(engine) as db:
            know_copy(db, token, known_at)
        with reading(engine) as db, self._turn:
            if self._shelf is not None:
                self._look(db)
            shelf = self._shelf
            if shelf is None:
                return
            with shelf.lock:
                write_shelf(
                    shelf,
                    self._path,
                    token=token,
                    newest=self._newest,
                    known_at=known_at,
                    read_at=self._read_at,
                )
                self._in_file = shelf.name, shelf.version
        give_back()

    def is_kept(self) -> bool:
        """Whether its file, if there should be one, holds all that is known."""
        shelf = self._shelf
        if self._path is None or shelf is None or len(shelf) < WORTH_A_FILE:
            return True
        return self._in_file == (shelf.name, shelf.version)

    def _look(self, db: "Connection", newest: Newest | None = None) -> None:
        if self._shelf is None or not self._is_brought_up(
            db, self._shelf, newest or newest_changes(db)
        ):
            self._shelf = self._loaded(db)
            # What it read is known, so that the next long look reads only what came since.
            self._next_long_look = self._clock.monotonic() + SECONDS_BETWEEN_LONG_LOOKS
        self.looks += 1

    def _is_brought_up(self, db: "Connection", shelf: Shelf, newest: Newest) -> bool:
        """Take over what changed. False: all should be read anew."""
        if newest.thrown_at != self._newest.thrown_at:  # once a day at most
            return False
        self._know_sellers(db, shelf, newest)
        began = self._clock.monotonic()
        if began < self._next_long_look:
            return newest == self._newest or self._take_over(db, shelf, newest, reach=None)
        is_taken_over = self._take_over(db, shelf, newest, reach=self._reach())
        # Where much was written in the last minute a look takes long, and is rarer.
        ended = self._clock.monotonic()
        self._next_long_look = ended + max(SECONDS_BETWEEN_LONG_LOOKS, 5 * (ended - began))
        return is_taken_over

    def _reach(self) -> int:
        """From when on a writer's changes may still have to show, in microseconds."""
        return microseconds(self._clock.now()) - LOOKS_BACK_US

    def _loaded(self, db: "Connection") -> Shelf:
        stand_still(db)
        with many_rows(), reading_once(db):
            is_first = self._shelf is None
            return (self._from_file(db) if is_first else None) or self._read(db)

    def _from_file(self, db: "Connection") -> Shelf | None:
        """The shelf of the file as this database is now; None: read all of it."""
        on_disk = None if self._path is None else read_shelf(self._path)
        if on_disk is None:
            return None
        shelf, standing = on_disk
        newest, before = newest_changes(db), standing.newest
        if (
            self._clock.now() >= standing.read_at + READ_ANEW_AFTER
            or not knows_copy(db, standing.token)
            or newest.thrown_at != before.thrown_at
            or newest.touched_at < before.touched_at
        ):
            return None
        self._newest, self._read_at = before, standing.read_at
        self._known_listings, self._known_releases = {}, {}
        self._in_file = shelf.name, shelf.version
        self._know_sellers(db, shelf, newest)
        reach = microseconds(standing.known_at) - LOOKS_BACK_US
        is_taken_over = self._take_over(db, shelf, newest, reach=reach)
        return shelf if is_taken_over and len(shelf) == how_many(db)[0] else None

    def _read(self, db: "Connection") -> Shelf:
        shelf = Shelf()
        self._read_at = self._clock.now()
        self._newest = newest_changes(db)
        # Before the rows, which are then at least as new as these tell.
        within_reach = changes_since(db, _reached(self._newest, self._reach()))
        shelf.name_sellers(every_seller(db))
        with shelf.with_many(*how_many(db)):
            for batch in every_release(db):
                shelf.put_releases(batch)
        for batch in every_listing(db):
            _put(shelf, Told([*_lacking(db, shelf, [batch])], [batch]))
        for batch in every_drop(db):
            shelf.put_drops(batch)
        shelf.forget_changes()
        self._known_listings = within_reach.listings
        self._known_releases = within_reach.releases
        return shelf

    def _take_over(
        self, db: "Connection", shelf: Shelf, newest: Newest, *, reach: int | None
    ) -> bool:
        """Take over what changed behind the newest change known, or within reach before it.

        False: that is so much that all should be read anew.
        """
        changes = changes_since(db, _reached(self._newest, reach))
        releases = _unknown(changes.releases, self._known_releases)
        listings = _unknown(changes.listings, self._known_listings)
        if len(listings) + len(releases) > max(len(shelf) // MANY, FEW_ROWS):
            return False
        if listings or releases:
            told = Told([*releases_of(db, releases)], [*listings_of(db, listings)])
            told.releases += _lacking(db, shelf, told.listings)
            told.drops += drops_of(db, listings)
            with shelf.lock:
                _put(shelf, told)
        is_long = reach is not None
        self._known_listings = {**({} if is_long else self._known_listings), **changes.listings}
        self._known_releases = {**({} if is_long else self._known_releases), **changes.releases}
        self._newest = newest
        return True

    def _know_sellers(self, db: "Connection", shelf: Shelf, newest: Newest) -> None:
        if newest.sellers != self._newest.sellers:
            self._meet_sellers(db, shelf)
            self._newest = self._newest._replace(sellers=newest.sellers)

    def _meet_sellers(self, db: "Connection", shelf: Shelf) -> None:
        """Forget the listings of sellers that went, unless another took them over."""
        now = every_seller(db)
        stay = {(one.id, one.created_at) for one in now}
        left = [n for n, one in enumerate(shelf.sellers) if (one.id, one.created_at) not in stay]
        of_left = shelf.listings["id"][np.isin(shelf.listings["seller"], left)].tolist()
        told = Told(listings=[*listings_of(db, of_left)], drops=[*drops_of(db, of_left)])
        told.releases += _lacking(db, shelf, told.listings)
        with shelf.lock:
            if of_left:
                shelf.drop_listings(np.array(of_left))
            shelf.name_sellers(now)
            _put(shelf, told)


def _reached(newest: Newest, reach: int | None) -> Newest:
    """Where to look from: behind the newest, and at all within reach once more."""
    touched, changed = newest.touched_at + 1, newest.changed_at + 1
    if reach is not None:
        touched, changed = min(touched, reach), min(changed, reach)
    return newest._replace(touched_at=touched, changed_at=changed)


def _put(shelf: Shelf, told: Told) -> None:
    for batch in told.releases:
        shelf.put_releases(batch)
    for batch in told.listings:
        shelf.put_listings(batch)
    for batch in told.drops:
        shelf.put_drops(batch)


def _lacking(db: "Connection", shelf: Shelf, batches: Iterable[Batch]) -> Iterator[Batch]:
    """The releases of these listings that came to the database behind those that are known."""
    for batch in batches:
        told = np.array(batch["release_id"], np.int64)
        is_lacking = shelf.release_rows_of(told) < 0
        if is_lacking.any():
            yield from releases_of(db, np.unique(told[is_lacking]).tolist())


def _unknown(changes: Mapping[int, int], known: Mapping[int, int]) -> list[int]:
    return [number for number, moment in changes.items() if known.get(number) != moment]
