"""The draw is what its formula says, from absolute zero to boiling."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cratewise.picks.thermo import (
    BY_FREE_ENERGY,
    BY_SCORE,
    COLDEST,
    HOTTEST,
    draw,
    most_desired,
    odds,
    seed_of,
    temperature,
    utilities,
)

RANDOM = np.random.default_rng(7)
DESIRE = RANDOM.random(500)
NOVELTY = np.clip(RANDOM.normal(0.5, 0.2, 500), 0, 1)

desires = arrays(np.float64, st.integers(1, 60), elements=st.floats(-100, 100))


def test_near_absolute_zero_the_most_desired_wins_always() -> None:
    cold = odds(DESIRE, NOVELTY, 1e-4)

    assert cold.probability[np.argmax(DESIRE)] == pytest.approx(1)
    assert {draw(DESIRE, NOVELTY, 1e-4, seed).place for seed in range(20)} == {np.argmax(DESIRE)}  # type: ignore[union-attr]  # there are candidates


def test_when_it_boils_novelty_alone_decides() -> None:
    hot = odds(DESIRE, NOVELTY, 1e6, boltzmann=0.1)
    expected = np.exp(NOVELTY / 0.1)

    assert hot.probability == pytest.approx(expected / expected.sum(), rel=1e-4)


@given(desires, st.floats(0.01, 1), st.integers(0, 2**32))
def test_probabilities_sum_to_one_and_the_lowest_energy_has_the_largest(
    desire: np.ndarray, warmth: float, seed: int
) -> None:
    novelty = np.random.default_rng(seed).random(desire.size)

    chances = odds(desire, novelty, warmth)

    assert chances.probability.sum() == pytest.approx(1)
    assert chances.probability.max() == chances.probability[np.argmin(chances.free_energy)]
    assert 1 - 1e-9 <= chances.effective <= desire.size + 1e-9


def test_ten_thousand_draws_fall_as_the_odds_say() -> None:
    desire, novelty = DESIRE[:12], NOVELTY[:12]
    expected = odds(desire, novelty, 0.9).probability * 10_000

    places = [draw(desire, novelty, 0.9, seed).place for seed in range(10_000)]  # type: ignore[union-attr]  # there are candidates

    observed = np.bincount(places, minlength=12)
    # Cells that expect fewer than five draws are joined, as the test demands.
    often = expected >= 5
    chi_square = np.square(observed[often] - expected[often]) / expected[often]
    rest = expected[~often].sum()
    total = chi_square.sum() + ((observed[~often].sum() - rest) ** 2 / rest if rest else 0.0)
    assert total < 31.3  # one in a thousand at 11 degrees of freedom


def test_the_warmer_the_more_candidates_share_the_draw() -> None:
    shared = [odds(DESIRE, np.full(500, 0.5), warmth).effective for warmth in (0.1, 0.3, 0.5, 1.0)]

    assert shared == sorted(shared)
    assert shared[0] < shared[-1] / 5


def test_some_twenty_of_five_hundred_share_the_draw_at_half_temperature() -> None:
    # As far from its cluster as a record of five independent traits is.
    distance = np.sqrt(RANDOM.chisquare(5, 500))
    novelty = np.minimum(distance / np.percentile(distance, 95), 1)

    assert 12 < odds(DESIRE, novelty, 0.5).effective < 40


def test_the_same_seed_draws_the_same_record_and_a_redraw_another_seed() -> None:
    day = date(2026, 11, 22)

    assert draw(DESIRE, NOVELTY, 0.5, seed_of(1, day)) is not None
    first, again = (draw(DESIRE, NOVELTY, 0.5, seed_of(1, day)) for _ in range(2))
    assert first
    assert again
    assert first.place == again.place
    seeds = {seed_of(1, day), seed_of(1, day, 1), seed_of(2, day), seed_of(1, date(2026, 11, 23))}
    assert len(seeds) == 4
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_too_little_stock_shows_the_best_and_says_so() -> None:
    few = draw(np.array([1.0, 3.0, 2.0]), np.zeros(3), 1.0, 0)
    enough = draw(np.arange(10.0), np.zeros(10), 1.0, 0)

    assert few
    assert (few.place, few.method) == (1, BY_SCORE)
    assert enough
    assert enough.method == BY_FREE_ENERGY
    assert draw(np.array([]), np.array([]), 0.5, 0) is None


def test_one_listing_is_drawn_surely() -> None:
    only = draw(np.array([5.0]), np.array([0.3]), 0.5, 0)

    assert only
    assert only.place == 0
    assert only.odds.probability.tolist() == [1.0]


def test_equal_listings_have_equal_chances() -> None:
    assert odds(np.ones(20), np.full(20, 0.4), 0.5).probability == pytest.approx(np.full(20, 0.05))


def test_a_record_without_novelty_counts_as_common() -> None:
    chances = odds(np.ones(3), np.array([np.nan, 0.0, 0.5]), 0.5)

    assert chances.probability[0] == chances.probability[1] < chances.probability[2]


def test_utility_is_the_rank_and_equals_share_theirs() -> None:
    assert utilities([10, 30, 20]).tolist() == [0, 1, 0.5]
    assert utilities([1, 2, 2, 3]).tolist() == [0, 0.5, 0.5, 1]
    assert utilities([4]).tolist() == [0.5]


def test_the_most_desired_take_part_and_the_unknown_do_not() -> None:
    desire = np.array([0.2, np.nan, 0.9, 0.9, 0.1])

    assert most_desired(desire, 3).tolist() == [2, 3, 0]
    assert most_desired(desire).tolist() == [2, 3, 0, 4]
    assert most_desired([np.nan]).tolist() == []


@given(desires, st.integers(1, 70))
def test_the_candidates_are_those_that_sorting_all_would_give(desire: np.ndarray, n: int) -> None:
    assert most_desired(desire, n).tolist() == np.argsort(-desire, kind="stable")[:n].tolist()


def test_temperature_follows_what_is_unjudged_unsure_and_voted() -> None:
    assert temperature(0) == 0.5
    assert temperature(1) == pytest.approx(0.8)
    assert temperature(1, np.array([0.0, 1.0])) == HOTTEST
    assert temperature(0, None, [5, 5]) == pytest.approx(0.6)
    assert temperature(0, None, [1]) == pytest.approx(0.4)
    assert temperature(0, None, [3, 3]) == 0.5
    assert temperature(0, np.array([np.nan, 0.5])) == 0.5


@given(
    st.floats(-1, 2), st.lists(st.integers(1, 5)), arrays(np.float64, 5, elements=st.floats(0, 1))
)
def test_temperature_stays_within_its_bounds(
    share: float, votes: list[int], probability: np.ndarray
) -> None:
    assert COLDEST <= temperature(share, probability, votes) <= HOTTEST
