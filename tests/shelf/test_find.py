"""Whatever is asked of the shelf, it answers what plain Python answers row by row."""

import itertools
from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from tests.builders import NOON, an_account
from tests.conftest import HandClock
from tests.shelf import stocked
from tests.shelf.plain import (
    MINE,
    READER,
    Row,
    compare_prices,
    every_row,
    in_order,
    lets_through,
    mark,
    plainly_counted,
    plainly_found,
)
from tests.shelf.stocked import a_mixed_stock, much_said

from cratewise.errors import SwappedRange
from cratewise.grades import Grade
from cratewise.money import Money
from cratewise.shelf import orders, sieve
from cratewise.shelf.facets import FACETS, Facet, without_own
from cratewise.shelf.find import Finder, Found
from cratewise.shelf.query import RANGES, SORTS, Filter, Order
from cratewise.store.engine import writing

ANY = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


def some(values: Any, most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from([value for value in values if value]), max_size=most).map(tuple)


def perhaps(*values: Any) -> st.SearchStrategy[Any]:
    # Each term is there in a few of the filters, so that many let something through.
    return st.sampled_from([None] * 3 * len(values) + list(values))


PRICES = [Money(n, "EUR") for n in (0, 500, 1000)] + [Money(400, "GBP"), Money(1750, "JPY")]
TERMS: dict[str, st.SearchStrategy[Any]] = {
    "words": st.sampled_from(("", "blue", "alice col", "4ad ", "bjork lp", "l", "polka", "!")),
    "part": st.sampled_from(("", " ", "a", "OLTR", "bjö", "fall", "4ad", "ll u", "&", "nowhere")),
    "genre_part": st.sampled_from(("", "az", "JAZZ", "free", "polka")),
    "media": perhaps(Grade.GOOD, Grade.VERY_GOOD, Grade.MINT),
    "genres": some((*stocked.GENRES, "JAZZ", "Polka")),
    "styles": some((*stocked.STYLES, "free jazz")),
    "all_styles": some(stocked.STYLES),
    "no_styles": some(stocked.STYLES),
    "formats": some(("LP", "lp", "CD", "Album", "Vinyl", '7"', "Tape"), most=2),
    "labels": some(("Impulse!", "abc", "4AD")),
    "artists": some(("ALICE COLTRANE", "bjork", "The Fall", "Æon", "Nobody")),
    "countries": some(("uk", "Japan", "Sweden")),
    "ships_from": some(("germany", "United Kingdom")),
    "sellers": some((1, 3, 99)),
    "master_id": perhaps(1, 99),
    "year_from": perhaps(1971, 1990),
    "year_to": perhaps(1990, 1991),
    "price_from": perhaps(*PRICES),
    "price_to": perhaps(*PRICES),
    "media_at_least": perhaps(Grade.GOOD, Grade.MINT),
    "sleeve_at_least": perhaps(Grade.POOR, Grade.VERY_GOOD),
    "score_from": perhaps(-3.0, 7.0),
    "score_to": perhaps(7.0, 1 / 3),
    "want_from": perhaps(0, 3),
    "want_to": perhaps(0, 40),
    "have_from": perhaps(0, 3),
    "have_to": perhaps(3),
    "want_have_from": perhaps(0.5, 1.0),
    "want_have_to": perhaps(1.0, 300.0),
    **{name: perhaps(*stocked.MOMENTS[1:]) for name in ("listed_from", "arrived_since")},
    **{
        name: perhaps(*stocked.MOMENTS[1:])
        for name in ("dropped_since", "back_since", "priced_since")
    },
    "landed_from": perhaps(*PRICES),
    "landed_to": perhaps(*PRICES, Money(1800, "EUR")),
    "probability_from": perhaps(0.25, 0.5),
    "probability_to": perhaps(0.5, 0.75),
    **{name: perhaps(True, False) for name in ("predicted", *MINE)},
    "judged": perhaps("keep", "skip", "either", "neither"),
    "hidden": st.sampled_from(("without", "with", "only")),
    "gone": st.sampled_from(("without", "with", "with", "only")),
}


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    names = draw(st.lists(st.sampled_from(sorted(TERMS)), unique=True, max_size=5))
    told = {name: draw(TERMS[name]) for name in names}
    try:
        return Filter(**told)
    except SwappedRange as error:
        del told[f"{error.term}_to"]
        return Filter(**told)


ORDERS = st.builds(Order, st.sampled_from(SORTS), st.booleans())


@pytest.fixture(params=["few", "selected", "walked"])
def finder(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    store: Engine,
    clock: HandClock,
) -> Finder:
    """A small search is answered in other ways than a large one: each stock is taken for all.

    A large one's page is selected until the order was made, and walked to from then on.
    """
    if request.param != "few":
        monkeypatch.setattr(orders, "FEW", 0)
        monkeypatch.setattr(orders, "FIRST_STEP", 3)
        monkeypatch.setattr(orders, "STEP", 7)
        monkeypatch.setattr(orders, "MOST_KEPT", 100)
        monkeypatch.setattr(sieve, "FEW_TO_COMPARE", 2)
        monkeypatch.setattr(sieve, "FEW_TO_LOOK_UP", 2)
        monkeypatch.setattr(sieve, "MOST_COMPARED", 1)
    finder = Finder(store, clock)
    if request.param == "walked":
        finder.make_orders([Order(sort, way) for sort in SORTS for way in (False, True)], READER)
    return finder


@pytest.fixture
def rows(store: Engine) -> list[Row]:
    """A stock of which an account has said much, row by row."""
    with writing(store) as db:
        account_id = an_account(db)
        a_mixed_stock(db, 150)
        much_said(db, account_id)
        rows = every_row(db)
        mark(db, rows)
    compare_prices(rows)
    return rows


def test_any_filter_in_any_order_finds_what_plain_python_finds(
    rows: list[Row], finder: Finder
) -> None:
    @ANY
    @given(filters(), ORDERS, st.integers(1, 60), st.integers(1, 4))
    def holds(wanted: Filter, order: Order, limit: int, page: int) -> None:
        expected = [row["id"] for row in plainly_found(rows, wanted, order)]
        found = finder.numbered_page(wanted, order, READER, page=page, limit=limit)
        assert found.count == len(expected)
        assert found.ids == expected[(page - 1) * limit : page * limit]

    holds()


def test_a_release_finds_its_copies_in_any_order(rows: list[Row], finder: Finder) -> None:
    for number in {row["release_id"] for row in rows[:12]} | {10**12}:
        wanted = Filter(release_id=number, gone="with")
        for sort in SORTS:
            expected = [row["id"] for row in plainly_found(rows, wanted, Order(sort))]
            found = finder.numbered_page(wanted, Order(sort), READER, page=1, limit=200)
            assert (found.ids, found.count) == (expected, len(expected))
            assert found.next_key is None
            assert found.appraised.keys() == set(expected)


def test_a_page_behind_a_key_tells_how_many_are_left(rows: list[Row], finder: Finder) -> None:
    @ANY
    @given(filters(), ORDERS, st.integers(1, 40), st.integers(1, 40))
    def holds(wanted: Filter, order: Order, before: int, limit: int) -> None:
        expected = [row["id"] for row in plainly_found(rows, wanted, order)]
        key = finder.page_after(wanted, order, READER, None, limit=before).next_key
        found = finder.page_after(wanted, order, READER, key, limit=limit)
        first = before if key is not None else 0
        assert found.count == len(expected) - first
        assert found.ids == expected[first : first + limit]

    holds()


def test_pages_by_key_show_every_listing_once_in_the_same_order(
    rows: list[Row], finder: Finder
) -> None:
    def walked(wanted: Filter, order: Order, limit: int) -> Iterator[int]:
        key = None
        while True:
            found = finder.page_after(wanted, order, READER, key, limit=limit)
            yield from found.ids
            key = found.next_key
            if key is None:
                return

    for sort, is_descending in itertools.product(SORTS, (False, True)):
        order = Order(sort, is_descending)
        every = Filter(gone="with", hidden="with")
        assert [*walked(every, order, 13)] == [row["id"] for row in in_order(rows, order)]


def test_what_is_drawn_by_chance_is_wanted_and_each_once(
    rows: list[Row], store: Engine, clock: HandClock
) -> None:
    finder, wanted = Finder(store, clock), Filter(genres=("Jazz",))
    all_of_them = {row["id"] for row in rows if lets_through(wanted, row)}
    one = min(all_of_them)

    few = finder.by_chance(wanted, READER, 3, Random(1), but=[one, 10**12])
    all_others = finder.by_chance(wanted, READER, 10**6, Random(2), but=[one])

    assert len(set(few)) == 3
    assert set(few) <= set(all_others) == all_of_them - {one}
    assert set(few) != set(finder.by_chance(wanted, READER, 3, Random(3)))


def test_nothing_is_found_among_nothing(store: Engine, clock: HandClock) -> None:
    finder = Finder(store, clock)

    for sort in SORTS:
        found = finder.numbered_page(Filter(genres=("Jazz",)), Order(sort), READER, page=1, limit=5)
        assert found == Found([], 0, None)


def test_a_filter_that_lets_all_through_counts_all(store: Engine, clock: HandClock) -> None:
    with writing(store) as db:
        ids = a_mixed_stock(db, 40)

    found = Finder(store, clock).numbered_page(
        Filter(gone="with"), Order(), READER, page=1, limit=50
    )

    assert sorted(found.ids) == ids


FACET_NAMES = st.lists(st.sampled_from(FACETS), unique=True, min_size=1, max_size=4)


def test_facets_count_what_plain_python_counts_without_their_own_part(
    store: Engine, clock: HandClock, rows: list[Row]
) -> None:
    finder = Finder(store, clock)

    @ANY
    @given(filters(), FACET_NAMES)
    def holds(wanted: Filter, facets: list[Facet]) -> None:
        counted = finder.facets(wanted, READER, facets, news_since=NOON, limit=500)
        for facet in facets:
            among = [row for row in rows if lets_through(without_own(wanted, facet), row)]
            found = {one.value: one.count for one in counted[facet]}
            assert found == plainly_counted(among, facet, news_since=NOON)

    holds()


def test_a_facet_cut_short_tells_the_values_of_most_listings(
    rows: list[Row], finder: Finder
) -> None:
    cut: tuple[Facet, ...] = ("genre", "style", "format", "country")
    for facet in cut:
        wanted = Filter(gone="with")
        everything = finder.facets(wanted, READER, [facet], news_since=NOON, limit=500)[facet]
        for limit in range(1, len(everything) + 2):
            some = finder.facets(wanted, READER, [facet], news_since=NOON, limit=limit)[facet]
            assert some == everything[:limit]


def test_a_facets_value_finds_as_many_as_it_was_counted(
    store: Engine, clock: HandClock, rows: list[Row]
) -> None:
    finder = Finder(store, clock)
    wanted = Filter(gone="with", hidden="with", countries=("UK", "US"))
    counted = finder.facets(wanted, READER, news_since=NOON)

    def found(**terms: Any) -> int:
        chosen = msgspec.structs.replace(wanted, **terms)
        return finder.numbered_page(chosen, Order(), READER, page=1, limit=1).count

    for style in counted["style"]:
        assert found(styles=(style.value,)) == style.count
    for term in counted["format"]:
        assert found(formats=(term.value,)) == term.count
    for band in counted["price"]:
        assert found(price_from=band.low, price_to=band.high) == band.count


@pytest.mark.parametrize("name", RANGES)
def test_a_range_that_begins_above_its_end_is_refused(name: str) -> None:
    ends: tuple[Any, Any] = (2, 1)
    if name in {"price", "landed"}:
        ends = (Money(5, "EUR"), Money(4, "EUR"))

    with pytest.raises(SwappedRange, match="swap the two") as refused:
        Filter(**{f"{name}_from": ends[0], f"{name}_to": ends[1]})

    assert refused.value.term == name


@pytest.mark.parametrize("term", ["price", "landed"])
def test_prices_are_compared_before_they_count_as_swapped(term: str, finder: Finder) -> None:
    """Of two currencies each end was let through, and nothing was found without a word."""

    def refused(low: Money, high: Money) -> str | None:
        ends: dict[str, Any] = {f"{term}_from": low, f"{term}_to": high}
        try:
            finder.refuse_impossible(Filter(**ends), READER)
        except SwappedRange as error:
            return str(error)
        return None

    assert refused(Money(1000, "EUR"), Money(1250, "USD")) is None
    assert refused(Money(9000, "JPY"), Money(6000, "EUR")) is None
    assert refused(Money(1000, "EUR"), Money(9999, "SEK")) is None  # no rate: nothing is known
    said = refused(Money(1000, "EUR"), Money(1249, "USD")) or ""
    assert said == f"{term}: nothing lies from €10.00 ($12.50) to $12.49; swap the two."
