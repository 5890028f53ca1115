"""Every way in which Discogs can fail to answer, worded as an error of ours."""

import re
from typing import Any

import discogs_sdk
import httpx2

from cratewise.errors import (
    DiscogsBroken,
    DiscogsError,
    DiscogsUnreachable,
    InvalidRequest,
    NotAllowed,
    NotAuthenticated,
    NotFound,
)

NEW_TOKEN = "https://www.discogs.com/settings/developers"  # noqa: S105 - where a token is made
LONGEST_QUOTE = 200  # letters of what Discogs said

# What the system says of a name it cannot find; the wording differs between systems.
_NO_SUCH_HOST = re.compile(
    r"getaddrinfo|name or service|name resolution|nodename|Errno 11001", re.IGNORECASE
)


def worded(error: Exception, *, host: str) -> DiscogsError:
    """Our error for one of discogs-sdk's (429 is the quota's), or for an answer that is no JSON."""
    if isinstance(error, discogs_sdk.DiscogsConnectionError):
        return _unreachable(error, host)
    if isinstance(error, discogs_sdk.DiscogsAPIError):
        return _refused(error)
    return DiscogsBroken("Discogs' answer cannot be read: it is cut off, or a page for people.")


def _unreachable(error: discogs_sdk.DiscogsConnectionError, host: str) -> DiscogsError:
    cause = error.__cause__
    # What is said of a request that no header can carry quotes the header, and the token in it.
    is_ours = isinstance(cause, httpx2.LocalProtocolError)
    why = ("" if is_ours else _quoted(str(error))) or type(cause).__name__
    if _NO_SUCH_HOST.search(why):
        return DiscogsUnreachable(
            f"The name {host} cannot be looked up: is this machine on the network?"
        )
    return DiscogsUnreachable(
        f"{host} does not answer ({why}): check the network, or try again in a few minutes."
    )


def _refused(error: discogs_sdk.DiscogsAPIError) -> DiscogsError:
    status, said = error.status_code, _said(error)
    match status:
        case 401:
            return NotAuthenticated(
                f"Discogs wants a valid token{said}: make one at {NEW_TOKEN} and store it with "
                "`cratewise connect --token`.",
                status=status,
            )
        case 403:
            return NotAllowed(f"Discogs does not allow it{said}.", status=status)
        case 404:
            return NotFound(f"Discogs has no such thing{said}.", status=status)
        case _ if status >= 500:
            return DiscogsBroken(
                f"Discogs has trouble of its own ({status}{said}): try again in a few minutes.",
                status=status,
            )
        case _:
            return InvalidRequest(f"Discogs did not understand us ({status}{said}).", status=status)


def _said(error: discogs_sdk.DiscogsAPIError) -> str:
    body: dict[str, Any] | str = error.response_body
    if isinstance(body, str):  # a page of Cloudflare's or of a proxy: nothing for a sentence
        return ", with a page instead of a reason" if body.strip() else ""
    message = body.get("message")
    quote = _quoted(message) if isinstance(message, str) else ""
    return f': "{quote}"' if quote else ""


def _quoted(text: str) -> str:
    flat = " ".join(text.split()).rstrip(".")
    return flat if len(flat) <= LONGEST_QUOTE else f"{flat[: LONGEST_QUOTE - 1]}…"
