"""Exact money: whole minor units (cents, yen) and an ISO 4217 currency.

An amount is never kept as a float.  Converting between currencies is `rates.py`'s.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from cratewise.errors import MoneyError, UnknownCurrency

_NO_MINOR_UNIT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_TWO_DIGITS = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP
    PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
    TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST YER ZAR ZMW
"""

MINOR_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(_NO_MINOR_UNIT.split(), 0),
    **dict.fromkeys(_TWO_DIGITS.split(), 2),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
}
"""How many digits stand behind the decimal point, by currency (ISO 4217)."""

DISCOGS_CURRENCIES = (
    "USD", "GBP", "EUR", "CAD", "AUD", "JPY", "CHF", "MXN", "BRL", "NZD", "SEK", "ZAR",
)  # fmt: skip
"""Those that a Discogs shop may price in."""

SIGNS: Mapping[str, str] = {
    "USD": "$", "GBP": "£", "EUR": "€", "JPY": "¥", "CAD": "CA$", "AUD": "A$",
    "MXN": "MX$", "BRL": "R$", "NZD": "NZ$",
}  # fmt: skip

LARGEST_MINOR = 2**63 - 1  # what the databases' integers hold


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units of its currency; below 0 only as a difference.

    Raises UnknownCurrency.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        digits_of(self.currency)

    @property
    def amount(self) -> Decimal:
        """In the currency's own unit, exact: Decimal('12.50')."""
        return Decimal(self.minor).scaleb(-digits_of(self.currency))

    def __str__(self) -> str:
        sign = SIGNS.get(self.currency)
        minus = "-" if self.minor < 0 else ""
        number = f"{abs(self.amount):,.{digits_of(self.currency)}f}"
        return f"{minus}{sign}{number}" if sign else f"{minus}{number} {self.currency}"


def digits_of(currency: str) -> int:
    """How many digits a currency has behind the decimal point.

    Raises UnknownCurrency.
    """
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None


def to_minor(value: float | str | Decimal, currency: str) -> int:
    """A price in whole minor units, exactly; 0 or more.

    value  as a wire or a file has it.  Discogs converts prices without rounding
           (89.34117647058824), so a float is rounded, half to even; a text or a
           Decimal with more digits than the currency has is refused.

    Raises MoneyError, UnknownCurrency.
    """
    digits = digits_of(currency)
    # repr() gives the shortest decimal that means this float, so 19.99 is 19.99
    # and not 19.989999999999998436805981327779591083526611328125.
    exact = _decimal(repr(value) if isinstance(value, float) else value)
    minor = exact.scaleb(digits)
    if isinstance(value, float):
        minor = minor.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    if minor != minor.to_integral_value():
        raise MoneyError(f"{value} has more digits than {currency} counts: it has {digits}.")
    if minor > LARGEST_MINOR:
        raise MoneyError(f"{value} {currency} is more than any price can be.")
    return int(minor)


def _decimal(value: str | int | Decimal) -> Decimal:
    try:
        exact = Decimal(value)
    except (InvalidOperation, ValueError, TypeError):
        raise MoneyError(f"{value!r} is not a price: expected a number such as 12.50.") from None
    if not exact.is_finite() or exact < 0:
        raise MoneyError(f"{value} is not a price: expected a number of 0 or more.")
    if exact.adjusted() > 18:  # which also keeps 1e400 from being written out
        raise MoneyError(f"{value} is more than any price can be.")
    return exact


_TYPED = re.compile(r"(?P<before>[^\d.,-]*)(?P<number>[\d.,]*\d)(?P<after>[^\d.,-]*)")
# Thousands may be marked: 1500, 1,500, 1.500,50.  The last mark is the decimal one
# unless it is a comma before three digits; "1.500" alone could mean either, so it is neither.
_NUMBER = re.compile(
    r"(?P<thousands>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<point>\d+))?"
    r"|(?P<dotted>\d{1,3}(?:\.\d{3})+|\d+),(?P<comma>\d+)"
)
_CURRENCY_OF_SIGN = {sign: currency for currency, sign in SIGNS.items()}


def typed_price(text: str, currency: str) -> Money:
    """A price as somebody types it: 20, 20.50, 20,50, 1,500, 20EUR, "EUR 20", €20.

    currency  what a bare number is counted in.

    Raises MoneyError, UnknownCurrency.
    """
    found = _TYPED.fullmatch(text.strip())
    number = found and _NUMBER.fullmatch(found["number"])
    if not found or not number:
        raise MoneyError(f"{text!r} is not a price: type 20, 20.50 or, with a currency, 20EUR.")
    named = [part.strip().upper() for part in (found["before"], found["after"]) if part.strip()]
    if len(named) > 1:
        raise MoneyError(f"{text!r} names two currencies: type one, such as 20EUR.")
    code = _CURRENCY_OF_SIGN.get(named[0], named[0]) if named else currency
    return Money(to_minor(_with_a_point(text, number, digits_of(code)), code), code)


def _with_a_point(text: str, number: re.Match[str], digits: int) -> str:
    """The number without thousands' marks, a point before its decimals."""
    whole = re.sub("[.,]", "", number["thousands"] or number["dotted"])
    decimals = number["point"] or number["comma"] or ""
    if len(decimals) > digits:
        raise MoneyError(f"{text!r} has {len(decimals)} digits behind the point: at most {digits}.")
    return f"{whole}.{decimals}" if decimals else whole
