"""What the shelf must answer, worked out row by row in plain Python from plain SQL."""

import json
import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from tests.builders import NOON, RATES

from cratewise.keeper import format_has
from cratewise.money import Money
from cratewise.shelf.query import Filter, Order, Reader
from cratewise.store.tables import listings, price_changes, releases

Row = dict[str, Any]
READER = Reader(account_id=1, currency="EUR", rates=RATES, day=NOON.date())


def every_row(db: Connection) -> list[Row]:
    """Every listing with its release, and when its price fell last."""
    fell = (
        select(price_changes.c.listing_id, func.max(price_changes.c.changed_at).label("dropped_at"))
        .where(price_changes.c.old_currency == price_changes.c.new_currency)
        .where(price_changes.c.new_price_minor < price_changes.c.old_price_minor)
        .group_by(price_changes.c.listing_id)
        .subquery()
    )
    of_release = [column for column in releases.c if column.name not in listings.c]
    statement = (
        select(listings, *of_release, fell.c.dropped_at)
        .join(releases, releases.c.id == listings.c.release_id)
        .outerjoin(fell, fell.c.listing_id == listings.c.id)
    )
    return [dict(row._mapping) for row in db.execute(statement)]


def plainly_found(rows: Sequence[Row], wanted: Filter, order: Order) -> list[Row]:
    """The rows that a filter lets through, in an order."""
    return in_order([row for row in rows if lets_through(wanted, row)], order)


def in_order(rows: Sequence[Row], order: Order) -> list[Row]:
    def key(row: Row) -> tuple[bool, list[Any], int]:
        values = sorted_by(row, order)
        is_unknown = values[0] is None
        return is_unknown, [] if is_unknown else [_Turned(v, order) for v in values], row["id"]

    return sorted(rows, key=key)


class _Turned:
    """A value that sorts the other way in a descending order."""

    def __init__(self, value: Any, order: Order) -> None:
        self.value, self.is_descending = value, order.is_descending

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Turned) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __lt__(self, other: "_Turned") -> bool:
        low, high = (other, self) if self.is_descending else (self, other)
        return bool(low.value < high.value)


def sorted_by(row: Row, order: Order) -> list[Any]:
    artist, title = folded(row["artist"]), folded(row["title"])
    return {
        "score": [row["score"]],
        "price": [row["price_usd"]],
        "landed": [row.get("landed")],
        "artist": [artist, title],
        "title": [title, artist],
        "year": [row["year"]],
        "listed": [row["posted_at"]],
        "want_have": [ratio(row)],
        "probability": [row.get("probability")],
        "discount": [row.get("discount")],
    }[order.sort]


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(s for s in plain if not unicodedata.combining(s)).lower().split())


def ratio(row: Row) -> float | None:
    if row["want"] is None or row["have"] is None:
        return None
    return float(row["want"] / (row["have"] or 0.01))


def lets_through(wanted: Filter, row: Row) -> bool:
    return all(_terms(wanted, row))


def _terms(wanted: Filter, row: Row) -> list[bool]:
    genres, styles = _names(row["genres"]), _names(row["styles"])
    return [
        not wanted.genres or bool(genres & _keys(wanted.genres)),
        not wanted.styles or bool(styles & _keys(wanted.styles)),
        styles >= _keys(wanted.all_styles),
        not styles & _keys(wanted.no_styles),
        all(_has_format(row["format"], term) for term in wanted.formats),
        not wanted.labels or _is_called(row["label"], wanted.labels, ", "),
        not wanted.artists or _is_called(row["artist"], wanted.artists, ", | & | / "),
        not wanted.countries or (row["country"] or "").casefold() in _keys(wanted.countries),
        not wanted.ships_from or row["ships_from"].casefold() in _keys(wanted.ships_from),
        not wanted.sellers or row["seller_id"] in wanted.sellers,
        wanted.release_id is None or row["release_id"] == wanted.release_id,
        wanted.master_id is None or row["master_id"] == wanted.master_id,
        _lies(row["year"], wanted.year_from, wanted.year_to),
        _lies(row["want"], wanted.want_from, wanted.want_to),
        _lies(row["have"], wanted.have_from, wanted.have_to),
        _lies(ratio(row), wanted.want_have_from, wanted.want_have_to),
        _lies(row["score"], wanted.score_from, wanted.score_to),
        _costs(row, wanted.price_from, wanted.price_to),
        _lies(row["media_grade"], wanted.media_at_least, None),
        _lies(row["sleeve_grade"], wanted.sleeve_at_least, None),
        _lies(row["posted_at"], wanted.listed_from, None),
        _lies(row["price_read_at"], wanted.priced_since, None),
        _is_later(row["first_seen_at"], wanted.arrived_since),
        _is_later(row["dropped_at"], wanted.dropped_since),
        wanted.gone == "with" or (row["gone_at"] is not None) == (wanted.gone == "only"),
    ]


def _names(listed: str | None) -> set[str]:
    return {name.casefold() for name in json.loads(listed or "[]")}


def _keys(names: Sequence[str]) -> set[str]:
    return {name.casefold() for name in names}


def _has_format(text: str, term: str) -> bool:
    if term.casefold() == "vinyl":
        return any(format_has(text, one) for one in ("Vinyl", "LP", '12"', '10"', '7"'))
    return format_has(text, term)


def _is_called(text: str, names: Sequence[str], joint: str) -> bool:
    parts = {folded(text), *re.split(joint, folded(text))}
    return bool(parts & {folded(name) for name in names})


def _lies(value: Any, low: Any, high: Any) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def _is_later(value: datetime | None, moment: datetime | None) -> bool:
    return moment is None or (value is not None and value > moment)


def _costs(row: Row, low: Money | None, high: Money | None) -> bool:
    """By what each price shows as in the currency of the limit."""
    for limit, is_least in ((low, True), (high, False)):
        if limit is None:
            continue
        shown = _converted(row["price_minor"], row["currency"], limit.currency, NOON.date())
        if shown is None:
            return False
        # Exactly half a minor unit may be rounded either way.
        if (shown < limit.minor - 0.5) if is_least else (shown > limit.minor + 0.5):
            return False
    return True


def _converted(minor: int | None, source: str | None, target: str, day: date) -> float | None:
    if minor is None or source is None:
        return None
    found = RATES.rate(source, target, day)
    if found is None:
        return None
    digits = {"JPY": 0}
    value = minor * found[0] * 10.0 ** (digits.get(target, 2) - digits.get(source, 2))
    return value if math.isfinite(value) else None
