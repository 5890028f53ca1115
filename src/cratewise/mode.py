"""For whom the installation is: this machine's own people, or many who sign in.

Whoever serves many must have said how they are reached and what seals their secrets:
a server that starts without would be open in a way that nobody sees.
"""

import binascii
import ipaddress
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cratewise.errors import SettingError
from cratewise.loopback import is_loopback

MODES = ("local", "server")
KEY_BYTES = 32  # of Fernet: 128 bits to sign with, 128 to encrypt


def read_mode(told: Mapping[str, str]) -> dict[str, Any]:
    """The settings that the mode decides about, as arguments of `Settings`.

    Raises SettingError, which names all that a server lacks.
    """
    mode = told.get("CRATEWISE_MODE", "").lower() or "local"
    if mode not in MODES:
        raise SettingError("CRATEWISE_MODE", f"{mode!r} is neither of {', '.join(MODES)}.")
    read = {
        "mode": mode,
        "public_url": _public_url(told.get("CRATEWISE_PUBLIC_URL", "")),
        "secret_keys": _keys(told.get("CRATEWISE_SECRET_KEY", "")),
        "metrics_token": told.get("CRATEWISE_METRICS_TOKEN") or None,
        "trusted_proxies": _proxies(told.get("CRATEWISE_TRUSTED_PROXIES", "")),
    }
    if mode == "server":
        if not read["secret_keys"]:
            lacks = "" if read["public_url"] else " CRATEWISE_PUBLIC_URL is missing too."
            raise SettingError(
                "CRATEWISE_SECRET_KEY",
                "server mode needs one: `cratewise secrets new` makes it. Keep it out of the "
                f"database's backups.{lacks}",
            )
        if not read["public_url"]:
            raise SettingError(
                "CRATEWISE_PUBLIC_URL", "server mode needs it: https://HOST, as people type it."
            )
    return read


def _public_url(told: str) -> str | None:
    name = "CRATEWISE_PUBLIC_URL"
    if not told:
        return None
    url = urlsplit(told)
    if url.scheme not in ("https", "http") or not url.hostname or url.path.strip("/") or url.query:
        raise SettingError(name, f"{told!r} is no address of a server; expected https://HOST.")
    # A cookie that lets somebody in must not travel where others can read it.
    if url.scheme == "http" and not is_loopback(told):
        raise SettingError(
            name,
            f"{told!r} must be https: the cookies that let people in are sent over nothing else.",
        )
    return f"{url.scheme}://{url.netloc.lower()}"


def _keys(told: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in told.split(",") if key.strip())
    for key in keys:
        try:
            is_one = len(urlsafe_b64decode(key)) == KEY_BYTES
        except (binascii.Error, ValueError):
            is_one = False
        if not is_one:  # and what was there is in no sentence
            raise SettingError(
                "CRATEWISE_SECRET_KEY", "is no key: `cratewise secrets new` makes one."
            )
    return keys


def _proxies(told: str) -> tuple[str, ...]:
    addresses = tuple(address.strip() for address in told.split(",") if address.strip())
    for address in addresses:
        try:
            ipaddress.ip_network(address, strict=False)
        except ValueError:
            raise SettingError(
                "CRATEWISE_TRUSTED_PROXIES", f"{address!r} is no address such as 10.0.0.1."
            ) from None
    return addresses
