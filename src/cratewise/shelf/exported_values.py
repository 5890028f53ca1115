"""What stands in the columns of an export: arrays of Arrow's, a listing an item.

An array holds, by its column's kind:

    text, flag, whole     string, bool, int64
    number                double, four digits
    price                 string, exact, in the currency's own unit: "12.50"
    moment                timestamp in microseconds, UTC
    names, ids            string, a JSON list

Null is unknown.  Loaded with Arrow when somebody exports.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cratewise.grades import Grade
from cratewise.money import MINOR_DIGITS
from cratewise.notices import listing_url
from cratewise.shelf.exported import COLUMNS, Currency
from cratewise.store.stale_prices import OF_PRICE
from cratewise.store.tables import microseconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array = Any  # a pyarrow.Array; pyarrow tells no types
Columns = dict[str, Array]

DIGITS = 4  # of numbers behind the point

_GRADES = sorted(Grade)
_MOMENT = pa.timestamp("us", tz="UTC")


class Exporter:
    """Makes the values of COLUMNS, in their order, of tables of export_rows.py."""

    def __init__(self, own: Currency) -> None:
        self._own = own
        self._grades = pa.array([grade.short for grade in _GRADES])
        self._numbers_of_grades = pa.array(map(int, _GRADES), pa.int64())

    def __call__(self, table: Any) -> list[Array]:
        told = {name: table[name].combine_chunks() for name in table.column_names}
        told = _without_stale(told, self._own)
        price = told["price_minor"], told["currency"]
        made = {
            "price": _amounts(*price),
            "own_price": _converted(*price, self._own),
            "own_currency": pa.repeat(self._own.code, table.num_rows),
            "price_usd": pc.round(told["price_usd"], DIGITS),
            "shipping": _amounts(told["shipping_minor"], told["shipping_currency"]),
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


def _amounts(minor: Array, currency: Array) -> Array:
    """Exact prices: 1250 in EUR is "12.50", in JPY "1250"."""
    coded = currency.dictionary_encode()
    digits = pa.array([MINOR_DIGITS.get(code) for code in coded.dictionary.to_pylist()], pa.int8())
    digits_of = digits.take(coded.indices)
    numbers = minor.fill_null(0).to_numpy()
    texts = pa.nulls(len(minor), pa.string())
    for many in pc.unique(digits).drop_null().to_pylist():
        is_so = pc.equal(digits_of, many).fill_null(False)
        texts = pc.if_else(pc.and_(is_so, minor.is_valid()), _decimals(numbers, many), texts)
    return texts


def _converted(minor: Array, currency: Array, own: Currency) -> Array:
    """Prices in the own currency; null where there is no rate."""
    coded = currency.dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy()
    numbers = minor.fill_null(0).to_numpy().copy()
    is_known = np.zeros(len(numbers), dtype=bool)
    for number, code in enumerate(coded.dictionary.to_pylist()):
        is_in = codes == number
        found = own.rates.convert_many(numbers[is_in], code, own.code, own.day)
        if found is not None:
            numbers[is_in], is_known[is_in] = found, True
    is_told = pc.and_(pa.array(is_known), minor.is_valid())
    return pc.if_else(is_told, _decimals(numbers, MINOR_DIGITS.get(own.code, 0)), None)


def _decimals(numbers: "NDArray[np.int64]", digits: int) -> Array:
    """Whole minor units as texts with so many digits behind the point."""
    # The same bytes, read as decimals of 16: no number is looked at by itself.
    halves = np.stack((numbers, numbers >> 63), axis=1)
    kind = pa.decimal128(20, digits)
    buffers = [None, pa.py_buffer(np.ascontiguousarray(halves))]
    return pa.Array.from_buffers(kind, len(numbers), buffers).cast(pa.string())


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
