"""`cratewise hide`."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.builders import a_listing, a_seller
from tests.wants.conftest import Cratewise

from cratewise.store.engine import writing

Answered = Callable[..., Any]


def test_names_are_hidden_in_any_case_and_shown_again(
    cratewise: Cratewise, answered: Answered
) -> None:
    answered("hide", "--artist", "James Last", "--label", "K-Tel", "--style", "Schlager")
    told = answered("hide", "--artist", "JAMES LAST")["hidden"]

    assert {(one["kind"], one["name"]) for one in told} == {
        ("artist", "James Last"), ("label", "K-Tel"), ("style", "Schlager")
    }  # fmt: skip
    left = answered("hide", "--show", "--artist", "james last", "--label", "k-tel")["hidden"]
    assert [one["name"] for one in left] == ["Schlager"]
    assert "was not hidden" in cratewise("hide", "--show", "--artist", "James Last").stderr


def test_a_listing_is_hidden_by_discogs_number_and_a_seller_as_spelt(
    store: Engine, answered: Answered
) -> None:
    with writing(store) as db:
        alice = a_seller(db, "Alice.Records")
        listing = a_listing(db, alice, discogs_listing_id=4_350_000_001)

    told = answered("hide", "--seller", "ALICE.records", "--listing", "4350000001")["hidden"]

    assert {(one["kind"], one["name"]) for one in told} == {
        ("seller", "Alice.Records"), ("listing", str(listing))
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--listing", "77"], 3, "No listing 77 is kept."),
        (["--seller", "nobody"], 3, "Nothing of the seller 'nobody' is kept"),
        (["--artist", " "], 2, "is not empty"),
        (["--artist", "James Last", "--listing", "77"], 3, "No listing 77 is kept."),
    ],
)
def test_what_is_not_there_cannot_be_hidden(
    cratewise: Cratewise, answered: Answered, arguments: list[str], code: int, sentence: str
) -> None:
    result = cratewise("hide", *arguments)

    assert result.exit_code == code
    assert sentence in result.stderr
    assert answered("hide")["hidden"] == []
