"""The stock that models see listings through."""

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine
from tests.builders import NOON, a_listing, a_seller
from tests.catalog.dumps import a_dump, a_release
from tests.conftest import HandClock
from tests.learning.stocked import stock_up

from cratewise.catalog.describe import describe_all
from cratewise.catalog.files import CatalogFiles
from cratewise.catalog.import_dump import Order, import_dump
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
    first = next(place for place, name in enumerate(names) if name.startswith("artist"))
    return stock._artists[:, names.index("artist: releases") - first].astype(np.float64)


def releases_of(stock: Stock) -> float:
    """ln of how many there are of the only artist, before it is scaled."""
    names = [one.name for one in stock.columns]
    first = next(place for place, name in enumerate(names) if name.startswith("artist"))
    return float(stock._artist_part.mean[names.index("artist: releases") - first])


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


def test_the_catalogue_tells_what_is_not_kept_of_an_artist(
    store: Engine, tmp_path: Path, clock: HandClock
) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db), id=1, artist="Moritz", label="Chain")
    records = [
        a_release(number, artists=[(7, "Moritz")], labels=[(9, "Chain", "C 1")])
        for number in range(1, 9)
    ]
    files = CatalogFiles(tmp_path / "catalog.sqlite")
    import_dump(files, Order(a_dump(tmp_path / "dump.xml", records)), clock=clock)
    describe_all(store, files.current, clock=clock)
    count_profiles(store, files.current, clock=clock)
    alone = stock_of(store, NOON)
    forget_stocks()

    told = stock_of(store, NOON, files.current)
    forget_stocks()
    files.current.write_bytes(b"spoilt")
    spoilt = stock_of(store, NOON, files.current)

    # Scaled by the stock: of one artist alone the mean is theirs, so parts are compared.
    assert releases_of(told) == pytest.approx(np.log(8))
    assert releases_of(alone) == releases_of(spoilt) == 0
