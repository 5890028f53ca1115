"""The API over real HTTP: Granian in a thread of the test, the program's own installation."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from litestar.types import ASGIApp

from cratewise.api.app import make_app
from cratewise.api.installation import Installation
from cratewise.api.web_page import FOLDER
from cratewise.cli.serve import free_port, opened_installation, until_somebody_answers


@dataclass
class Api:
    """A served installation, and a client of it that sends what a script would."""

    url: str
    here: Installation
    http: httpx2.Client

    def get(self, path: str, **query: Any) -> httpx2.Response:
        return self.http.get(path, params=query)

    def read(self, path: str, **query: Any) -> Any:
        """The JSON of an answer that must be a good one."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def events(self, pull_id: str) -> Iterator[tuple[str, Any]]:
        """The events of a pull until the server ends them."""
        with self.http.stream("GET", f"/api/v1/pulls/{pull_id}/events") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, msgspec.json.decode(line.removeprefix("data: "))


@contextmanager
def served(
    *, is_working: bool = False, legacy: bool = False, web_folder: Path = FOLDER, port: int = 0
) -> Iterator[Api]:
    """The installation that the environment names, until the end; port 0: any free one."""
    with ExitStack() as closing:
        here = opened_installation(closing, is_working=is_working, legacy=legacy)
        here.begin()
        url = closing.enter_context(_listening(make_app(here, web_folder=web_folder), here, port))
        http = closing.enter_context(httpx2.Client(base_url=url, timeout=60))
        yield Api(url, here, http)


@contextmanager
def _listening(app: ASGIApp, here: Installation, port: int = 0) -> Iterator[str]:
    port = free_port("127.0.0.1", port)
    server = Server(
        app,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
    )
    loop = asyncio.new_event_loop()
    is_listening = threading.Event()

    async def serve() -> None:
        serving = asyncio.create_task(server.serve())
        answering = asyncio.create_task(until_somebody_answers("127.0.0.1", port))
        await asyncio.wait({serving, answering}, return_when=asyncio.FIRST_COMPLETED)
        answering.cancel()
        is_listening.set()
        await serving

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    is_listening.wait()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        here.is_closing.set()
        loop.call_soon_threadsafe(server.stop)
        thread.join()
        loop.close()
