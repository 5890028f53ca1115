"""Currency rates: what one unit buys, an amount converted, newer ones fetched."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import QueryParameter

from cratewise.api.installation import Here
from cratewise.api.listing_answer import Price, priced
from cratewise.api.problems import told
from cratewise.errors import SettingError, UnknownCurrency
from cratewise.inventory.fresh_rates import known_rates, refreshed
from cratewise.money import MINOR_DIGITS, Money, typed_price

Day = Annotated[date | None, QueryParameter(description="By default the newest that has rates.")]
Currency = Annotated[
    str | None, QueryParameter(description="ISO 4217; yours if not told.", max_length=10)
]


class RatesOf(msgspec.Struct, frozen=True, kw_only=True):
    """What one unit of a currency buys of every other, on a day that has rates."""

    currency: str
    day: date | None
    buys: dict[str, float]
    source: str = "European Central Bank"


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """An amount in another currency; null: there is no rate for one of them."""

    asked: Price
    converted: Price | None
    rate: float | None
    day: date | None


class Refreshed(msgspec.Struct, frozen=True, kw_only=True):
    """How many days of rates were fetched, and the newest that there is."""

    new_days: int
    newest_day: date


@get(
    "/rates",
    tags=["rates"],
    operation_id="read_rates",
    sync_to_thread=True,
    responses=told(422, 503),
)
def read_rates(here: Here, currency: Currency = None, day: Day = None) -> RatesOf:
    """What one unit of a currency buys."""
    known = here.rates()
    code = _code(currency or here.account().currency)
    on = day or known.newest_day
    reckoned = known.per_euro("EUR", on)
    rates = {other: known.rate(code, other, on) for other in known.currencies(on) - {code}}
    return RatesOf(
        currency=code,
        day=reckoned[1] if reckoned else None,
        buys={other: rate[0] for other, rate in sorted(rates.items()) if rate is not None},
    )


@get(
    "/rates/convert",
    tags=["rates"],
    operation_id="convert",
    sync_to_thread=True,
    responses=told(422, 503),
)
def convert(
    here: Here,
    amount: Annotated[str, QueryParameter(description="20, 20EUR.", min_length=1, max_length=30)],
    to: Currency = None,
    day: Day = None,
) -> Conversion:
    """An amount in another currency, yours if none is told."""
    known, own = here.rates(), here.account().currency
    money = typed_price(amount, own)
    target = _code(to or own)
    found = known.convert(money.minor, money.currency, target, day or known.newest_day)
    asked = Price(money.minor, money.currency, str(money.amount))
    if found is None:
        return Conversion(asked=asked, converted=None, rate=None, day=None)
    return Conversion(
        asked=asked, converted=priced(Money(found.minor, target)), rate=found.rate, day=found.day
    )


@post(
    "/rates/refresh",
    tags=["rates"],
    operation_id="refresh_rates",
    sync_to_thread=True,
    status_code=200,
    responses=told(409, 502, 503),
)
def refresh_rates(here: Here) -> Refreshed:
    """Ask the European Central Bank for newer rates."""
    url = here.settings.rates_url
    if url is None:
        raise SettingError("CRATEWISE_RATES_URL", "it is `off`, so no rates are fetched.")
    fresh = refreshed(here.engine, known_rates(here.engine), url)
    here.forget_rates()
    return Refreshed(new_days=fresh.new_days, newest_day=fresh.rates.newest_day)


def _code(currency: str) -> str:
    code = currency.strip().upper()
    if code not in MINOR_DIGITS:
        raise UnknownCurrency(currency)
    return code
