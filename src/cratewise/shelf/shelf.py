"""The shelf: every listing and release as columns in memory, so that any question is quick.

Rows of listings stand in the order of our own ids; `listings["release"]` is the row of a
listing's release.  Questions and changes take turns by `lock`; both last milliseconds.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.changes import Changes
from cratewise.shelf.columns import Columns
from cratewise.shelf.kept_column import KeptColumn
from cratewise.shelf.kept_hits import EVERY, KeptHits
from cratewise.shelf.moments import Moments
from cratewise.shelf.names import SEPARATOR, Names, keys_of
from cratewise.shelf.terms import Terms, listed_terms, one_term, terms_of_format
from cratewise.store.shelf_rows import Batch, SellerRow

Kind = TypeVar("Kind", bound=np.generic)
Ints: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.intp]
Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]

# Instants are microseconds since 1970, NEVER where there was none; a price is in whole
# minor units of its currency, -1 unknown; grades as in grades.py, -128 unknown.  Whole
# numbers become wider where they need to.
LISTING_KINDS = {
    "id": "i4",
    "release": "i8",  # of the machine's own size: most questions look something up by it
    "seller": "i1",
    "price_minor": "i4",
    "currency": "i1",
    "price_usd": "f8",
    "score": "f8",
    "media_grade": "i1",
    "sleeve_grade": "i1",
    "ships_from": "i1",
    "price_read_at": "i8",
    "posted_at": "i8",
    "first_seen_at": "i8",
    "is_gone": "?",
    "discount": "f4",  # below the median of the other copies, 0 to 1; NaN: there are none
}
# want, have: -1 unknown; year, master_id: 0 unknown.
RELEASE_KINDS = {
    "id": "i4",
    "artist": "i4",
    "title": "i4",
    "label": "i4",
    "format": "i2",
    "genres": "i2",
    "styles": "i4",
    "country": "i2",
    "year": "i2",
    "want": "i4",
    "have": "i4",
    "master_id": "i4",
}
BETWEEN_ARTISTS = r", | & | / | \+ | feat\. | vs\. "
BETWEEN_LABELS = ", "
# As they come from the database, but for what is numbered here.
PLAIN = (
    *("id", "price_minor", "price_usd", "score", "media_grade", "sleeve_grade"),
    *("price_read_at", "posted_at", "first_seen_at", "is_gone"),
)
LARGEST = 2**31 - 1  # id that is kept in four bytes
LOOKED_UP_AT_ONCE = 131_072  # numbers, which numpy widens first: a megabyte fits a cache


class Shelf:
    """Columns of listings and releases, and the words that their numbers stand for.

    name     another for every shelf that was ever loaded.
    epoch    another number whenever listings stand at other rows than before.
    years    of the listings' releases, 0 unknown
    kept     what terms of filters let through of the listings; kept_releases: of the releases.
    """

    def __init__(self) -> None:
        self.name = secrets.token_hex(4)
        self.lock = RLock()
        self.epoch = 0
        self.listings = Columns(LISTING_KINDS)
        self.releases = Columns(RELEASE_KINDS)
        self._changes, self._release_changes = Changes(), Changes()
        self.years = KeptColumn(self.listings, self._changes, self.releases, "year")
        self.kept = KeptHits(self.listings, self._changes)
        self.kept_releases = KeptHits(self.releases, self._release_changes)
        self.sellers: list[SellerRow] = []  # `listings["seller"]` counts them
        self.artists, self.labels = Names(BETWEEN_ARTISTS), Names(BETWEEN_LABELS)
        self.titles = Names(r"(?!)")  # of one part each
        self.genres, self.styles = Terms(listed_terms), Terms(listed_terms)
        self.formats = Terms(terms_of_format)
        self.countries, self.origins = Terms(one_term), Terms(one_term)
        self.currencies = Terms(one_term)
        self.drops, self.returns = Moments(), Moments()  # of prices; of what was gone
        self.discounts_as_of = (-1, 0)  # epoch and version: discount.py fills that column
        self._copies = (-1, np.zeros(0, np.int32))  # a version, and what `copies` said then
        self._sorted_releases: NDArray[Any] = np.zeros(0, np.int32)  # ids, and the row of each
        self._rows_of_releases = np.zeros(0, np.int32)
        self._later: dict[str, list[str]] | None = None  # keys, while many come

    def __len__(self) -> int:
        return len(self.listings)

    @property
    def version(self) -> int:
        """Another number after every change."""
        return self._changes.version

    @property
    def releases_version(self) -> int:
        """Another number after every change of a release."""
        return self._release_changes.version

    @property
    def nbytes(self) -> int:
        """The memory of its arrays and names."""
        names = self.artists.nbytes + self.titles.nbytes + self.labels.nbytes
        index = self._sorted_releases.nbytes + self._rows_of_releases.nbytes
        moments = self.drops.nbytes + self.returns.nbytes
        return self.listings.nbytes + self.releases.nbytes + names + index + moments

    @property
    def copies(self) -> NDArray[np.int32]:
        """How many listings each release has, those that are gone included.  (releases,)"""
        if self._copies[0] != self.version:
            counted = np.bincount(self.listings["release"], minlength=len(self.releases))
            self._copies = self.version, counted.astype(np.int32)
        return self._copies[1]

    # -- where something stands ---------------------------------------------------

    def rows_of(self, ids: Ints) -> Places:
        """The rows of listings by our own ids; -1: not on the shelf.  (n,)"""
        return _found(self.listings["id"], None, ids)

    def release_rows_of(self, ids: Ints) -> Places:
        """The rows of releases by Discogs' ids; -1: not on the shelf.  (n,)"""
        return _found(self._sorted_releases, self._rows_of_releases, ids)

    def seller_number(self, seller_id: int) -> int:
        """What `listings["seller"]` says for a seller; -1: none of theirs is on the shelf."""
        return next((n for n, one in enumerate(self.sellers) if one.id == seller_id), -1)

    def later_than(self, moment: int, moments: Moments) -> Bools:
        """Which listings have a moment later than one.  (n,)"""
        found = np.zeros(len(self), np.bool_)
        found[self.rows_of(moments.ids_since(moment))] = True
        return found

    def changed_since(self, version: int) -> Places | None:
        """The rows that came or changed after a version; None: too many, or too long ago."""
        return self._changes.since(version, len(self))

    def forget_changes(self) -> None:
        """Once all is read: what came meanwhile is new to nobody, and takes 8 bytes a row."""
        self._changes.forget()
        self._release_changes.forget()

    @contextmanager
    def with_many(self, listings: int, releases: int) -> Iterator[None]:
        """Put about so many, the first ones; what releases are called is numbered at the end."""
        self.listings.reserve(listings)
        self.releases.reserve(releases)
        # Texts in a few pieces: hundreds of thousands of small ones, among those that stay,
        # would leave memory full of holes.
        self._later = {"artist": [], "title": [], "label": []}
        yield
        later, self._later = self._later, None
        for name, names in (
            ("artist", self.artists),
            ("title", self.titles),
            ("label", self.labels),
        ):
            keys = "".join(later.pop(name)).split(SEPARATOR)
            self.releases[name][:] = names.number_all(keys[:-1])

    # -- changes: whoever makes one holds the lock ----------------------------------

    def name_sellers(self, sellers: Sequence[SellerRow]) -> None:
        """Know these sellers, and others no more; listings of the others must be gone."""
        new_number = {one.id: n for n, one in enumerate(sellers)}
        moved = np.array([new_number.get(one.id, -1) for one in self.sellers], np.int32)
        if len(self) and len(moved):
            self.listings.put(EVERY, {"seller": moved[self.listings["seller"]]})
        self.sellers = list(sellers)
        self._changes.note(np.zeros(0, np.intp))

    def put_releases(self, batch: Batch) -> None:
        """Know these releases, or know them anew."""
        values: dict[str, NDArray[Any]] = {
            name: np.asarray(batch[name], np.int64)
            for name in ("id", "year", "want", "have", "master_id")
        }
        numbered: Mapping[str, Callable[[Sequence[str]], Any]] = {
            "format": self.formats.number,
            "country": self.countries.number,
            "genres": self.genres.number,
            "styles": self.styles.number,
        }
        values |= {name: number(batch[name]) for name, number in numbered.items()}
        rows = self.release_rows_of(values["id"])
        values |= self._named(batch, rows)
        is_new = rows < 0
        self.releases.put(rows[~is_new], {n: column[~is_new] for n, column in values.items()})
        self._changes.note(self._rows_with_releases(rows[~is_new]))
        self._release_changes.note(rows[~is_new])
        if is_new.any():
            self._index_releases(values["id"][is_new])
            before = len(self.releases)
            self.releases.append({name: column[is_new] for name, column in values.items()})
            self._release_changes.note(np.arange(before, len(self.releases)))

    def _seller_numbers(self, ids: Ints) -> NDArray[np.int32]:
        numbers = {one.id: n for n, one in enumerate(self.sellers)}
        distinct, places = np.unique(ids, return_inverse=True)
        return np.array([numbers[one] for one in distinct.tolist()], np.int32)[places]

    def _named(self, batch: Batch, rows: Places) -> dict[str, NDArray[Any]]:
        if self._later is None:
            return {
                name: names.number(batch[name], self._before(name, rows))
                for name, names in (
                    ("artist", self.artists),
                    ("title", self.titles),
                    ("label", self.labels),
                )
            }
        for name, pieces in self._later.items():
            pieces.append(keys_of(batch[name]))
        return {name: np.zeros(len(batch["id"]), np.int32) for name in self._later}

    def _before(self, name: str, rows: Places) -> NDArray[np.int32]:
        """What stands in some rows of releases; -1 for row -1."""
        found = np.full(len(rows), -1, np.int32)
        found[rows >= 0] = self.releases[name][rows[rows >= 0]]
        return found

    def restore_releases(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Know these releases, the first ones; what they are called is known."""
        self._index_releases(columns["id"].astype(np.int64))
        self.releases.restore(columns)

    def put_listings(self, batch: Batch) -> None:
        """Know these listings, or know them anew; their releases and sellers are known."""
        values: dict[str, NDArray[Any]] = {
            name: np.asarray(batch[name], _arriving(LISTING_KINDS[name])) for name in PLAIN
        }
        values |= {
            "release": self.release_rows_of(np.asarray(batch["release_id"], np.int64)),
            "seller": self._seller_numbers(np.asarray(batch["seller_id"], np.int64)),
            "currency": self.currencies.number(batch["currency"]),
            "ships_from": self.origins.number(batch["ships_from"]),
        }
        if (values["release"] < 0).any():
            raise LookupError("A listing was put on the shelf before its release.")
        ids = values["id"]
        rows = self.rows_of(ids)
        is_new = rows < 0
        before = self.listings["release"][rows[~is_new]]
        self.listings.put(rows[~is_new], {n: column[~is_new] for n, column in values.items()})
        left = before[before != values["release"][~is_new]]  # whose other copies are fewer now
        self._changes.note(np.union1d(rows[~is_new], self._rows_with_releases(left)))
        if is_new.any():
            values["discount"] = np.full(len(rows), np.nan, np.float32)
            self._add({name: column[is_new] for name, column in values.items()})
        self.returns.put(ids, np.asarray(batch["back_at"], np.int64))

    def put_drops(self, batch: Batch) -> None:
        """Know when the prices of these listings fell last."""
        ids = np.array(batch["id"], np.int64)
        rows = self.rows_of(ids)
        known = rows >= 0
        self.drops.put(ids[known], np.array(batch["dropped_at"], np.int64)[known])
        self._changes.note(rows[known])

    def drop_listings(self, ids: Ints) -> None:
        """Know these listings no more."""
        rows = self.rows_of(ids)
        stays = np.ones(len(self), np.bool_)
        stays[rows[rows >= 0]] = False
        self.listings.take(stays)
        for moments in (self.drops, self.returns):
            moments.keep(self.listings["id"])
        self._move()

    def _add(self, values: Mapping[str, NDArray[Any]]) -> None:
        ids, before = values["id"], len(self)
        self.listings.append(values)
        is_in_order = bool((np.diff(ids) > 0).all())
        if before and is_in_order:
            is_in_order = bool(self.listings["id"][before - 1] < ids[0])
        if is_in_order:
            self._changes.note(np.arange(before, len(self)))
        else:  # two that stored at once may commit in the other order
            self.listings.take(np.argsort(self.listings["id"], kind="stable"))
            self._move()

    def _index_releases(self, ids: Ints) -> None:
        order = np.argsort(ids, kind="stable")
        at = np.searchsorted(self._sorted_releases, ids[order])
        known = self._sorted_releases
        kind = np.int32 if max(ids.max(), known.max(initial=0)) <= LARGEST else np.int64
        self._sorted_releases = np.insert(known.astype(kind), at, ids[order].astype(kind))
        rows = (len(self.releases) + order).astype(np.int32)
        self._rows_of_releases = np.insert(self._rows_of_releases, at, rows)

    def _rows_with_releases(self, release_rows: Places) -> Places:
        if not len(release_rows) or not len(self):
            return np.zeros(0, np.intp)
        is_meant = np.zeros(len(self.releases), np.bool_)
        is_meant[release_rows] = True
        return np.flatnonzero(look_up(is_meant, self.listings["release"]))

    def _move(self) -> None:
        self.epoch += 1
        self._changes.note_all()


def _found(sorted_ids: NDArray[Any], rows: NDArray[np.int32] | None, ids: Ints) -> Places:
    if not len(sorted_ids):
        return np.full(len(ids), -1, np.intp)
    # Of the same kind as what is searched, which would be copied else; an id that does
    # not fit is not among them.
    at = np.searchsorted(sorted_ids, ids.astype(sorted_ids.dtype, copy=False))
    at = np.minimum(at, len(sorted_ids) - 1)
    found: Places = (at if rows is None else rows[at]).astype(np.intp)
    found[sorted_ids[at] != ids] = -1
    return found


def _arriving(kind: str) -> str:
    """How values come that are kept as a kind: whole numbers at full width, until they fit."""
    return "i8" if kind.startswith("i") else kind


def look_up(values: NDArray[Kind], numbers: NDArray[Any]) -> NDArray[Kind]:
    """The value of each number: `values[numbers]`, which takes five times as long.

    numbers  none is below 0; one behind the end means the last.
    """
    # Indexing casts and checks every number first, unless it is of the machine's own size.
    if not len(values):
        return np.zeros(len(numbers), values.dtype)
    if numbers.dtype == np.intp or len(numbers) <= LOOKED_UP_AT_ONCE:
        return np.take(values, numbers, mode="clip")
    found = np.empty(len(numbers), values.dtype)
    for begin in range(0, len(numbers), LOOKED_UP_AT_ONCE):
        some = slice(begin, begin + LOOKED_UP_AT_ONCE)
        np.take(values, numbers[some], mode="clip", out=found[some])
    return found


def unknown(count: int) -> NDArray[np.float32]:
    """NaN for so many rows, in hardly any memory: nobody may write to it."""
    return np.broadcast_to(np.float32(np.nan), count)
