"""Why a listing is liked: parts that add up, and a sentence that a buyer understands."""

import math
from typing import Any

import numpy as np
import pytest

from cratewise.taste import models
from cratewise.taste import stock as stocks
from cratewise.taste.columns import read
from cratewise.taste.telling import Facts, clause

Listings = list[dict[str, Any]]


def test_contributions_add_up_to_the_log_odds(trained: models.Model, stock: Listings) -> None:
    chances = trained.predict_proba(stock[:100])

    told = [one.log_odds for one in trained.explain(stock[:100])]

    assert told == pytest.approx(np.log(chances / (1 - chances)).tolist(), abs=1e-5)


def test_each_column_of_the_line_adds_the_same_whatever_the_others_are(
    cratewise: models.Model, stock: Listings
) -> None:
    better = {**stock[0], "media_condition": "Poor (P)"}

    one, other = cratewise.explain([stock[0], better])

    moved = {
        part.column.name
        for part, twin in zip(
            sorted(one.contributions, key=lambda part: part.column.name),
            sorted(other.contributions, key=lambda part: part.column.name),
            strict=True,
        )
        if part.amount != twin.amount
    }
    assert moved == {"grade"}
    assert one.log_odds - other.log_odds == pytest.approx(
        sum(
            sign * part.amount
            for sign, parts in ((1, one.contributions), (-1, other.contributions))
            for part in parts
            if part.column.name == "grade"
        )
    )


def test_the_strongest_stands_first(trained: models.Model, stock: Listings) -> None:
    for one in trained.explain(stock[:10]):
        amounts = [abs(part.amount) for part in one.contributions]
        assert amounts == sorted(amounts, reverse=True)


def test_a_keep_for_its_style_is_told_by_its_style(
    cratewise: models.Model, stock: Listings
) -> None:
    chances = cratewise.predict_proba(stock)
    best = stock[int(np.argmax(chances))]

    sentence = cratewise.explain([best])[0].sentence

    assert sentence.startswith("because: ")
    assert "dub techno" in sentence


def test_a_reason_against_is_told_as_one(cratewise: models.Model, stock: Listings) -> None:
    worst = stock[int(np.argmin(cratewise.predict_proba(stock)))]

    assert "against: " in cratewise.explain([worst])[0].sentence


@pytest.mark.parametrize(
    ("price", "is_good", "words"),
    [
        (3, True, "a third of its usual price or less"),
        (5, True, "half its usual price"),
        (8, True, "below its usual price"),
        (15, False, "above its usual price"),
        (30, False, "3 times its usual price"),
        (10, True, "price 10.00"),
        (3, False, "price 3.00"),
    ],
)
def test_a_price_is_told_beside_the_usual_one(price: float, is_good: bool, words: str) -> None:
    facts = Facts(read([{"price": price}]), 0, usual_price=10)

    assert clause("price", facts, is_good) == words


def test_what_a_listing_lacks_is_not_told_as_its_reason() -> None:
    facts = Facts(read([{"styles": ["House"]}]), 0)

    assert clause("style: Dub Techno", facts, True) == ""
    assert clause("style: House", facts, True) == "house"
    assert clause("grade", facts, False) == ""


def test_every_column_has_a_name_of_its_own_a_unit_and_a_meaning(stock: Listings) -> None:
    seen = stocks.read(stock)

    columns = seen.columns

    assert len({column.name for column in columns}) == len(columns) == seen.show([{}]).table().size
    assert all(column.unit and column.meaning and column.topic for column in columns)


def test_multiplying_through_the_tables_is_multiplying_the_table_written_out(
    stock: Listings,
) -> None:
    """Half of these listings are by artists and labels that the stock does not know."""
    seen = stocks.read(stock[:100]).show(stock)
    table = seen.table()
    weights = np.random.default_rng(0).normal(size=(table.shape[1], 3))

    assert seen.times(weights) == pytest.approx(table @ weights, abs=1e-4)
    assert math.isclose(seen.times(weights[:, 0])[7], table[7] @ weights[:, 0], abs_tol=1e-4)
