"""The gate of local mode: this machine's own pages and programs may ask, no other site may.

Whoever visits a foreign page has its scripts run on their machine, where they reach
127.0.0.1 too.  So a request is refused before any work when its Host is no name of
this machine (a foreign name may point here: DNS rebinding), or when its Origin or
Sec-Fetch-Site tell of another site.  Reads are no exception: some of ours have an
effect.  Programs send neither header, and pass.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import msgspec
import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from cratewise.api.problems import FOREIGN, MEDIA_TYPE, Problem, worded
from cratewise.loopback import is_loopback

# `none`: somebody typed the address, or opened a bookmark.
Headers = Sequence[tuple[bytes, bytes]]

OUR_OWN_SITE = frozenset({"same-origin", "none"})

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)

log = structlog.get_logger(__name__)


class Gate:
    """Lets only this machine's own requests through to `app`, and closes what it answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # type: ignore[comparison-overlap]  # Litestar types it apart
            await self._app(scope, receive, send)
            return

        async def closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        refusal = why_refused(list(scope["headers"]))
        if refusal is None:
            await self._app(scope, receive, closed)
        elif scope["type"] == ScopeType.HTTP:
            log.warning("refused", reason=refusal)
            await _answer(worded(FOREIGN, refusal), closed)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": refusal})


def why_refused(
    headers: Headers,
) -> str | None:
    """A sentence for a request that comes from elsewhere; None for one of ours."""
    hosts = list(_of(headers, b"host"))
    if len(hosts) != 1 or not _is_this_machine(hosts[0]):
        shown = hosts[0] if hosts else ""
        return (
            f"Host {shown!r} is no name of this machine: "
            "ask http://localhost or http://127.0.0.1, with the port."
        )
    for site in _of(headers, b"sec-fetch-site"):
        if site not in OUR_OWN_SITE:
            return "A page of another site asked this (Sec-Fetch-Site): only Cratewise's own may."
    for origin in _of(headers, b"origin"):
        if origin not in (f"http://{hosts[0]}", f"https://{hosts[0]}"):
            return f"A page of {origin!r} asked this (Origin): only Cratewise's own may."
    return None


def _of(headers: Headers, name: bytes) -> Iterator[str]:
    for key, value in headers:
        if key.lower() == name:
            yield value.decode("latin-1").strip().lower()


def _is_this_machine(host: str) -> bool:
    try:
        url = urlsplit(f"http://{host}")
        is_a_host_alone = url.netloc == host and "@" not in host and (url.port or 1) > 0
    except ValueError:
        return False
    return is_a_host_alone and is_loopback(f"http://{host}")


async def _answer(problem: Problem, send: Send) -> None:
    body = msgspec.json.encode(problem)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
