"""Scores become odds at the rate at which somebody keeps, however far they lie apart."""

import numpy as np
import pytest

from cratewise.taste.calibrate import USUAL, calibrate


def held_out(count: int, rounds: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Scores that tell keeps from skips a little, and the keeps, a fifth of them."""
    random = np.random.default_rng(0)
    keep = random.random(count) < 0.2
    return random.normal(size=(rounds, count)) + keep, keep


def test_the_unit_of_scores_does_not_matter() -> None:
    score, keep = held_out(200)

    one = calibrate(score, keep, np.ones(200))
    other = calibrate(score * 10, keep, np.ones(200))

    assert other.slope * 10 == pytest.approx(one.slope, rel=1e-3)
    assert other.start == pytest.approx(one.start, abs=1e-3)


def test_ten_verdicts_leave_the_odds_spread_as_usual_and_thousands_correct_it() -> None:
    score, keep = held_out(10)
    few = calibrate(score, keep, np.ones(10)).slope * score.std()
    score = np.random.default_rng(1).normal(size=(3, 5_000))  # these tell nothing
    many = calibrate(score, np.arange(5_000) % 5 == 0, np.ones(5_000)).slope

    assert few == pytest.approx(USUAL, rel=0.15)
    assert many < USUAL / 2


def test_chances_come_to_the_rate_that_the_weights_tell() -> None:
    score, keep = held_out(2_000)
    weights = np.where(keep, 0.25, 1.0)

    told = calibrate(score, keep, weights)

    chances = 1 / (1 + np.exp(-told.start - told.slope * score[0]))
    assert np.average(chances, weights=weights) == pytest.approx(
        np.average(keep, weights=weights), abs=0.01
    )


def test_scores_that_are_all_unknown_or_all_the_same_give_the_rate() -> None:
    keep = np.arange(20) < 5

    for score in (np.full((3, 20), np.nan), np.full((3, 20), 0.7)):
        told = calibrate(score, keep, np.ones(20))
        assert 1 / (1 + np.exp(-told.start - told.slope * 0.7)) == pytest.approx(0.35, abs=0.1)


@pytest.mark.parametrize("rates", ["of keeps alone", "of nothing"])
def test_rates_that_tell_of_one_kind_alone_leave_chances_below_one(rates: str) -> None:
    """A refit once failed where only keeps had been chosen in a way that tells of their rate."""
    score, keep = held_out(200)
    weights = np.where(keep, 1.0, 0.0) if rates == "of keeps alone" else np.zeros(200)

    told = calibrate(score, keep, weights)

    assert np.isfinite([told.start, told.slope]).all()
    assert told.slope > 0
