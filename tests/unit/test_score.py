"""The rule score is the one that was told, for one listing and for a million alike."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cratewise.score import explain, nan_to_none, rule_score, score_of

COUNTS = st.integers(0, 5_000_000)
PRICES = st.floats(0, 1_000_000)


@pytest.mark.parametrize(
    ("want", "have", "price", "score"),
    [(1000, 500, 25, "27.54"), (10, 0, 5, "82.03"), (0, 0, 10, "-4.66")],
)
def test_known_scores_come_out(want: int, have: int, price: float, score: str) -> None:
    assert f"{score_of(want, have, price):.2f}" == score
    assert f"{rule_score(want, have, price):.2f}" == score


@given(st.lists(st.tuples(COUNTS, COUNTS, PRICES), min_size=1, max_size=50))
def test_many_at_once_score_as_one_by_one(listings: list[tuple[int, int, float]]) -> None:
    want, have, price = zip(*listings, strict=True)

    together = rule_score(want, have, price)

    apart = [score_of(*listing) for listing in listings]
    np.testing.assert_allclose(together, np.array(apart, dtype=float), rtol=1e-12, atol=1e-12)


@given(want=COUNTS, have=COUNTS, price=PRICES, dearer=st.floats(0.01, 1000))
def test_a_dearer_copy_never_scores_higher(
    want: int, have: int, price: float, dearer: float
) -> None:
    cheap, dear = score_of(want, have, price), score_of(want, have, price + dearer)
    assert cheap is not None
    assert dear is not None
    assert dear <= cheap


@given(want=COUNTS, more=st.integers(1, 1_000_000), have=COUNTS, price=PRICES)
def test_one_more_who_wants_it_scores_higher(want: int, more: int, have: int, price: float) -> None:
    fewer, wanted = score_of(want, have, price), score_of(want + more, have, price)
    assert fewer is not None
    assert wanted is not None
    assert wanted > fewer


@given(want=COUNTS, have=COUNTS, price=PRICES)
def test_every_score_is_a_finite_number(want: int, have: int, price: float) -> None:
    score = score_of(want, have, price)
    assert score is not None
    assert math.isfinite(score)


def test_what_is_unknown_scores_unknown() -> None:
    scores = rule_score([None, 1.0, 1.0, 1.0], [1.0, None, 1.0, 1.0], [1.0, 1.0, None, 1.0])

    assert np.isnan(scores).tolist() == [True, True, True, False]
    assert nan_to_none(scores)[:3] == [None, None, None]
    assert score_of(None, 1, 1.0) is score_of(1, None, 1.0) is score_of(1, 1, None) is None


@pytest.mark.parametrize(
    ("want", "have", "price", "reason"),
    [
        (315, 26, 8.2, "12 want it for each copy owned, 341 people in all, and it costs $8.20"),
        (
            1000,
            500,
            25.0,
            "2 want it for each copy owned, 1,500 people in all, and it costs $25.00",
        ),
        (3, 2, 1250.5, "1.5 want it for each copy owned, 5 people in all, and it costs $1,250.50"),
        (100, 450, 2.0, "4.5 own it for each who wants it, 550 people in all, and it costs $2.00"),
        (10, 0, 5.0, "10 want it and nobody owns it, and it costs $5.00"),
        (1, 0, 5.0, "1 wants it and nobody owns it, and it costs $5.00"),
        (0, 7, 5.0, "nobody wants it and 7 own it, and it costs $5.00"),
        (0, 0, 10.0, "nobody wants or owns it yet, and it costs $10.00"),
        (None, 3, 5.0, "score unknown: how many want and own it is not known yet"),
        (
            2,
            2,
            None,
            "score unknown: no price in US dollars; as many want it as own it, 4 people in all",
        ),
    ],
)
def test_a_score_is_explained_in_a_sentence(
    want: int | None, have: int | None, price: float | None, reason: str
) -> None:
    assert explain(want, have, price) == reason
