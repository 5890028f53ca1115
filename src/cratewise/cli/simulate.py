"""`cratewise simulate`: serve a Discogs of our own on this machine."""

import re
from math import inf
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from cratewise.cli.output import AsJson, is_terminal, remark, write_json
from cratewise.errors import SettingError
from cratewise.simulator import Faults, Simulator, World
from cratewise.simulator.faults import KINDS, FaultError
from cratewise.simulator.world import BUYER

EXAMPLES = (
    ("cratewise simulate", "two sellers at Discogs' own pace"),
    ("cratewise simulate --minute 5 --latency 0.02-0.12", "twelve times as fast"),
    ("cratewise simulate --faults 5xx=0.05,reset=0.05", "a bad day at Discogs"),
    ("cratewise simulate --dump discogs_20261001_releases.xml.gz", "its monthly dump"),
    ("cratewise simulate --sellers big=98590 --rate-limit 0 --latency 0", "as fast as it can"),
)

MOST_LISTINGS = 1_500_000  # more than the largest seller has
SELLER = re.compile(r"([\w.\-]+)=(\d+)")
SPAN = re.compile(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?")


def simulate(
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Where to listen; 0: any free port.")
    ] = 8765,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same market.")] = 1,
    sellers: Annotated[
        str, typer.Option(help="Who sells, and how many listings each.")
    ] = "alice=250,bob=42000",
    rate_limit: Annotated[
        int, typer.Option(min=0, help="Requests a minute with a token; 0: no limit.")
    ] = 60,
    minute: Annotated[float, typer.Option(help="How many seconds a minute takes.")] = 60.0,
    latency: Annotated[
        str, typer.Option(help="Seconds that an answer takes, least-most; 0: none.")
    ] = "0.3-1.5",
    stock_moves_every: Annotated[
        int, typer.Option(min=0, help="A listing moves after so many pages read; 0: none does.")
    ] = 20,
    ghosts: Annotated[
        float,
        typer.Option(min=0, max=0.5, help="Share of stock already sold, which makes pages short."),
    ] = 0.002,
    faults: Annotated[
        str,
        typer.Option(
            help="What goes wrong, as shares of requests: "
            f"{', '.join(KINDS)}; all=0.01; rival=20 (a minute); outage=30@50 (s, after 50)."
        ),
    ] = "",
    dump: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Write its monthly dump (gz) and end; served, it lies at CRATEWISE_CATALOG_URL.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve a Discogs of our own on this machine."""
    if not 0 < minute < inf:
        raise SettingError("--minute", f"{minute:g} is no length of time; try 60, or 5.")
    world = World(
        seed,
        _sellers(sellers),
        stock_moves_every=stock_moves_every or None,
        ghosts=ghosts,
    )
    if dump is not None:
        _write_dump(world, dump)
        return
    simulator = _simulator(
        world, port, rate_limit, minute, _latency(latency), faults=_faults(faults, seed)
    )
    with simulator:
        _introduce(simulator, world, minute, as_json=as_json)
        try:
            while not Event().wait(3_600):  # a wait without end cannot be interrupted on Windows
                pass
        except KeyboardInterrupt:
            return  # how it is meant to end


def _write_dump(world: World, path: Path) -> None:
    from cratewise.simulator.dump import dump_of

    path.write_bytes(dump_of(world))
    remark(f"Written: {path}, {path.stat().st_size:,} bytes.")


def _simulator(
    world: World,
    port: int,
    rate_limit: int,
    minute: float,
    latency: tuple[float, float] | None,
    *,
    faults: Faults,
) -> Simulator:
    try:
        return Simulator(
            world,
            port,
            rate_limit=rate_limit or None,
            minute_seconds=minute,
            latency=latency,
            faults=faults,
        )
    except OSError as error:
        problem = f"cannot listen on {port} ({error.strerror}); try another, or 0."
        raise SettingError("--port", problem) from error


def _sellers(said: str) -> dict[str, int]:
    sellers: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in said.split(","))):
        match = SELLER.fullmatch(part)
        if match is None:
            raise SettingError("--sellers", f"{part!r} is not like alice=250.")
        name, count = match[1], int(match[2])
        if name.lower() in map(str.lower, sellers):
            raise SettingError("--sellers", f"{name} is named twice.")
        if count > MOST_LISTINGS:
            raise SettingError("--sellers", f"{name} may have {MOST_LISTINGS:,} listings at most.")
        sellers[name] = count
    if not sellers:
        raise SettingError("--sellers", "names nobody; try alice=250.")
    if len(sellers) > 200:
        raise SettingError("--sellers", "names more than 200.")
    return sellers


def _latency(said: str) -> tuple[float, float] | None:
    match = SPAN.fullmatch(said.strip())
    if match is None:
        raise SettingError("--latency", f"{said!r} is not like 0.3-1.5.")
    least, most = float(match[1]), float(match[2] or match[1])
    if least > most:
        raise SettingError("--latency", f"{said} begins with the longer time.")
    return (least, most) if most > 0 else None


def _faults(said: str, seed: int) -> Faults:
    try:
        return Faults.told(said, seed=seed)
    except FaultError as error:
        raise SettingError("--faults", str(error)) from error


def _introduce(simulator: Simulator, world: World, minute: float, *, as_json: bool) -> None:
    people = {
        member.username: world.count_for_sale(member)
        for member in world.members()
        if not member.is_gone and not member.is_suspended
    }
    token = world.token(BUYER)
    if as_json:
        write_json({"url": simulator.url, "token": token, "sellers": people})
        return
    sellers = ", ".join(f"{name} ({count:,})" for name, count in people.items() if count)
    lines = [f"A simulated Discogs answers at {simulator.url}", f"Sellers: {sellers}"]
    settings = [f"CRATEWISE_DISCOGS_API_URL={simulator.url}", f"CRATEWISE_DISCOGS_TOKEN={token}"]
    settings.append(f"CRATEWISE_CATALOG_URL={simulator.url}")
    if minute != 60:
        settings.append(f"CRATEWISE_DISCOGS_MINUTE_SECONDS={minute:g}")
    lines += ["", "In another terminal:", *(f"  export {setting}" for setting in settings)]
    lines += ["  cratewise pull alice" if "alice" in people else "  cratewise pull SELLER"]
    if is_terminal():
        lines += ["", "Ctrl-C ends it."]
    typer.echo("\n".join(lines))
