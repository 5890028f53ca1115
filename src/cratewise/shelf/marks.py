"""What listings are to one account: wanted, owned, hidden, judged; what each costs to them there.

All of it belongs to a reader, so it lies beside the shelf: arrays as long as its rows,
made anew when the account said something else, mended when listings changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.landed import landed_prices
from cratewise.shelf.own import Own
from cratewise.shelf.query import Reader
from cratewise.shelf.shelf import Bools, Ints, Places, Shelf, look_up, unknown
from cratewise.store.hidden import Hidden
from cratewise.wants.postage import PostageBook

WANTED, OWNED, OTHER_PRESSING, HIDDEN, KEPT, SKIPPED = (1 << n for n in range(6))

Flags = NDArray[np.uint8]
Column = NDArray[np.float32]
Version = tuple[object, ...]


class Marks(NamedTuple):
    """What the listings are to an account, a value a row of the shelf.

    flags         WANTED | OWNED | ...
    landed        price with postage, in minor units of the reader's currency; NaN: unknown
    probability   the chance of keep, 0 to 1; NaN: unknown
    landed_by, predicted_by   what those follow from, beside the listings themselves
    prices_from   a price read before, in microseconds since 1970, is unknown; None: each is known
    version       another for any other values at all
    """

    flags: Flags
    landed: Column
    probability: Column
    landed_by: Version
    predicted_by: Version
    version: int
    prices_from: int | None = None


NO_MARKS = Marks(np.zeros(0, np.uint8), unknown(0), unknown(0), (), (), 0)


@dataclass
class Kept:
    """The marks of a reader, and what they were made from."""

    own: Own
    marks: Marks
    of_release: Flags  # WANTED | OWNED | OTHER_PRESSING | HIDDEN, a value a release
    shelf: Shelf
    shelf_version: int
    releases_version: int
    epoch: int

    def knows_releases(self, shelf: Shelf, own: Own) -> bool:
        """Whether what releases are to the account is the same yet."""
        has_same = self.shelf is shelf and self.releases_version == shelf.releases_version
        return self.own is own and has_same

    def has_flags_of(self, own: Own, of_release: Flags) -> bool:
        """Whether the flags hold yet, but for those of rows that changed."""
        known = of_release[: len(self.of_release)]
        return self.own is own and np.array_equal(self.of_release, known)


def marked(shelf: Shelf, own: Own, reader: Reader, before: Kept | None) -> Kept:
    """The marks of a reader on the shelf as it is; whoever asks holds its lock."""
    landed_by: Version = (
        own.postage,
        *(reader.currency, reader.day, reader.rates.newest_day if own.postage else None),
        reader.prices_from,
    )
    predicted_by: Version = (own.said.predictions,)
    if before is None or before.shelf is not shelf:
        old, changed = None, None
    else:
        old = before.marks
        is_same = (before.own, before.shelf_version) == (own, shelf.version)
        if is_same and old.landed_by == landed_by:
            return before
        changed = shelf.changed_since(before.shelf_version) if before.epoch == shelf.epoch else None
    has_landed = old is not None and old.landed_by == landed_by
    has_predictions = old is not None and old.predicted_by == predicted_by
    book = PostageBook(own.postage)
    if before is not None and before.knows_releases(shelf, own):
        of_release = before.of_release
    else:
        of_release = _release_flags(shelf, own)
    has_flags = before is not None and before.has_flags_of(own, of_release)
    marks = Marks(
        _mended_flags(shelf, own, of_release, old.flags if old and has_flags else None, changed),
        _mended(
            old.landed if old and has_landed else None,
            changed,
            len(shelf),
            lambda rows: landed_prices(shelf, book, reader, rows),
        ),
        _mended(
            old.probability if old and has_predictions else None,
            changed,
            len(shelf),
            lambda rows: _predicted(shelf, own.predicted, rows),
        ),
        landed_by,
        predicted_by,
        old.version + 1 if old else 0,
        reader.prices_from,
    )
    return Kept(own, marks, of_release, shelf, shelf.version, shelf.releases_version, shelf.epoch)


def _mended_flags(
    shelf: Shelf, own: Own, of_release: Flags, before: Flags | None, changed: Places | None
) -> Flags:
    if before is None or changed is None:
        return _flags(shelf, own, of_release)
    flags = np.zeros(len(shelf), np.uint8)
    flags[: len(before)] = before
    flags[changed] = look_up(of_release, shelf.listings["release"][changed])
    _flag_listings(shelf, own, flags)
    return flags


def _mended(
    before: Column | None, changed: Places | None, count: int, values: Callable[[Places], Column]
) -> Column:
    """A column of so many rows, of which those that changed are worked out anew."""
    if before is None or changed is None:
        return values(np.arange(count))
    if not before.flags.writeable:  # one value for all rows: nothing is known of any
        return unknown(count)
    column = np.full(count, np.nan, np.float32)
    column[: len(before)] = before
    column[changed] = values(changed)
    return column


def _predicted(shelf: Shelf, told: tuple[Ints, Column] | None, rows: Places) -> Column:
    if told is None or not len(told[0]):
        return unknown(len(rows))
    ids, chances = told
    wanted = shelf.listings["id"][rows]
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    found: Column = np.where(ids[at] == wanted, chances[at], np.float32(np.nan))
    return found


def _flags(shelf: Shelf, own: Own, of_release: Flags) -> Flags:
    flags = look_up(of_release, shelf.listings["release"])
    _flag_listings(shelf, own, flags)
    return flags


def _release_flags(shelf: Shelf, own: Own) -> Flags:
    wanted, has = (_on_shelf(shelf, ids) for ids in (own.wanted, own.owned))
    flags: Flags = wanted * np.uint8(WANTED) | has * np.uint8(OWNED)
    flags |= _has_other_pressing(shelf, has) * np.uint8(OTHER_PRESSING)
    flags |= _hidden_releases(shelf, own.hidden) * np.uint8(HIDDEN)
    return flags


def _flag_listings(shelf: Shelf, own: Own, flags: Flags) -> None:
    """Add what was said of listings themselves, and of their sellers."""
    flags[_hidden_listings(shelf, own.hidden)] |= HIDDEN
    for verdict, flag in (("keep", KEPT), ("skip", SKIPPED)):
        told = [number for number, one in own.verdicts.items() if one == verdict]
        rows = shelf.rows_of(np.array(told, np.int64))
        flags[rows[rows >= 0]] |= flag


def _on_shelf(shelf: Shelf, release_ids: Ints) -> Bools:
    """Which releases of the shelf are among these."""
    found = np.zeros(len(shelf.releases), np.bool_)
    rows = shelf.release_rows_of(release_ids)
    found[rows[rows >= 0]] = True
    return found


def _has_other_pressing(shelf: Shelf, has: Bools) -> Bools:
    """Of which releases another of the same master is owned."""
    masters = shelf.releases["master_id"]
    owned, copies = np.unique(masters[has & (masters > 0)], return_counts=True)
    if not len(owned):
        return np.zeros(len(masters), np.bool_)
    at = np.minimum(np.searchsorted(owned, masters), len(owned) - 1)
    others = np.where(owned[at] == masters, copies[at], 0) - (has & (masters > 0))
    found: Bools = others > 0
    return found


def _hidden_releases(shelf: Shelf, hidden: tuple[Hidden, ...]) -> Bools:
    found = np.zeros(len(shelf.releases), np.bool_)
    for kind, column, hits in (
        ("artist", "artist", lambda names: shelf.artists.holding(names, joint=", ")),
        ("label", "label", lambda names: shelf.labels.holding(names, joint=", ")),
        ("style", "styles", shelf.styles.with_any),
    ):
        names = [one.name for one in hidden if one.kind == kind]
        if names:
            found |= look_up(hits(names), shelf.releases[column])
    return found


def _hidden_listings(shelf: Shelf, hidden: tuple[Hidden, ...]) -> Places:
    """The rows that are hidden by their seller, or each by itself."""
    ids = [int(one.name) for one in hidden if one.kind == "listing" and one.name.isdecimal()]
    rows = shelf.rows_of(np.array(ids, np.int64))
    names = {one.name.lower() for one in hidden if one.kind == "seller"}
    sellers = [n for n, one in enumerate(shelf.sellers) if one.username.lower() in names]
    theirs = [np.flatnonzero(shelf.listings["seller"] == number) for number in sellers]
    return np.concatenate([rows[rows >= 0], *theirs])
