"""Who is counted over more than was read of the stock is told by that."""

from collections import Counter
from typing import Any

import numpy as np
from tests.taste.market import market

from cratewise.store.profiles import Profile
from cratewise.taste import columns
from cratewise.taste.at_large import AtLarge
from cratewise.taste.stock import Stock

COUNTED = ("artist's style: House", "artist's country UK", "artist: releases", "artist: years")
PEOPLE = ("artist: owners in all", "artist: wanted in all")


def counted(listings: list[dict[str, Any]], kind: str) -> list[Profile]:
    """What is kept of each artist, or label, as if every listing were a release."""
    found: dict[str, Profile] = {}
    for one in listings:
        told = found.setdefault(
            one[kind], Profile(kind="artist", key=f"={one[kind]}", name=one[kind])
        )
        told.releases += 1
        told.want, told.have = told.want + one["want"], told.have + one["have"]
        told.years = dict(Counter(told.years) + Counter({str(one["year"]): 1}))
        told.countries = dict(Counter(told.countries) + Counter({one["country"]: 1}))
        told.styles = dict(Counter(told.styles) + Counter(one["styles"]))
    return list(found.values())


def profile_of(stock: Stock, artist: str, names: tuple[str, ...]) -> list[float]:
    """Columns of an artist as they were before they were scaled."""
    part, table = stock._artist_part, stock._artists
    (row,) = stock.artists.codes([artist])
    first = next(
        place
        for place, column in enumerate(stock.columns)
        if column.name.startswith("artist's style")
    )
    places = [place - first for place, column in enumerate(stock.columns) if column.name in names]
    scaled = table[row, places].astype(np.float64)
    return (scaled / part.factor[places] + part.mean[places]).tolist()  # type: ignore[no-any-return]  # of numpy


def test_a_stock_read_in_part_knows_an_artist_as_one_read_whole() -> None:
    whole = market(1_600)
    part = whole[::8]
    at_large = AtLarge([counted(whole, "artist")], [counted(whole, "label")])
    every = Stock(columns.read(whole))
    alone = Stock(columns.read(part))
    widened = Stock(columns.read(part), at_large)

    for number in range(0, 80, 7):
        artist = f"artist {number}"
        if alone.artists.codes([artist])[0] < 0:
            continue
        told = profile_of(widened, artist, COUNTED + PEOPLE)
        np.testing.assert_allclose(
            told, profile_of(every, artist, COUNTED + PEOPLE), rtol=1e-3, atol=1e-6
        )
        assert profile_of(alone, artist, ("artist: releases",)) < profile_of(
            every, artist, ("artist: releases",)
        )


def test_who_is_known_no_better_stays_as_the_stock_has_them() -> None:
    whole = market(400)
    few = counted(whole[:100], "artist")

    told = Stock(columns.read(whole), AtLarge([few], []))

    same = Stock(columns.read(whole))
    assert np.array_equal(told.view(whole).table(), same.view(whole).table())
