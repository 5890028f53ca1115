"""What parcels cost, and what a record costs when it has arrived."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.builders import NOON, RATES, a_seller, an_account

from cratewise.errors import PostageError, UnknownCurrency
from cratewise.money import Money
from cratewise.store.engine import reading, writing
from cratewise.store.postage import Postage, forget_postage, keep_postage, list_postage
from cratewise.wants.postage import PostageBook, Tariff, open_book
from cratewise.wants.weight import PARCEL_GRAMS, grams_of

LP, DOUBLE = "LP, Album", "2xLP, Album, RE"
TODAY = NOON.date()


def a_rule(**told: Any) -> Postage:
    rule = Postage(1, None, None, None, "DE", "GBP", 450, 75, (), "", TODAY)
    return rule._replace(**told)


def test_the_first_record_costs_the_base_and_each_further_one_its_own() -> None:
    tariff = Tariff("GBP", first_minor=450, further_minor=75)

    assert [tariff.cost([LP] * n) for n in range(4)] == [
        Money(0, "GBP"), Money(450, "GBP"), Money(525, "GBP"), Money(600, "GBP")
    ]  # fmt: skip


def test_a_parcel_costs_what_the_first_tier_that_holds_its_weight_does() -> None:
    tariff = Tariff("EUR", tiers=((500, 380), (1000, 520), (2000, 700)))

    assert tariff.cost([LP]) == Money(380, "EUR")  # 230 g and the parcel's 250 g
    assert tariff.cost([DOUBLE]) == Money(520, "EUR")
    assert tariff.cost([DOUBLE, DOUBLE, LP]) == Money(700, "EUR")


def test_a_parcel_heavier_than_the_last_tier_costs_nobody_knows_what() -> None:
    assert Tariff("EUR", tiers=((500, 380),)).cost([LP, LP]) is None


@pytest.mark.parametrize(
    ("format_text", "grams"),
    [
        ("LP, Album", 230),
        ("2xLP, Album, RE", 460),
        ('7", Single, 45 RPM', 60),
        ("CD, Album", 100),
        ("Box, Ltd + 4xLP, Album + 2xCD, Album", 500 + 4 * 230 + 2 * 100),
        ('Shellac, 10", 78 RPM', 220),
        ("", 230),
        ("Wire Recording", 230),
        ("999999xLP", 230),
    ],
)
def test_weights_are_guessed_from_the_format(format_text: str, grams: int) -> None:
    assert grams_of(format_text) == grams
    assert PARCEL_GRAMS > 0


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"first_minor": 400},
        {"first_minor": 400, "further_minor": 0, "tiers": ((500, 1),)},
        {"first_minor": -1, "further_minor": 0},
        {"first_minor": 2**63, "further_minor": 0},
        {"tiers": ((500, 1), (500, 2))},
        {"tiers": ((0, 1),)},
        {"tiers": ((500, -2),)},
        {"tiers": tuple((grams, 1) for grams in range(1, 60))},
    ],
)
def test_a_tariff_that_makes_no_sense_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(PostageError):
        Tariff("EUR", **told)
    with pytest.raises(UnknownCurrency):
        Tariff("XXX", 400, 100)


def test_a_sellers_own_postage_goes_before_that_of_the_country() -> None:
    book = PostageBook(
        [a_rule(seller_id=7, first_minor=300), a_rule(id=2, origin="United Kingdom")]
    )

    own, others = book.tariff(7, "United Kingdom"), book.tariff(8, "united kingdom ")
    assert own is not None
    assert others is not None
    assert (own.first_minor, others.first_minor) == (300, 450)
    assert book.tariff(8, "Germany") is None
    assert book.tariff(8, "") is None


def landed(book: PostageBook, price: Money, **told: Any) -> Money | None:
    where = {"seller_id": 7, "ships_from": "United Kingdom", "format_text": LP, **told}
    return book.landed(price, currency="EUR", rates=RATES, day=TODAY, **where)


def test_the_landed_price_is_price_and_postage_in_the_readers_currency() -> None:
    book = PostageBook([a_rule(origin="United Kingdom", first_minor=400)])

    assert landed(book, Money(800, "GBP")) == Money(1000 + 500, "EUR")


def test_a_landed_price_is_unknown_rather_than_guessed() -> None:
    book = PostageBook([a_rule(origin="United Kingdom", first_minor=400)])

    assert landed(book, Money(800, "GBP"), ships_from="Japan") is None
    assert landed(book, Money(800, "KPW")) is None
    heavy = PostageBook([a_rule(origin="United Kingdom", first_minor=None, further_minor=None,
                                tiers=((300, 100),))])  # fmt: skip
    assert landed(heavy, Money(800, "GBP")) is None


def test_free_postage_is_known_and_costs_nothing() -> None:
    book = PostageBook([a_rule(seller_id=7, first_minor=0, further_minor=0)])

    assert landed(book, Money(800, "GBP")) == Money(1000, "EUR")


def rule_told(country: str = "DE", **told: Any) -> dict[str, Any]:
    return {
        "country": country, "currency": "GBP", "first_minor": 450, "further_minor": 75,
        "tiers": (), "source": "the shop's terms", "told_on": date(2026, 10, 1), **told,
    }  # fmt: skip


def test_what_was_told_last_of_a_seller_or_a_country_holds(store: Engine) -> None:
    with writing(store) as db:
        me, alice = an_account(db), a_seller(db, "Alice")
        first = keep_postage(db, me, rule_told(), origin="United Kingdom")
        again = keep_postage(db, me, rule_told(first_minor=500), origin="united kingdom")
        tiers = ((500, 380), (2000, 700))
        keep_postage(
            db, me, rule_told(first_minor=None, further_minor=None, tiers=tiers), seller_id=alice
        )
        keep_postage(db, me, rule_told("US"), seller_id=alice)

    assert first == again
    with reading(store) as db:
        kept = list_postage(db, me, "DE")
        book = open_book(db, me, "DE")
    assert [(rule.seller, rule.origin, rule.first_minor, rule.tiers) for rule in kept] == [
        ("Alice", None, None, tiers), (None, "United Kingdom", 500, ())
    ]  # fmt: skip
    assert book.tariff(alice, "") == Tariff("GBP", tiers=tiers)


def test_postage_to_another_country_does_not_hold_and_is_kept(store: Engine) -> None:
    with writing(store) as db:
        me = an_account(db)
        keep_postage(db, me, rule_told("US"), origin="Japan")

    with reading(store) as db:
        assert not open_book(db, me, "DE")
        assert open_book(db, me, "US")


def test_a_rule_that_is_forgotten_leaves_postage_unknown(store: Engine) -> None:
    with writing(store) as db:
        me = an_account(db)
        rule = keep_postage(db, me, rule_told(), origin="Japan")
        assert forget_postage(db, me, rule)
        assert not forget_postage(db, me, rule)
        assert not open_book(db, me, "DE")
