"""`cratewise work`: a process that works jobs, beside or instead of the one that serves."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.interrupting import stopping_gently
from cratewise.cli.opening import (
    open_discogs,
    open_rates,
    open_settings,
    open_whose,
    opened_store,
)
from cratewise.cli.output import AsJson, remark, write_ndjson
from cratewise.errors import NoCatalog

if TYPE_CHECKING:
    from cratewise.discogs.client import Discogs

EXAMPLES = (
    ("cratewise work", "on this machine; start as many, on as many machines, as you want"),
    ("cratewise work --only learning", "on a machine of its own, where it disturbs nobody"),
    ("cratewise work --only pulls,outbox,planning", "leave other work to other workers"),
)

LOOK_SECONDS = 1.0  # Windows tells of Ctrl-C only between two waits

Only = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WORK",
        help="Keep to these kinds of work: pulls,learning. Give it again for more.",
    ),
]


def work(*, only: Only = None, as_json: AsJson = False) -> None:
    """Work the jobs that were asked for, until Ctrl-C.

    What it was in the middle of goes to another worker, or waits for the next.
    """
    from cratewise.api.logs import write_logs
    from cratewise.enqueue import QUEUES
    from cratewise.jobs import launch

    names = [queue.name for queue in QUEUES]
    only = [name.strip() for told in only or () for name in told.split(",")]
    for name in only:
        if name not in names:
            raise typer.BadParameter(
                f"{name!r} is none of {', '.join(names)}.", param_hint="--only"
            )
    settings = open_settings()
    if only == ["catalog"] and not settings.catalog.exists():
        raise NoCatalog(settings.catalog)
    write_logs(settings.log_level)
    with opened_store(settings) as engine, stopping_gently(_tell_of_stopping) as is_stopping:
        operator = open_whose(settings, engine).operator

        def discogs_for(account_id: int) -> "Discogs":
            return open_discogs(settings, engine, replace(operator, id=account_id))

        worker = launch(
            engine,
            open_discogs=discogs_for,
            open_rates=lambda: open_rates(settings, engine),
            catalog=settings.catalog,
            only=only or None,
        )
        try:
            working = list(worker.queues)
            remark(f"Working: {', '.join(working)}.  Ctrl-C ends it; nothing is lost.")
            if as_json:
                write_ndjson([{"worker": worker.id, "queues": working}])
            while not is_stopping.wait(LOOK_SECONDS):
                pass
        finally:
            worker.stop()


def _tell_of_stopping() -> None:
    remark("Stopping; what was read is kept, and other workers go on with it.")
