"""`cratewise copies`: all copies of a record at the sellers that you follow, side by side."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.opening import (
    hides_stale,
    open_account,
    open_settings,
    opened_store,
    priced_since,
)
from cratewise.cli.output import AsJson, Column, remark, tell, write_json, write_table
from cratewise.cli.wants import read_release
from cratewise.errors import UnknownMaster, UnknownRelease

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from cratewise.shelf.view import View
    from cratewise.store.accounts import Account
    from cratewise.store.stock import Listing
    from cratewise.wants.copies import PriceContext, SeenCopy

EXAMPLES = (
    ("cratewise copies 249504", "one release, by Discogs' number or address"),
    ("cratewise copies 249504 --any-pressing", "and every other pressing of it"),
    ("cratewise copies --master 96559", "every pressing of a master"),
)

COLUMNS = (
    *(Column("price", is_right=True, style="bold cyan"), Column("landed", is_right=True)),
    *(Column("grade"), Column("seller", wraps=True, style="bold"), Column("format", wraps=True)),
    *(Column("among others of its grade", wraps=True), Column("priced"), Column("listing")),
)


def copies(
    release: Annotated[
        int | None,
        typer.Argument(
            metavar="RELEASE",
            help="Discogs' number of the release.",
            show_default=False,
            parser=read_release,
        ),
    ] = None,
    *,
    any_pressing: Annotated[
        bool, typer.Option("--any-pressing", help="Other pressings of it too.")
    ] = False,
    master: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", min=1, help="Of a master instead.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare all copies of a record at the sellers that you follow."""
    if (release is None) == (master is None):
        raise typer.BadParameter("give either a release or `--master`", param_hint="'RELEASE'")
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        seen, view = _seen(engine, account, release, master, any_pressing=any_pressing)
    if as_json:
        rows = [_shown(one, view(one.copy.listing)) for one in seen]
        write_json({"currency": account.currency, "count": len(seen), "copies": rows})
    elif not seen:
        tell("No seller that you follow has a copy for sale, as far as was read.")
    else:
        write_table(COLUMNS, [_row(one, view(one.copy.listing)) for one in seen])
        if any(one.landed is None for one in seen):
            remark("`?`: no postage is noted for that seller or country; `cratewise postage`.")


def _seen(
    engine: "Engine",
    account: "Account",
    release: int | None,
    master: int | None,
    *,
    any_pressing: bool,
) -> "tuple[list[SeenCopy], Callable[[Listing], View]]":
    from cratewise.clock import SystemClock
    from cratewise.inventory.fresh_rates import known_rates
    from cratewise.shelf.view import viewer
    from cratewise.store import record_copies as kept
    from cratewise.store.engine import reading
    from cratewise.store.presets import keeper_rule
    from cratewise.store.releases import find_release
    from cratewise.wants.copies import compare_copies
    from cratewise.wants.postage import open_book

    now, rates = SystemClock().now(), known_rates(engine)
    with reading(engine) as db:
        if release is not None and find_release(db, release) is None:
            raise UnknownRelease(release)
        if release is not None and any_pressing:
            master = kept.master_of(db, release)
        if master is not None and not kept.pressings_of(db, master):
            raise UnknownMaster(master)
        if master is not None:
            found = kept.copies_of_master(db, account.id, master)
        else:
            found = kept.copies_of_release(db, account.id, release or 0)
        observed = kept.observed(db, [copy.listing.release_id for copy in found])
        book = open_book(db, account.id, account.country)
        rule = keeper_rule(db, account.id)
    seen = compare_copies(
        found,
        observed,
        book,
        currency=account.currency,
        rates=rates,
        day=now.date(),
        priced_since=priced_since(account),
    )
    view = viewer(
        currency=account.currency, rates=rates, rule=rule, now=now, hides_stale=hides_stale(account)
    )
    return seen, view


def _shown(seen: "SeenCopy", view: "View") -> dict[str, Any]:
    from cratewise.shelf.record import amount, record

    return {
        **record(view.listing),
        "own_price": amount(view.own_price),
        "postage": amount(seen.postage),
        "landed": None if view.is_price_hidden else amount(seen.landed),
        "is_stale": view.is_stale,
        "of_grade": _context(seen.of_grade),
        "of_release": _context(seen.of_release),
    }


def _context(context: "PriceContext | None") -> dict[str, Any] | None:
    from cratewise.shelf.record import amount

    if context is None:
        return None
    money = {"median": amount(context.median), "lowest": amount(context.lowest)}
    return {**asdict(context), **money}


def _row(seen: "SeenCopy", view: "View") -> tuple[str, ...]:
    from cratewise.cli.listing_lines import grades, price_age, price_text, printable

    listing = view.listing
    return (
        price_text(view),
        "?" if seen.landed is None or view.is_price_hidden else str(seen.landed),
        grades(view),
        printable(listing.seller),
        " · ".join(filter(None, (printable(listing.format), str(listing.year or "")))),
        _among(seen.of_grade) or _among(seen.of_release, " in any grade"),
        price_age(view).removeprefix("priced "),
        str(listing.discogs_listing_id or ""),
    )


def _among(context: "PriceContext | None", whose: str = "") -> str:
    """'2 of 6, median €14.00, seen since May 2026'; whose: ' in any grade'."""
    if context is None:
        return ""
    since = f"{context.since:%B %Y}"
    rank = f"{context.rank} of {context.others + 1}{whose}"
    return f"{rank}, median {context.median}, seen since {since}"
