"""`cratewise serve`: the web page and the HTTP API on this machine, and a worker beside them."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.nearby import opened_lan
from cratewise.cli.opening import (
    discogs_as,
    open_discogs,
    open_rates,
    open_settings,
    open_whose,
    opened_store,
)
from cratewise.cli.output import AsJson, is_terminal, remark, write_ndjson
from cratewise.errors import SettingError
from cratewise.loopback import is_loopback

if TYPE_CHECKING:
    from litestar.types import ASGIApp
    from sqlalchemy import Engine

    from cratewise.api.installation import Installation
    from cratewise.discogs.client import Discogs
    from cratewise.shelf.find import Finder
    from cratewise.worker import Worker

EXAMPLES = (
    ("cratewise serve", "on http://127.0.0.1:8000, for this machine alone"),
    ("cratewise serve --lan", "for the phone on the sofa too"),
    ("cratewise serve --port 0", "on any free port"),
    ("cratewise serve --no-work", "leave the work to `cratewise work`"),
    ("cratewise serve --legacy", "for the earlier program's page too (docs/moving.md)"),
)

REGION_VARIABLES = {"currency": "CRATEWISE_CURRENCY", "country": "CRATEWISE_COUNTRY"}

Host = Annotated[
    str, typer.Option(help="Which address to listen on; 0.0.0.0 in a container, all of them.")
]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="Where to listen; 0: any free port.")]
NoWork = Annotated[
    bool, typer.Option("--no-work", help="Work no jobs here: `cratewise work` does.")
]

Legacy = Annotated[
    bool, typer.Option("--legacy", help="Answer the earlier program's page too, at its addresses.")
]

Nearby = Annotated[
    bool, typer.Option("--lan", help="Let your phone in too, by a code that is shown here.")
]


def serve(
    *,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    no_work: NoWork = False,
    legacy: Legacy = False,
    lan: Nearby = False,
    as_json: AsJson = False,
) -> None:
    """Serve the web page and the HTTP API on this machine.

    It answers to names of this machine alone, and to no page of another site.  With
    CRATEWISE_MODE=server it serves many who sign in, behind a reverse proxy that speaks https.
    """
    gc.disable()  # loading makes much and drops little: looking for it takes a tenth of the time
    from cratewise.api.app import make_app
    from cratewise.api.logs import write_logs

    settings = open_settings()
    write_logs(settings.log_level)
    if lan:
        host = "0.0.0.0"  # noqa: S104 - the gate looks at each request's address
    port = free_port(host, port)
    with ExitStack() as closing:
        here = opened_installation(closing, is_working=not no_work, legacy=legacy)
        nearby = opened_lan(here, port, as_json=as_json) if lan else None
        app = make_app(here, lan=nearby)
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"

        def tell() -> None:
            _introduce(f"http://127.0.0.1:{port}" if lan else url, here, as_json=as_json)
            if nearby is not None:
                nearby.pairing.show()

        asyncio.run(_serve(app, here, host, port, tell))


def _refuse_to_show_hidden_prices(engine: "Engine") -> None:
    from cratewise.store.accounts import does_anybody_hide_stale_prices
    from cratewise.store.engine import reading

    with reading(engine) as db:
        if does_anybody_hide_stale_prices(db):
            raise SettingError(
                "CRATEWISE_LEGACY",
                "the earlier page tells prices without their age, and somebody here has old ones "
                "hidden: `cratewise freshness mark` first, or serve without that page.",
            )


def opened_installation(
    closing: ExitStack, *, is_working: bool, legacy: bool = False
) -> "Installation":
    """What requests work with; `begin` begins what is worked beside them, `closing` ends all."""
    from cratewise.api.installation import Installation
    from cratewise.clock import SystemClock
    from cratewise.durable import Desk
    from cratewise.presence import Presence

    settings = open_settings()
    settings = replace(settings, legacy=settings.legacy or legacy)
    if settings.legacy and settings.stale_prices == "hide":
        raise SettingError(
            "CRATEWISE_LEGACY",
            "the earlier page tells prices without their age, and CRATEWISE_STALE_PRICES=hide "
            "hides those that are old: set it to mark, or serve without that page.",
        )
    engine = closing.enter_context(opened_store(settings))
    if settings.legacy:
        _refuse_to_show_hidden_prices(engine)
    whose = open_whose(settings, engine)

    def discogs_for(account_id: int) -> "Discogs":
        return open_discogs(settings, engine, replace(whose.operator, id=account_id))

    def launch_worker(finder: "Finder") -> "Worker":
        from cratewise.jobs import launch

        return launch(
            engine,
            open_discogs=discogs_for,
            open_rates=lambda: open_rates(settings, engine),
            catalog=settings.catalog,
            door="serve",
            finder=finder,
        )

    if not is_working:  # a worker is seen anyway
        closing.enter_context(Presence(engine, SystemClock()))
    here = Installation(
        engine,
        settings,
        open_account=whose.account,
        open_operator=lambda: whose.operator,
        open_discogs=discogs_for,
        open_discogs_as=lambda credential: discogs_as(credential, settings, engine),
        open_desk=lambda: Desk(engine),
        clock=SystemClock(),
        launch_worker=launch_worker if is_working else None,
        fixed=frozenset(
            name
            for name, variable in REGION_VARIABLES.items()
            if os.environ.get(variable, "").strip()
        ),
    )
    closing.callback(here.close)
    return here


async def _serve(
    app: "ASGIApp", here: "Installation", host: str, port: int, tell: Callable[[], None]
) -> None:
    """Answer until Ctrl-C, or until the machine asks by SIGTERM."""
    from granian.constants import HTTPModes, Interfaces
    from granian.server.embed import Server

    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
    )

    is_answering = asyncio.Event()

    def stop() -> None:
        here.is_closing.set()  # ends whoever watches a pull
        if is_answering.is_set():  # before, Granian may miss it: `begin` says it again
            server.stop()  # type: ignore[no-untyped-call]  # Granian's

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
        else:
            loop.add_signal_handler(number, stop)

    async def begin() -> None:
        """Tell that we answer, then begin what that need not wait for; if that fails, end."""
        await until_somebody_answers(host, port)
        is_answering.set()
        if here.is_closing.is_set():
            stop()
            return
        tell()
        try:
            await asyncio.to_thread(here.begin)
        except BaseException:
            stop()
            raise
        gc.freeze()  # what was loaded stays, so nobody need look through it again
        gc.enable()

    beginning = loop.create_task(begin())
    await server.serve()
    await beginning


async def until_somebody_answers(host: str, port: int) -> None:
    """Until somebody listens there: Granian does not say when it does."""
    nearest = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked, not opened
    while True:
        try:
            _, visit = await asyncio.open_connection(nearest, port)
        except ConnectionError:
            await asyncio.sleep(0.005)
        else:
            visit.close()
            return


def free_port(host: str, port: int) -> int:
    """The port, or a free one for 0; Granian would share one that another server listens on.

    Raises SettingError when nobody may listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if sys.platform != "win32":  # there it would take the port from its owner
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        name = "--host" if isinstance(error, socket.gaierror) else "--port"
        reason = (error.strerror or str(error)).lower()
        raise SettingError(
            name, f"cannot listen on {host}:{port} ({reason}); try another, or --port 0."
        ) from None


def _introduce(url: str, here: "Installation", *, as_json: bool) -> None:
    work = "and works jobs" if here.is_to_work else "and works no jobs (--no-work)"
    if as_json:
        write_ndjson([{"url": url, "is_working": here.is_to_work, "pid": os.getpid()}])
        return
    typer.echo(f"Cratewise answers at {url} {work}.")
    if here.settings.mode == "server":
        remark(f"People reach it at {here.settings.public_url}, and sign in.")
    elif not is_loopback(url):
        remark("It listens on all addresses, but answers to names of this machine alone.")
    if is_terminal():
        remark("Ctrl-C ends it; nothing is lost.")
    sys.stdout.flush()
    logging.getLogger(__name__).info("ready at %s", url)
