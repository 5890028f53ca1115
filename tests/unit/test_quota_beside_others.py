"""How much of the quota is used, alone and beside a rival, over simulated hours."""

import random

import pytest
from tests.quota_line import Line


@pytest.fixture(autouse=True)
def _same_pauses_every_time() -> None:
    random.seed(1)


@pytest.mark.parametrize("arrives", [0.0, 1.0])
def test_alone_nearly_all_of_the_quota_is_used_and_nothing_is_refused(arrives: float) -> None:
    seen = Line(seed=1, arrives=arrives).play(minutes=18)

    assert seen.accepted > 1_000
    assert seen.refused == 0
    assert seen.share_of_what_is_left >= 0.97


@pytest.mark.parametrize("burst", [1, 5])
@pytest.mark.parametrize("arrives", [0.1, 0.9])
def test_beside_a_rival_most_of_what_it_leaves_is_used_and_hardly_anything_refused(
    burst: int, arrives: float
) -> None:
    seen = Line(seed=2, burst=burst, arrives=arrives).play(minutes=45)

    assert seen.share_of_what_is_left >= 0.85
    assert seen.refused_share <= 0.01


@pytest.mark.parametrize("looks", [3, 12])
def test_somebody_who_looks_beside_a_pull_hardly_waits(looks: int) -> None:
    seen = Line(seed=3, looks=looks).play(minutes=10)

    assert max(seen.waits) <= 3.0
    assert sorted(seen.waits)[len(seen.waits) // 2] <= 1.0
