"""What somebody may be asked to judge: for sale, and neither judged, owned nor hidden."""

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import CompoundSelect, Connection, Select, func, select

from cratewise.store.hidden import is_hidden
from cratewise.store.tables import judgements, listings, owned
from cratewise.store.taste_tables import showings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Choosable(NamedTuple):
    """n listings, by our own ids upwards.

    ids, release_ids  (n,) int64
    score             (n,) float64, the rule's; NaN unknown
    """

    ids: "NDArray[np.int64]"
    release_ids: "NDArray[np.int64]"
    score: "NDArray[np.float64]"


def choosable(db: Connection, account_id: int, *, seller_id: int | None = None) -> Choosable:
    """Every listing that may be shown next, of one seller or of all.

    A release of which a copy was judged, or waits to be, is not asked about again; one
    whose verdict was undone may be.
    """
    import numpy as np

    columns = (listings.c.id, listings.c.release_id, listings.c.score)
    wanted = _choosable(db, account_id, seller_id, *columns)
    rows = db.execute(wanted.order_by(listings.c.id)).all()
    return Choosable(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.float64),  # None becomes NaN
    )


def count_choosable(db: Connection, account_id: int, *, seller_id: int | None = None) -> int:
    """How many listings those are."""
    if is_hidden(db, account_id) is not None:
        return int(db.execute(_choosable(db, account_id, seller_id, func.count())).scalar_one())
    # What is judged, shown or owned is little, and found by its index: both counts together
    # take a tenth of what asking it of each listing takes.
    for_sale = select(func.count()).select_from(listings).where(listings.c.gone_at.is_(None))
    if seller_id is not None:
        for_sale = for_sale.where(listings.c.seller_id == seller_id)
    out = for_sale.where(listings.c.release_id.in_(_out_of_question(account_id)))
    both = select(for_sale.scalar_subquery() - out.scalar_subquery())
    return int(db.execute(both).scalar_one())


def _out_of_question(account_id: int) -> CompoundSelect[Any]:
    """Releases that are judged, wait to be, or are owned."""
    judged = select(judgements.c.release_id).where(
        judgements.c.account_id == account_id, judgements.c.undone_at.is_(None)
    )
    shown = select(showings.c.release_id).where(
        showings.c.account_id == account_id, showings.c.settled_at.is_(None)
    )
    has = select(owned.c.release_id).where(owned.c.account_id == account_id)
    return judged.union_all(shown, has)


def _choosable(
    db: Connection, account_id: int, seller_id: int | None, *columns: Any
) -> Select[Any]:
    statement = (
        select(*columns)
        .select_from(listings)
        .where(listings.c.gone_at.is_(None))
        .where(listings.c.release_id.not_in(_out_of_question(account_id)))
    )
    if seller_id is not None:
        statement = statement.where(listings.c.seller_id == seller_id)
    if (hidden := is_hidden(db, account_id)) is not None:
        statement = statement.where(~hidden)
    return statement
