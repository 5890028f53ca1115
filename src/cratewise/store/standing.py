"""How much is kept, in numbers for a check of the installation."""

from dataclasses import dataclass
from datetime import UTC, datetime
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


def server_version(db: Connection) -> str:
    """The database's own version: 3.45.1, 15.6."""
    statement = "SELECT sqlite_version()" if _is_sqlite(db) else "SHOW server_version"
    return str(db.exec_driver_sql(statement).scalar_one()).split()[0]


def stored_bytes(db: Connection) -> int:
    """How much disk the database takes."""
    of_sqlite = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    of_postgresql = "SELECT pg_database_size(current_database())"
    statement = of_sqlite if _is_sqlite(db) else of_postgresql
    return int(db.exec_driver_sql(statement).scalar_one())


def database_time(db: Connection) -> datetime:
    """What time it is where the database is; SQLite's is this machine's."""
    if _is_sqlite(db):
        return datetime.now(UTC)
    seconds = db.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())").scalar_one()
    return datetime.fromtimestamp(float(seconds), UTC)


def newest_moment(db: Connection) -> datetime | None:
    """When a listing was last written, as its writer's clock said."""
    newest: datetime | None = db.scalar(select(func.max(listings.c.touched_at)))
    return newest


def _is_sqlite(db: Connection) -> bool:
    return db.dialect.name == "sqlite"
