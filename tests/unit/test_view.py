"""A listing is shown in the reader's currency, dated, marked and explained."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.builders import NOON, RATES
from tests.unit.stocked import a_listing

from cratewise.keeper import DEFAULT
from cratewise.money import DISCOGS_CURRENCIES, Money
from cratewise.rates import Rates
from cratewise.shelf.prices import in_currency, limits_by_currency
from cratewise.shelf.view import View, viewer


def seen(*, reads_in: str = "USD", **fields: Any) -> View:
    view = viewer(currency=reads_in, rates=RATES, rule=DEFAULT, now=NOON)
    return view(a_listing(**fields))


def test_a_price_is_shown_as_asked_and_in_the_readers_currency() -> None:
    view = seen(price_minor=2000, currency="EUR")

    assert str(view.price) == "€20.00"
    assert str(view.own_price) == "$25.00"


def test_a_price_without_a_rate_stays_as_it_is() -> None:
    view = seen(price_minor=500, currency="XAF", price_usd=None, score=None)

    assert str(view.price) == "500 XAF"
    assert view.own_price is None
    assert not view.is_convertible
    assert view.reason == "score unknown: there is no rate for XAF"


def test_a_listing_without_a_price_is_shown_all_the_same() -> None:
    view = seen(price_minor=None, currency=None, price_usd=None, score=None)

    assert view.price is view.own_price is None
    assert view.is_convertible


@pytest.mark.parametrize(
    ("age", "is_stale"),
    [
        (timedelta(hours=-1), False),  # read by a clock that was ahead
        (timedelta(hours=6), False),
        (timedelta(hours=6, seconds=1), True),
        (timedelta(days=30), True),
    ],
)
def test_a_price_older_than_six_hours_is_marked(age: timedelta, is_stale: bool) -> None:
    view = seen(price_read_at=NOON - age)

    assert view.is_stale is is_stale
    assert view.price_age == max(age, timedelta())


@pytest.mark.parametrize(
    ("unseen_for", "gone_at", "is_unverified"),
    [
        (timedelta(days=30), None, False),
        (timedelta(days=30, seconds=1), None, True),
        (timedelta(days=90), NOON, False),  # it is known to be gone
    ],
)
def test_what_nobody_has_seen_for_30_days_is_unverified(
    unseen_for: timedelta, gone_at: datetime | None, is_unverified: bool
) -> None:
    view = seen(last_seen_at=NOON - unseen_for, gone_at=gone_at)

    assert view.is_unverified is is_unverified


def test_the_keeper_rule_marks_and_drops_nothing() -> None:
    assert seen(format="LP", want=2, have=1).is_keeper
    assert not seen(format="CD", want=2, have=1).is_keeper


@given(
    most=st.integers(0, 10**7),
    price=st.integers(0, 10**9),
    own=st.sampled_from(DISCOGS_CURRENCIES),
    other=st.sampled_from(DISCOGS_CURRENCIES),
)
def test_a_limit_lets_through_what_shows_as_no_more(
    most: int, price: int, own: str, other: str
) -> None:
    rates = Rates.shipped()
    day = rates.newest_day
    shown = in_currency(Money(price, other), own, rates, day)
    assert shown is not None
    exact = rates.convert(price * 10**6, other, own, day)
    assert exact is not None
    # Half a unit above is rounded to the even neighbour, which a limit cannot know.
    assume(abs(exact.minor / 10**6 - (most + 0.5)) > 1e-6)

    limits = limits_by_currency(Money(most, own), rates, day)

    assert (price <= limits[other]) is (shown.minor <= most)


def test_a_limit_in_a_currency_without_a_rate_limits_that_currency_alone() -> None:
    assert limits_by_currency(Money(500, "XAF"), RATES, NOON.date()) == {"XAF": 500}
