"""What proves to Discogs who asks, and where it may be sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cratewise.errors import InvalidRequest, SettingError
from cratewise.loopback import is_loopback


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """A token that a member made for their own programs; it can do all that they can."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Consumer:
    """An application that members may allow to act for them: key and secret, as Discogs gave."""

    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuthToken:
    """What a member allowed one application: it can do all that they can, until revoked.

    With it lie the application's own key and secret: one is worth nothing without the other.
    """

    consumer_key: str
    consumer_secret: str = field(repr=False)
    token: str = field(repr=False)
    secret: str = field(repr=False)


Credential = PersonalToken | OAuthToken

LIMIT_WITH_CREDENTIAL = 60  # requests a minute
LIMIT_WITHOUT = 25

_TOKEN = re.compile(r"[!-~]+")  # nothing that a header could not carry


def could_be_token(text: str) -> bool:
    """Whether Discogs could be shown this: signs of ASCII without a space or an end of line."""
    return _TOKEN.fullmatch(text) is not None


def limit_for(credential: Credential | None) -> int:
    """Requests a minute that Discogs allows, until its answers tell."""
    return LIMIT_WITHOUT if credential is None else LIMIT_WITH_CREDENTIAL


def refuse_unsendable(credential: Credential | None) -> None:
    """Raises InvalidRequest, which does not show it, for a token that no header can carry.

    The libraries between us and Discogs would find out too, and quote it in their logs.
    """
    if isinstance(credential, PersonalToken) and not could_be_token(credential.token):
        raise InvalidRequest(
            "The token has letters that cannot be sent to Discogs: copy it again, and connect "
            "with `cratewise connect --token`."
        )


def credential_from(fields: Mapping[str, str]) -> Credential:
    """The credential that has these fields.  Raises TypeError."""
    return OAuthToken(**fields) if "consumer_key" in fields else PersonalToken(**fields)


def refuse_open_road(api_url: str) -> None:
    """Raises SettingError when a credential sent to `api_url` could be read on its way."""
    if urlsplit(api_url).scheme != "https" and not is_loopback(api_url):
        raise SettingError(
            "CRATEWISE_DISCOGS_API_URL",
            f"no credential is sent to {api_url}: only to https, or to this machine.",
        )
