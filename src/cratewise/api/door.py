"""The door of server mode: whoever signed in may ask, each as themselves and nobody else.

A request is refused before any work when it is meant for another host, when a page of
another site asks, when nobody is recognised, when a page changes something without the
word that only our own pages know (CSRF), or when a token that may only read writes.
Pages themselves, their health and the ways to sign in are open.
"""

import hmac
from collections.abc import Sequence
from functools import partial

import structlog
from anyio.to_thread import run_sync
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from cratewise.api.cookies import secret_in
from cratewise.api.feeds import FEEDS
from cratewise.api.gate import (
    HEADERS,
    NOBODY,
    OUR_OWN_SITE,
    Neighbours,
    allow_page,
    answer_problem,
    cors_headers,
    is_preflight,
)
from cratewise.api.installation import Installation
from cratewise.api.problems import problem_of
from cratewise.errors import ForeignSite, NotAllowedHere, NotSignedIn, TooManyRequests
from cratewise.loopback import is_loopback
from cratewise.people.acting import acting_as
from cratewise.people.recognise import Recognised, by_session, by_token
from cratewise.people.throttle import ask_once

READS = frozenset({"GET", "HEAD", "OPTIONS"})
API = "/api/"
# Open to everybody: how to come in, and what a page must know before.
WAYS_IN = frozenset({"/api/v1/session", "/api/v1/session/join", "/api/v1/session/discogs"})
FROM_DISCOGS = "/api/v1/session/discogs"  # where Discogs sends people back to us
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})  # asked by this machine, by any name

Headers = Sequence[tuple[bytes, bytes]]

log = structlog.get_logger(__name__)


class Door:
    """Stands before the rooms where many sign in.

    neighbours  pages of elsewhere that may ask some addresses, with somebody's token.
    """

    def __init__(self, app: ASGIApp, here: Installation, neighbours: Neighbours = NOBODY) -> None:
        self._app = app
        self._engine = here.engine
        self._settings = here.settings
        self._clock = here.clock
        self._neighbours = neighbours
        self._is_secure = (here.settings.public_url or "").startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await self._answer(scope, receive, send)
        elif scope["type"] == ScopeType.WEBSOCKET:
            await send({"type": "websocket.close", "code": 1008, "reason": "There is none."})
        else:  # the server's own beginning and end
            await self._app(scope, receive, send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:

        guest = self._neighbours.guest(scope["path"], list(scope["headers"]))
        told = cors_headers(guest) if self._neighbours.is_open(scope["path"]) else ()
        secure = [STAY_SECURE] if self._is_secure else []

        async def closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS, *told, *secure]
            await send(message)

        try:
            self._refuse_foreign(scope, guest)
            if guest and is_preflight(scope):
                await allow_page(closed)
                return
            who = await run_sync(partial(self._recognised, scope))
            self._refuse(scope, who)
        except (ForeignSite, NotSignedIn, NotAllowedHere, TooManyRequests) as refusal:
            log.warning("refused", reason=str(refusal))
            await answer_problem(problem_of(refusal), closed)
            return
        if who is None:
            await self._app(scope, receive, closed)
        else:
            with acting_as(who):
                await self._app(scope, receive, closed)

    def _refuse_foreign(self, scope: HTTPScope, guest: str) -> None:
        headers, path = list(scope["headers"]), scope["path"]
        public = self._settings.public_url or ""
        host = _first(headers, b"host")
        is_probe = path in PROBES and is_loopback(f"http://{host}")
        if host != public.partition("://")[2] and not is_probe:
            raise ForeignSite(f"This server is {public}, and answers to no other name.")
        if guest:
            return
        is_read = scope["method"] in READS
        for site in _all(headers, b"sec-fetch-site"):
            # A link on another site may lead here; its scripts may ask nothing.
            is_visit = is_read and (not path.startswith(API) or path == FROM_DISCOGS)
            if site not in OUR_OWN_SITE and not is_visit:
                raise ForeignSite("A page of another site asked this: only Cratewise's own may.")
        for origin in _all(headers, b"origin"):
            if origin != public:
                raise ForeignSite(f"A page of {origin!r} asked this: only Cratewise's own may.")

    def _recognised(self, scope: HTTPScope) -> Recognised | None:
        headers = list(scope["headers"])
        told = _first(headers, b"authorization", as_is=True)
        scheme, _, secret = told.partition(" ")
        if scheme.lower() == "bearer" and scope["path"] != "/metrics":
            who = by_token(self._engine, secret.strip(), self._clock)
            if who is not None and who.token_id is not None:
                ask_once(self._engine, who.token_id, self._clock)
            return who
        kept = secret_in(headers, is_secure=self._is_secure)
        return by_session(self._engine, kept, self._clock) if kept else None

    def _refuse(self, scope: HTTPScope, who: Recognised | None) -> None:
        path, is_read = scope["path"], scope["method"] in READS
        if path == "/metrics":
            self._refuse_metrics(scope)
            return
        if not path.startswith(API) and not self._neighbours.is_open(path):
            return
        if who is None:
            if path in WAYS_IN or (is_read and path.startswith(FEEDS)):
                return
            raise NotSignedIn
        if is_read:
            return
        if not who.may_write:
            raise NotAllowedHere("This token may only read.", "read-only-token")
        if who.csrf is not None and path not in WAYS_IN - {"/api/v1/session"}:
            shown = _first(list(scope["headers"]), b"x-csrf-token", as_is=True)
            if not hmac.compare_digest(shown.encode(), who.csrf.encode()):
                raise NotAllowedHere(
                    "A page that changes something must send X-CSRF-Token, as GET "
                    "/api/v1/session tells it.",
                    "csrf",
                )

    def _refuse_metrics(self, scope: HTTPScope) -> None:
        told = _first(list(scope["headers"]), b"authorization", as_is=True)
        expected = f"Bearer {self._settings.metrics_token}"
        if not self._settings.metrics_token or not hmac.compare_digest(
            told.encode(), expected.encode()
        ):
            raise NotAllowedHere(
                "Metrics are told to whoever sends CRATEWISE_METRICS_TOKEN.", "metrics-token"
            )


STAY_SECURE = (b"strict-transport-security", b"max-age=31536000")


def _first(headers: Headers, name: bytes, *, as_is: bool = False) -> str:
    found = next((value for key, value in headers if key == name), b"").decode("latin-1").strip()
    return found if as_is else found.lower()


def _all(headers: Headers, name: bytes) -> list[str]:
    return [value.decode("latin-1").strip().lower() for key, value in headers if key == name]
