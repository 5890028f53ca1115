"""Search the shelf as one account sees it, and write what was found: what `search` does."""

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import msgspec
import typer

from cratewise.cli.listing_answer import write_answer
from cratewise.cli.looking import Answer, Asked
from cratewise.cli.opening import hides_stale, priced_since, shelf_file
from cratewise.cli.output import Column, remark, write_json, write_table
from cratewise.cli.search_filter import Typed
from cratewise.clock import SystemClock
from cratewise.errors import FilterError, MoneyError
from cratewise.inventory.fresh_rates import known_rates
from cratewise.money import Money, typed_price
from cratewise.notices import API_NOTICE, DATA_NOTICE, ONLY_SYMBOLS
from cratewise.shelf.appraise import UNKNOWN
from cratewise.shelf.facets import FACETS, Facet
from cratewise.shelf.find import EVERYTHING, Finder
from cratewise.shelf.kept import kept_seller
from cratewise.shelf.query import NATURALLY_DESCENDING, SORTS, Filter, Judged, Order, Reader
from cratewise.shelf.view import Worth, marked, viewer
from cratewise.store.engine import reading, writing
from cratewise.store.following import kept_names
from cratewise.store.news import news_begin
from cratewise.store.presets import keeper_rule
from cratewise.store.searches import save_search
from cratewise.store.stock import these_listings
from cratewise.store.word_forms import only_symbols

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from cratewise.shelf.appraise import Appraisal
    from cratewise.shelf.view import View
    from cratewise.store.accounts import Account

OPTIONS = {  # by terms of a filter that are called otherwise
    "genres": "--genre",
    "styles": "--style",
    "all_styles": "--each-style",
    "no_styles": "--not-style",
    "year": "--from-year",
    "price": "--min-price",
    "landed": "--min-landed",
    "score": "--min-score",
    "want": "--min-want",
    "have": "--min-have",
    "want_have": "--min-want-have",
    "probability": "--min-probability",
}


class Search(NamedTuple):
    """What somebody searches for, and which page of it."""

    order: Order
    page: int
    limit: int
    typed: Typed


def read_order(text: str, *, is_reversed: bool) -> Order:
    for sort in SORTS:
        if text.strip().lower().replace("/", "_") == sort:
            return Order(sort, (sort in NATURALLY_DESCENDING) != is_reversed)
    raise typer.BadParameter(f"{text!r} is no order; expected one of {', '.join(SORTS)}.")


def read_facet(text: str) -> Facet:
    for facet in FACETS:
        if text.strip().lower() == facet:
            return facet
    raise typer.BadParameter(f"{text!r} is not counted; expected one of {', '.join(FACETS)}.")


def find(engine: "Engine", account: "Account", asked: Search, *, as_json: bool) -> None:
    """Write a page of the listings that were asked for."""
    now = SystemClock().now()
    finder, reader = _looking(engine, account, now)
    wanted = filter_of(engine, account, asked.typed, finder, reader)
    found = finder.numbered_page(wanted, asked.order, reader, page=asked.page, limit=asked.limit)
    sellers = asked.typed.sellers
    with reading(engine) as db:
        rule = keeper_rule(db, account.id)
        view = viewer(
            currency=account.currency,
            rates=reader.rates,
            rule=rule,
            now=now,
            hides_stale=hides_stale(account),
        )
        answer = Answer(
            asked=Asked(limit=asked.limit, page=asked.page, has_pages=True),
            views=_appraised(
                marked(db, account.id, map(view, these_listings(db, found.ids))),
                found.appraised,
                account.currency,
            ),
            count=found.count,
            is_index_empty=not found.count and not kept_names(db),
            left_out=finder.count_not_comparable(wanted, reader),
            seller=kept_seller(db, sellers[0]).username if len(sellers) == 1 else None,
            currency=account.currency,
            rates_of=min(reader.rates.newest_day, now.date()),
            rule=rule,
        )
    write_answer(answer, as_json=as_json)
    if not found.count and only_symbols(wanted.words):
        remark(ONLY_SYMBOLS)


def _appraised(
    views: "Sequence[View]", found: "Mapping[int, Appraisal]", currency: str
) -> "list[View]":
    """Views with what each listing comes to for the reader."""

    def of(view: "View") -> Worth:
        landed_minor, chance, discount = found.get(view.listing.id, UNKNOWN)
        if landed_minor is None or view.is_price_hidden:
            return Worth(None, chance, None if view.is_price_hidden else discount)
        return Worth(Money(landed_minor, currency), chance, discount)

    return [replace(view, worth=of(view)) for view in views]


def _looking(engine: "Engine", account: "Account", now: "datetime") -> tuple[Finder, Reader]:
    """What finds, and for whom."""
    reader = Reader(
        account.id, account.currency, known_rates(engine), now.date(), priced_since(account)
    )
    return Finder(engine, SystemClock(), shelf_file()), reader


def keep(engine: "Engine", account: "Account", asked: Search, name: str) -> None:
    """Keep what is searched for under a name, which alerts can report on."""
    if not name.strip():
        raise typer.BadParameter("a name is not empty", param_hint="'--save'")
    now = SystemClock().now()
    finder, reader = _looking(engine, account, now)
    wanted = filter_of(engine, account, asked.typed, finder, reader)
    with writing(engine) as db:
        kept = save_search(db, account.id, name.strip(), msgspec.json.encode(wanted).decode(), now)
    remark(
        f"Saved: `cratewise alerts --on {shlex.quote(kept.name)}` tells what it finds from now on."
    )


def find_all(
    engine: "Engine", account: "Account", typed: Typed, order: Order, reader: Reader
) -> list[int]:
    """All listings that a filter lets through, in their order, by our own ids."""
    finder = Finder(engine, SystemClock(), shelf_file())
    wanted = filter_of(engine, account, typed, finder, reader)
    return finder.numbered_page(wanted, order, reader, page=1, limit=EVERYTHING).ids


def count(
    engine: "Engine", account: "Account", asked: Search, facet: Facet, *, as_json: bool
) -> None:
    """Write how many listings have each value of a facet, without this facet's own options."""
    now = SystemClock().now()
    finder, reader = _looking(engine, account, now)
    wanted = filter_of(engine, account, asked.typed, finder, reader)
    with reading(engine) as db:
        since = news_begin(db, account.id, now)
    values = finder.facets(wanted, reader, [facet], news_since=since)[facet]
    if as_json:
        counted = [{"value": one.value, "count": one.count} for one in values]
        write_json({"facet": facet, "values": counted, "notices": [DATA_NOTICE, API_NOTICE]})
        return
    if not values:
        remark("No listing is like that.")
    write_table(
        (Column(facet), Column("listings")), [(one.value, str(one.count)) for one in values]
    )


def filter_of(
    engine: "Engine", account: "Account", typed: Typed, finder: Finder, reader: Reader
) -> Filter:
    """The filter that was typed.  What makes no sense is told by its option."""
    if typed.terms["judged"] not in {None, *get_args(Judged)}:
        known = ", ".join(get_args(Judged))
        raise typer.BadParameter(f"expected one of {known}.", param_hint="'--judged'")
    with reading(engine) as db:
        sellers = tuple(kept_seller(db, name).id for name in typed.sellers)
    prices = {name: _price(name, price, account.currency) for name, price in typed.prices.items()}
    try:
        wanted = Filter(**typed.terms, **prices, sellers=sellers)
        finder.refuse_impossible(wanted, reader)
    except FilterError as error:
        hint = OPTIONS.get(error.term, error.term)
        raise typer.BadParameter(str(error), param_hint=f"'{hint}'") from None
    return wanted


def _price(name: str, typed: str | None, currency: str) -> Any:
    if typed is None:
        return None
    try:
        return typed_price(typed, currency)
    except MoneyError as error:
        option = {"price_from": "--min-price", "price_to": "--max-price"}.get(name, "--max-landed")
        raise typer.BadParameter(str(error), param_hint=f"'{option}'") from None
