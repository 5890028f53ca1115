"""`cratewise freshness`: what becomes of prices that were read more than six hours ago."""

from typing import Annotated, Literal

import typer

from cratewise.cli.opening import hides_stale, open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, write_json
from cratewise.settings import refuse_way_with_stale_prices

EXAMPLES = (
    ("cratewise freshness", "whether old prices are shown"),
    ("cratewise freshness hide", "show none until the listing is checked again"),
    ("cratewise freshness mark", "show each with its age"),
)

TOLD = {
    "mark": "A price is shown with its age, and marked once it was read more than six hours ago.",
    "hide": "A price that was read more than six hours ago is not shown, nor reckoned with.",
}


def freshness(
    way: Annotated[
        Literal["mark", "hide"] | None, typer.Argument(help="Change it.", show_default=False)
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show or change what becomes of prices older than six hours."""
    from cratewise.store.accounts import hide_stale_prices
    from cratewise.store.engine import writing

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine, may_ask=False)
        if way is not None:
            refuse_way_with_stale_prices(settings, way)
            with writing(engine) as db:
                hide_stale_prices(db, account.id, hides=way == "hide")
            account = open_account(settings, engine, may_ask=False)
        now = "hide" if hides_stale(account) else "mark"
    if as_json:
        write_json({"stale_prices": now})
    else:
        typer.echo(TOLD[now])
