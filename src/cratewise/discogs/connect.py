"""Act for a member: OAuth 1.0a as Discogs documents it, in three steps.

    asked = ask(discogs, consumer, callback)     # a request token, and the page to send them to
    ...the member allows it there, and a verifier comes back or is typed in...
    credential = finish(discogs, consumer, asked, verifier)

Both requests leave through our own client: in the quota, under our name.  They are signed
with PLAINTEXT, which Discogs recommends over https.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from cratewise.clock import Clock
from cratewise.discogs.credential import Consumer, OAuthToken
from cratewise.errors import (
    DiscogsBroken,
    InvalidRequest,
    NotAuthenticated,
    NotConnected,
)

if TYPE_CHECKING:
    from cratewise.discogs.client import Discogs

OUT_OF_BAND = "oob"
EXPIRES_AFTER_MINUTES = 15
WEBSITE = "https://www.discogs.com"
API_HOST = "api.discogs.com"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request token: worth 15 minutes, and nothing until its member allows it.

    page  where they do.
    """

    token: str
    secret: str = field(repr=False)
    page: str


def ask(discogs: "Discogs", consumer: Consumer, callback: str, clock: Clock) -> Asked:
    """Begin: ask Discogs for a request token.

    callback  where Discogs sends the member afterwards; OUT_OF_BAND: it shows them a code.

    Raises NotAuthenticated when the consumer is wrong, another DiscogsError.
    """
    header = signed(consumer, clock, {"oauth_callback": callback})
    try:
        answer = discogs.exchange("GET", "/oauth/request_token", header)
    except (NotAuthenticated, InvalidRequest) as error:
        raise NotAuthenticated(
            "Discogs does not know this application: check CRATEWISE_DISCOGS_CONSUMER_KEY and "
            f"_SECRET against {WEBSITE}/settings/developers.",
            status=error.status,
        ) from error
    token, secret = _pair(answer)
    page = f"{_website(discogs.api_url)}/oauth/authorize?{urlencode({'oauth_token': token})}"
    return Asked(token, secret, page)


def finish(
    discogs: "Discogs", consumer: Consumer, asked: Asked, verifier: str, clock: Clock
) -> OAuthToken:
    """End: exchange the request token and its verifier for a credential.

    Sent once: whether a second time would do harm is not known.  Raises NotConnected when
    the verifier is wrong or too old, another DiscogsError.
    """
    said = {"oauth_token": asked.token, "oauth_verifier": verifier}
    header = signed(consumer, clock, said, asked.secret)
    try:
        answer = discogs.exchange("POST", "/oauth/access_token", header)
    except (NotAuthenticated, InvalidRequest) as error:
        raise _why(error) from error
    token, secret = _pair(answer)
    return OAuthToken(consumer.key, consumer.secret, token, secret)


def signed(
    consumer: Consumer, clock: Clock, said: Mapping[str, str], token_secret: str = ""
) -> str:
    """The Authorization header of one of the two requests."""
    parameters = {
        "oauth_consumer_key": consumer.key,
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature": f"{_encoded(consumer.secret)}&{_encoded(token_secret)}",
        "oauth_signature_method": "PLAINTEXT",
        "oauth_timestamp": f"{clock.now().timestamp():.0f}",
        **said,
    }
    return "OAuth " + ", ".join(f'{name}="{_encoded(text)}"' for name, text in parameters.items())


def _why(error: NotAuthenticated | InvalidRequest) -> NotConnected:
    said = str(error).lower()
    if "verifier" in said:
        sentence = "Discogs does not accept this code: copy it again, or begin anew"
    elif "expired" in said:
        sentence = f"More than {EXPIRES_AFTER_MINUTES} minutes have passed, or it was denied"
    else:
        sentence = f"Discogs does not let us act for this member ({error})"
    return NotConnected(f"{sentence}: `cratewise connect`.", status=error.status)


def _pair(answer: str) -> tuple[str, str]:
    said = parse_qs(answer)
    token, secret = said.get("oauth_token", [""])[0], said.get("oauth_token_secret", [""])[0]
    if not token or not secret:
        raise DiscogsBroken("Discogs' answer holds no token; try again in a few minutes.")
    return token, secret


def _website(api_url: str) -> str:
    # A simulator shows the page itself.
    return WEBSITE if urlsplit(api_url).hostname == API_HOST else api_url


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
