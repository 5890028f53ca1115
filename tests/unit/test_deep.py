"""Which pages a deep pull asks for, given what its pages have brought."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cratewise.inventory.deep import (
    BARREN_PAGES,
    DIRECTIONS,
    PIECE_PAGES,
    SORTS,
    DeepPlan,
    expected,
)
from cratewise.inventory.sweep import LAST_PAGE, PAGE_SIZE, PageAt, Tick

CLAIMED = 24_000


class Shelf:
    """A stock of which each key is another order, drawn by chance, `twins` in the same one."""

    def __init__(self, claimed: int = CLAIMED, seed: int = 1, twins: Sequence[str] = ()) -> None:
        random = np.random.default_rng(seed)
        self._orders = {sort: random.permutation(claimed) for sort in SORTS}
        for sort in twins:
            self._orders[sort] = self._orders[twins[0]]
        self._is_seen = np.zeros(claimed, dtype=bool)

    def read(self, at: PageAt) -> Tick:
        order = self._orders[at.sort]
        order = order if at.direction == "asc" else order[::-1]
        page = order[(at.page - 1) * PAGE_SIZE : at.page * PAGE_SIZE]
        unseen = int(np.count_nonzero(~self._is_seen[page]))
        self._is_seen[page] = True
        return Tick(at, len(page), unseen)

    @property
    def seen(self) -> int:
        return int(self._is_seen.sum())


def read_on(
    shelf: Shelf, stored: list[Tick], pages: int, earlier: Sequence[Tick] = (), until: int = 10_000
) -> list[Tick]:
    """Read as a deep pull of so many pages does, to its end or until so many are stored."""
    plan = DeepPlan(CLAIMED, earlier)
    while len(stored) < until:
        asked = plan.next_pages(pages, stored)
        if not asked:
            break
        stored.append(shelf.read(asked[0]))
    return stored


def test_both_ends_of_the_dates_come_first() -> None:
    stored = read_on(Shelf(), [], pages=200)

    assert {(tick.at.sort, tick.at.direction) for tick in stored} == {
        ("listed", "desc"),
        ("listed", "asc"),
    }


def test_the_middle_is_found_in_other_orders() -> None:
    shelf = Shelf()

    read_on(shelf, [], pages=1_399)

    assert shelf.seen > 0.99 * CLAIMED


def test_a_page_past_the_hundredth_or_a_page_twice_is_never_asked_for() -> None:
    asked = [tick.at for tick in read_on(Shelf(), [], pages=1_399)]

    assert len(set(asked)) == len(asked)
    assert max(at.page for at in asked) <= LAST_PAGE


def test_the_pages_asked_for_are_never_more_than_allowed() -> None:
    assert len(read_on(Shelf(), [], pages=57)) == 57
    assert DeepPlan(CLAIMED).next_pages(0, [], at_most=8) == []


def test_all_ends_when_no_page_is_worth_its_request() -> None:
    """24,000 listings are nearly all seen long before fourteen times a hundred pages."""
    stored = read_on(Shelf(), [], pages=1_399)

    assert len(stored) < 1_000
    assert sum(tick.unknown for tick in stored[-50:]) < 150


def test_an_order_that_shows_what_another_showed_is_left_alone() -> None:
    stored = read_on(Shelf(twins=("price", "label")), [], pages=600)

    read = [tick.at.sort for tick in stored]
    assert read.count("label") <= 2 * LAST_PAGE / PIECE_PAGES * BARREN_PAGES / 2
    assert read.count("label") < read.count("price") / 2


def test_a_piece_that_brings_nothing_is_left_and_the_next_one_tried() -> None:
    """What has a sample to hear is the newest stock at first, and other stock behind it."""
    barren = [
        Tick(PageAt(sort, direction, page), PAGE_SIZE, 0)
        for sort in SORTS
        for direction in DIRECTIONS
        for page in range(1, LAST_PAGE + 1)
        if (sort, direction) != ("audio", "desc")
    ]
    first = [Tick(PageAt("audio", "desc", page), PAGE_SIZE, 0) for page in range(1, 5)]

    asked = DeepPlan(CLAIMED).next_pages(2_000, [*barren, *first])

    assert asked == [PageAt("audio", "desc", PIECE_PAGES + 1)]


def test_a_pull_goes_on_behind_what_an_earlier_one_has_read() -> None:
    shelf = Shelf()
    earlier = read_on(shelf, [], pages=250)

    later = read_on(shelf, [], pages=250, earlier=earlier)

    again = {tick.at for tick in earlier} & {tick.at for tick in later}
    assert again == {PageAt("listed", "desc", 1)}  # where newcomers stand
    assert sum(tick.unknown for tick in later) > 250


def test_newcomers_in_front_are_read_until_a_page_brings_nothing() -> None:
    earlier = [Tick(PageAt("listed", "desc", page), PAGE_SIZE, PAGE_SIZE) for page in range(1, 101)]
    newest = [Tick(PageAt("listed", "desc", page), PAGE_SIZE, 9) for page in (1, 2)]

    def first_asked(stored: list[Tick]) -> PageAt:
        return DeepPlan(CLAIMED, earlier).next_pages(500, stored)[0]

    assert first_asked(newest) == PageAt("listed", "desc", 3)
    last = Tick(PageAt("listed", "desc", 3), PAGE_SIZE, 0)
    assert first_asked([*newest, last]).page <= LAST_PAGE
    assert first_asked([*newest, last]) != PageAt("listed", "desc", 4)


@settings(max_examples=30)
@given(st.integers(0, 300), st.integers(1, 12), st.integers(1, 400))
def test_what_is_asked_follows_from_the_pages_alone(read: int, at_most: int, pages: int) -> None:
    """Whoever takes a pull up makes its plan anew; whoever reads on has had theirs all the time."""
    shelf, stored, kept = Shelf(seed=read), list[Tick](), DeepPlan(CLAIMED)
    while len(stored) < read % 40:
        stored.append(shelf.read(kept.next_pages(400, stored)[0]))
    under_way = kept.next_pages(400, stored, at_most=3)

    asked = kept.next_pages(pages, stored, under_way=under_way, at_most=at_most)

    anew = DeepPlan(CLAIMED).next_pages(pages, stored, under_way=under_way, at_most=at_most)
    assert asked == anew
    assert len(asked) == max(min(at_most, pages - len(stored) - 3), 0)
    assert not {*asked} & ({*under_way} | {tick.at for tick in stored})


@pytest.mark.parametrize(
    ("claimed", "pages", "share"),
    [
        (42_873, 599, 0.848),
        (42_873, 1_399, 0.970),
        (98_590, 599, 0.492),
        (98_590, 999, 0.677),
        (98_590, 1_399, 0.738),
    ],
)
def test_the_expected_coverage_is_near_what_the_simulated_market_shows(
    claimed: int, pages: int, share: float
) -> None:
    """Beside the shares that benchmarks/sweep_coverage.py measures."""
    assert expected(claimed, pages)[1] == pytest.approx(share, abs=0.01)


def test_what_fits_in_both_ends_is_expected_whole_and_then_no_more_is_asked() -> None:
    pages, share = expected(20_000, 1_399)

    assert (pages, share) == (200, 1.0)
