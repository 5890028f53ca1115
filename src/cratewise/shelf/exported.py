"""The columns of an export, and what stands in them: plain values under steady names.

A value is, by its column's kind:

    text, flag, whole     str, bool, int
    number                float, four digits
    price                 str, exact, in the currency's own unit: "12.50"
    moment                int, microseconds since 1970, UTC
    names, ids            str, a JSON list

None is unknown.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from cratewise.grades import Grade
from cratewise.money import MINOR_DIGITS
from cratewise.notices import listing_url
from cratewise.rates import Rates
from cratewise.store.export_rows import Batch
from cratewise.store.stale_prices import OF_PRICE
from cratewise.store.tables import microseconds

Kind = Literal["text", "flag", "whole", "number", "price", "moment", "names", "ids"]
Values = Sequence[Any]


class Column(NamedTuple):
    """name: in the file; kind: of its values; source: the stored column, where it is one.

    is_ours  its texts are written by us, not by somebody who sells.
    """

    name: str
    kind: Kind
    source: str | None = None
    is_ours: bool = False

    @property
    def may_run(self) -> bool:
        """Whether a spreadsheet might take a value of it for a formula."""
        return self.kind in {"text", "names"} and not self.is_ours


class Currency(NamedTuple):
    """In which currency prices are converted, at the rates of which day.

    priced_since  a price that was read before is left out; None: none is
    """

    code: str
    rates: Rates
    day: date
    priced_since: datetime | None = None


COLUMNS = (
    Column("listing_id", "whole", "discogs_listing_id"),  # None: it was imported
    Column("seller", "text", "seller"),
    Column("release_id", "whole", "release_id"),
    Column("master_id", "whole", "master_id"),
    Column("artist", "text", "artist"),
    Column("title", "text", "title"),
    Column("label", "text", "label"),
    Column("catalog_number", "text", "catalog_number"),
    Column("format", "text", "format"),
    Column("year", "whole", "year"),
    Column("original_year", "whole", "original_year"),
    Column("country", "text", "country"),  # of the release
    Column("genres", "names", "genres"),
    Column("styles", "names", "styles"),
    Column("artist_ids", "ids", "artist_ids"),
    Column("label_ids", "ids", "label_ids"),
    Column("price", "price"),  # as the seller asks, in `currency`
    Column("currency", "text", "currency", is_ours=True),
    Column("own_price", "price"),  # in `own_currency`; None: unknown, or not convertible
    Column("own_currency", "text", is_ours=True),
    Column("price_usd", "number"),  # at the rate of the day the price was first read
    Column("shipping", "price"),  # None: unknown, which is not free
    Column("shipping_currency", "text", "shipping_currency", is_ours=True),
    Column("media_grade", "text", is_ours=True),
    Column("sleeve_grade", "text", is_ours=True),
    Column("want", "whole", "want"),
    Column("have", "whole", "have"),
    Column("score", "number"),
    Column("comments", "text", "comments"),
    Column("ships_from", "text", "ships_from"),
    Column("allows_offers", "flag", "allows_offers"),
    Column("posted_at", "moment", "posted_at"),
    Column("first_seen_at", "moment", "first_seen_at"),
    Column("price_read_at", "moment", "price_read_at"),
    Column("changed_at", "moment", "changed_at"),
    Column("gone_at", "moment", "gone_at"),
    Column("source", "text", "source", is_ours=True),
    Column("url", "text", is_ours=True),
)
NAMES = tuple(column.name for column in COLUMNS)

_GRADES = {int(grade): grade.short for grade in Grade}


def exporter(own: Currency) -> Callable[[Batch], list[Values]]:
    """How a batch of listings becomes the values of COLUMNS, in their order."""
    converted = _Converted(own)

    def values(told: Batch) -> list[Values]:
        batch = _without_stale(told, own.priced_since)
        many = len(batch["id"])
        made: dict[str, Values] = {
            "price": list(map(_amount, batch["price_minor"], batch["currency"])),
            "own_price": list(map(converted, batch["price_minor"], batch["currency"])),
            "own_currency": [own.code] * many,
            "price_usd": _rounded(batch["price_usd"]),
            "shipping": list(map(_amount, batch["shipping_minor"], batch["shipping_currency"])),
            "media_grade": list(map(_GRADES.get, batch["media_grade"])),
            "sleeve_grade": list(map(_GRADES.get, batch["sleeve_grade"])),
            "score": _rounded(batch["score"]),
            "url": list(map(listing_url, batch["discogs_listing_id"], batch["release_id"])),
        }
        return [
            made[column.name] if column.source is None else batch[column.source]
            for column in COLUMNS
        ]

    return values


def _without_stale(batch: Batch, priced_since: datetime | None) -> Batch:
    if priced_since is None:
        return batch
    since = microseconds(priced_since)
    is_shown = [at is not None and at >= since for at in batch["price_read_at"]]
    return {
        **batch,
        **{
            name: [one if is_told else None for one, is_told in zip(values, is_shown, strict=True)]
            for name, values in ((name, batch[name]) for name in OF_PRICE)
        },
    }


class _Converted(dict[tuple[int | None, str | None], str | None]):
    """Prices in one currency; few different ones stand on many listings."""

    def __init__(self, own: Currency) -> None:
        super().__init__()
        self._own = own

    def __call__(self, minor: int | None, currency: str | None) -> str | None:
        return self[minor, currency]

    def __missing__(self, price: tuple[int | None, str | None]) -> str | None:
        minor, currency = price
        found = None
        if minor is not None and currency is not None and currency in MINOR_DIGITS:
            own = self._own
            converted = own.rates.convert(minor, currency, own.code, own.day)
            found = None if converted is None else _amount(converted.minor, own.code)
        if len(self) > 100_000:
            self.clear()
        self[price] = found
        return found


def _amount(minor: int | None, currency: str | None) -> str | None:
    """An exact price: 1250 in EUR is "12.50", in JPY "1250"."""
    if minor is None or currency is None or currency not in MINOR_DIGITS:
        return None
    digits = MINOR_DIGITS[currency]
    if digits == 0:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' * (minor < 0)}{whole}.{rest:0{digits}d}"


def _rounded(values: Values) -> Values:
    return [None if value is None else round(value, 4) for value in values]
