"""OAuth 1.0a as Discogs documents it: a request token, a page that grants, an access token.

Signatures are PLAINTEXT or HMAC-SHA1.  Words of refusals are a guess but for the
signature's; that a request token older than 15 minutes is a 400 is documented.
"""

import base64
import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from html import escape
from random import Random
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from .exchange import BAD_CONSUMER, Answer, Asked, Refusal, Refused

EXPIRES_AFTER = 15 * 60  # seconds, of a request token and its verifier
OUT_OF_BAND = "oob"
AUTHORIZE = "/oauth/authorize"  # a page of the website: it counts in nobody's minute
TOKEN_PATHS = ("/oauth/request_token", "/oauth/access_token")

BAD_REQUEST_TOKEN = Refusal(400, "Invalid or expired request token.")
BAD_VERIFIER = Refusal(400, "Invalid verifier.")
BAD_ACCESS_TOKEN = Refusal(401, "Invalid access token.")
BAD_NONCE = Refusal(401, "Invalid nonce: it was used before.")
NO_OAUTH = Refusal(400, "Missing OAuth parameters.")

_PART = re.compile(r'(\w+)="([^"]*)"')


@dataclass
class Request:
    """A request token: asked for, then granted or denied by a member."""

    token: str
    secret: str
    callback: str
    at: float  # seconds by the clock of the grants
    username: str = ""  # who granted
    verifier: str = ""


@dataclass
class Grants:
    """Every token that was given out.

    consumer  key and secret of the one application that there is.
    """

    consumer: tuple[str, str]
    clock: Callable[[], float] = time.monotonic
    requests: dict[str, Request] = field(default_factory=dict)
    access: dict[str, tuple[str, str]] = field(default_factory=dict)  # token: secret, username
    nonces: set[tuple[str, str, str]] = field(default_factory=set)
    dice: Random = field(default_factory=lambda: Random(1))

    def ask(self, asked: Asked) -> Answer:
        """/oauth/request_token.  Raises Refused."""
        said = self._signed(asked, "")
        token, secret = self._letters(), self._letters()
        callback = said.get("oauth_callback") or OUT_OF_BAND
        self.requests[token] = Request(token, secret, callback, self.clock())
        return _form(oauth_token=token, oauth_token_secret=secret, oauth_callback_confirmed="true")

    def decide(self, token: str, username: str | None) -> Request:
        """Let a member (None: nobody) grant a request.  Raises Refused."""
        request = self.pending(token)
        if username is None:
            del self.requests[token]
        else:
            request.username, request.verifier = username, self._letters(10)
        return request

    def give(self, asked: Asked) -> Answer:
        """/oauth/access_token.  Raises Refused."""
        request = self.pending(_told(asked).get("oauth_token", ""))
        said = self._signed(asked, request.secret)
        if not request.verifier or said.get("oauth_verifier") != request.verifier:
            raise Refused(BAD_VERIFIER)
        del self.requests[request.token]
        token, secret = self._letters(), self._letters()
        self.access[token] = (secret, request.username)
        return _form(oauth_token=token, oauth_token_secret=secret)

    def holder(self, asked: Asked) -> str | None:
        """Whose access token a request is signed with; None: it has none.  Raises Refused."""
        token = _told(asked).get("oauth_token", "")
        if token and token not in self.access:
            raise Refused(BAD_ACCESS_TOKEN)
        secret, username = self.access.get(token, ("", None))
        self._signed(asked, secret)
        return username

    def pending(self, token: str) -> Request:
        """A request token that waits for its end.  Raises Refused."""
        request = self.requests.get(token)
        if request is None or self.clock() - request.at > EXPIRES_AFTER:
            raise Refused(BAD_REQUEST_TOKEN)
        return request

    def _signed(self, asked: Asked, token_secret: str) -> Mapping[str, str]:
        """What a request says by OAuth, once its signature is found right."""
        said = _told(asked)
        key, secret = self.consumer
        if "oauth_signature" not in said:
            raise Refused(NO_OAUTH)
        if said.get("oauth_consumer_key") != key:
            raise Refused(BAD_CONSUMER)
        base = base_string(asked, said)
        keys = f"{_encoded(secret)}&{_encoded(token_secret)}"
        right = keys
        if said.get("oauth_signature_method") == "HMAC-SHA1":
            right = base64.b64encode(hmac.digest(keys.encode(), base.encode(), sha1)).decode()
        if not hmac.compare_digest(right.encode(), said["oauth_signature"].encode()):
            words = f"Invalid signature. Expected signature base string {base}"
            raise Refused(Refusal(401, words))
        parts = ("oauth_token", "oauth_timestamp", "oauth_nonce")
        nonce = (said.get(parts[0], ""), said.get(parts[1], ""), said.get(parts[2], ""))
        if nonce in self.nonces or not nonce[1].isdecimal():
            raise Refused(BAD_NONCE)
        self.nonces.add(nonce)
        return said

    def _letters(self, count: int = 40) -> str:
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        return "".join(self.dice.choices(letters, k=count))


def base_string(asked: Asked, said: Mapping[str, str]) -> str:
    """What HMAC-SHA1 signs: method, address and every parameter in order (RFC 5849, 3.4.1)."""
    parameters = {**asked.query, **_form_of(asked), **said}
    parameters.pop("oauth_signature", None)
    pairs = sorted((_encoded(name), _encoded(text)) for name, text in parameters.items())
    normal = "&".join(f"{name}={text}" for name, text in pairs)
    address = f"{asked.base.lower().removesuffix(':80')}{asked.path}"
    return "&".join(map(_encoded, (asked.method, address, normal)))


def page(grants: Grants, asked: Asked) -> Answer:
    """The page on which a member grants or denies: GET shows it, POST decides."""
    try:
        said = {**asked.query, **_form_of(asked)}
        token = said.get("oauth_token", "")
        if asked.method == "GET":
            return _question(grants.pending(token))
        username = said.get("username", "digger") if "allow" in said else None
        return _decided(grants.decide(token, username), was_granted=username is not None)
    except Refused as refused:
        return _html(refused.refusal.status, f"<p>{escape(refused.refusal.message)}</p>")


def _question(request: Request) -> Answer:
    return _html(
        200,
        '<form method="post"><p>Allow Cratewise to act for you?</p>'
        f'<input type="hidden" name="oauth_token" value="{escape(request.token)}">'
        '<label>Username <input name="username" value="digger"></label>'
        '<button name="allow" value="1">Authorize</button>'
        '<button name="deny" value="1">Deny</button></form>',
    )


def _decided(request: Request, *, was_granted: bool) -> Answer:
    if request.callback != OUT_OF_BAND:
        told = (
            {"oauth_token": request.token, "oauth_verifier": request.verifier}
            if was_granted
            else {"denied": request.token}
        )
        glue = "&" if urlsplit(request.callback).query else "?"
        place = f"{request.callback}{glue}{urlencode(told)}"
        return Answer(302, headers={"Location": place})
    if was_granted:
        return _html(200, f'<p>Your code is <code id="verifier">{request.verifier}</code>.</p>')
    return _html(200, "<p>You have denied it.</p>")


def _html(status: int, text: str) -> Answer:
    body = f"<html><body>{text}</body></html>".encode()
    return Answer(status, body, content_type="text/html; charset=UTF-8")


def _form(**said: str) -> Answer:
    body = urlencode(said).encode()
    return Answer(200, body, content_type="application/x-www-form-urlencoded")


def _told(asked: Asked) -> dict[str, str]:
    """The OAuth parameters of a request: in its header, its form or its query."""
    header = asked.headers.get("Authorization", "")
    found = {name: unquote(text) for name, text in _PART.findall(header)}
    loose = {**asked.query, **_form_of(asked)}
    named = {name: text for name, text in loose.items() if name.startswith("oauth_")}
    return {**named, **{name: text for name, text in found.items() if name != "realm"}}


def _form_of(asked: Asked) -> dict[str, str]:
    if "form-urlencoded" not in asked.headers.get("Content-Type", ""):
        return {}
    return dict(parse_qsl(asked.body.decode(errors="replace"), keep_blank_values=True))


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
