"""`cratewise region`: the currency that prices are compared in, and where records are sent."""

from typing import Annotated

import typer

from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, write_json

EXAMPLES = (
    ("cratewise region", "which currency and country are yours"),
    ("cratewise region --currency CHF --country CH", "change them"),
)


def region(
    *,
    currency: Annotated[
        str | None, typer.Option(help="Compare prices in it: EUR.", show_default=False)
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Where records are sent: DE.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or change your currency and country."""
    from cratewise.cli.asking import country_of, currency_of
    from cratewise.store.accounts import move_account
    from cratewise.store.engine import writing

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine, may_ask=False)
        new_currency = currency_of(currency) if currency else account.currency
        new_country = country_of(country) if country else account.country
        if currency or country:
            with writing(engine) as db:
                move_account(db, account.id, currency=new_currency, country=new_country)
    if as_json:
        write_json({"currency": new_currency, "country": new_country})
    else:
        typer.echo(f"Prices are compared in {new_currency}; records are sent to {new_country}.")
