"""The stock that models see listings through."""

import numpy as np
import pytest
from sqlalchemy import Engine
from tests.builders import NOON
from tests.conftest import HandClock
from tests.learning.stocked import stock_up

from cratewise.catalog.profiles import count_profiles
from cratewise.learning import context
from cratewise.learning.context import forget_stocks, stock_of
from cratewise.store.engine import writing
from cratewise.taste.stock import Stock


@pytest.fixture(autouse=True)
def _no_stock_is_remembered() -> None:
    forget_stocks()


def releases_by_artist(stock: Stock) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """How many there are of each, as the model reads it: scaled."""
    names = [one.name for one in stock.columns]
    first = next(place for place, name in enumerate(names) if name.startswith("artist's"))
    return stock._artists[:, names.index("artist: releases") - first].astype(np.float64)


def test_of_a_large_stock_a_part_is_read_and_artists_are_known_by_all_that_is_kept(
    store: Engine, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(store) as db:
        stock_up(db)
    monkeypatch.setattr(context, "MOST", 100)
    in_part = stock_of(store, NOON)
    forget_stocks()
    count_profiles(store, None, clock=clock)

    told = stock_of(store, NOON)

    assert len(told.artists) == len(in_part.artists) < 80
    # 400 records by 80 artists: most have several, where a hundred listings show one each.
    assert len(set(releases_by_artist(told))) > len(set(releases_by_artist(in_part)))
