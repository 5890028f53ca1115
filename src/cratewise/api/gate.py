"""The gate of local mode: this machine's own pages and programs may ask, no other site may.

Whoever visits a foreign page has its scripts run on their machine, where they reach
127.0.0.1 too.  So a request is refused before any work when its Host is no name of
this machine (a foreign name may point here: DNS rebinding), or when its Origin or
Sec-Fetch-Site tell of another site.  Reads are no exception: some of ours have an
effect.  Programs send neither header, and pass.

Neighbours, where there are any, are pages of other origins that may ask some addresses,
without credentials; their browser is told so as CORS has it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from cratewise.api.problems import FOREIGN, MEDIA_TYPE, Problem, retry_after, worded
from cratewise.loopback import is_loopback

Headers = Sequence[tuple[bytes, bytes]]

# `none`: somebody typed the address, or opened a bookmark.
OUR_OWN_SITE = frozenset({"same-origin", "none"})

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)

MAY_SEND = b"Accept, Authorization, Content-Type, X-CSRFToken, X-Requested-With"
REMEMBERED_SECONDS = b"600"  # how long a browser needs not ask again
FOLLOWED = "a link"  # instead of an origin, which a link does not tell

log = structlog.get_logger(__name__)


class Neighbours(NamedTuple):
    """Pages of elsewhere that may ask.

    origins   where they are served from.
    is_open   whether they may ask an address.
    followed  addresses to which a link of theirs may lead, which has no effect.
    """

    origins: frozenset[str]
    is_open: Callable[[str], bool]
    followed: frozenset[str] = frozenset()

    def guest(self, path: str, headers: Headers) -> str:
        """The origin of a page that may ask this; empty: none may, or none asks."""
        if not self.is_open(path):
            return ""
        origins = list(_of(headers, b"origin"))
        if len(origins) == 1 and origins[0] in self.origins:
            return origins[0]
        told = [list(_of(headers, name)) for name in (b"sec-fetch-mode", b"sec-fetch-site")]
        is_link = not origins and told == [["navigate"], ["same-site"]]
        return FOLLOWED if is_link and path.rstrip("/") in self.followed else ""


NOBODY = Neighbours(frozenset(), lambda _: False)


class Gate:
    """Lets only this machine's own requests through to `app`, and closes what it answers.

    neighbours  may ask too.
    """

    def __init__(self, app: ASGIApp, neighbours: Neighbours = NOBODY) -> None:
        self._app = app
        self._neighbours = neighbours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # type: ignore[comparison-overlap]  # Litestar types it apart
            await self._app(scope, receive, send)
            return

        headers = list(scope["headers"])
        guest = self._neighbours.guest(scope["path"], headers)
        refusal = why_refused(headers, guest)
        is_told = refusal is None and self._neighbours.is_open(scope["path"])
        told = cors_headers(guest) if is_told else ()

        async def closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS, *told]
            await send(message)

        if refusal is None and guest and is_preflight(scope):
            await allow_page(closed)
        elif refusal is None:
            await self._app(scope, receive, closed)
        elif scope["type"] == ScopeType.HTTP:
            log.warning("refused", reason=refusal)
            await answer_problem(worded(FOREIGN, refusal), closed)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": refusal})


def why_refused(headers: Headers, guest: str = "") -> str | None:
    """A sentence for a request that comes from elsewhere; None for one of ours.

    guest  the origin of a page elsewhere that may ask this.
    """
    hosts = list(_of(headers, b"host"))
    if len(hosts) != 1 or host_in(hosts[0]) is None or not is_loopback(f"http://{hosts[0]}"):
        shown = hosts[0] if hosts else ""
        return (
            f"Host {shown!r} is no name of this machine: "
            "ask http://localhost or http://127.0.0.1, with the port."
        )
    if guest:
        return None
    for site in _of(headers, b"sec-fetch-site"):
        if site not in OUR_OWN_SITE:
            return "A page of another site asked this (Sec-Fetch-Site): only Cratewise's own may."
    for origin in _of(headers, b"origin"):
        if origin not in (f"http://{hosts[0]}", f"https://{hosts[0]}"):
            return f"A page of {origin!r} asked this (Origin): only Cratewise's own may."
    return None


def cors_headers(guest: str) -> Headers:
    """What a neighbour's browser is told; caches keep the answers to origins apart."""
    vary = (b"vary", b"Origin")
    if not guest or guest == FOLLOWED:
        return (vary,)
    return (vary, (b"access-control-allow-origin", guest.encode()))


def is_preflight(scope: Scope) -> bool:
    asked = list(_of(list(scope["headers"]), b"access-control-request-method"))
    return scope["type"] == ScopeType.HTTP and scope["method"] == "OPTIONS" and bool(asked)


async def allow_page(send: Send) -> None:
    """Answer a browser that asks whether a page may ask."""
    headers = [
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", MAY_SEND),
        (b"access-control-max-age", REMEMBERED_SECONDS),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _of(headers: Headers, name: bytes) -> Iterator[str]:
    for key, value in headers:
        if key.lower() == name:
            yield value.decode("latin-1").strip().lower()


def host_in(told: str) -> str | None:
    """The name or number in a Host header; None when it holds anything else but a port."""
    try:
        url = urlsplit(f"http://{told}")
        is_a_host_alone = url.netloc == told and "@" not in told and (url.port or 1) > 0
    except ValueError:
        return None
    return url.hostname if is_a_host_alone else None


async def answer_problem(problem: Problem, send: Send) -> None:
    """Answer a refusal that no room was asked about."""
    body = msgspec.json.encode(problem)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        *((name.lower().encode(), told.encode()) for name, told in retry_after(problem).items()),
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
