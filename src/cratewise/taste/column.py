"""What a column of features is: its name, its unit and its meaning, and how it is told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One feature of a listing.

    name     unique: "artist's style: Dub Techno"
    unit     what 1 is: "ln people", "share of releases", "no unit"
    meaning  a clause for whoever reads the table of columns
    topic    columns of one topic are told in one clause of a reason: "style: Dub Techno"
    """

    name: str
    unit: str
    meaning: str
    topic: str
