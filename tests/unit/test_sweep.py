"""Which pages are asked for, and in which order."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cratewise.inventory.sweep import (
    LAST_PAGE,
    PAGE_SIZE,
    Known,
    PageAt,
    Sweep,
    Tick,
    choose,
    next_pages,
    pages_in,
    plan,
)

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def known(listings: int, days_since_full: float = 1, claimed: int | None = None) -> Known:
    last_full_at = NOW - timedelta(days=days_since_full)
    return Known(listings, listings if claimed is None else claimed, last_full_at)


def newest(page: int, unknown: int, listings: int = PAGE_SIZE) -> Tick:
    return Tick(PageAt("listed", "desc", page), listings, unknown)


@pytest.mark.parametrize("claimed", [0, 1, 100, 101, 9_999, 10_000])
def test_a_seller_within_reach_is_read_in_one_sweep_of_all_pages(claimed: int) -> None:
    pages = [page.page for page in pages_in(plan(claimed, "full"))]

    assert sorted(pages) == list(range(1, max(1, -(-claimed // PAGE_SIZE)) + 1))


@pytest.mark.parametrize("claimed", [10_001, 12_500, 19_800, 20_000, 42_000])
def test_a_seller_beyond_reach_is_read_from_both_ends_and_never_past_page_100(
    claimed: int,
) -> None:
    newest_first, oldest_first = plan(claimed, "full")

    assert (newest_first.direction, oldest_first.direction) == ("desc", "asc")
    assert oldest_first.first_page == LAST_PAGE
    assert newest_first.last_page <= LAST_PAGE
    covered = newest_first.last_page * PAGE_SIZE + oldest_first.first_page * PAGE_SIZE
    assert covered >= min(claimed, 20_000)


def test_the_two_ends_overlap_by_no_more_than_two_pages() -> None:
    asked = len(list(pages_in(plan(12_500, "full"))))

    assert asked == 125 + 2


def test_a_full_pull_asks_only_for_pages_that_are_not_stored() -> None:
    stored = [Tick(PageAt("listed", "asc", 2), 100, 100)]

    assert [page.page for page in next_pages("full", 300, 0, stored)] == [3, 1]


def test_a_full_pull_follows_a_claim_that_grows_while_it_reads() -> None:
    stored = [Tick(PageAt("listed", "asc", page), 100, 100) for page in (3, 2, 1)]

    assert next_pages("full", 300, 0, stored) == []
    assert next_pages("full", 301, 0, stored) == [PageAt("listed", "asc", 4)]


def test_a_quick_look_at_an_unchanged_seller_is_one_page() -> None:
    assert next_pages("quick", 12_500, 0, []) == [PageAt("listed", "desc", 1)]
    assert next_pages("quick", 12_500, 0, [newest(1, unknown=0)]) == []


def test_a_quick_look_goes_on_until_a_whole_page_is_known() -> None:
    met_newcomers = [newest(1, unknown=100), newest(2, unknown=1)]

    assert [page.page for page in next_pages("quick", 5_000, 0, met_newcomers)] == [3]
    assert next_pages("quick", 5_000, 0, [*met_newcomers, newest(3, unknown=0)]) == []


def test_a_quick_look_searches_two_pages_further_while_newcomers_are_missing() -> None:
    """Discogs' order by date is not quite one: a newcomer may stand below known listings."""
    page_1 = [newest(1, unknown=0)]

    assert [page.page for page in next_pages("quick", 5_001, 1, page_1)] == [2]
    assert next_pages("quick", 5_001, 1, [*page_1, newest(2, unknown=1), newest(3, 0)]) == []
    assert next_pages("quick", 5_001, 1, [newest(n, unknown=0) for n in (1, 2, 3)]) == []


def test_a_quick_look_asks_at_once_for_the_pages_that_newcomers_surely_fill() -> None:
    assert [page.page for page in next_pages("quick", 9_000, 730, [])] == [1, 2, 3, 4, 5, 6, 7]


def test_a_quick_look_that_was_interrupted_fills_its_gaps_first() -> None:
    stored = [newest(1, unknown=100), newest(3, unknown=100)]

    assert [page.page for page in next_pages("quick", 9_000, 0, stored)] == [2]


def test_a_quick_look_ends_at_page_100() -> None:
    stored = [newest(page, unknown=100) for page in range(1, 101)]

    assert next_pages("quick", 42_000, 0, stored) == []


@pytest.mark.parametrize(
    ("claimed", "before", "kind"),
    [
        (250, Known(), "full"),  # never read
        (250, Known(listings=40), "full"),  # only imported, or never to the end
        (250, known(250), "quick"),
        (250, known(250, days_since_full=8), "full"),  # prices further down are old
        (60, known(60), "full"),  # one page tells everything
        (12_500, known(12_600), "quick"),
        (12_500, known(12_700), "full"),  # more than one in a hundred seems sold
        (42_000, known(20_000, claimed=42_000), "quick"),
        (60_000, known(42_000), "deep"),  # more newcomers than a quick look can reach
        (19_900, known(9_000), "full"),
        (42_000, Known(), "deep"),  # more than both ends of one order show
    ],
)
def test_the_kind_of_pull_follows_from_what_is_known(
    claimed: int, before: Known, kind: str
) -> None:
    assert choose(claimed, before, NOW) == kind


def test_what_is_sold_while_we_read_makes_no_other_listing_slip_by() -> None:
    """Read forwards, each sale moves a listing from the next page onto one already read."""
    backwards = plan(3_000, "full")
    forwards = (Sweep("listed", "desc", 1, 30),)

    assert unseen_after(backwards, sell=lambda stock: stock.pop(len(stock) // 3)) == set()
    assert len(unseen_after(forwards, sell=lambda stock: stock.pop(len(stock) // 3))) == 10


def unseen_after(sweeps: tuple[Sweep, ...], sell: Callable[[list[int]], int]) -> set[int]:
    """Which of 3,000 listings, still for sale at the end, were on no page; one sells a page."""
    stock = list(range(3_000))  # oldest first
    seen: set[int] = set()
    for at in pages_in(sweeps):
        order = stock if at.direction == "asc" else stock[::-1]
        seen.update(order[(at.page - 1) * PAGE_SIZE : at.page * PAGE_SIZE])
        sell(stock)
    return set(stock) - seen
