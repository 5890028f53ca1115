"""Pages of the stock in any order: by number, or by the key of the listing before.

A page by number skips all before it, so later ones cost more, and stock that moves
meanwhile shifts them.  A page by key begins right behind a listing, wherever the
others stand by now.  Ties are broken by our own id in both, so that no page repeats
a listing or leaves one out.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, or_

from cratewise.store.stock import LISTINGS, Listing, Wanted, as_listing, matches
from cratewise.store.tables import listings, releases

Sort = Literal["score", "price", "artist", "title", "year", "listed"]
Value = str | int | float | datetime | None


class Key(NamedTuple):
    """Where a listing stands in an order: what it is sorted by, and our own id."""

    values: tuple[Value, ...]
    id: int


class Order(NamedTuple):
    """In which order; what is unknown stands last, whichever way."""

    sort: Sort
    is_descending: bool


class StockPage(NamedTuple):
    """Some listings in their order; next_key: of the last, None where none is left."""

    listings: list[Listing]
    next_key: Key | None


_ARTIST, _TITLE = func.lower(releases.c.artist), func.lower(releases.c.title)

_SORTED_BY: Mapping[Sort, tuple[ColumnElement[Any], ...]] = {
    "score": (listings.c.score,),
    "price": (listings.c.price_usd,),
    "artist": (_ARTIST, _TITLE),
    "title": (_TITLE, _ARTIST),
    "year": (releases.c.year,),
    "listed": (listings.c.posted_at,),
}
NATURALLY_DESCENDING: frozenset[Sort] = frozenset({"score", "listed"})


def numbered_page(
    db: Connection, wanted: Wanted, order: Order, *, page: int, limit: int
) -> StockPage:
    """The wanted listings of page 1, 2, ... of `limit` each."""
    return _page(_rows(db, wanted, order, limit + 1, offset=(page - 1) * limit), limit)


def page_after(
    db: Connection, wanted: Wanted, order: Order, key: Key | None, *, limit: int
) -> StockPage:
    """The `limit` wanted listings behind a key; None: the first ones."""
    if key is None:
        return numbered_page(db, wanted, order, page=1, limit=limit)
    first = _SORTED_BY[order.sort][0]
    if key.values[0] is None:
        return _page(
            _rows(db, wanted, order, limit + 1, and_(first.is_(None), listings.c.id > key.id)),
            limit,
        )
    # Two questions instead of one with an OR, which no index would answer.
    rows = _rows(db, wanted, order, limit + 1, and_(first.is_not(None), _behind(order, key)))
    if len(rows) <= limit:
        rows += _rows(db, wanted, order, limit + 1 - len(rows), first.is_(None))
    return _page(rows, limit)


def _behind(order: Order, key: Key) -> ColumnElement[bool]:
    columns = [*_SORTED_BY[order.sort], listings.c.id]
    values = [*key.values, key.id]
    beyond: ColumnElement[bool] = columns[-1] > values[-1]
    for column, value in zip(columns[-2::-1], values[-2::-1], strict=True):
        past = column < value if order.is_descending else column > value
        beyond = or_(past, and_(column == value, beyond))
    # Said once more in a form that an index on the first column can begin at.
    reached = columns[0] <= values[0] if order.is_descending else columns[0] >= values[0]
    return and_(reached, beyond)


def _rows(
    db: Connection,
    wanted: Wanted,
    order: Order,
    limit: int,
    *terms: ColumnElement[bool],
    offset: int = 0,
) -> list[tuple[Listing, Key]]:
    columns = _SORTED_BY[order.sort]
    directed = [column.desc() if order.is_descending else column.asc() for column in columns]
    statement = (
        LISTINGS.add_columns(*(column.label(f"key{n}") for n, column in enumerate(columns)))
        .where(matches(wanted), *terms)
        .order_by(directed[0].nulls_last(), *directed[1:], listings.c.id)
        .limit(limit)
        .offset(offset)
    )
    width = len(Listing._fields)
    return [
        (as_listing(row[:width]), Key(tuple(row[width:]), row[0])) for row in db.execute(statement)
    ]


def _page(rows: list[tuple[Listing, Key]], limit: int) -> StockPage:
    next_key = rows[limit - 1][1] if len(rows) > limit else None
    return StockPage([listing for listing, _ in rows[:limit]], next_key)
