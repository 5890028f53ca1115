"""Where this machine's user lives, as its locale tells: a country and its currency.

A guess for the first start, which the user is told and may change.
"""

import re
import sys
from collections.abc import Mapping
from typing import NamedTuple


class Region(NamedTuple):
    """A country (ISO 3166, two letters) and its currency (ISO 4217)."""

    country: str
    currency: str


FALLBACK = Region("US", "USD")  # Discogs' own

# Only currencies that the European Central Bank has a rate for: prices could not be
# compared in another.  Everywhere else they are compared in dollars.
_EURO = "AD AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MC ME MT NL PT SI SK SM VA XK"
_CURRENCY_OF = {
    **dict.fromkeys(_EURO.split(), "EUR"),
    "AU": "AUD", "BR": "BRL", "CA": "CAD", "CH": "CHF", "CN": "CNY", "CZ": "CZK", "DK": "DKK",
    "FO": "DKK", "GB": "GBP", "GG": "GBP", "GL": "DKK", "HK": "HKD", "HU": "HUF", "ID": "IDR",
    "IL": "ILS", "IM": "GBP", "IN": "INR", "IS": "ISK", "JE": "GBP", "JP": "JPY", "KR": "KRW",
    "LI": "CHF", "MX": "MXN", "MY": "MYR", "NO": "NOK", "NZ": "NZD", "PH": "PHP", "PL": "PLN",
    "RO": "RON", "SE": "SEK", "SG": "SGD", "SJ": "NOK", "TH": "THB", "TR": "TRY", "ZA": "ZAR",
}  # fmt: skip


def region_of_this_machine(environ: Mapping[str, str]) -> Region:
    """The region that the locale names; the United States when it names none."""
    # The order in which a POSIX system asks them when it writes an amount.
    for name in ("LC_ALL", "LC_MONETARY", "LANG"):
        region = region_of(environ.get(name, ""))
        if region is not None:
            return region
    return region_of(_windows_locale()) or FALLBACK


def region_of(locale: str) -> Region | None:
    """The region in "de_AT.UTF-8", "en-GB" or "zh_Hant_HK"; None when it names no country."""
    found = re.match(r"[A-Za-z]{2,3}(?:[_-][A-Za-z]{4})?[_-]([A-Za-z]{2})(?![A-Za-z])", locale)
    if found is None:
        return None
    country = found.group(1).upper()
    return Region(country, _CURRENCY_OF.get(country, FALLBACK.currency))


def _windows_locale() -> str:
    if sys.platform != "win32":
        return ""
    import ctypes

    name = ctypes.create_unicode_buffer(85)  # LOCALE_NAME_MAX_LENGTH
    ctypes.windll.kernel32.GetUserDefaultLocaleName(name, len(name))
    return name.value
