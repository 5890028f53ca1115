"""The twelve currencies that a Discogs shop may use, and how an answer writes an amount.

The rates are about those of summer 2026 and stand still: a simulated market needs
amounts that look right, not rates that are right.
"""

from typing import NamedTuple


class Currency(NamedTuple):
    """One currency of the market."""

    code: str
    number: int  # Discogs' `curr_id`; 1, 2 and 3 were seen, the rest go on from there
    sign: str
    per_dollar: float
    decimals: int  # 0 for the yen
    step: float  # amounts end on a multiple of it, or just below
    home: str  # a country whose shops use it, as `ships_from` names it


CURRENCIES: dict[str, Currency] = {
    currency.code: currency
    for currency in (
        Currency("USD", 1, "$", 1.0, 2, 0.50, "United States"),
        Currency("GBP", 2, "£", 0.75, 2, 0.50, "United Kingdom"),
        Currency("EUR", 3, "€", 0.86, 2, 0.50, "Germany"),
        Currency("CAD", 4, "CA$", 1.37, 2, 0.50, "Canada"),
        Currency("AUD", 5, "A$", 1.53, 2, 0.50, "Australia"),
        Currency("JPY", 6, "¥", 148.0, 0, 50.0, "Japan"),
        Currency("CHF", 7, "CHF", 0.80, 2, 0.50, "Switzerland"),
        Currency("MXN", 8, "MX$", 18.6, 2, 10.0, "Mexico"),
        Currency("BRL", 9, "R$", 5.4, 2, 5.0, "Brazil"),
        Currency("NZD", 10, "NZ$", 1.69, 2, 0.50, "New Zealand"),
        Currency("SEK", 11, "SEK", 9.5, 2, 5.0, "Sweden"),
        Currency("ZAR", 12, "ZAR", 17.7, 2, 10.0, "South Africa"),
    )
}


def formatted(value: float, currency: Currency) -> str:
    """An amount as `formatted` has it: €75.94, ¥1,200."""
    return f"{currency.sign}{value:,.{currency.decimals}f}"


def converted(value: float, origin: Currency, target: Currency) -> float:
    """The same amount in another currency, unrounded, as Discogs leaves `price`."""
    return value if origin == target else value / origin.per_dollar * target.per_dollar
