"""Give imported listings their Discogs ids when a pull meets what they stand for.

An earlier system kept listings without ids.  One of them and one on a page are the same
if seller, release and grade of the medium are; where the release had no number either,
artist and title tell it.  What somebody thought of it stays with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, update

from cratewise.store.listing_row import ListingRow
from cratewise.store.tables import judgements, listings, releases

# Asked of every page: the index ix_listings_imported holds imported listings alone, so it
# tells at once that there are none, as there are of most sellers.
_HAS_ANY = select(
    exists().where(
        listings.c.seller_id == bindparam("seller"), listings.c.discogs_listing_id.is_(None)
    )
)
_IMPORTED = (
    select(listings.c.id, listings.c.release_id, listings.c.media_grade)
    .where(listings.c.seller_id == bindparam("seller"), listings.c.discogs_listing_id.is_(None))
    .order_by(listings.c.id)
)
_OF_RELEASES = _IMPORTED.where(listings.c.release_id.in_(bindparam("releases", expanding=True)))
_OF_WORDS = (
    _IMPORTED.join(releases)
    .add_columns(releases.c.artist, releases.c.title)
    .where(listings.c.release_id < 0, releases.c.artist.in_(bindparam("artists", expanding=True)))
)
_ADOPT = (
    update(listings)
    .where(listings.c.id == bindparam("adopted"))
    .values(
        discogs_listing_id=bindparam("new_number"),
        release_id=bindparam("new_release"),
        touched_at=bindparam("now"),
    )
)
_JUDGED = (
    update(judgements)
    .where(judgements.c.listing_id == bindparam("adopted"))
    .values(release_id=bindparam("new_release"))
)

Place = tuple[Any, ...]


def adopt(
    db: Connection, seller_id: int, met: Mapping[int, ListingRow], at: datetime
) -> Sequence[int]:
    """Join what was imported to what was met; the Discogs ids that found something.

    met  listings by Discogs' ids, none of which is stored; their releases are.
    """
    if not met or not db.scalar(_HAS_ANY, {"seller": seller_id}):
        return []
    numbered = db.execute(
        _OF_RELEASES,
        {"seller": seller_id, "releases": sorted({r.release.id for r in met.values()})},
    ).all()
    worded = db.execute(
        _OF_WORDS,
        {"seller": seller_id, "artists": sorted({r.release.artist for r in met.values()})},
    ).all()
    free: dict[Place, list[int]] = defaultdict(list)
    for row in numbered:
        free[row.release_id, row.media_grade].append(row.id)
    for row in worded:
        free[row.artist, row.title.casefold(), row.media_grade].append(row.id)
    joined = list(_joined(met, free)) if free else []
    if joined:
        rows = [{"adopted": i, "new_number": n, "new_release": r, "now": at} for i, n, r in joined]
        db.execute(_ADOPT, rows)
        db.execute(_JUDGED, [{"adopted": i, "new_release": r} for i, _, r in joined])
    return [number for _, number, _ in joined]


def _joined(
    met: Mapping[int, ListingRow], free: Mapping[Place, list[int]]
) -> Iterable[tuple[int, int, int]]:
    for number, row in sorted(met.items()):
        told = row.release
        by_number = free.get((told.id, row.media_grade))
        by_words = free.get((told.artist, told.title.casefold(), row.media_grade))
        if found := by_number or by_words:
            yield found.pop(0), number, told.id
