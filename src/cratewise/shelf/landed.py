"""What listings cost when they have arrived: the price and a parcel of its own, both converted."""

import numpy as np
from numpy.typing import NDArray

from cratewise.money import MINOR_DIGITS, digits_of
from cratewise.shelf.query import Reader
from cratewise.shelf.shelf import Places, Shelf, look_up, unknown
from cratewise.store.shelf_rows import NO_COUNT
from cratewise.wants.postage import PostageBook

Column = NDArray[np.float32]


def landed_prices(shelf: Shelf, book: PostageBook, reader: Reader, rows: Places) -> Column:
    """What `PostageBook.landed` says of each row, in minor units of the reader's currency.

    Returns (n,); NaN where postage or price is unknown or not convertible.
    """
    if not book:
        return unknown(len(rows))
    price = own_prices(shelf, reader, rows)
    landed: Column = (price + _parcels(shelf, book, reader, rows)).astype(np.float32)
    return landed


def own_prices(shelf: Shelf, reader: Reader, rows: Places) -> NDArray[np.float64]:
    """What each row costs in minor units of the reader's currency, whole; NaN: not known."""
    minor = shelf.listings["price_minor"][rows]
    factors = np.array([_factor(code, reader) for code in shelf.currencies.texts])
    price: NDArray[np.float64] = np.rint(minor * look_up(factors, shelf.listings["currency"][rows]))
    price[minor == NO_COUNT] = np.nan
    if (since := reader.prices_from) is not None:
        price[shelf.listings["price_read_at"][rows] < since] = np.nan
    return price


def _parcels(shelf: Shelf, book: PostageBook, reader: Reader, rows: Places) -> NDArray[np.float64]:
    """What a parcel with each row alone costs, worked out once for all that are alike."""
    listings, formats = shelf.listings, shelf.formats.texts
    of_release = look_up(shelf.releases["format"], listings["release"][rows])
    sellers, origins = listings["seller"][rows].astype(np.int64), listings["ships_from"][rows]
    alike = (sellers * len(shelf.origins) + origins) * len(formats) + of_release
    distinct, which = np.unique(alike, return_inverse=True)
    costs = np.full(len(distinct), np.nan)
    for n, number in enumerate(distinct.tolist()):
        rest, text = divmod(number, len(formats))
        seller, origin = divmod(rest, len(shelf.origins))
        tariff = book.tariff(shelf.sellers[seller].id, shelf.origins.texts[origin])
        cost = None if tariff is None else tariff.cost([formats[text]])
        if cost is not None:
            costs[n] = np.rint(cost.minor * _factor(cost.currency, reader))
    return costs[which]


def _factor(currency: str, reader: Reader) -> float:
    """Minor units of the reader's currency for one of another; NaN without a rate."""
    if currency == reader.currency:
        return 1.0
    found = reader.rates.rate(currency, reader.currency, reader.day)
    if found is None or currency not in MINOR_DIGITS:
        return np.nan
    return float(found[0] * 10.0 ** (digits_of(reader.currency) - digits_of(currency)))
