"""Which processes work jobs or serve, and when each was last heard of."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from cratewise.store.tables import workers


class WorkerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A process of the installation, as it last told of itself.

    id      names one life of the process: another start has another id.
    door    what started it: 'serve' or 'work'.
    queues  the kinds of work that it takes; none: it only serves.
    """

    id: str
    host: str
    pid: int
    door: str
    queues: tuple[str, ...]
    version: str
    started_at: datetime
    heartbeat_at: datetime


def beat(db: Connection, worker: WorkerRow, at: datetime) -> None:
    """Note that a worker lives, be it unknown or buried by mistake."""
    dialect = sqlite if db.dialect.name == "sqlite" else postgresql
    row = {name: getattr(worker, name) for name in worker.__struct_fields__}
    row |= {"queues": " ".join(worker.queues), "heartbeat_at": at}
    db.execute(
        dialect.insert(workers)
        .values(row)
        .on_conflict_do_update(
            index_elements=["id"], set_={name: row[name] for name in ("queues", "heartbeat_at")}
        )
    )


def all_workers(db: Connection) -> list[WorkerRow]:
    """Every worker that has not been buried, the longest running first."""
    rows = db.execute(select(workers).order_by(workers.c.started_at, workers.c.id)).mappings()
    return [WorkerRow(**{**row, "queues": tuple(row["queues"].split())}) for row in rows]


def bury(db: Connection, worker_id: str, heartbeat_at: datetime) -> bool:
    """Forget a worker, unless it was heard of since `heartbeat_at` or another was quicker."""
    forgotten = db.execute(
        delete(workers).where(workers.c.id == worker_id, workers.c.heartbeat_at == heartbeat_at)
    )
    return forgotten.rowcount == 1


def leave(db: Connection, worker_id: str) -> None:
    """Forget a worker that ends by itself."""
    db.execute(delete(workers).where(workers.c.id == worker_id))
