"""What may become a record of the day: for sale, and neither owned, hidden nor skipped."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from cratewise.store.engine import stand_still
from cratewise.store.hidden import is_hidden
from cratewise.store.tables import judgements, listings, owned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

IDS_AT_ONCE = 500  # in one question; SQLite takes no more than some thousands


class Pickable(NamedTuple):
    """A listing, by our own id; score: the rule's, None unknown."""

    listing_id: int
    release_id: int
    score: float | None


def best_scored(
    db: Connection, account_id: int, *, without: Collection[int], limit: int
) -> list[Pickable]:
    """The best copies by rule score, best first, a release once; unknown scores last.

    without  releases that take no part
    """
    order = (listings.c.score.desc().nulls_last(), listings.c.id)
    statement = _FOR_SALE.where(*_may_be_picked(db, account_id)).order_by(*order)
    found: dict[int, Pickable] = {}
    stand_still(db)
    # Copies of one release stand close together in this order, so few more are read.
    with db.execute(statement, execution_options={"yield_per": limit}) as rows:
        for row in rows:
            one = Pickable._make(row)
            if one.release_id not in without:
                found.setdefault(one.release_id, one)
            if len(found) == limit:
                break
    return list(found.values())


def pickable_among(
    db: Connection, account_id: int, listing_ids: Sequence[int]
) -> dict[int, Pickable]:
    """Which of these listings may be picked, by our own ids."""
    statement = _FOR_SALE.where(
        listings.c.id.in_(bindparam("ids", expanding=True)), *_may_be_picked(db, account_id)
    )
    found: dict[int, Pickable] = {}
    for start in range(0, len(listing_ids), IDS_AT_ONCE):
        some = list(listing_ids[start : start + IDS_AT_ONCE])
        found |= {row[0]: Pickable._make(row) for row in db.execute(statement, {"ids": some})}
    return found


def ids_for_sale(db: Connection, *, arrived_since: datetime | None = None) -> "NDArray[np.int64]":
    """Our own ids of all that is for sale, upwards; of what arrived since."""
    import numpy as np

    statement = select(listings.c.id).where(listings.c.gone_at.is_(None))
    if arrived_since is not None:
        # Every write touches a listing, its arrival too; that alone has an index.
        statement = statement.where(
            listings.c.touched_at > arrived_since, listings.c.first_seen_at > arrived_since
        )
    rows = db.scalars(statement.order_by(listings.c.id)).all()
    return np.array(rows, dtype=np.int64)


def newest_listing(db: Connection) -> int:
    """Our own id of the listing that was met last; 0 before the first."""
    return db.execute(select(func.max(listings.c.id))).scalar() or 0


def count_of_sale(db: Connection) -> int:
    """How many listings are for sale, of all sellers together."""
    statement = select(func.count()).select_from(listings).where(listings.c.gone_at.is_(None))
    return db.execute(statement).scalar_one()


_FOR_SALE = select(listings.c.id, listings.c.release_id, listings.c.score)


def _may_be_picked(db: Connection, account_id: int) -> list[ColumnElement[bool]]:
    skipped = select(judgements.c.release_id).where(
        judgements.c.account_id == account_id,
        judgements.c.verdict == "skip",
        judgements.c.undone_at.is_(None),
    )
    has = select(owned.c.release_id).where(owned.c.account_id == account_id)
    terms: list[ColumnElement[bool]] = [
        listings.c.gone_at.is_(None),
        listings.c.release_id.not_in(skipped.union_all(has)),
    ]
    if (hidden := is_hidden(db, account_id)) is not None:
        terms.append(~hidden)
    return terms
