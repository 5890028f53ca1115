"""Columns become wider, never wrong."""

from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cratewise.shelf.columns import Columns
from cratewise.shelf.names import SEPARATOR, key_of, keys_of

WHOLE = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.lists(WHOLE, min_size=1, max_size=4), min_size=1, max_size=5), WHOLE)
def test_whole_numbers_stay_what_they_are_however_narrow_their_column_began(
    batches: list[list[int]], other: int
) -> None:
    columns = Columns({"price": "i1"})

    for batch in batches:
        columns.append({"price": np.array(batch, np.int64)})
    columns.put(np.array([0]), {"price": np.array([other], np.int64)})

    _, *later = chain.from_iterable(batches)
    assert columns["price"].tolist() == [other, *later]


def test_small_numbers_are_kept_small() -> None:
    columns = Columns({"grade": "i1"})

    columns.append({"grade": np.array([-128, 127], np.int64)})

    assert columns["grade"].dtype == np.int8


NAMES = st.text(st.sampled_from("aBé  \t\n\r\x1c\x85\u2028Æ"), max_size=6)


@given(st.lists(NAMES, max_size=5))
def test_names_by_the_thousand_have_the_keys_that_each_has_alone(names: list[str]) -> None:
    assert keys_of(names) == "".join(key_of(name) + SEPARATOR for name in names)
