"""Artists and labels by all that is kept of them, where the stock that was read holds but a part.

Of a stock of a million listings a tenth is read, and of most artists with it but one
record; and whoever sells has but a part of what there is.  What is counted of each over
everything that is kept, or over the whole catalogue (`Known`), then says better which
styles and countries they work in, how much there is of them, and who owns it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cratewise.taste import profiles
from cratewise.taste.columns import folded
from cratewise.taste.names import Names
from cratewise.taste.vocabulary import Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Known(Protocol):
    """An artist, or a label: how many releases there are, how many people want and have them.

    want, have                 None: not told, as by the catalogue
    years, countries, styles   how many of the releases by each
    """

    @property
    def name(self) -> str: ...
    @property
    def releases(self) -> int: ...
    @property
    def want(self) -> int | None: ...
    @property
    def have(self) -> int | None: ...
    @property
    def years(self) -> Mapping[str, float]: ...
    @property
    def countries(self) -> Mapping[str, float]: ...
    @property
    def styles(self) -> Mapping[str, float]: ...


class AtLarge(NamedTuple):
    """Whoever is known, some at a time, gone through once; of two of a name the larger tells."""

    artists: Iterable[Sequence[Known]] = ()
    labels: Iterable[Sequence[Known]] = ()


NOBODY = AtLarge()


def widened(
    table: "Floats",
    listings: "Floats",
    names: Names,
    words: Vocabulary,
    known: Iterable[Sequence[Known]],
) -> "Floats":
    """Profiles in which those of whom there is more than the stock has are told by that.

    table     (m, c) as profiles.profiles makes them, changed in place
    listings  (m,) how many the stock has of each; changed, too
    """
    places = _Places(words)
    for some in known:
        rows = names.codes([folded(one.name) for one in some]).tolist()
        for row, one in zip(rows, some, strict=True):
            if row >= 0 and one.releases > listings[row]:
                listings[row] = one.releases
                places.tell(table[row], one)
    return table


class _Places:
    """Which column of a profile holds what."""

    def __init__(self, words: Vocabulary) -> None:
        styles, countries = words.styles, words.places
        self.style = {
            name: place for place, name in enumerate(styles) if not name.startswith("genre ")
        }
        self.country = {
            name.removeprefix("country "): len(styles) + place
            for place, name in enumerate(countries)
            if name.startswith("country ")
        }
        first = len(styles) + len(countries)
        self.number = {name: first + place for place, (name, *_) in enumerate(profiles.NUMBERS)}

    def tell(self, row: "Floats", one: Known) -> None:
        """Fill in what is counted; what is not, of formats and prices, stays as it was read."""
        import numpy as np

        for place, counts in ((self.style, one.styles), (self.country, one.countries)):
            row[list(place.values())] = 0
            for name, count in counts.items():
                if name in place:
                    row[place[name]] = count / one.releases
        row[self.number["releases"]] = np.log(one.releases)
        for name, people in (("owners in all", one.have), ("wanted in all", one.want)):
            if people is not None:
                row[self.number[name]] = np.log1p(people)
        if dated := sum(one.years.values()):
            years = sum(int(year) * count for year, count in one.years.items())
            row[self.number["years"]] = years / dated
