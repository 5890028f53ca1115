"""What is far from all that a stock is full of is new, and votes move that by what they say."""

import numpy as np
import pytest
from tests.taste.market import market

from cratewise.picks.novelty import AXES, CLUSTERS, NOVELTY_VOTES_MOVE, lay_out, moved_by_votes

STOCK = market(600)
ODD = {
    "artist": "Zzyzx", "title": "Xylophones of Qeqertarsuaq", "label": "Kwkw", "year": 1931,
    "format": "Shellac", "styles": ["Gamelan"], "want": 4000, "have": 1, "price": 900.0,
}  # fmt: skip


def test_a_record_unlike_the_rest_is_newer_than_the_rest() -> None:
    space = lay_out(STOCK, seed=3)

    rest = space.novelty(space.places(STOCK))
    odd = space.novelty(space.places([ODD]))

    assert odd[0] == 1
    assert rest.min() >= 0
    assert np.percentile(rest, 95) == pytest.approx(1, abs=0.01)
    assert rest.mean() < 0.9
    assert space.centres.shape == (CLUSTERS, AXES)


def test_the_same_stock_and_seed_are_laid_out_alike() -> None:
    one, two = (lay_out(STOCK, seed=3) for _ in range(2))

    assert np.array_equal(one.places(STOCK), two.places(STOCK))
    assert one.far == two.far


@pytest.mark.parametrize(
    "stock",
    [
        [{"artist": "Only"}],
        [{"artist": "Same"}] * 30,
        [{}] * 5,
        [{"price": None, "want": None}] * 3,
    ],
)
def test_a_stock_that_tells_nothing_apart_has_nothing_new(stock: list[dict[str, object]]) -> None:
    space = lay_out(stock, seed=0)

    assert space.novelty(space.places(stock)).tolist() == [0] * len(stock)


def test_a_record_that_tells_nothing_has_a_novelty_all_the_same() -> None:
    space = lay_out(STOCK, seed=3)

    novelty = space.novelty(space.places([{}, {"genres": None, "year": float("nan")}]))

    assert np.all((novelty >= 0) & (novelty <= 1))


def test_votes_move_what_is_alike_and_leave_what_is_not() -> None:
    space = lay_out(STOCK, seed=3)
    places = space.places([STOCK[0], ODD])

    up = moved_by_votes(space, places, places[:1], [5.0])
    down = moved_by_votes(space, places, places[:1], [1.0])

    assert up[0] == pytest.approx(NOVELTY_VOTES_MOVE)
    assert down[0] == pytest.approx(-NOVELTY_VOTES_MOVE)
    assert abs(up[1]) < NOVELTY_VOTES_MOVE / 10
    assert moved_by_votes(space, places, places[:1], [3.0]).tolist() == [0, 0]
    assert moved_by_votes(space, places, space.places([]), []).tolist() == [0, 0]


def test_contradicting_votes_on_the_same_cancel_out() -> None:
    space = lay_out(STOCK, seed=3)
    place = space.places([STOCK[0]])

    moved = moved_by_votes(space, place, np.repeat(place, 2, axis=0), [1.0, 5.0])

    assert moved[0] == pytest.approx(0)
