"""What happened to listings: they came, their prices moved, they went, they came back.

Nothing is written down for it but what listings and price changes tell anyway: each of
their moments is one change, and the union of them is read backwards in time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    case,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
    type_coerce,
    union_all,
)

from cratewise.store.hidden import is_hidden
from cratewise.store.tables import EPOCH, listings, microseconds, price_changes

Kind = Literal["new", "cheaper", "dearer", "repriced", "gone", "back"]
KINDS: tuple[Kind, ...] = get_args(Kind)

DAY = 24 * 60 * 60 * 1_000_000  # microseconds

_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
_MOMENTS: dict[Kind, Column[Any]] = {
    "new": listings.c.first_seen_at,
    "gone": listings.c.gone_at,
    "back": listings.c.back_at,
}
_OF_PRICES: tuple[Kind, ...] = ("cheaper", "dearer", "repriced")
_PRICES = ("old_price_minor", "old_currency", "new_price_minor", "new_currency")


@dataclass(frozen=True, slots=True)
class Span:
    """Which changes: those after `since`, up to `until`.

    sellers  whose, by our own ids
    kinds    empty: all
    """

    since: datetime
    until: datetime
    sellers: Sequence[int]
    kinds: tuple[Kind, ...] = ()


class Place(NamedTuple):
    """Where a change stands, the last one first: when, in microseconds since 1970."""

    at: int
    listing_id: int
    number: int  # of its kind


class Change(NamedTuple):
    """Something that happened to a listing, by our own id.

    kind  'cheaper' and 'dearer' in the seller's own currency, 'repriced' when that changed
          or one of the prices was not told
    *_minor, *_currency  of a price that moved; None elsewhere, and where none was told
    """

    kind: Kind
    at: datetime
    listing_id: int
    old_price_minor: int | None
    old_currency: str | None
    new_price_minor: int | None
    new_currency: str | None

    @property
    def place(self) -> Place:
        return Place(microseconds(self.at), self.listing_id, _NUMBERS[self.kind])


class Tally(NamedTuple):
    """How many changes of a kind there were at one seller's, on one day in UTC."""

    kind: Kind
    seller_id: int
    day: date
    many: int


def changes_after(
    db: Connection, account_id: int, span: Span, place: Place | None, *, limit: int
) -> list[Change]:
    """The last changes of a span first, beginning behind a place.

    What the account hides is left out.
    """
    hidden = is_hidden(db, account_id)
    arms = []
    for changes in _arms(span):
        statement = changes if hidden is None else changes.where(~hidden)
        if place is not None:
            at, listing_id, number = (changes.selected_columns[name] for name in Place._fields)
            # The first term is what an index finds.
            statement = statement.where(
                at <= place.at, tuple_(at, listing_id, number) < tuple_(*map(literal, place))
            )
        order = (changes.selected_columns[name].desc() for name in Place._fields)
        arms.append(select(statement.order_by(*order).limit(limit).subquery()))
    every = union_all(*arms).subquery()
    order = (every.c[name].desc() for name in Place._fields)
    rows = db.execute(select(every).order_by(*order).limit(limit))
    return [
        Change(
            KINDS[row.number],
            EPOCH + timedelta(microseconds=row.at),
            row.listing_id,
            *(getattr(row, name) for name in _PRICES),
        )
        for row in rows
    ]


def count_changes(db: Connection, account_id: int, span: Span) -> list[Tally]:
    """How many changes of each kind there were at each seller's on each day.

    What the account hides is left out.
    """
    hidden = is_hidden(db, account_id)
    arms = []
    for changes in _arms(span):
        statement = changes if hidden is None else changes.where(~hidden)
        number, at = (changes.selected_columns[name] for name in ("number", "at"))
        day = (at // DAY).label("day")
        counted = statement.with_only_columns(number, listings.c.seller_id, day, func.count())
        arms.append(counted.group_by("number", listings.c.seller_id, "day"))
    rows = db.execute(union_all(*arms))
    return [
        Tally(KINDS[number], seller_id, (EPOCH + timedelta(days=day)).date(), many)
        for number, seller_id, day, many in rows
    ]


def _arms(span: Span) -> Iterator[Select[Any]]:
    """A statement for each source of changes that is asked for."""
    wanted = span.kinds or KINDS
    for kind, moment in _MOMENTS.items():
        if kind in wanted:
            nothing = (cast(null(), price_changes.c[name].type).label(name) for name in _PRICES)
            number = literal(_NUMBERS[kind])
            yield _in_span(select(*_place(number, moment), *nothing), moment, span)
    prices = [kind for kind in _OF_PRICES if kind in wanted]
    if prices:
        moment = price_changes.c.changed_at
        columns = (price_changes.c[name] for name in _PRICES)
        moved = select(*_place(_kind_of_price(), moment), *columns)
        moved = moved.join(listings, listings.c.id == price_changes.c.listing_id)
        is_asked_for = _kind_of_price().in_([_NUMBERS[kind] for kind in prices])
        yield _in_span(moved, moment, span).where(is_asked_for)


def _in_span(changes: Select[Any], moment: Column[Any], span: Span) -> Select[Any]:
    is_theirs = listings.c.seller_id.in_(span.sellers)
    return changes.where(moment > span.since, moment <= span.until, is_theirs)


def _place(number: ColumnElement[int], moment: Column[Any]) -> tuple[ColumnElement[Any], ...]:
    at = type_coerce(moment, BigInteger)
    return at.label("at"), listings.c.id.label("listing_id"), number.label("number")


def _kind_of_price() -> ColumnElement[int]:
    old, new = price_changes.c.old_price_minor, price_changes.c.new_price_minor
    is_comparable = price_changes.c.old_currency == price_changes.c.new_currency
    return case(
        (is_comparable & (new < old), _NUMBERS["cheaper"]),
        (is_comparable & (new > old), _NUMBERS["dearer"]),
        else_=_NUMBERS["repriced"],
    )
