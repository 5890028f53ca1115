"""What a pull will cost is told before it begins."""

from datetime import timedelta

from tests.builders import NOON

from cratewise.inventory.estimate import Estimate, estimate
from cratewise.inventory.sweep import Kind, Known

KNOWN = Known(12_500, 12_500, NOON - timedelta(days=1))


def cost(for_sale: int, kind: Kind = "full", remaining: int = 60, known: Known = KNOWN) -> Estimate:
    return estimate("bob", for_sale, known, kind, limit=60, remaining=remaining)


def test_a_full_pull_costs_a_request_a_page_and_one_for_the_profile() -> None:
    told = cost(12_500)

    assert (told.kind, told.requests) == ("full", 128)
    assert told.minutes == (128 - 60) / 60
    assert told.sentence == (
        "bob has 12,500 listings for sale; reading all of them takes 128 requests, about 1 minute."
    )


def test_requests_that_are_spent_already_cost_time() -> None:
    assert cost(12_500, remaining=0).minutes == 128 / 60


def test_a_quick_look_costs_two_requests_and_what_newcomers_fill() -> None:
    assert cost(12_500, "quick").requests == 2
    assert cost(12_730, "quick").requests == 5


def test_beyond_reach_it_says_how_much_is_shown() -> None:
    told = cost(42_000)

    assert told.requests == 201
    assert "Discogs shows 20,000 of them" in told.sentence


def test_nothing_for_sale_is_said() -> None:
    assert "nothing for sale" in cost(0).sentence


def test_one_of_a_thing_is_not_spelt_as_several() -> None:
    assert cost(1).sentence == (
        "bob has 1 listing for sale; reading all of them takes 2 requests, a moment."
    )
