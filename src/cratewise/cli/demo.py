"""`cratewise demo`: all of it on a simulated market, in a throw-away database."""

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.ending import exit_code
from cratewise.cli.interrupting import stopping_gently
from cratewise.cli.opening import open_account, open_discogs, open_settings, opened_store
from cratewise.cli.output import remark, tell
from cratewise.cli.pull import pull_one, told
from cratewise.cli.serve import Port, free_port, serve
from cratewise.errors import ImportStopped, PullStopped
from cratewise.settings import Settings
from cratewise.simulator import Simulator, World
from cratewise.simulator.world import BUYER

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.rates import Rates
    from cratewise.store.accounts import Account

EXAMPLES = (
    ("cratewise demo", "half a minute"),
    ("cratewise demo --serve", "and then look around in the web page"),
    ("cratewise demo --keep", "leave what was read, to look around in it later"),
)

SEED = 7  # the README shows what this market sells
CORNER, WAREHOUSE = "grooveyard", "warehouse"
SELLERS = {CORNER: 250, WAREHOUSE: 12_500}  # the second needs both ends of its order
CURRENCIES = {CORNER: "GBP", WAREHOUSE: "EUR"}
MINUTE_SECONDS = 5.0
DISCOGS_MINUTE = 60.0
LATENCY = (0.3, 1.5)  # seconds that Discogs takes to answer; shortened as the minute is
SHOWN = 5
CRATE_SECONDS = 30.0  # at most; it is proved long before


def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave what was read.")] = False,
    minute: Annotated[
        float, typer.Option(min=0.05, max=60, help="How many seconds a minute takes.")
    ] = MINUTE_SECONDS,
    page: Annotated[
        bool, typer.Option("--serve", help="Serve the web page afterwards, until Ctrl-C.")
    ] = False,
    port: Port = 8000,
) -> None:
    """Try it all on a simulated market: no account, no network."""
    # In a log, what is answered and how it goes on stand in the order in which they came.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # typed as TextIO
    world = World(SEED, SELLERS, currencies=CURRENCIES)
    shorter = minute / DISCOGS_MINUTE
    latency = (LATENCY[0] * shorter, LATENCY[1] * shorter)
    code = 0
    with (
        _folder(keep=keep) as folder,
        Simulator(world, rate_limit=60, minute_seconds=minute, latency=latency) as simulator,
        ExitStack() as closing,
    ):
        if page:
            port = free_port("127.0.0.1", port)  # now, and not after half a minute
        _introduce(minute)
        closing.enter_context(_environment(_told(folder, simulator, world, minute)))
        settings = open_settings()
        with opened_store(settings) as engine:
            account = open_account(settings, engine, may_ask=False)
            with open_discogs(settings, engine, account) as discogs:
                try:
                    _tour(settings, engine, discogs, account, world)
                except (PullStopped, ImportStopped) as stopped:
                    code = exit_code(stopped)
        if page and not code:
            tell("$ cratewise serve", style="bold")
            serve(port=port)
    _farewell(folder, keep=keep)
    raise typer.Exit(code)


def _tour(
    settings: Settings, engine: "Engine", discogs: "Discogs", account: "Account", world: World
) -> None:
    from cratewise.inventory.fresh_rates import known_rates

    visit = partial(
        _visit, engine, discogs, account, rates=known_rates(engine), catalog=settings.catalog
    )
    visit(CORNER)
    _show(engine, account, CORNER)
    _describe(settings, engine)
    visit(WAREHOUSE)
    _show(engine, account, None)
    _choose(engine, account, settings)

    tell(f"Tomorrow {WAREHOUSE} lists 30 more records.  Looking again:\n")
    world.add(WAREHOUSE, 30)
    visit(WAREHOUSE)


def _visit(
    engine: "Engine",
    discogs: "Discogs",
    account: "Account",
    seller: str,
    *,
    rates: "Rates",
    catalog: Path,
) -> None:
    tell(f"$ cratewise pull {seller}", style="bold")
    outcome = pull_one(engine, discogs, seller, account=account, rates=rates, catalog=catalog)
    tell(told(outcome))


def _describe(settings: Settings, engine: "Engine") -> None:
    """Tell styles by the monthly dump of the simulated world."""
    from cratewise.cli.catalog import told_of
    from cratewise.cli.catalog_import import Wish, import_catalog

    tell("$ cratewise catalog import latest", style="bold")
    wish = Wish("latest", None, None, with_credits=True, only_listed=False, again=False)
    with stopping_gently(_nothing_more) as stopping:
        done = import_catalog(settings, engine, wish, should_stop=stopping.is_set)
    for sentence in told_of(done):
        tell(sentence)
    tell("")


def _nothing_more() -> None:
    remark("Stopping.")


def _show(engine: "Engine", account: "Account", seller: str | None) -> None:
    from cratewise.cli.listing_answer import write_answer
    from cratewise.cli.looking import Asked, look

    whose = f" {seller}" if seller else ""
    tell(f"\n$ cratewise top{whose} --limit {SHOWN}", style="bold")
    answer = look(engine, account, Asked(seller=seller, limit=SHOWN))
    write_answer(answer, as_json=False, as_lines=True)
    tell("")


def _choose(engine: "Engine", account: "Account", settings: Settings) -> None:
    """Draw one record, and pack a crate."""
    from cratewise.cli.crate_answer import write_crate
    from cratewise.cli.pick_answer import write_pick
    from cratewise.clock import SystemClock
    from cratewise.money import typed_price
    from cratewise.picks.crate import Fare
    from cratewise.picks.order import Asked
    from cratewise.picks.record_of_the_day import todays_pick
    from cratewise.store.engine import reading
    from cratewise.store.sellers import find_seller

    tell("$ cratewise pick", style="bold")
    write_pick(
        engine,
        account,
        todays_pick(engine, account.id, SystemClock().now()),
        models_dir=settings.models_dir,
        as_json=False,
        as_lines=True,
    )
    tell(f"\n$ cratewise crate {WAREHOUSE} --budget 60 --postage 6+1.50 --records 5", style="bold")
    with reading(engine) as db:
        seller = find_seller(db, WAREHOUSE)
    asked = Asked(
        sellers=(seller.id,) if seller else (),
        budget=typed_price("60", account.currency),
        most_records=5,
        fares={seller.id: Fare(600, 150)} if seller else {},
        seconds=CRATE_SECONDS,
    )
    write_crate(engine, account, asked, as_json=False, as_lines=True)
    tell("")


def _introduce(minute: float) -> None:
    times = DISCOGS_MINUTE / minute
    tell(
        "A simulated Discogs runs on this machine: invented records, real rules.  Its minute of 60 "
        f"requests lasts {minute:g} s instead of 60, so all goes {times:g} times as fast as it "
        "would with Discogs.\n"
    )


def _told(folder: Path, simulator: Simulator, world: World, minute: float) -> dict[str, str]:
    """What the environment tells, but for everything that the demo must not touch."""
    return {
        "CRATEWISE_MODE": "local",
        "CRATEWISE_LEGACY": "",
        "CRATEWISE_DATA_DIR": str(folder),
        "CRATEWISE_DATABASE_URL": f"sqlite:///{folder / 'cratewise.sqlite'}",
        "CRATEWISE_DISCOGS_TOKEN": world.token(BUYER),
        "CRATEWISE_DISCOGS_API_URL": simulator.url,
        "CRATEWISE_DISCOGS_MINUTE_SECONDS": f"{minute:g}",
        "CRATEWISE_QUOTA": "",
        "CRATEWISE_RATES_URL": "off",
        "CRATEWISE_CATALOG": str(folder / "catalog.sqlite"),
        "CRATEWISE_CATALOG_URL": simulator.url,
    }


@contextmanager
def _environment(told: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    if keep:
        yield Path(tempfile.mkdtemp(prefix="cratewise-demo-"))
        return
    with tempfile.TemporaryDirectory(prefix="cratewise-demo-") as folder:
        yield Path(folder)


def _farewell(folder: Path, *, keep: bool) -> None:
    if keep:
        remark(f"\nWhat was read is in {folder}.  To look around in it:")
        remark(f"  CRATEWISE_DATA_DIR={folder} cratewise top --max-price 20")
    else:
        remark("\nWhat was read is removed again; `cratewise demo --keep` leaves it.")
    remark("With real sellers: `cratewise pull SELLER`, then `cratewise top SELLER`.")
