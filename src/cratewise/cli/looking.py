"""Look at what was read, as one account sees it: what `top`, `listings` and `demo` ask."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import typer

from cratewise.cli.opening import hides_stale
from cratewise.clock import Clock, SystemClock
from cratewise.errors import MoneyError
from cratewise.inventory.fresh_rates import known_rates
from cratewise.money import Money, typed_price
from cratewise.shelf.kept import kept_seller
from cratewise.shelf.prices import limits_by_currency
from cratewise.shelf.view import View, marked, viewer
from cratewise.store.engine import reading
from cratewise.store.following import kept_names
from cratewise.store.presets import keeper_rule
from cratewise.store.stock import Order, Wanted, count, count_not_comparable, look_at

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.grades import Grade
    from cratewise.keeper import KeeperRule
    from cratewise.store.accounts import Account


@dataclass(frozen=True, slots=True)
class Asked:
    """Which listings somebody asks for; terms that are None or empty let all through.

    max_price   as typed: "20" counts in the account's own currency
    limit       listings a page, 1 or more
    page        counted from 1
    has_pages   whether whoever asks can turn pages
    """

    seller: str | None = None
    max_price: str | None = None
    formats: tuple[str, ...] = ()
    grade: "Grade | None" = None
    words: str = ""
    with_gone: bool = False
    order: Order = "score"
    limit: int = 20
    page: int = 1
    has_pages: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Listings in their order, and what they were seen with.

    count       how many there are in all
    is_index_empty  nothing of any seller is kept
    left_out    how many a price limit left out for want of a rate
    seller      whose, as Discogs spells it; None: everybody's
    currency    the reader's
    rates_of    the day whose currency rates were used
    """

    asked: Asked
    views: list[View]
    count: int
    is_index_empty: bool
    left_out: int
    seller: str | None
    currency: str
    rates_of: date
    rule: "KeeperRule"

    @property
    def first_rank(self) -> int:
        """The place of the first of them, counted from 1."""
        return (self.asked.page - 1) * self.asked.limit + 1

    @property
    def pages(self) -> int:
        return -(-self.count // self.asked.limit)


def look(
    engine: "Engine", account: "Account", asked: Asked, *, clock: Clock | None = None
) -> Answer:
    """The listings that were asked for, in their order, as this account sees them.

    Asks the network for nothing.  Raises UnreadSeller, typer.BadParameter.
    """
    now = (clock or SystemClock()).now()
    rates = known_rates(engine)
    most = _price(asked.max_price, account.currency) if asked.max_price else None
    with reading(engine) as db:
        seller = kept_seller(db, asked.seller) if asked.seller else None
        rule = keeper_rule(db, account.id)
        wanted = Wanted(
            seller_id=seller.id if seller else None,
            price_at_most=limits_by_currency(most, rates, now.date()) if most else None,
            format_terms=asked.formats,
            media_at_least=asked.grade,
            words=asked.words,
            with_gone=asked.with_gone,
        )
        place = (asked.page - 1) * asked.limit
        listings = look_at(db, wanted, order=asked.order, limit=asked.limit, offset=place)
        view = viewer(
            currency=account.currency,
            rates=rates,
            rule=rule,
            now=now,
            hides_stale=hides_stale(account),
        )
        return Answer(
            asked=asked,
            views=marked(db, account.id, map(view, listings)),
            count=count(db, wanted),
            is_index_empty=not listings and not kept_names(db),
            left_out=count_not_comparable(db, wanted),
            seller=seller.username if seller else None,
            currency=account.currency,
            rates_of=min(rates.newest_day, now.date()),
            rule=rule,
        )


def _price(typed: str, currency: str) -> Money:
    try:
        return typed_price(typed, currency)
    except MoneyError as error:
        raise typer.BadParameter(str(error), param_hint="'--max-price'") from None
