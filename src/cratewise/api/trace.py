"""Every request gets an id, a line in the log and its place in the metrics."""

import re
import time
from collections.abc import Sequence
from uuid import uuid4

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from cratewise.api.feeds import FEEDS
from cratewise.api.metrics import Metrics

ACCEPTED_ID = re.compile(r"[\w.\-]{1,64}")  # of a proxy's or a script's; others get one of ours

PRIVATE = (b"cache-control", b"private, no-cache")
Headers = Sequence[tuple[bytes, bytes]]

log = structlog.get_logger(__name__)


class Trace:
    """Stands around all, the gate too, so that refused requests are seen."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = _id(scope)
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        begun = time.perf_counter()
        status = 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                message["headers"] = [*headers, *_kept_by_nobody(scope["path"], headers)]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            seconds = time.perf_counter() - begun
            # The pattern, not the path: a metric of its own for every listing would never end.
            route = scope.get("path_template") or "none"
            self._metrics.count(scope["method"], route, status, seconds)
            log.info(
                "request",
                method=scope["method"],
                path=_without_secret(scope["path"]),
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )


def _without_secret(path: str) -> str:
    return f"{FEEDS}..." if path.startswith(FEEDS) else path


def _kept_by_nobody(path: str, headers: Headers) -> Headers:
    """What keeps an answer of the API out of shared caches, and asks again before one is used.

    Rooms that know more say so themselves, with a tag or with `no-store`.
    """
    is_told = any(name.lower() == b"cache-control" for name, _ in headers)
    return [] if is_told or not path.startswith("/api/") else [PRIVATE]


def _id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and ACCEPTED_ID.fullmatch(given := value.decode("latin-1")):
            return given
    return uuid4().hex
