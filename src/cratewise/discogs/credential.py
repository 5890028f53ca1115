"""What proves to Discogs who asks, and where it may be sent."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cratewise.errors import SettingError
from cratewise.loopback import is_loopback


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """A token that a member made for their own programs; it can do all that they can."""

    token: str = field(repr=False)


Credential = PersonalToken

LIMIT_WITH_CREDENTIAL = 60  # requests a minute
LIMIT_WITHOUT = 25


def limit_for(credential: Credential | None) -> int:
    """Requests a minute that Discogs allows, until its answers tell."""
    return LIMIT_WITHOUT if credential is None else LIMIT_WITH_CREDENTIAL


def refuse_open_road(api_url: str) -> None:
    """Raises SettingError when a credential sent to `api_url` could be read on its way."""
    if urlsplit(api_url).scheme != "https" and not is_loopback(api_url):
        raise SettingError(
            "CRATEWISE_DISCOGS_API_URL",
            f"no credential is sent to {api_url}: only to https, or to this machine.",
        )
