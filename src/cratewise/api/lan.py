"""The gate of `serve --lan`: this machine, and phones nearby that were paired.

From this machine all is as in local mode (gate.py).  Anybody else must come from a
private address, ask for one of this machine's own addresses by number (a name could be
anybody's: DNS rebinding), and show the cookie for which they once gave the code that the
terminal shows.  What travels is not encrypted: for a network that you trust.
"""

import hashlib
import ipaddress
from base64 import b64encode
from collections.abc import Callable, Collection
from functools import partial
from html import escape
from urllib.parse import parse_qs

import structlog
from anyio.to_thread import run_sync
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from cratewise.api.cookies import secrets_in
from cratewise.api.gate import HEADERS, OUR_OWN_SITE, Headers, answer_problem, host_in
from cratewise.api.problems import FOREIGN, problem_of, worded
from cratewise.errors import NotSignedIn, PairingRefused
from cratewise.loopback import is_loopback
from cratewise.people.pairing import Pairing
from cratewise.people.sign_in import SESSION_LASTS, Visitor

COOKIE = "cratewise-lan"
PAIR = "/pair"
LONGEST_FORM = 1_000  # bytes

SCRIPT = "document.forms[0].code.value=location.hash.slice(1)"
_HASH = b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# With no referrer at all a browser sends `Origin: null` with the form, which says nothing of
# where it comes from, and is refused: this page alone tells it, and to nobody else.
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="referrer" content="same-origin">
<title>Cratewise</title>
<style>body{{font:1.1rem system-ui;max-width:22rem;margin:15vh auto;padding:0 1rem}}
input,button{{font:inherit;width:100%;box-sizing:border-box;padding:.6rem;margin:.3rem 0}}</style>
<h1>Cratewise</h1><p>{sentence}</p>
<form method="post" action="/pair"><label>Code<input name="code" autocomplete="off"
autocapitalize="characters" required></label><button>Let this device in</button></form>
<script>{script}</script></html>"""
WELCOME = "The terminal in which Cratewise runs shows a code. It serves once, for ten minutes."

log = structlog.get_logger(__name__)


class LanGate:
    """Stands before the gate of local mode, and lets paired devices nearby past it.

    local  the app behind that gate; rooms: the app alone.
    own    this machine's private addresses, at the moment of asking.
    """

    def __init__(
        self, local: ASGIApp, rooms: ASGIApp, pairing: Pairing, own: Callable[[], Collection[str]]
    ) -> None:
        self._local = local
        self._rooms = rooms
        self._pairing = pairing
        self._own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or _is_from_here(scope):
            await self._local(scope, receive, send)
            return

        async def closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        refusal = why_refused(scope, self._own())
        if refusal is not None:
            log.warning("refused", reason=refusal)
            await answer_problem(worded(FOREIGN, refusal), closed)
        elif scope["path"] == PAIR:
            await self._pair(scope, receive, closed)
        elif await run_sync(self._is_paired, scope):
            await self._rooms(scope, receive, closed)
        elif scope["path"].startswith("/api/") or scope["method"] not in ("GET", "HEAD"):
            await answer_problem(problem_of(NotSignedIn()), closed)
        else:
            await _answer(closed, 303, b"", [(b"location", PAIR.encode())])

    def _is_paired(self, scope: HTTPScope) -> bool:
        kept = secrets_in(list(scope["headers"]), COOKIE)
        return any(self._pairing.is_paired(secret) for secret in kept)

    async def _pair(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await run_sync(self._pairing.show)
            await _show_page(send, 200, WELCOME)
            return
        told = await _code_in(receive)
        visitor = Visitor(_peer(scope), _first(scope, b"user-agent"))
        try:
            secret = await run_sync(partial(self._pairing.exchange, told, visitor))
        except PairingRefused as error:
            log.warning("refused", reason=str(error))
            await _show_page(send, 403, str(error))
            return
        seconds = int(SESSION_LASTS.total_seconds())
        cookie = f"{COOKIE}={secret}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict"
        headers = [(b"location", b"/"), (b"set-cookie", cookie.encode())]
        await _answer(send, 303, b"", headers)


def why_refused(scope: HTTPScope, own: Collection[str]) -> str | None:
    """A sentence for a request of another machine that may not even ask to be let in."""
    if not is_private(_peer(scope)):
        return "Only devices with a private address, such as those of your Wi-Fi, are answered."
    hosts = list(_of(scope, b"host"))
    host = _host_of(hosts[0]) if len(hosts) == 1 else None
    if host is None or host not in own:
        return "Ask for this machine by its address in your network, as the terminal shows it."
    for site in _of(scope, b"sec-fetch-site"):
        is_visit = scope["method"] == "GET" and not scope["path"].startswith("/api/")
        if site not in OUR_OWN_SITE and not is_visit:
            return "A page of another site asked this (Sec-Fetch-Site): only Cratewise's own may."
    for origin in _of(scope, b"origin"):
        if origin != f"http://{hosts[0]}":
            return f"A page of {origin!r} asked this (Origin): only Cratewise's own may."
    return None


def is_private(address: str) -> bool:
    """Whether an address is one of a home's or an office's own network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback or found.is_unspecified or found.is_multicast:
        return False
    return any(found.version == net.version and found in net for net in NEARBY)


NEARBY = [
    ipaddress.ip_network(one)
    for one in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("fc00::/7", "fe80::/10"),
    )
]


def _is_from_here(scope: HTTPScope) -> bool:
    peer = _peer(scope)
    return is_loopback(f"http://{f'[{peer}]' if ':' in peer else peer}")


def _peer(scope: HTTPScope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _host_of(told: str) -> str | None:
    """The address of a Host header that is a number; None for a name, or for no host."""
    try:
        return str(ipaddress.ip_address(host_in(told) or ""))
    except ValueError:
        return None


def _of(scope: HTTPScope, name: bytes) -> list[str]:
    headers: Headers = list(scope["headers"])
    return [value.decode("latin-1").strip().lower() for key, value in headers if key == name]


def _first(scope: HTTPScope, name: bytes) -> str:
    return next((v.decode("latin-1") for key, v in scope["headers"] if key == name), "")


async def _code_in(receive: Receive) -> str:
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return ""
        body += message.get("body", b"")
        if len(body) > LONGEST_FORM:
            return ""
        if not message.get("more_body", False):
            break
    return parse_qs(body.decode("latin-1")).get("code", [""])[0]


async def _show_page(send: Send, status: int, sentence: str) -> None:
    body = PAGE.format(sentence=escape(sentence), script=SCRIPT).encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", POLICY.encode()),
        (b"cache-control", b"no-store"),
    ]
    await _answer(send, status, body, headers)


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    told = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body, "more_body": False})
