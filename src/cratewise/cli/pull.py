"""`cratewise pull`: read sellers' whole stock, from Discogs or from an export of theirs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.ending import exit_code, say
from cratewise.cli.interrupting import stopping_gently
from cratewise.cli.opening import (
    open_account,
    open_discogs,
    open_rates,
    open_settings,
    opened_store,
)
from cratewise.cli.output import AsJson, remark, tell, write_ndjson
from cratewise.cli.progress import PullProgress
from cratewise.errors import CratewiseError, NotFound, SellerSuspended

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs
    from cratewise.inventory.progress import Outcome
    from cratewise.inventory.search import Searched
    from cratewise.inventory.verify import Verified
    from cratewise.rates import Rates
    from cratewise.store.accounts import Account

    Look = Callable[..., Outcome | Verified | Searched]

EXAMPLES = (
    ("cratewise pull alice", "all that alice has for sale; later, what is new"),
    ("cratewise pull alice bob", "one after the other, in one quota"),
    ("cratewise pull alice --full", "everything again, to learn what is gone"),
    ("cratewise pull alice --deep --requests 600", "more than 20,000, ten minutes' worth"),
    ("cratewise pull alice --verify 50", "is what was not seen for long still there?"),
    ("cratewise pull alice --ask-wants", "has alice what is on your wantlist?"),
    ("cratewise pull --from-csv inventory.csv --seller alice --currency EUR", "an export"),
)

ABOUT_ONE_SELLER = (NotFound, SellerSuspended)  # no reason to leave the other sellers unread
PROBLEMS_SHOWN = 5

Sellers = Annotated[
    list[str] | None,
    typer.Argument(metavar="SELLER...", help="Names on Discogs, in any case.", show_default=False),
]
Quick = Annotated[bool, typer.Option("--quick", help="Look at the newest alone: 1-2 requests.")]
Full = Annotated[bool, typer.Option("--full", help="Read everything, so that gone ones show.")]
Deep = Annotated[
    bool, typer.Option("--deep", help="Beyond 20,000 listings: read what no one order shows.")
]
Requests = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=2,
        show_default=False,
        help="The most a deep pull may cost: 1,400; --ask-wants: 101.",
    ),
]
Verify = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, show_default=False,
        help="Look again at N listings not seen for 30 days, best first.",
    ),
]  # fmt: skip
Search = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WORDS", show_default=False,
        help="Experimental: ask for artist and title, one request each.",
    ),
]  # fmt: skip
AskWants = Annotated[
    bool,
    typer.Option("--ask-wants", help="Experimental: ask for each title of your wantlist."),
]
FromCsv = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Read Discogs' inventory export instead.", show_default=False
    ),
]
Whose = Annotated[
    str | None,
    typer.Option("--seller", metavar="NAME", help="Whose export it is.", show_default=False),
]
InCurrency = Annotated[
    str | None,
    typer.Option(metavar="EUR", help="In which currency its prices are.", show_default=False),
]


def pull(
    sellers: Sellers = None,
    *,
    quick: Quick = False,
    full: Full = False,
    deep: Deep = False,
    requests: Requests = None,
    verify: Verify = None,
    search: Search = None,
    ask_wants: AskWants = False,
    from_csv: FromCsv = None,
    seller: Whose = None,
    currency: InCurrency = None,
    as_json: AsJson = False,
) -> None:
    """Read sellers' whole stock into your index.

    A stock that was read before costs one or two requests when nothing moved.  Ctrl-C
    keeps what was read, and the same command goes on from there.
    """
    kinds = [name for name, is_asked in _kinds(quick, full, deep).items() if is_asked]
    if from_csv is not None:
        if sellers or kinds or requests or verify or search or ask_wants:
            raise typer.BadParameter(
                "goes with --seller and --currency alone.", param_hint="--from-csv"
            )
        _import(from_csv, seller, currency, as_json=as_json)
        return
    if seller or currency:
        raise typer.BadParameter("goes with --from-csv.", param_hint="--seller, --currency")
    if not sellers:
        raise typer.BadParameter("name at least one.", param_hint="SELLER")
    if len(kinds) + bool(verify) + bool(search) + ask_wants > 1:
        raise typer.BadParameter(
            "choose one.", param_hint="--quick, --full, --deep, --verify, --search, --ask-wants"
        )
    if requests and (quick or full or verify or search):
        raise typer.BadParameter("goes with --deep or --ask-wants.", param_hint="--requests")
    look: Look
    if verify:
        look = partial(_verify, requests=verify)
    elif search:
        look = partial(_search, titles=search)
    elif ask_wants:
        look = partial(_search_wants, requests=requests)
    else:
        look = partial(
            pull_one, kind=kinds[0] if kinds else "auto", requests=requests,
            catalog=open_settings().catalog,
        )  # fmt: skip
    _look_at_all(sellers, look, as_json=as_json)


def _kinds(quick: bool, full: bool, deep: bool) -> dict[str, bool]:
    return {"quick": quick, "full": full, "deep": deep}


def pull_one(
    engine: "Engine",
    discogs: "Discogs",
    seller: str,
    *,
    account: "Account",
    rates: "Rates",
    kind: Any = "auto",
    requests: int | None = None,
    catalog: Path | None = None,
) -> "Outcome":
    """Pull a seller's stock while a person, or a log, watches; Ctrl-C stops it gently.

    Raises what `inventory.pull.pull` raises.
    """
    from cratewise.catalog.describe import PageLookUp
    from cratewise.clock import SystemClock
    from cratewise.inventory.deep import BUDGET
    from cratewise.inventory.pull import pull as read_stock

    with PullProgress() as progress:

        def ask_to_stop() -> None:
            progress.remark("Stopping after the answers under way.  Ctrl-C again leaves at once.")
            discogs.interrupt()

        discogs.on_trouble = progress.trouble
        with stopping_gently(ask_to_stop) as is_stopping:
            return read_stock(
                engine,
                discogs,
                seller,
                account_id=account.id,
                kind=kind,
                budget=requests or BUDGET,
                rates=rates,
                clock=SystemClock(),
                look_up=PageLookUp(engine, catalog) if catalog else None,
                on_progress=progress.show,
                should_stop=is_stopping.is_set,
            )


def _verify(
    engine: "Engine",
    discogs: "Discogs",
    seller: str,
    *,
    account: "Account",
    rates: "Rates",
    requests: int,
) -> "Verified":
    from cratewise.clock import SystemClock
    from cratewise.inventory.verify import verify

    del account  # whose it is makes no difference to what is for sale
    with _stopping(discogs) as should_stop:
        return verify(
            engine, discogs, seller, requests=requests,
            rates=rates, clock=SystemClock(), should_stop=should_stop,
        )  # fmt: skip


def _search(
    engine: "Engine",
    discogs: "Discogs",
    seller: str,
    *,
    account: "Account",
    rates: "Rates",
    titles: list[str],
) -> "Searched":
    from cratewise.clock import SystemClock
    from cratewise.inventory.search import search

    with _stopping(discogs) as should_stop:
        return search(
            engine, discogs, seller, titles, account_id=account.id,
            rates=rates, clock=SystemClock(), should_stop=should_stop,
        )  # fmt: skip


def _search_wants(
    engine: "Engine",
    discogs: "Discogs",
    seller: str,
    *,
    account: "Account",
    rates: "Rates",
    requests: int | None,
) -> "Searched":
    from cratewise.clock import SystemClock
    from cratewise.inventory.search import WANTS_ASKED, search_wants

    with _stopping(discogs) as should_stop:
        return search_wants(
            engine, discogs, seller, account_id=account.id, requests=requests or 1 + WANTS_ASKED,
            rates=rates, clock=SystemClock(), should_stop=should_stop,
        )  # fmt: skip


@contextmanager
def _stopping(discogs: "Discogs") -> Iterator[Callable[[], bool]]:
    """Ctrl-C ends what goes on inside after the answer under way."""

    def ask_to_stop() -> None:
        remark("Stopping after the answer under way.  Ctrl-C again leaves at once.")
        discogs.interrupt()

    with PullProgress() as progress, stopping_gently(ask_to_stop) as is_stopping:
        discogs.on_trouble = progress.trouble
        yield is_stopping.is_set


def _look_at_all(sellers: list[str], look: "Look", *, as_json: bool) -> None:
    settings = open_settings()
    code = 0
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        rates = open_rates(settings, engine)
        with open_discogs(settings, engine, account) as discogs:
            for name in dict.fromkeys(sellers):
                try:
                    outcome = look(engine, discogs, name, account=account, rates=rates)
                except ABOUT_ONE_SELLER as error:
                    code = code or exit_code(error)
                    _tell_refusal(name, error, as_json=as_json)
                else:
                    _tell(outcome, as_json=as_json)
    if code:
        raise typer.Exit(code)


def _tell(outcome: "Outcome | Verified | Searched", *, as_json: bool) -> None:
    from cratewise.inventory.progress import Outcome

    if isinstance(outcome, Outcome):
        for problem in outcome.problems[:PROBLEMS_SHOWN]:
            remark(problem)
    if as_json:
        write_ndjson([outcome])
    else:
        tell(told(outcome) if isinstance(outcome, Outcome) else outcome.sentence)


def told(outcome: "Outcome") -> str:
    """What came of a pull, and what it cost, for people."""
    requests = f"{outcome.requests:,} request{'s' * (outcome.requests != 1)}"
    return f"{outcome.sentence}  {requests}, {_duration(outcome.seconds)}."


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def _tell_refusal(seller: str, error: CratewiseError, *, as_json: bool) -> None:
    say(error)
    if as_json:
        write_ndjson([{"seller": seller, "error": str(error), "exit_code": exit_code(error)}])


def _import(path: Path, seller: str | None, currency: str | None, *, as_json: bool) -> None:
    from cratewise.clock import SystemClock
    from cratewise.inventory.csv_import import import_csv

    if not seller or not currency:
        raise typer.BadParameter(
            "names neither seller nor currency: add --seller NAME --currency EUR.",
            param_hint="--from-csv",
        )
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        rates = open_rates(settings, engine)
        with PullProgress() as progress:
            outcome = import_csv(
                engine,
                path,
                seller=seller,
                currency=currency,
                account_id=account.id,
                rates=rates,
                clock=SystemClock(),
                on_progress=partial(progress.count, path.name),
            )
    for line, reason in outcome.bad[:PROBLEMS_SHOWN]:
        remark(f"{path.name}, line {line}: {reason}")
    if len(outcome.bad) > PROBLEMS_SHOWN:
        remark(f"... and {len(outcome.bad) - PROBLEMS_SHOWN:,} more lines; --json names them all.")
    if as_json:
        write_ndjson([outcome])
    else:
        tell(outcome.sentence)
