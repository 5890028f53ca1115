"""`cratewise check`: are listings still for sale, and at which price?  One request each."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.choosing import complete_seller, own_ids, read_order
from cratewise.cli.interrupting import stopping_gently
from cratewise.cli.opening import (
    open_account,
    open_discogs,
    open_rates,
    open_settings,
    opened_store,
)
from cratewise.cli.output import AsJson, Column, remark, tell, write_json, write_table

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.inventory.check import Checked
    from cratewise.settings import Settings
    from cratewise.store.accounts import Account

EXAMPLES = (
    ("cratewise check 3512345678", "one listing, by Discogs' number"),
    ("cratewise check --seller alice", "the best twenty of a seller that are stale"),
    ("cratewise check --search 'alice coltrane' --all", "a page of a search, fresh ones too"),
)

COLUMNS = (
    *(Column("listing", is_right=True), Column("record", wraps=True, style="bold")),
    *(Column("before", is_right=True), Column("now", is_right=True), Column("state")),
)


def check(
    listings: Annotated[
        list[int] | None,
        typer.Argument(metavar="[LISTING]...", min=1, help="Discogs' numbers.", show_default=False),
    ] = None,
    *,
    seller: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Or a page of a seller's stock.",
            show_default=False,
            autocompletion=complete_seller,
        ),
    ] = None,
    search: Annotated[
        str, typer.Option(metavar="WORDS", help="Or of a search.", show_default=False)
    ] = "",
    sort: Annotated[
        str, typer.Option(metavar="ORDER", help="score, price, newest or artist.")
    ] = "score",
    page: Annotated[int, typer.Option(min=1, max=10_000_000, help="Which page.")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="Listings a page.")] = 20,
    every: Annotated[
        bool, typer.Option("--all", help="Those of the page that are fresh too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check whether listings are still for sale, and at which price."""
    if not listings and seller is None and not search:
        raise typer.BadParameter(
            "give listings' numbers, or a page by `--seller` or `--search`",
            param_hint="'LISTING'",
        )
    from cratewise.cli.looking import Asked

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        if listings:
            ids = own_ids(engine, listings)
        else:
            order = read_order(sort)
            asked = Asked(seller=seller, words=search, order=order, page=page, limit=limit)
            ids = _on_page(engine, account, asked, every=every)
        checked = _check(settings, engine, account, ids) if ids else []
    _tell(checked, as_json=as_json)


def _on_page(engine: "Engine", account: "Account", asked: Any, *, every: bool) -> list[int]:
    from cratewise.cli.looking import look

    views = [view for view in look(engine, account, asked).views if view.listing.discogs_listing_id]
    stale = [view for view in views if every or view.is_stale]
    if views and not stale:
        remark("All of them were read within six hours; `--all` checks them all the same.")
    return [view.listing.id for view in stale]


def _check(
    settings: "Settings", engine: "Engine", account: "Account", ids: list[int]
) -> "list[Checked]":
    from cratewise.clock import SystemClock
    from cratewise.inventory.check import check as look_at_each
    from cratewise.inventory.check import cost_of

    rates = open_rates(settings, engine)
    with open_discogs(settings, engine, account) as discogs:
        remark(cost_of(len(ids), discogs.quota).sentence)
        with discogs.interactive(), stopping_gently(discogs.interrupt) as is_stopping:
            looks = look_at_each(
                engine, discogs, ids, rates=rates, clock=SystemClock(),
                should_stop=is_stopping.is_set,
            )  # fmt: skip
            return list(looks)


def _tell(checked: "list[Checked]", *, as_json: bool) -> None:
    counts = {state: sum(one.state == state for one in checked) for state in STATES}
    if as_json:
        write_json({"counts": counts, "listings": [_shown(one) for one in checked]})
    elif not checked:
        tell("Nothing was checked.")
    else:
        write_table(COLUMNS, [_row(one) for one in checked])
        remark(", ".join(f"{n:,} {STATES[state]}" for state, n in counts.items() if n) + ".")


STATES = {
    "same": "as they were",
    "changed": "changed",
    "gone": "gone",
    "odd": "answered with what makes no sense",
}


def _shown(checked: "Checked") -> dict[str, Any]:
    from cratewise.shelf.prices import stored_price
    from cratewise.shelf.record import amount, record

    before = stored_price(checked.before.price_minor, checked.before.currency)
    return {"state": checked.state, "price_before": amount(before), **record(checked.after)}


def _row(checked: "Checked") -> tuple[str, ...]:
    from cratewise.cli.listing_lines import printable
    from cratewise.shelf.prices import stored_price

    before, after = (
        stored_price(one.price_minor, one.currency) for one in (checked.before, checked.after)
    )
    listing = checked.after
    return (
        str(listing.discogs_listing_id),
        " – ".join(filter(None, map(printable, (listing.artist, listing.title)))),
        "" if before is None else str(before),
        "" if after is None or checked.state == "gone" else str(after),
        checked.state,
    )
