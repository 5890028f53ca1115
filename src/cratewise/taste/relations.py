"""Columns for what links a listing to its reader; whoever knows them gives them with the listing.

They need the reader's wants, collection and verdicts, which only the store has, so they
are optional: `listing["relations"]` is a mapping from names of this table to numbers,
and what is not in it is 0.  `relations["told"]` may tell some of them in words of their own.
Their scale is fixed, not that of a stock: most listings of
any stock are linked to nobody.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cratewise.taste.column import Column

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# name -> (unit, meaning, how a reason tells it)
RELATIONS: Mapping[str, tuple[str, str, str]] = {
    "wanted": ("yes or no", "on the wantlist", "on your wantlist"),
    "another_pressing": ("yes or no", "a want's master, another pressing", "a pressing of a want"),
    "artist_owned": (
        "records",
        "records owned by the artist",
        "by an artist of whom you own {count:.0f}",
    ),
    "run_gap": ("yes or no", "missing number of a run that is owned", "fills a gap in a run"),
    "label_followed": ("yes or no", "on a label that is followed", "label you follow"),
    "artist_followed": ("yes or no", "by an artist who is followed", "artist you follow"),
    "shared_credits": (
        "people",
        "people in its credits who are in those of kept records",
        "people of records you kept",
    ),
    "styles_shared": ("share of styles", "share of its styles that are kept", "styles near yours"),
    "better_format": ("yes or no", "better format of something owned", "a better format of yours"),
    "original": ("yes or no", "the original of something owned", "the original of yours"),
    "cheap_for_it": (
        "ln(usual/price)",
        "cheaper than its observed copies",
        "below its usual price",
    ),
    "rare_and_sought": ("no unit", "few copies, many wants", "rare and sought"),
}

COLUMNS = [
    Column(f"relation: {name}", unit, meaning, f"relation: {name}")
    for name, (unit, meaning, _) in RELATIONS.items()
]


def relate(listings: list[Mapping[str, Any]]) -> "NDArray[np.float32]":
    """(n, relations): ln(1 + number) for each, the sign kept; 0 where nothing is told."""
    import numpy as np

    table = np.zeros((len(listings), len(RELATIONS)), dtype=np.float32)
    for row, told in enumerate(listings):
        if told:
            table[row] = [float(told.get(name) or 0) for name in RELATIONS]
    known: NDArray[np.float32] = np.nan_to_num(table, nan=0, posinf=0, neginf=0)
    return np.sign(known) * np.log1p(np.abs(known))
