"""`cratewise rates`: the currency rates that prices are compared at."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, Column, remark, write_json, write_table
from cratewise.errors import MoneyError, SettingError
from cratewise.money import DISCOGS_CURRENCIES, MINOR_DIGITS, Money, typed_price

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.rates import Rates
    from cratewise.settings import Settings

EXAMPLES = (
    ("cratewise rates", "what one unit of your currency buys"),
    ("cratewise rates 1500JPY", "an amount in your currency"),
    ("cratewise rates 20EUR --to USD --on 2020-03-13", "at the rate of another day"),
    ("cratewise rates convert --seller alice --to USD", "every price of a seller, shown"),
    ("cratewise rates --refresh", "ask the European Central Bank for newer ones"),
)


def rates(
    amount: Annotated[
        str | None,
        typer.Argument(help="An amount such as 20EUR, or `convert`.", show_default=False),
    ] = None,
    *,
    to: Annotated[
        str | None,
        typer.Option(metavar="CURRENCY", help="Into which; yours if not told.", show_default=False),
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DAY",
            help="At the rate of which day.",
            show_default=False,
        ),
    ] = None,
    seller: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="With `convert`: whose prices.", show_default=False),
    ] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Fetch newer rates first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show, refresh or apply the currency rates.

    `convert` shows what a seller asks in another currency; nothing stored changes.
    """
    if (amount == "convert") != (seller is not None):
        raise typer.BadParameter(
            "go together: `rates convert --seller NAME`.", param_hint="'convert' and '--seller'"
        )
    from cratewise.inventory.fresh_rates import known_rates

    settings = open_settings()
    with opened_store(settings) as engine:
        own = open_account(settings, engine).currency
        known = _refreshed(engine, settings) if refresh else known_rates(engine)
        target = _currency(to) if to else own
        day = on.date() if on else known.newest_day
        if seller is not None:
            from cratewise.cli.converting import show_converted

            show_converted(engine, seller, known, target, day, as_json=as_json)
            return
    if amount is None:
        _show_all(known, target, day, as_json=as_json)
    else:
        _convert(known, _amount(amount, own), target, day, as_json=as_json)


def _refreshed(engine: "Engine", settings: "Settings") -> "Rates":
    from cratewise.inventory.fresh_rates import known_rates, refreshed

    if settings.rates_url is None:
        raise SettingError("CRATEWISE_RATES_URL", "it is `off`, so no rates are fetched.")
    fresh = refreshed(engine, known_rates(engine), settings.rates_url)
    days = "1 newer day was" if fresh.new_days == 1 else f"{fresh.new_days} newer days were"
    remark(f"{days} fetched; the newest rates are of {fresh.rates.newest_day}.")
    return fresh.rates


def _show_all(known: "Rates", currency: str, day: date, *, as_json: bool) -> None:
    """What one unit of `currency` buys of every other, those of Discogs first."""
    others = known.currencies(day) - {currency}
    ordered = [code for code in DISCOGS_CURRENCIES if code in others]
    ordered += sorted(others - set(ordered))
    found = [(code, known.rate(currency, code, day)) for code in ordered]
    buys = {code: rate[0] for code, rate in found if rate is not None}
    if as_json:
        write_json({"currency": currency, "day": _reckoned_on(known, day), "buys": buys})
        return
    if not buys:
        remark(f"There is no rate for {currency} on {day}: prices in it are not convertible.")
        return
    columns = [Column("currency"), *(Column(name, is_right=True) for name in _headings(currency))]
    rows = [(code, f"{rate:,.4f}", f"{1 / rate:,.4f}") for code, rate in buys.items()]
    write_table(columns, rows)
    remark(f"European Central Bank, {_reckoned_on(known, day):%d %B %Y}.")


def _headings(currency: str) -> tuple[str, str]:
    return f"1 {currency} buys", f"1 costs {currency}"


def _convert(known: "Rates", money: Money, target: str, day: date, *, as_json: bool) -> None:
    converted = known.convert(money.minor, money.currency, target, day)
    if as_json:
        write_json(_conversion(money, target, converted))
    elif converted is None:
        remark(
            f"{money} is not convertible to {target}: there is no rate for one of them on {day}."
        )
    else:
        typer.echo(f"{money} = {Money(converted.minor, target)}")
        remark(f"1 {money.currency} = {converted.rate:,.6g} {target} on {converted.day:%d %B %Y}.")
    if converted is None:
        raise typer.Exit(1)


def _conversion(money: Money, target: str, converted: Any) -> dict[str, Any]:
    asked = {"amount": money.amount, "currency": money.currency, "target": target}
    if converted is None:
        return {**asked, "converted": None, "rate": None, "day": None}
    amount = Money(converted.minor, target).amount
    return {**asked, "converted": amount, "rate": converted.rate, "day": converted.day}


def _reckoned_on(known: "Rates", day: date) -> date:
    found = known.per_euro("EUR", day)
    return found[1] if found else day


def _currency(told: str) -> str:
    code = told.strip().upper()
    if code not in MINOR_DIGITS:
        raise typer.BadParameter(f"{told!r} is no currency.", param_hint="'--to'")
    return code


def _amount(told: str, own: str) -> Money:
    try:
        return typed_price(told, own)
    except MoneyError as error:
        raise typer.BadParameter(str(error), param_hint="'AMOUNT'") from None
