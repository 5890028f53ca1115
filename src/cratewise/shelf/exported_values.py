"""What stands in the columns of an export: arrays of Arrow's, a listing an item.

An array holds, by its column's kind:

    text, flag, whole     string, bool, int64
    number                double, four digits
    price                 string, exact, in the currency's own unit: "12.50"
    moment                timestamp in microseconds, UTC
    names, ids            string, a JSON list

Null is unknown.  Loaded with Arrow when somebody exports.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cratewise.grades import Grade
from cratewise.money import MINOR_DIGITS
from cratewise.notices import listing_url
from cratewise.shelf.exported import COLUMNS, Currency
from cratewise.store.stale_prices import OF_PRICE
from cratewise.store.tables import microseconds

Array = Any  # a pyarrow.Array; pyarrow tells no types
Columns = dict[str, Array]

MOST_PRICES = 200_000  # that are remembered
DIGITS = 4  # of numbers behind the point

_GRADES = sorted(Grade)
_MOMENT = pa.timestamp("us", tz="UTC")


class Exporter:
    """Makes the values of COLUMNS, in their order, of tables of export_rows.py."""

    def __init__(self, own: Currency) -> None:
        self._own = own
        self._amounts = _Texts(_amount)
        self._converted = _Texts(self._convert)
        self._grades = pa.array([grade.short for grade in _GRADES])
        self._numbers_of_grades = pa.array(map(int, _GRADES), pa.int64())

    def __call__(self, table: Any) -> list[Array]:
        told = {name: table[name].combine_chunks() for name in table.column_names}
        told = _without_stale(told, self._own)
        price = told["price_minor"], told["currency"]
        made = {
            "price": self._amounts.of(*price),
            "own_price": self._converted.of(*price),
            "own_currency": pa.repeat(self._own.code, table.num_rows),
            "price_usd": pc.round(told["price_usd"], DIGITS),
            "shipping": self._amounts.of(told["shipping_minor"], told["shipping_currency"]),
            "media_grade": self._graded(told["media_grade"]),
            "sleeve_grade": self._graded(told["sleeve_grade"]),
            "score": pc.round(told["score"], DIGITS),
            "url": _urls(told["discogs_listing_id"], told["release_id"]),
        }
        stored = {column.name: told[column.source] for column in COLUMNS if column.source}
        stored["allows_offers"] = pc.not_equal(told["allows_offers"], 0)
        moments = {
            column.name: stored[column.name].cast(_MOMENT)
            for column in COLUMNS
            if column.kind == "moment"
        }
        values = {**stored, **moments, **made}
        return [values[column.name] for column in COLUMNS]

    def _graded(self, numbers: Array) -> Array:
        return self._grades.take(pc.index_in(numbers, self._numbers_of_grades))

    def _convert(self, minor: int, currency: str) -> str | None:
        if currency not in MINOR_DIGITS:
            return None
        own = self._own
        converted = own.rates.convert(minor, currency, own.code, own.day)
        return None if converted is None else _amount(converted.minor, own.code)


class _Texts:
    """Prices as texts; few different ones stand on many listings."""

    def __init__(self, text_of: Callable[[int, str], str | None]) -> None:
        self._text_of = text_of
        self._known: dict[str, dict[int, str | None]] = {}

    def of(self, minor: Array, currency: Array) -> Array:
        texts = pa.nulls(len(minor), pa.string())
        for code in pc.unique(currency).drop_null().to_pylist():
            is_in = pc.and_(pc.equal(currency, code), minor.is_valid()).fill_null(False)
            amounts = minor.filter(is_in).to_numpy()
            distinct, places = np.unique(amounts, return_inverse=True)
            told = pa.array(self._told(code, distinct.tolist()), pa.string())
            texts = pc.replace_with_mask(texts, is_in, told.take(pa.array(places)))
        return texts

    def _told(self, code: str, amounts: list[int]) -> list[str | None]:
        known = self._known.setdefault(code, {})
        if len(known) > MOST_PRICES:
            known.clear()
        for minor in amounts:
            if minor not in known:
                known[minor] = self._text_of(minor, code)
        return [known[minor] for minor in amounts]


def _without_stale(told: Columns, own: Currency) -> Columns:
    if own.priced_since is None:
        return told
    since = microseconds(own.priced_since)
    is_shown = pc.greater_equal(told["price_read_at"], since).fill_null(False)
    return told | {name: pc.if_else(is_shown, told[name], None) for name in OF_PRICE}


def _urls(listing_ids: Array, release_ids: Array) -> Array:
    urls = _joined(listing_url(0, 0).removesuffix("0"), listing_ids)
    if not urls.null_count:
        return urls
    of_release = _joined(listing_url(None, 0).removesuffix("0"), release_ids)
    return pc.coalesce(urls, of_release)


def _joined(address: str, numbers: Array) -> Array:
    return pc.binary_join_element_wise(address, numbers.cast(pa.string()), "")


def _amount(minor: int, currency: str) -> str | None:
    """An exact price: 1250 in EUR is "12.50", in JPY "1250"."""
    if currency not in MINOR_DIGITS:
        return None
    digits = MINOR_DIGITS[currency]
    if digits == 0:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' * (minor < 0)}{whole}.{rest:0{digits}d}"
