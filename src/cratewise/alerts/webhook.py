"""Send what was found to an address of the reader's own, and to no other.

A name is resolved once; every address that it has is looked at, and the connection goes
to one that was looked at, so that a name which answers otherwise a moment later leads
nowhere else.  A redirect is not followed.  Where others use the same machine, private,
loopback and link-local addresses are refused: behind them are things that trust whoever
is inside.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from cratewise.errors import AddressRefused, DeliveryFailed

SECONDS = 10.0  # for each step of a request
LONGEST_URL = 2000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host.  Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def post(
    url: str,
    message: Mapping[str, Any],
    *,
    key: str,
    may_be_private: bool,
    user_agent: str,
    look_up: Resolve = resolve,
) -> None:
    """Send a message as JSON; any 2xx is a yes.

    key  the same at every try, in the header Idempotency-Key.

    Raises AddressRefused, DeliveryFailed.
    """
    parts = check_url(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = checked_address(parts.hostname or "", port, may_be_private, look_up)
    connection = _Connection(parts.hostname or "", port, address, is_tls=parts.scheme == "https")
    try:
        connection.request(
            "POST",
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            body=json.dumps(message).encode(),
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": key,
                "User-Agent": user_agent,
                "Connection": "close",
            },
        )
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise DeliveryFailed(f"{parts.netloc} does not answer: {_told(error)}.") from error
    finally:
        connection.close()
    if 300 <= status < 400:
        raise DeliveryFailed(f"{parts.netloc} answers {status}: redirects are not followed.")
    if not 200 <= status < 300:
        raise DeliveryFailed(f"{parts.netloc} answers {status}.")


def check_url(url: str) -> Any:
    """The parts of a webhook's address.  Raises AddressRefused when it can be none."""
    try:
        parts = urlsplit(url.strip())
        is_possible = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        parts, is_possible = urlsplit(""), False
    if not is_possible or len(url) > LONGEST_URL or any(sign.isspace() for sign in url.strip()):
        raise AddressRefused(f"{url[:100]!r} is no address of the web: https://HOST/PATH.")
    if parts.username or parts.password:
        raise AddressRefused("A name or a password before the host is not sent; leave it out.")
    return parts


def check_target(url: str, *, may_be_private: bool, look_up: Resolve = resolve) -> None:
    """Look at a webhook's address before it is kept.

    A name that has no address just now may have one later.  Raises AddressRefused.
    """
    parts = check_url(url)
    try:
        checked_address(parts.hostname or "", parts.port or 443, may_be_private, look_up)
    except DeliveryFailed:
        return


def checked_address(host: str, port: int, may_be_private: bool, look_up: Resolve = resolve) -> str:
    """The address to connect to, after all that the host has were looked at.

    Raises AddressRefused for a private one, DeliveryFailed when there is none.
    """
    try:
        found = look_up(host, port)
    except OSError as error:
        raise DeliveryFailed(f"{host} has no address: {_told(error)}.") from error
    if not found:
        raise DeliveryFailed(f"{host} has no address.")
    if not may_be_private:
        for address in found:
            if is_private(ipaddress.ip_address(address.partition("%")[0])):
                named = host if host == address else f"{host} is {address}, which"
                raise AddressRefused(
                    f"{named} is an address of a private network: confirm that it is meant, "
                    "by `--private` or, in the API, `may_be_private`; "
                    "where others use this Cratewise too, it stays refused."
                )
    return found[0]


def is_private(address: Address) -> bool:
    """Whether an address is not one of the open internet, however it is written."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return is_private(inner)
    return not address.is_global or address.is_multicast


class _Connection(http.client.HTTPConnection):
    """To an address that was looked at, whatever the name says by now."""

    def __init__(self, host: str, port: int, address: str, *, is_tls: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address = address
        self._is_tls = is_tls
        self.default_port = 443 if is_tls else 80  # or the Host header would name it

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), SECONDS)
        if self._is_tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _told(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(said).strip().rstrip(".")
