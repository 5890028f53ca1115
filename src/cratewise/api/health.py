"""`/healthz`: the process lives.  `/readyz`: it can serve, and what is missing if not."""

from typing import Literal

import msgspec
from litestar import Response, get

from cratewise import __version__
from cratewise.api.installation import Here, Installation
from cratewise.errors import StoreError
from cratewise.presence import Present, what_is_missing, who_is_here
from cratewise.store.migrate import schema_version
from cratewise.store.migrations import known_versions

BEGINS = "This process is about to work jobs: what is asked for waits until then."
MISSING = "Nobody works jobs: what is asked for waits. `cratewise work` starts a worker."


class Health(msgspec.Struct, frozen=True):
    """The process lives."""

    version: str
    status: Literal["ok"] = "ok"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the installation; detail: one sentence."""

    is_ok: bool
    detail: str


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether requests can be served; without workers they can, but jobs wait.

    missing    what is not done because nobody takes that work, a sentence each.
    processes  who is here and does what, a sentence each; in server mode the owners'
               /api/v1/processes tells it.
    """

    is_ready: bool
    database: Part
    migrations: Part
    workers: Part
    missing: list[str] = []
    processes: list[str] = []


@get("/healthz", tags=["operation"], operation_id="health", sync_to_thread=False)
def show_health() -> Health:
    """Whether the process lives; asks nothing."""
    return Health(__version__)


@get(
    "/readyz",
    tags=["operation"],
    operation_id="readiness",
    sync_to_thread=True,
)
def show_readiness(here: Here) -> Response[Readiness]:
    """Whether the process can serve: database, schema, workers.  503 when it cannot."""
    readiness = _readiness(here)
    return Response(readiness, status_code=200 if readiness.is_ready else 503)


def _readiness(here: Installation) -> Readiness:
    is_many = here.settings.mode == "server"  # then anybody may ask, and need know no machine
    try:
        version, newest = schema_version(here.engine), known_versions()[-1]
        # Opening a desk takes a quarter of a second; whoever works has one anyway.
        desk = None if is_many or here.worker is None else here.desk
        processes = who_is_here(here.engine, here.clock.now(), desk)
    except StoreError as error:
        lost = Part(is_ok=False, detail=str(error))
        return Readiness(is_ready=False, database=lost, migrations=lost, workers=lost)
    is_newest = version == newest
    return Readiness(
        is_ready=is_newest and not here.is_closing.is_set(),
        database=Part(is_ok=True, detail=f"{here.engine.dialect.name} answers."),
        migrations=Part(is_ok=is_newest, detail=f"Schema {version}; the newest is {newest}."),
        workers=_workers(here, processes),
        missing=list(what_is_missing(processes).values()),
        processes=[] if is_many else [one.sentence for one in processes],
    )


def _workers(here: Installation, processes: list[Present]) -> Part:
    alive = [one for one in processes if one.is_alive and one.row.queues]
    if not alive:
        begins = here.is_to_work and here.worker is None
        return Part(is_ok=False, detail=BEGINS if begins else MISSING)
    is_here = here.worker is not None and any(one.row.id == here.worker.id for one in alive)
    where = "this one among them" if is_here else "this one is none of them"
    missing = what_is_missing(processes)
    told = [f"{len(alive)} alive, {where}.", *missing.values()]
    return Part(is_ok=not missing, detail="  ".join(told))
