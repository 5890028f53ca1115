"""What triage chose to show, until it is judged."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from cratewise.store.described import Described
from cratewise.store.hidden import is_hidden
from cratewise.store.tables import accounts, listings, owned
from cratewise.store.taste_tables import showings


class Showing(NamedTuple):
    """A listing that was chosen to be judged.

    because       exploit, explore, uniform or cover
    chance        with which it was chosen, above 0 to 1
    predicted     chance of a keep, 0 to 1; None: no model was there
    predicted_by  the version of the model
    listing       a mapping of described.py, as it was then
    """

    id: int
    listing_id: int | None
    release_id: int
    shown_at: datetime
    because: str
    chance: float
    predicted: float | None
    predicted_by: int | None
    listing: Described


def show(
    db: Connection, account_id: int, chosen: Sequence[Showing], *, seller: str | None = None
) -> list[Showing]:
    """Note what is shown, unless something waits already; returns what waits now.

    seller  only theirs count and are returned; None: everybody's

    Of two that ask at once, the second gets what the first was given.
    """
    db.execute(select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())
    there = open_showings(db, account_id, seller=seller)
    if there or not chosen:
        return there
    taken = {one.release_id for one in open_showings(db, account_id)}
    ids = sorted(one.listing_id for one in chosen if one.listing_id is not None)
    kept = select(listings.c.id).where(listings.c.id.in_(bindparam("ids", expanding=True)))
    here = set(db.scalars(kept.order_by(listings.c.id).with_for_update(read=True), {"ids": ids}))
    new = [
        _row(account_id, one)
        for one in chosen
        if one.release_id not in taken and one.listing_id in here
    ]
    if new:
        db.execute(insert(showings), new)
    return open_showings(db, account_id, seller=seller)


def open_showings(db: Connection, account_id: int, *, seller: str | None = None) -> list[Showing]:
    """What waits for a verdict, in the order in which it was chosen; of one seller or of all."""
    rows = db.execute(
        _SHOWINGS.where(showings.c.account_id == account_id, showings.c.settled_at.is_(None))
        .order_by(showings.c.id)
    )  # fmt: skip
    every = [_showing(row) for row in rows]
    return [one for one in every if seller is None or one.listing["seller"] == seller]


def spoiled(db: Connection, account_id: int) -> list[int]:
    """Showings that wait though their listing went, was hidden or was bought: their ids."""
    has = select(owned.c.release_id).where(owned.c.account_id == account_id)
    # By the key of what is shown, which is little: a list of all that may still be judged
    # would read the whole stock.
    still = select(listings.c.id).where(
        listings.c.id == showings.c.listing_id,
        listings.c.gone_at.is_(None),
        listings.c.release_id.not_in(has),
    )
    if (hidden := is_hidden(db, account_id)) is not None:
        still = still.where(~hidden)
    rows = db.scalars(
        select(showings.c.id)
        .where(showings.c.account_id == account_id, showings.c.settled_at.is_(None))
        .where(~still.correlate(showings).exists())
    )
    return list(rows)


def withdraw(db: Connection, ids: Collection[int], at: datetime) -> None:
    """Take these showings back, unless somebody judged them meanwhile."""
    db.execute(
        update(showings)
        .where(showings.c.id.in_(bindparam("ids", expanding=True)))
        .where(showings.c.settled_at.is_(None))
        .values(settled_at=at),
        {"ids": sorted(ids)},
    )


def showings_of(db: Connection, account_id: int, listing_ids: Sequence[int]) -> dict[int, Showing]:
    """What was shown of these listings last, judged or not, by our own ids.

    One whose listing was deleted meanwhile is found by the id that it had.
    """
    wanted = set(listing_ids)
    here = showings.c.listing_id.in_(bindparam("ids", expanding=True))
    rows = db.execute(
        _SHOWINGS.where(showings.c.account_id == account_id)
        .where(or_(here, showings.c.listing_id.is_(None)))
        .order_by(showings.c.id),
        {"ids": sorted(wanted)},
    )
    every = (_showing(row) for row in rows)
    return {int(one.listing["id"]): one for one in every if one.listing["id"] in wanted}


def settle(db: Connection, account_id: int, release_ids: Collection[int], at: datetime) -> None:
    """Note that a copy of these releases was judged: they wait no longer."""
    db.execute(
        update(showings)
        .where(showings.c.account_id == account_id, showings.c.settled_at.is_(None))
        .where(showings.c.release_id.in_(bindparam("releases", expanding=True)))
        .values(settled_at=at),
        {"releases": sorted(release_ids)},
    )


def unsettle(db: Connection, account_id: int, listing_id: int) -> None:
    """Let what was shown of a listing wait for a verdict again, now that the one was undone."""
    last = (
        select(showings.c.id)
        .where(showings.c.account_id == account_id, showings.c.listing_id == listing_id)
        .order_by(showings.c.id.desc())
        .limit(1)
    )
    db.execute(
        update(showings).where(showings.c.id == last.scalar_subquery()).values(settled_at=None)
    )


_SHOWINGS = select(*(showings.c[name] for name in Showing._fields))


def _row(account_id: int, one: Showing) -> dict[str, Any]:
    row = one._asdict() | {"account_id": account_id, "listing": json.dumps(one.listing)}
    del row["id"]
    return row


def _showing(row: Any) -> Showing:
    return Showing._make(row)._replace(listing=json.loads(row.listing))
