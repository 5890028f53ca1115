"""Names are found by any part of them, however many there are and whenever they came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cratewise.shelf import letters
from cratewise.shelf.names import Names, key_of

A_NAME = st.text("abé B", max_size=9)
A_PART = st.text("abÉ ", min_size=1, max_size=4)


def found(names: Names, part: str) -> set[str]:
    return {names[number] for number in names.with_part(part).nonzero()[0].tolist()}


def plainly(names: list[str], part: str) -> set[str]:
    return {key_of(name) for name in names if key_of(part) in key_of(name)}


@given(st.lists(A_NAME), st.lists(A_NAME), st.lists(A_NAME), A_PART)
def test_a_part_finds_the_names_that_hold_it_learnt_word_by_word_or_added_since(
    first: list[str], learnt: list[str], added: list[str], part: str
) -> None:
    names = Names(", ")
    names.number(first)
    names.number(learnt)
    assert found(names, part) == plainly([*first, *learnt], part)

    names.learn(names.words()())
    assert found(names, part) == plainly([*first, *learnt], part)
    names.number(added)
    assert found(names, part) == plainly([*first, *learnt, *added], part)


def test_a_part_of_very_many_words_finds_all_that_hold_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "MANY", 3)
    monkeypatch.setattr(letters, "AT_ONCE", 7)
    told = [f"number {n} of {m}" for n in range(20) for m in range(5)]
    names = Names(", ")
    names.number(told)
    names.learn(names.words()())

    for part in ("1", "12", "um", "7 of", "of 3", "x"):
        assert found(names, part) == plainly(told, part)
