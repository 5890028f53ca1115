"""Money is exact: whole minor units, and no amount is bent on its way in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cratewise.errors import MoneyError, UnknownCurrency
from cratewise.money import DISCOGS_CURRENCIES, MINOR_DIGITS, Money, to_minor, typed_price

CURRENCIES = st.sampled_from(sorted(MINOR_DIGITS))


def test_every_currency_of_discogs_is_known() -> None:
    assert set(DISCOGS_CURRENCIES) <= MINOR_DIGITS.keys()
    assert len(DISCOGS_CURRENCIES) == 12


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        (19.99, "EUR", 1999),
        (0.29, "USD", 29),
        (1500.0, "JPY", 1500),
        ("12.50", "GBP", 1250),
        ("1500.00", "JPY", 1500),
        (Decimal("3.125"), "KWD", 3125),
        (7, "CHF", 700),
        (1e-7, "USD", 0),
        (12345678.91, "HUF", 1234567891),
    ],
)
def test_a_price_becomes_its_minor_units(
    value: float | str | Decimal, currency: str, minor: int
) -> None:
    assert to_minor(value, currency) == minor


@pytest.mark.parametrize(
    ("unrounded", "minor"), [(89.34117647058824, 8934), (0.125, 12), (0.135, 14), (2.675, 268)]
)
def test_an_unrounded_price_of_the_wire_is_rounded_half_to_even(
    unrounded: float, minor: int
) -> None:
    assert to_minor(unrounded, "USD") == minor


@given(minor=st.integers(0, 2**63 - 1), currency=CURRENCIES)
def test_what_money_shows_as_an_amount_is_read_back_exactly(minor: int, currency: str) -> None:
    assert to_minor(Money(minor, currency).amount, currency) == minor
    assert to_minor(str(Money(minor, currency).amount), currency) == minor


@given(minor=st.integers(0, 10**13), currency=CURRENCIES)
def test_a_float_of_the_wire_with_as_many_digits_as_the_currency_is_exact(
    minor: int, currency: str
) -> None:
    assert to_minor(float(Money(minor, currency).amount), currency) == minor


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "free",
        "12.5.0",
        "-1",
        -0.5,
        "NaN",
        float("nan"),
        float("inf"),
        "1e400",
        1e300,
        "1e17",
        "12.345",
    ],
)
def test_nonsense_is_no_price(nonsense: float | str) -> None:
    with pytest.raises(MoneyError):
        to_minor(nonsense, "EUR")


def test_a_currency_that_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownCurrency, match="'XBT'"):
        to_minor(1.0, "XBT")
    with pytest.raises(UnknownCurrency, match="'eur'"):
        Money(1, "eur")


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (1250, "EUR", "€12.50"),
        (1500, "JPY", "¥1,500"),
        (1250, "CHF", "12.50 CHF"),
        (5, "USD", "$0.05"),
        (123456789, "CAD", "CA$1,234,567.89"),
        (-1250, "GBP", "-£12.50"),
        (-1250, "SEK", "-12.50 SEK"),
    ],
)
def test_money_is_shown_as_people_write_it(minor: int, currency: str, shown: str) -> None:
    assert str(Money(minor, currency)) == shown


@pytest.mark.parametrize(
    ("typed", "money"),
    [
        ("20", Money(2000, "EUR")),
        (" 20.5 ", Money(2050, "EUR")),
        ("20,50", Money(2050, "EUR")),
        ("1,500", Money(150000, "EUR")),
        ("1.500,50", Money(150050, "EUR")),
        ("1,500,000", Money(150000000, "EUR")),
        ("1500,5", Money(150050, "EUR")),
        ("1,500.50", Money(150050, "EUR")),
        ("20EUR", Money(2000, "EUR")),
        ("20 usd", Money(2000, "USD")),
        ("GBP 7", Money(700, "GBP")),
        ("€20", Money(2000, "EUR")),
        ("CA$3", Money(300, "CAD")),
        ("¥1,500", Money(1500, "JPY")),
        ("1500 JPY", Money(1500, "JPY")),
    ],
)
def test_a_typed_price_is_understood(typed: str, money: Money) -> None:
    assert typed_price(typed, "EUR") == money


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "cheap",
        "-5",
        "20.999",
        "EUR 20 USD",
        "5 6",
        "20XBT",
        "1.5 JPY",
        "1,2,3",
        "1.2.3",
        "1.500",
        "1 500",
        "20,",
    ],
)
def test_a_typed_price_that_makes_no_sense_is_refused(typed: str) -> None:
    with pytest.raises(MoneyError):
        typed_price(typed, "EUR")
