"""The crate keeps to all limits, and nothing that keeps to them is worth more."""

import random
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cratewise.errors import BudgetTooSmall, CrateError, ImpossibleMust
from cratewise.picks import spending
from cratewise.picks.crate import Copy, Fare, Terms, Wish
from cratewise.picks.dominance import most_records, undominated
from cratewise.picks.feasible import that_fit
from cratewise.picks.greedy import greedily, is_within
from cratewise.picks.pack import pack
from cratewise.picks.relaxed import relax
from cratewise.picks.spending import by_spending

FREE = {"alice": Terms()}


def a_copy(number: int, price: int, worth: float, **more: object) -> Copy:
    told: dict[str, object] = {"seller": "alice", "master": number, "name": f"Record {number}"}
    return Copy(id=number, price=price, worth=worth, **(told | more))  # type: ignore[arg-type]  # a test's own words


def a_stock(n: int, sellers: int = 1, seed: int = 5) -> tuple[list[Copy], dict[str, Terms]]:
    dice = np.random.default_rng(seed)
    names = [f"seller{k}" for k in range(sellers)]
    copies = [
        a_copy(
            number,
            int(dice.lognormal(7, 0.8)) + 50,
            float(dice.gamma(2, 5)),
            seller=names[number % sellers],
            master=int(dice.integers(n)),
            grams=int(dice.choice([120, 250, 500])),
        )
        for number in range(n)
    ]
    fares = {name: Fare(int(dice.integers(300, 900)), int(dice.integers(0, 200))) for name in names}
    return copies, {name: Terms(fare) for name, fare in fares.items()}


def best_of_all(copies: list[Copy], terms: dict[str, Terms], wish: Wish) -> float | None:
    """By trying every set; None when none keeps to the limits."""
    sets = (chosen for k in range(1, len(copies) + 1) for chosen in combinations(copies, k))
    worths = [sum(one.worth for one in chosen) for chosen in sets if is_within(chosen, terms, wish)]
    return max(worths, default=None)


small_copies = st.lists(
    st.builds(
        Copy,
        id=st.just(0),
        seller=st.sampled_from(["alice", "bob"]),
        price=st.integers(1, 40),
        worth=st.integers(0, 20).map(float),
        master=st.integers(1, 6),
        grams=st.sampled_from([100, 250]),
    ),
    min_size=1,
    max_size=8,
)
small_fares = st.one_of(
    st.builds(Fare, first=st.integers(0, 12), further=st.integers(0, 5)),
    st.just(Fare(tiers=((250, 3), (500, 6)))),
)
small_terms = st.builds(Terms, fare=small_fares, least_order=st.sampled_from([0, 0, 15, 30]))


@settings(max_examples=40, deadline=None)
@given(
    small_copies,
    small_terms,
    small_terms,
    st.integers(5, 80),
    st.none() | st.integers(1, 3),
    st.booleans(),
)
def test_no_set_of_copies_within_the_limits_is_worth_more(  # noqa: PLR0917 - all are drawn
    drawn: list[Copy], alices: Terms, bobs: Terms, budget: int, most: int | None, has_must: bool
) -> None:
    copies = [replace(copy, id=number) for number, copy in enumerate(drawn)]
    terms = {"alice": alices, "bob": bobs}
    wish = Wish(budget, "EUR", most, frozenset({0} if has_must else ()))
    best = best_of_all(copies, terms, wish)

    try:
        crate = pack(copies, terms, wish, seconds=20)
    except CrateError:
        assert not best  # none at all, or only such as nobody values
        return

    assert best is not None
    assert is_within(crate.copies, terms, wish)
    assert crate.is_optimal
    assert crate.worth == pytest.approx(best)


def test_a_crate_of_a_large_stock_is_proved_and_no_worse_than_packing_by_hand() -> None:
    copies, terms = a_stock(3000)
    wish = Wish(6000, "EUR")
    by_hand = greedily(copies, terms, wish)

    crate = pack(copies, terms, wish, seconds=60)

    assert crate.is_optimal
    assert is_within(crate.copies, terms, wish)
    assert by_hand
    assert crate.worth >= sum(copy.worth for copy in by_hand)
    assert crate.compared < crate.candidates / 5


def test_what_dominance_leaves_out_is_not_missed() -> None:
    copies, terms = a_stock(400)
    wish = Wish(4000, "EUR")

    few = undominated(copies, most_records(copies, terms, wish), must=())
    everything = relax(copies, terms, wish)
    crate = pack(copies, terms, wish, seconds=60)

    assert len(few) < len(copies) / 2
    assert {copy.id for copy in crate.copies} <= {copy.id for copy in few}
    assert crate.worth <= everything.bound * (1 + 1e-9)
    reach = dict(zip((copy.id for copy in copies), everything.reach, strict=True))
    assert all(reach[copy.id] >= crate.worth * (1 - 1e-9) for copy in crate.copies)


def test_postage_is_paid_once_a_seller_and_shared_by_a_parcel() -> None:
    copies = [
        a_copy(1, 1000, 5.0, seller="alice"),
        a_copy(2, 1000, 5.0, seller="alice"),
        a_copy(3, 900, 5.1, seller="bob"),
    ]
    terms = {name: Terms(Fare(600, 100)) for name in ("alice", "bob")}

    crate = pack(copies, terms, Wish(2700, "EUR"))

    assert [copy.id for copy in crate.copies] == [1, 2]
    assert crate.postage == {"alice": 700}
    assert (crate.price, crate.total) == (2000, 2700)


def test_one_copy_of_the_same_music_is_enough() -> None:
    copies = [a_copy(1, 100, 5.0, master=7), a_copy(2, 100, 6.0, master=7), a_copy(3, 100, 1.0)]

    crate = pack(copies, FREE, Wish(1000, "EUR"))

    assert [copy.id for copy in crate.copies] == [2, 3]


def test_musts_are_in_and_exclusions_out_whatever_they_are_worth() -> None:
    copies = [a_copy(1, 900, 0.0), a_copy(2, 100, 9.0), a_copy(3, 100, 5.0)]

    crate = pack(copies, FREE, Wish(1000, "EUR", must=frozenset({1}), without=frozenset({2})))

    assert {copy.id for copy in crate.copies} == {1, 3}


def test_a_minimum_order_is_reached_by_dearer_copies() -> None:
    copies = [a_copy(number, 100, 5.0) for number in range(3)] + [a_copy(9, 1500, 1.0)]
    terms = {"alice": Terms(least_order=1600)}

    crate = pack(copies, terms, Wish(1700, "EUR"))

    assert 9 in {copy.id for copy in crate.copies}
    assert crate.price >= 1600
    assert crate.is_optimal


def test_a_minimum_order_that_takes_most_of_the_budget_is_proved_in_a_large_stock() -> None:
    dice = random.Random(5)
    copies = [
        a_copy(number, dice.randrange(100, 4000), dice.random() * 10, master=number // 2)
        for number in range(2_000)
    ]
    terms = {"alice": Terms(Fare(500, 150), least_order=4800)}
    must = frozenset({7})

    crate = pack(copies, terms, Wish(6000, "EUR", must=must), seconds=1)

    assert crate.is_optimal
    assert crate.price >= 4800
    assert crate.total <= 6000
    assert {copy.id for copy in crate.copies} >= must
    assert len({copy.master for copy in crate.copies}) == len(crate.copies)


@pytest.mark.parametrize("seed", range(6))
def test_what_little_memory_leaves_out_is_within_the_bound(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dear, _ = a_stock(150, seed=seed)
    copies = [replace(copy, price=copy.price // 10) for copy in dear]
    terms = {"seller0": Terms(Fare(60, 15), least_order=800)}
    wish = Wish(1_200, "EUR", must=frozenset({copies[3].id}))
    copies = that_fit(copies, terms, wish)
    reach = relax(copies, terms, wish).reach

    whole = by_spending(copies, reach, terms, wish)
    monkeypatch.setattr(spending, "MOST_CELLS", 1_000_000)  # some forty copies
    monkeypatch.setattr(spending, "FEWEST", 5)
    part = by_spending(copies, reach, terms, wish)

    assert whole is not None
    assert part is not None
    best = sum(copy.worth for copy in whole.copies)
    assert whole.bound == pytest.approx(best)
    assert is_within(whole.copies, terms, wish)
    assert is_within(part.copies, terms, wish)
    assert sum(copy.worth for copy in part.copies) <= best + 1e-9 <= part.bound + 2e-9


def test_a_large_budget_from_few_copies_takes_no_table_of_all_sums() -> None:
    """It once laid out records x sums for five copies: gigabytes for a budget of 100,000."""
    copies = [a_copy(number, 900_000 + number, 5.0 + number) for number in range(5)]
    terms = {"alice": Terms(Fare(500, 150), least_order=2_600_000)}
    wish = Wish(10_000_000, "EUR", 4)

    crate = pack(copies, terms, wish)

    reach = relax(copies, terms, wish).reach
    assert by_spending(copies, reach, terms, wish) is None
    assert [copy.id for copy in crate.copies] == [4, 3, 2, 1]
    assert crate.is_optimal


def test_musts_alone_are_an_order_of_their_own() -> None:
    copies = [a_copy(1, 500, 2.0), a_copy(2, 700, 0.0)]
    wish = Wish(10_000_000, "EUR", must=frozenset({1, 2}))
    reach = relax(copies, {"alice": Terms()}, wish).reach

    found = by_spending(copies, reach, {"alice": Terms(least_order=1200)}, wish)
    too_little = by_spending(copies, reach, {"alice": Terms(least_order=1201)}, wish)

    assert found is not None
    assert (found.copies, found.bound) == (tuple(copies), 2.0)
    assert too_little is None


def test_equal_prices_and_worths_fill_the_budget() -> None:
    copies = [a_copy(number, 500, 3.0) for number in range(40)]

    crate = pack(copies, FREE, Wish(2600, "EUR"))

    assert len(crate.copies) == 5
    assert crate.is_optimal


def test_a_budget_below_the_cheapest_order_is_told_with_what_that_costs() -> None:
    copies = [a_copy(1, 1200, 5.0), a_copy(2, 900, 1.0)]
    terms = {"alice": Terms(Fare(600, 100))}

    with pytest.raises(BudgetTooSmall, match=r"costs €15\.00 with postage; €10\.00 buys") as told:
        pack(copies, terms, Wish(1000, "EUR"))
    assert told.value.needed_minor == 1500
    with pytest.raises(BudgetTooSmall, match="Nothing is left"):
        pack([], {}, Wish(1000, "EUR"))


@pytest.mark.parametrize(
    ("must", "most", "sentence"),
    [
        ({7}, None, "Listing 7 cannot be bought"),
        ({1}, None, "Record 1: alone costs more than €5.00"),
        ({2, 3, 4}, 2, "Record 2 and Record 3 and Record 4: must be in the crate, which may hold"),
        ({4, 5}, None, "Record 4 and Record 5: are the same music"),
        ({2, 6}, None, "Record 6: both must and must not"),
        ({2, 3}, None, "No crate keeps to all of this: a budget of €5.00, 2 records that must"),
    ],
)
def test_an_impossible_must_is_told_by_name(
    must: set[int], most: int | None, sentence: str
) -> None:
    copies = [
        a_copy(1, 600, 5.0), a_copy(2, 300, 1.0), a_copy(3, 300, 1.0), a_copy(4, 100, 1.0),
        a_copy(5, 100, 1.0, master=4), a_copy(6, 100, 1.0),
    ]  # fmt: skip
    wish = Wish(500, "EUR", most, frozenset(must), frozenset({6}))

    with pytest.raises(CrateError, match=sentence) as told:
        pack(copies, FREE, wish)
    if isinstance(told.value, ImpossibleMust):
        assert set(told.value.listing_ids) <= must


def test_a_search_without_time_tells_how_far_off_it_may_be() -> None:
    copies, terms = a_stock(3000, sellers=20, seed=3)
    wish = Wish(20_000, "EUR")

    hurried = pack(copies, terms, wish, seconds=0.01)

    assert is_within(hurried.copies, terms, wish)
    bound = relax(copies, terms, wish).bound
    assert hurried.worth * (1 + hurried.gap) <= bound * (1 + 1e-6)
    patient = pack(copies, terms, wish, seconds=1)
    assert patient.worth <= hurried.worth * (1 + hurried.gap) * (1 + 1e-6)
