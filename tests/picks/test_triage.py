"""A batch pleases in part, teaches in part, and is drawn by chance in part."""

import math
from collections import Counter

import numpy as np
import pytest

from cratewise.picks.triage import Pool, choose


def pool(count: int = 200, *, clusters: int = 7, with_taste: bool = True, seed: int = 0) -> Pool:
    """Half of it drawn evenly from a stock ten times as large; keeps are likelier at the end."""
    random = np.random.default_rng(seed)
    mean = np.linspace(-3, 3, count)
    spread = np.where(np.arange(count) % 10 == 0, 2.0, 0.1)
    tastes = mean + spread * random.standard_normal((9, count))
    return Pool(
        release=np.arange(count),
        artist=np.arange(count),
        is_met=np.zeros(count, dtype=bool),
        cluster=np.arange(count) % clusters,
        covered=np.zeros(clusters, dtype=np.int64),
        score=np.linspace(0, 80, count),
        is_best=np.arange(count) % 2 == 1,
        is_sampled=np.arange(count) % 2 == 0,
        stock=10 * count,
        opinions=1 / (1 + np.exp(-tastes)) if with_taste else None,
    )


@pytest.mark.parametrize("size", [1, 2, 5, 10, 11, 37])
@pytest.mark.parametrize("with_taste", [True, False])
def test_at_least_a_fifth_of_every_batch_is_drawn_by_chance(size: int, with_taste: bool) -> None:
    chosen = choose(pool(with_taste=with_taste), size, np.random.default_rng(1))

    even = [one for one in chosen if one.because == "uniform"]
    assert len(chosen) == size
    assert len(even) == math.ceil(size / 5)
    assert len({one.place for one in chosen}) == size
    assert all(0 < one.chance <= 1 for one in chosen)


def test_no_release_is_chosen_twice_and_a_small_stock_is_shown_whole() -> None:
    few = pool(12, clusters=3)
    copies = Pool(**{**vars(few), "release": np.arange(12) // 3, "artist": np.arange(12) // 3})

    chosen = choose(copies, 10, np.random.default_rng(2))

    assert sorted(copies.release[one.place] for one in chosen) == [0, 1, 2, 3]


def test_the_first_batches_cover_all_clusters() -> None:
    stock = pool(400, clusters=20, with_taste=False)
    seen: Counter[int] = Counter()
    for batch in range(3):
        covered = np.bincount(list(seen.elements()) or [0], minlength=20) * bool(seen)
        again = Pool(**{**vars(stock), "covered": covered})
        chosen = choose(again, 10, np.random.default_rng(batch))
        seen.update(int(stock.cluster[one.place]) for one in chosen)

    assert len(seen) == 20


def test_exploiting_shows_what_is_likely_kept_and_exploring_what_is_least_certain() -> None:
    stock = pool()
    assert stock.opinions is not None
    likely, apart = (
        stock.opinions.mean(axis=0),
        np.log(stock.opinions / (1 - stock.opinions)).std(0),
    )
    chosen = [one for seed in range(30) for one in choose(stock, 10, np.random.default_rng(seed))]

    def mean_of(because: str, worth: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
        return float(np.mean([worth[one.place] for one in chosen if one.because == because]))

    assert mean_of("exploit", likely) > mean_of("uniform", likely) + 0.2
    assert mean_of("explore", apart) > 2 * mean_of("uniform", apart)
    explored = {int(stock.cluster[one.place]) for one in chosen if one.because == "explore"}
    assert explored == set(range(7))


def test_the_chances_told_are_those_with_which_listings_are_chosen() -> None:
    """Of many batches from one stock: as often as the chances add up to, for each sort alike.

    An inverse chance counts a listing for all that it stands for, so their sum over a
    batch is the number of listings in the stock, in the mean.
    """
    random = np.random.default_rng(3)
    stock, batches = 300, 500
    opinions = 1 / (1 + np.exp(-(np.linspace(-2, 2, stock) + random.standard_normal((9, stock)))))
    total = np.zeros(stock)
    for _ in range(batches):
        even = np.isin(np.arange(stock), random.choice(stock, 60, replace=False))
        places = np.flatnonzero(even | (np.arange(stock) >= 280))
        seen = Pool(
            release=places,
            artist=places,
            is_met=np.zeros(len(places), dtype=bool),
            cluster=places % 4,
            covered=np.zeros(4, dtype=np.int64),
            score=np.zeros(len(places)),
            is_best=places >= 280,
            is_sampled=even[places],
            stock=stock,
            opinions=opinions[:, places],
        )
        for one in choose(seen, 10, random):
            total[places[one.place]] += 1 / one.chance

    counted = total.sum() / batches
    assert counted == pytest.approx(stock, rel=0.15)


def test_scores_and_opinions_that_are_unknown_or_equal_do_no_harm() -> None:
    flat = pool(30)
    assert flat.opinions is not None
    unknown = Pool(
        **{**vars(flat), "score": np.full(30, np.nan), "opinions": np.full((9, 30), 0.5)}
    )
    bare = Pool(**{**vars(unknown), "opinions": None})

    assert len(choose(unknown, 10, np.random.default_rng(0))) == 10
    assert len(choose(bare, 10, np.random.default_rng(0))) == 10


def test_artists_who_were_judged_or_chosen_are_left_to_chance_while_there_are_others() -> None:
    stock = pool(60)
    artists = Pool(**{**vars(stock), "artist": np.arange(60) // 4, "is_met": np.arange(60) >= 40})

    for seed in range(20):
        chosen = choose(artists, 10, np.random.default_rng(seed))
        with_purpose = [one.place for one in chosen if one.because != "uniform"]
        assert max(with_purpose) < 40
        assert len({place // 4 for place in with_purpose}) == 8


def test_where_every_artist_was_judged_their_other_records_are_asked_about() -> None:
    stock = pool(60)
    all_met = Pool(**{**vars(stock), "is_met": np.ones(60, dtype=bool)})

    assert len(choose(all_met, 10, np.random.default_rng(0))) == 10
