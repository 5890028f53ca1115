"""Where a request comes from, told by the proxies that are trusted and by nobody else."""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence

from litestar.types import Scope

from cratewise.people.sign_in import Visitor


def visitor_of(scope: Scope, trusted: Sequence[str]) -> Visitor:
    """Whose request it is: the first address, from behind, that is no trusted proxy's."""
    headers = list(scope["headers"])
    client = scope.get("client")
    hops = [address for value in _of(headers, b"x-forwarded-for") for address in value.split(",")]
    hops = [*(hop.strip() for hop in hops), client[0] if client else ""]
    networks = [ipaddress.ip_network(one, strict=False) for one in trusted]
    address = hops[-1]
    for hop in reversed(hops):
        address = hop
        if not _is_within(hop, networks):
            break
    return Visitor(address, next(_of(headers, b"user-agent"), ""))


def _of(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> Iterator[str]:
    return (value.decode("latin-1") for key, value in headers if key == name)


def _is_within(hop: str, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        address = ipaddress.ip_address(hop)
    except ValueError:
        return False  # a word of somebody's own: not believed, and not looked behind
    return any(address in network for network in networks)
