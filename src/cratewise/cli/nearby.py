"""What `cratewise serve --lan` tells the terminal, and which addresses this machine has."""

import socket
import sys
from typing import TYPE_CHECKING

import typer

from cratewise.cli.output import is_terminal, remark, write_ndjson
from cratewise.errors import SettingError

if TYPE_CHECKING:
    from cratewise.api.app import Lan
    from cratewise.api.installation import Installation


def own_addresses() -> list[str]:
    """This machine's private addresses, that of the way out first."""
    import psutil

    from cratewise.api.lan import is_private

    found = [
        one.address.partition("%")[0]
        for many in psutil.net_if_addrs().values()
        for one in many
        if one.family in (socket.AF_INET, socket.AF_INET6)
    ]
    private = sorted({one for one in found if is_private(one)}, key=lambda one: (":" in one, one))
    first = _way_out()
    return [first, *(one for one in private if one != first)] if first in private else private


def opened_lan(here: "Installation", port: int, *, as_json: bool) -> "Lan":
    """What devices nearby are let in by.

    Raises SettingError where many sign in, and on a machine in no private network.
    """
    from cratewise.api.app import Lan
    from cratewise.people.pairing import Pairing

    if here.settings.mode == "server":
        raise SettingError("--lan", "is for local mode; in server mode everybody signs in.")
    addresses = own_addresses()
    if not addresses:
        raise SettingError("--lan", "this machine has no private address: is it in a network?")
    url = f"http://{_in_url(addresses[0])}:{port}"

    def tell(code: str) -> None:
        _show(url, code, as_json=as_json)

    return Lan(Pairing(here.engine, here.account().id, here.clock, tell), own_addresses)


def _show(url: str, code: str, *, as_json: bool) -> None:
    link = f"{url}/pair#{code}"  # behind the #, so that no server and no log ever sees it
    if as_json:
        write_ndjson([{"pair": link, "code": code}])
        return
    if is_terminal():
        import segno

        segno.make(link, error="m").terminal(out=sys.stdout, compact=True)
    typer.echo(f"On your phone, in the same network: {link}")
    remark("It serves once, for ten minutes.  Nothing is encrypted: use a network that you trust.")
    sys.stdout.flush()


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _way_out() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # for documentation only; nothing is sent
            return str(probe.getsockname()[0])
        except OSError:
            return ""
