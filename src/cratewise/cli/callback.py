"""Wait on this machine for the browser that comes back from Discogs' page."""

import secrets
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from cratewise.errors import NotConnected

LOOK_SECONDS = 0.5  # how soon Ctrl-C and the end of patience are noticed
DONE = b"Cratewise is connected.  This page may be closed."
DENIED = b"Nothing was connected.  This page may be closed."


class Callback:
    """Listens on a free port of this machine, under a path that nobody can guess."""

    def __init__(self) -> None:
        self._path = f"/{secrets.token_urlsafe(16)}"
        self._came: dict[str, str] | None = None
        self._server = HTTPServer(("127.0.0.1", 0), self._page())
        self._server.timeout = LOOK_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{self._path}"

    def verifier(self, token: str, seconds: float, monotonic: Callable[[], float]) -> str:
        """The verifier for a request token, once the member has allowed it.

        Raises NotConnected when they deny it, or do not decide within `seconds`.
        """
        end = monotonic() + seconds
        while monotonic() < end:
            self._server.handle_request()
            came, self._came = self._came or {}, None
            if came.get("denied") == token:
                raise NotConnected("It was denied on Discogs' page; nothing was connected.")
            if came.get("oauth_token") == token and came.get("oauth_verifier"):
                return came["oauth_verifier"]
        raise NotConnected(
            f"Nobody decided on Discogs' page within {seconds / 60:.0f} minutes; nothing was "
            "connected.  On a machine without a browser: `cratewise connect --code`."
        )

    def _page(self) -> type[BaseHTTPRequestHandler]:
        waiting = self

        class Page(BaseHTTPRequestHandler):
            """What the browser is shown when it comes back."""

            timeout = 5  # seconds; who connects and says nothing keeps nobody waiting

            def _come_back(self) -> None:
                address = urlsplit(self.path)
                if address.path != waiting._path:
                    self.send_error(404)
                    return
                waiting._came = {name: said[0] for name, said in parse_qs(address.query).items()}
                body = DENIED if "denied" in waiting._came else DONE
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = _come_back  # noqa: N815 - http.server calls it so

            def log_message(self, format: str, *args: Any) -> None:
                """The terminal shows what matters; an address here would hold the verifier."""

        return Page
