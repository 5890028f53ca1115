"""What is asked, what is answered, and the refusals whose words are known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import msgspec


class Asked(NamedTuple):
    """One request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Message  # names without case
    body: bytes
    address: str  # where it came from

    @property
    def base(self) -> str:
        """The address under which the client knows this server; links start with it."""
        return f"http://{self.headers.get('Host', 'localhost')}"

    @property
    def fields(self) -> dict[str, Any]:
        """What a POST or PUT says, in its query or in its body.  Raises Refused."""
        if not self.body:
            return dict(self.query)
        if "form" in self.headers.get("Content-Type", ""):
            return {**self.query, **dict(parse_qsl(self.body.decode(errors="replace")))}
        try:
            return {**self.query, **msgspec.json.decode(self.body, type=dict[str, Any])}
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise Refused(BAD_BODY) from error


def asked(method: str, target: str, headers: Message, body: bytes, address: str) -> Asked:
    """Read a request line's target into path and query."""
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Asked(method, parts.path, query, headers, body, address)


class Ending(Enum):
    """What becomes of an answer on its way."""

    WHOLE = "whole"
    CUT = "cut"  # half of the body, then the connection closes
    RESET = "reset"  # nothing, and the connection is reset
    TIMEOUT = "timeout"  # nothing, and the connection stays open


@dataclass
class Answer:
    """What goes back.  `body` is a JSON value, or bytes as they are, or None for nothing."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    ending: Ending = Ending.WHOLE

    def encoded(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else msgspec.json.encode(self.body)


class Refusal(NamedTuple):
    """A status and the sentence that goes with it."""

    status: int
    message: str

    @property
    def answer(self) -> Answer:
        return Answer(self.status, {"message": self.message})


class Refused(Exception):
    """A request that Discogs refuses."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(f"{refusal.status}: {refusal.message}")


# The words of 400, 405 and of a wrong key are a guess; all others were recorded.
BAD_BODY = Refusal(400, "The request body is not a JSON object.")
BAD_TOKEN = Refusal(401, "Invalid consumer token.")
BAD_CONSUMER = Refusal(401, "Invalid consumer.")
UNAUTHENTICATED = Refusal(401, "You must authenticate to access this resource.")
NO_PERMISSION = Refusal(403, "You don't have permission to access this resource.")
PAGE_OVER_100 = Refusal(403, "Pagination above 100 disabled for inventories besides your own")
NOT_FOUND = Refusal(404, "The requested resource was not found.")
NO_RELEASE = Refusal(404, "Release not found.")
NO_MASTER = Refusal(404, "Master Release not found.")
NO_USER = Refusal(404, "User does not exist or may have been deleted.")
WRONG_METHOD = Refusal(405, "Method not allowed.")
TOO_QUICK = Refusal(429, "You are making requests too quickly.")


def unexpected(name: str, allowed: Iterable[str]) -> Refused:
    """The refusal of a parameter, which names what it may be."""
    return Refused(Refusal(422, f"Invalid {name}: expected one of {', '.join(allowed)}."))
