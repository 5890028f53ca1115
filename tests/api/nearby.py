"""A server in somebody's home, for phones nearby: `serve --lan` over real HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from litestar.types import ASGIApp, Receive, Scope, Send
from sqlalchemy import Engine
from tests.api.serving import _listening

from cratewise.api.app import Lan, make_app
from cratewise.api.web_page import FOLDER
from cratewise.cli.serve import opened_installation
from cratewise.people.pairing import Pairing

OWN = "192.168.1.5"
PHONE = "192.168.1.77"


class From:
    """Stands where the network would be: lets a request come from the address that it tells."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":  # type: ignore[comparison-overlap]  # Litestar types it apart
            told = dict(scope["headers"]).get(b"x-from", b"127.0.0.1").decode()
            scope = {**scope, "client": (told, 40_000)}  # type: ignore[assignment]  # a mapping of Litestar's own
        await self._app(scope, receive, send)


@dataclass
class Home:
    """A server in somebody's home, and the codes that its terminal showed."""

    url: str
    codes: list[str]
    pairing: Pairing
    engine: Engine

    def ask(
        self, method: str, path: str, *, peer: str = PHONE, host: str = f"{OWN}:8000",
        cookie: str = "", headers: Mapping[str, str] | None = None, **more: Any,
    ) -> httpx2.Response:  # fmt: skip
        told = {"x-from": peer, "host": host, **(headers or {})}
        told |= {"cookie": cookie} if cookie else {}
        return httpx2.request(method, f"{self.url}{path}", headers=told, **more)

    def paired(self) -> str:
        """The cookie of a phone that was let in."""
        self.ask("GET", "/pair")
        answer = self.ask("POST", "/pair", data={"code": self.codes[-1]})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["set-cookie"].partition(";")[0])


@contextmanager
def at_home(web_folder: Path = FOLDER) -> Iterator[Home]:
    """The installation that the environment names, served to its neighbourhood."""
    codes: list[str] = []
    with ExitStack() as closing:
        here = opened_installation(closing, is_working=False)
        pairing = Pairing(here.engine, here.account().id, here.clock, codes.append)
        app = make_app(here, web_folder=web_folder, lan=Lan(pairing, lambda: [OWN]))
        url = closing.enter_context(_listening(From(app), here))
        yield Home(url, codes, pairing, here.engine)
