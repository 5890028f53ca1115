"""How much is kept, in numbers for a check of the installation."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from cratewise.store.tables import listings, pulls, sellers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts of rows."""

    sellers: int
    listings: int
    running_pulls: int


def what_is_kept(db: Connection) -> Kept:
    """How many sellers and listings there are, and how many pulls are under way."""
    running = select(func.count()).select_from(pulls).where(pulls.c.state == "running")
    return Kept(
        sellers=db.execute(select(func.count()).select_from(sellers)).scalar_one(),
        listings=db.execute(select(func.count()).select_from(listings)).scalar_one(),
        running_pulls=db.execute(running).scalar_one(),
    )


def ids_for_sale(db: Connection) -> "NDArray[np.int64]":
    """(n,) every listing that is for sale, by our own ids upwards."""
    import numpy as np

    statement = select(listings.c.id).where(listings.c.gone_at.is_(None))
    return np.array(db.scalars(statement.order_by(listings.c.id)).all(), dtype=np.int64)
