"""`cratewise postage`: what sending records to you costs, by seller or by country."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.choosing import complete_seller
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, Column, remark, tell, write_json, write_table
from cratewise.errors import MoneyError, PostageError, UnknownPostage
from cratewise.money import Money, typed_price

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Engine

    from cratewise.store.accounts import Account
    from cratewise.store.postage import Postage
    from cratewise.wants.postage import Tariff

EXAMPLES = (
    ("cratewise postage", "what you noted so far"),
    ("cratewise postage --seller alice --first 4.50GBP --further 0.75", "what one seller asks"),
    ("cratewise postage --from Germany --tier 500=3.80EUR --tier 2000=7", "by weight, in grams"),
    ("cratewise postage --forget 3", "the rule of that number"),
)

COLUMNS = (
    *(Column("rule", is_right=True), Column("of", wraps=True, style="bold"), Column("to")),
    *(Column("costs", wraps=True), Column("source", wraps=True), Column("told on")),
)


def postage(
    *,
    seller: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="What this seller asks; goes before the country's.",
            show_default=False,
            autocompletion=complete_seller,
        ),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="COUNTRY",
            help="From a country, as listings write it: United Kingdom.",
            show_default=False,
        ),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option(metavar="PRICE", help="With one record: 4.50GBP.", show_default=False),
    ] = None,
    further: Annotated[
        str | None,
        typer.Option(metavar="PRICE", help="Each record more; nothing unless told."),
    ] = None,
    tier: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GRAMS=PRICE",
            help="Instead: up to so many grams. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        str, typer.Option(metavar="TEXT", help="Where you read it.", show_default=False)
    ] = "",
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DAY", help="When; today unless told.", show_default=False
        ),
    ] = None,
    forget: Annotated[
        int | None,
        typer.Option(metavar="RULE", min=1, help="Forget a rule.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or note what sending records to you costs."""
    from cratewise.clock import SystemClock

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        if forget is not None:
            _forget(engine, account, forget)
        elif seller is not None or origin is not None:
            tariff = _tariff(account.currency, first, further, tier or [])
            day = (on or SystemClock().now()).date()
            _keep(engine, account, seller, origin, _told(account, tariff, source, day))
        elif first or further or tier:
            raise PostageError("Whose postage is it?  `--seller NAME`, or `--from COUNTRY`.")
        _show(engine, account, as_json=as_json)


def _tariff(own: str, first: str | None, further: str | None, tiers: list[str]) -> "Tariff":
    from cratewise.wants.postage import Tariff

    weights, amounts = [], []
    for text in tiers:
        grams, separator, amount = text.partition("=")
        if not separator or not grams.strip().isdecimal():
            raise typer.BadParameter(f"{text!r} is no tier: 500=3.80EUR", param_hint="'--tier'")
        weights.append(int(grams))
        amounts.append(amount)
    if first is not None:
        amounts += [first, further or "0"]
    elif further is not None or not tiers:
        raise PostageError("What does a parcel with one record cost?  `--first 4.50GBP`.")
    told = _in_one_currency(own, amounts)
    minor = [money.minor for money in told]
    counted = minor[-2:] if first is not None else [None, None]
    return Tariff(
        told[0].currency,
        first_minor=counted[0],
        further_minor=counted[1],
        tiers=tuple(sorted(zip(weights, minor[: len(weights)], strict=True))),
    )


def _in_one_currency(own: str, amounts: list[str]) -> list[Money]:
    """What was typed; a bare amount counts in the currency that was named, else in one's own."""
    try:
        named = {typed_price(text, "").currency for text in amounts if not _is_bare(text)}
        if len(named) > 1:
            raise PostageError(f"Name one currency, not {' and '.join(sorted(named))}.")
        return [typed_price(text, next(iter(named), own)) for text in amounts]
    except MoneyError as error:
        raise typer.BadParameter(str(error), param_hint="'PRICE'") from None


def _is_bare(text: str) -> bool:
    return not any(sign.isalpha() or sign in "$£€¥" for sign in text)


def _told(account: "Account", tariff: "Tariff", source: str, day: "date") -> dict[str, Any]:
    return {
        "country": account.country,
        "currency": tariff.currency,
        "first_minor": tariff.first_minor,
        "further_minor": tariff.further_minor,
        "tiers": tariff.tiers,
        "source": source.strip(),
        "told_on": day,
    }


def _keep(
    engine: "Engine",
    account: "Account",
    seller: str | None,
    origin: str | None,
    told: dict[str, Any],
) -> None:
    from cratewise.shelf.kept import kept_seller
    from cratewise.store.engine import writing
    from cratewise.store.postage import keep_postage, origins

    if seller is not None and origin is not None:
        raise PostageError("Postage is one seller's or a country's: leave one of both out.")
    with writing(engine) as db:
        if seller is not None:
            keep_postage(db, account.id, told, seller_id=kept_seller(db, seller).id)
            return
        name = (origin or "").strip()
        if not name:
            raise PostageError("From which country?  `--from Germany`.")
        keep_postage(db, account.id, told, origin=name)
        known = origins(db)
    if known and name.casefold() not in {one.casefold() for one in known}:
        remark(f"No listing ships from {name!r} so far; they name {', '.join(known[:5])}.")


def _forget(engine: "Engine", account: "Account", rule: int) -> None:
    from cratewise.store.engine import writing
    from cratewise.store.postage import forget_postage

    with writing(engine) as db:
        if not forget_postage(db, account.id, rule):
            raise UnknownPostage(rule)


def _show(engine: "Engine", account: "Account", *, as_json: bool) -> None:
    from cratewise.store.engine import reading
    from cratewise.store.postage import list_postage

    with reading(engine) as db:
        rules = list_postage(db, account.id)
    if as_json:
        write_json({"country": account.country, "rules": [_shown(rule) for rule in rules]})
    elif not rules:
        tell(
            "No postage is noted, so what a record costs at your door is unknown: "
            "`cratewise postage --from Germany --first 5EUR --further 1`."
        )
    else:
        write_table(COLUMNS, [_row(rule) for rule in rules])
        if any(rule.country != account.country for rule in rules):
            remark(f"Records are sent to {account.country}: only those rules count now.")


def _shown(rule: "Postage") -> dict[str, Any]:
    from cratewise.wants.postage import tariff_of

    return {**rule._asdict(), "sentence": str(tariff_of(rule))}


def _row(rule: "Postage") -> tuple[str, ...]:
    from cratewise.cli.listing_lines import printable
    from cratewise.wants.postage import tariff_of

    return (
        *(str(rule.id), printable(rule.seller or rule.origin or ""), rule.country),
        *(str(tariff_of(rule)), printable(rule.source), f"{rule.told_on}"),
    )
