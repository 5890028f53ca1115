"""The kinds of records: what a release is pressed on, as data and as Discogs' short text.

`formats` of a release is a list of parts with a quantity and descriptions; a listing
shows the same in short: "2xLP, Album, RE", '7", Single', "CD, Album".
"""

from dataclasses import dataclass
from functools import cached_property

ABBREVIATIONS = {
    "Compilation": "Comp",
    "Limited Edition": "Ltd",
    "Maxi-Single": "Maxi",
    "Numbered": "Num",
    "Reissue": "RE",
    "Remastered": "RM",
    "Repress": "RP",
    "Unofficial Release": "Unofficial",
    "White Label": "W/Lbl",
    "Cassette": "Cass",
    "Box Set": "Box",
}


@dataclass(frozen=True)
class Part:
    """One medium of a release: two LPs, one CD, a box."""

    name: str  # "Vinyl", "CD", "Cassette"
    quantity: int
    descriptions: tuple[str, ...]
    text: str = ""  # free text: "Gatefold", "180 Gram"

    @cached_property
    def short(self) -> str:
        """The part as a listing writes it; "Vinyl" goes unsaid where a size says it."""
        words = [ABBREVIATIONS.get(word, word) for word in (self.name, *self.descriptions)]
        if self.name == "Vinyl" and self.descriptions:
            del words[0]
        times = f"{self.quantity}x" if self.quantity > 1 else ""
        return ", ".join([times + words[0], *words[1:]])


@dataclass(frozen=True)
class Kind:
    """A kind of record: what it is, from when to when it was made, how often."""

    parts: tuple[Part, ...]
    first_year: int
    last_year: int
    weight: float  # how often among first pressings
    is_reissue: bool = False

    @cached_property
    def short(self) -> str:
        return " + ".join(part.short for part in self.parts)


def _vinyl(quantity: int, *descriptions: str, text: str = "") -> Part:
    return Part("Vinyl", quantity, descriptions, text)


KINDS: tuple[Kind, ...] = (
    Kind((_vinyl(1, "LP", "Album"),), 1950, 2026, 24),
    Kind((_vinyl(1, "LP", "Album", "Stereo"),), 1958, 1985, 6),
    Kind((_vinyl(1, "LP", "Album", "Mono"),), 1950, 1970, 5),
    Kind((_vinyl(2, "LP", "Album", text="Gatefold"),), 1967, 2026, 5),
    Kind((_vinyl(1, "LP", "Compilation"),), 1955, 2026, 5),
    Kind((_vinyl(2, "LP", "Compilation"),), 1968, 2026, 2),
    Kind((_vinyl(1, "LP", "Promo"),), 1960, 1995, 1),
    Kind((_vinyl(1, "LP", "Limited Edition", "Numbered", text="180 Gram"),), 1995, 2026, 2),
    Kind((_vinyl(1, '12"'),), 1976, 2026, 9),
    Kind((_vinyl(1, '12"', "EP"),), 1976, 2026, 6),
    Kind((_vinyl(1, '12"', "Maxi-Single", "45 RPM"),), 1977, 1998, 6),
    Kind((_vinyl(1, '12"', "White Label"),), 1985, 2015, 2),
    Kind((_vinyl(1, '7"', "Single", "45 RPM"),), 1952, 2026, 13),
    Kind((_vinyl(1, '7"', "45 RPM", "Single", "Promo"),), 1960, 1995, 1),
    Kind((_vinyl(1, '7"', "EP"),), 1954, 2026, 3),
    Kind((_vinyl(1, '10"', "EP"),), 1950, 2026, 2),
    Kind((Part("Shellac", 1, ('10"', "78 RPM")),), 1950, 1958, 4),
    Kind((Part("Flexi-disc", 1, ('7"', "Single Sided")),), 1965, 1990, 0.5),
    Kind((Part("CD", 1, ("Album",)),), 1983, 2026, 13),
    Kind((Part("CD", 1, ("Compilation",)),), 1985, 2026, 3),
    Kind((Part("CD", 1, ("Maxi-Single",)),), 1988, 2008, 3),
    Kind((Part("CD", 2, ("Album",)),), 1988, 2026, 1),
    Kind((Part("Cassette", 1, ("Album",)),), 1968, 2026, 4),
    Kind((Part("Cassette", 1, ("Mixtape",)),), 1985, 2026, 0.6),
    Kind(
        (
            Part("Box Set", 1, ("Limited Edition",)),
            _vinyl(4, "LP", "Album"),
            Part("CD", 2, ("Album",)),
        ),
        1985,
        2026,
        0.4,
    ),
    Kind((_vinyl(1, "LP", "Album", "Reissue"),), 1965, 2026, 10, True),
    Kind(
        (_vinyl(1, "LP", "Album", "Reissue", "Remastered", text="180 Gram"),), 1996, 2026, 6, True
    ),
    Kind((_vinyl(1, "LP", "Album", "Repress"),), 1965, 2026, 3, True),
    Kind((_vinyl(2, "LP", "Album", "Reissue", text="Gatefold"),), 1975, 2026, 2, True),
    Kind((_vinyl(1, '12"', "Reissue"),), 1985, 2026, 2, True),
    Kind((_vinyl(1, '7"', "Single", "Reissue"),), 1970, 2026, 2, True),
    Kind((_vinyl(1, "LP", "Unofficial Release"),), 1970, 2026, 0.7, True),
    Kind((Part("CD", 1, ("Album", "Reissue")),), 1986, 2026, 5, True),
    Kind((Part("CD", 1, ("Album", "Reissue", "Remastered")),), 1992, 2026, 4, True),
    Kind((Part("Cassette", 1, ("Album", "Reissue")),), 1972, 1996, 1, True),
)
