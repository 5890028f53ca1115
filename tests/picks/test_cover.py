"""The cheapest way to a set of wants, against every way there is."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from cratewise.picks.cover import Offer, cover, undominated
from cratewise.picks.crate import Copy, Fare, Terms

FREE = Terms()


def an_offer(number: int, seller: str, price: int, *wants: int, grams: int = 230) -> Offer:
    return Offer(Copy(number, seller, price, 0.0, number, grams), frozenset(wants))


def ids(offers: tuple[Copy, ...]) -> list[int]:
    return [copy.id for copy in offers]


def test_a_dearer_copy_is_bought_where_it_saves_a_parcel() -> None:
    terms = {"a": Terms(Fare(500, 100)), "b": Terms(Fare(500, 100))}
    offers = [an_offer(1, "a", 1000, 1), an_offer(2, "a", 1300, 2), an_offer(3, "b", 1000, 2)]

    found = cover(offers, terms)

    assert (ids(found.copies), found.postage, found.total) == ([1, 2], {"a": 600}, 2900)
    assert found.gap == 0


def test_one_copy_may_answer_two_wants() -> None:
    offers = [an_offer(1, "a", 1500, 1, 2), an_offer(2, "a", 900, 1), an_offer(3, "a", 900, 2)]

    assert ids(cover(offers, {"a": FREE}).copies) == [1]


def test_what_no_order_can_hold_is_left_out_and_the_rest_is_bought() -> None:
    terms = {
        "dear": Terms(Fare(100), least_order=5000),
        "light": Terms(Fare(tiers=((300, 200),))),
        "b": Terms(Fare(300)),
    }
    offers = [
        an_offer(1, "dear", 1000, 1), an_offer(2, "light", 100, 2, grams=460),
        an_offer(3, "b", 700, 3),
    ]  # fmt: skip

    found = cover(offers, terms)

    assert (ids(found.copies), found.uncovered, found.total) == ([3], frozenset({1, 2}), 1000)


def test_a_least_order_is_reached_by_a_dearer_copy() -> None:
    terms = {"a": Terms(Fare(100), least_order=1500)}

    found = cover([an_offer(1, "a", 1000, 1), an_offer(2, "a", 1600, 1)], terms)

    assert ids(found.copies) == [2]


def test_nothing_to_buy_costs_nothing() -> None:
    assert cover([], {}).total == 0


fares = st.one_of(
    st.builds(Fare, first=st.integers(0, 900), further=st.integers(0, 300)),
    st.just(Fare(tiers=((300, 200), (700, 500)))),
)
instances = st.tuples(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.integers(1, 3000),
            st.frozensets(st.integers(1, 4), min_size=1, max_size=2),
            st.sampled_from([60, 230, 460]),
        ),
        min_size=1,
        max_size=8,
    ),
    st.tuples(*(st.builds(Terms, fare=fares, least_order=st.sampled_from([0, 1500])),) * 3),
)


def cost_of(chosen: tuple[Offer, ...], terms: dict[str, Terms]) -> int | None:
    """Of all orders; None where one is below the least or too heavy."""
    total = 0
    for seller in {offer.copy.seller for offer in chosen}:
        copies = [offer.copy for offer in chosen if offer.copy.seller == seller]
        price = sum(copy.price for copy in copies)
        postage = terms[seller].fare.cost(len(copies), sum(copy.grams for copy in copies))
        if postage is None or price < terms[seller].least_order:
            return None
        total += price + postage
    return total


@settings(max_examples=60, deadline=None)
@given(instances)
def test_no_other_way_covers_more_or_costs_less(
    instance: tuple[list[tuple[str, int, frozenset[int], int]], tuple[Terms, ...]],
) -> None:
    rows, told = instance
    terms = dict(zip("abc", told, strict=True))
    offers = [
        an_offer(number, seller, price, *wants, grams=grams)
        for number, (seller, price, wants, grams) in enumerate(rows, 1)
    ]

    found = cover(offers, terms, seconds=30)

    ways = []
    for size in range(len(offers) + 1):
        for chosen in combinations(offers, size):
            cost = cost_of(chosen, terms)
            if cost is not None:
                answered = frozenset().union(*(offer.answers for offer in chosen))
                ways.append((-len(answered), cost))
    everything = frozenset().union(*(offer.answers for offer in offers))
    assert (-len(everything - found.uncovered), found.total) == min(ways)
    assert found.gap == 0
    assert set(undominated(offers, terms)) <= set(offers)
