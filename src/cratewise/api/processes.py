"""Processes: who serves and works for this installation, on whichever machines."""

from datetime import datetime

import msgspec
from litestar import get

from cratewise.api.installation import Here
from cratewise.api.problems import told
from cratewise.errors import OwnersOnly
from cratewise.people.acting import who_acts
from cratewise.presence import Present, what_is_missing, who_is_here


class JobShown(msgspec.Struct, frozen=True, kw_only=True):
    """A job that a process has; seller: whose stock it is about, if anybody's."""

    id: str
    deed: str
    seller: str | None
    started_at: datetime | None


class PresentShown(msgspec.Struct, frozen=True, kw_only=True):
    """A process of the installation.

    door      'serve' or 'work': what started it.
    works     the kinds of work that it takes; none: it only answers requests.
    is_alive  it was heard of within 20 s; another takes on what a silent one had.
    """

    host: str
    pid: int
    door: str
    works: list[str]
    version: str
    started_at: datetime
    heartbeat_at: datetime
    is_alive: bool
    jobs: list[JobShown]
    sentence: str


class Missing(msgspec.Struct, frozen=True):
    """A kind of work that nobody takes, and what that means."""

    work: str
    sentence: str


class Processes(msgspec.Struct, frozen=True):
    """The longest running first; and what is not done because nobody is there for it."""

    processes: list[PresentShown]
    missing: list[Missing]


@get("/processes", tags=["operation"], operation_id="list_processes", sync_to_thread=True,
     responses=told(401, 503))  # fmt: skip
def list_processes(here: Here) -> Processes:
    """Who is alive, and what each does; in server mode for owners."""
    if here.settings.mode == "server" and who_acts().member.role != "owner":
        raise OwnersOnly
    found = who_is_here(here.engine, here.clock.now(), here.desk)
    missing = [Missing(work, sentence) for work, sentence in what_is_missing(found).items()]
    return Processes([_shown(one) for one in found], missing)


def _shown(one: Present) -> PresentShown:
    row = one.row
    return PresentShown(
        host=row.host,
        pid=row.pid,
        door=row.door,
        works=list(row.queues),
        version=row.version,
        started_at=row.started_at,
        heartbeat_at=row.heartbeat_at,
        is_alive=one.is_alive,
        jobs=[
            JobShown(
                id=job.id,
                deed=job.deed,
                seller=job.arguments.get("seller"),
                started_at=job.started_at,
            )
            for job in one.jobs or ()
        ],
        sentence=one.sentence,
    )
