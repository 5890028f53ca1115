"""Read listings, whatever is missing in them, into columns.

A listing is a mapping with any of these keys, as the store or a file gives them:

    artist title label catalog_number country      text
    format genres styles                           a list of texts, or one text with commas
    year want have price                           numbers; price in one currency throughout
    media_condition                                a grade as Discogs or dealers spell it
    relations                                      what links it to its reader: relations.py

What is missing, empty, below 0 or no number is unknown: NaN or an empty text, never an error.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from cratewise.errors import UnreadableListing
from cratewise.grades import parse_media

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Listing = Mapping[str, Any]


@dataclass(frozen=True)
class Columns:
    """n listings, column by column.

    artist, label       folded: lower case, single spaces; "" when unknown
    title               as it was given
    format, genre, style, country   tuples of names a listing, as they were given
    year, want, have, price, grade  (n,), NaN when unknown; grade from 1 (P) to 8 (M)
    relations           a mapping a listing, mostly empty
    """

    artist: list[str]
    title: list[str]
    label: list[str]
    format: list[tuple[str, ...]]
    genre: list[tuple[str, ...]]
    style: list[tuple[str, ...]]
    country: list[tuple[str, ...]]
    year: "Floats"
    want: "Floats"
    have: "Floats"
    price: "Floats"
    grade: "Floats"
    relations: list[Mapping[str, Any]]

    def __len__(self) -> int:
        return len(self.artist)


def read(listings: Sequence[Listing]) -> Columns:
    """The columns of some listings.

    Raises UnreadableListing for one that is no mapping.
    """
    for place, one in enumerate(listings):
        if not isinstance(one, Mapping):
            raise UnreadableListing(place, type(one).__name__)
    return Columns(
        artist=[folded(one.get("artist")) for one in listings],
        title=[_text(one.get("title")) for one in listings],
        label=[folded(one.get("label")) for one in listings],
        format=[_names(one.get("format")) for one in listings],
        genre=[_names(one.get("genres")) for one in listings],
        style=[_names(one.get("styles")) for one in listings],
        country=[_names(one.get("country")) for one in listings],
        year=_numbers(one.get("year") or None for one in listings),  # Discogs: 0 is unknown
        want=_numbers(one.get("want") for one in listings),
        have=_numbers(one.get("have") for one in listings),
        price=_numbers(one.get("price") for one in listings),
        grade=_numbers(_grade(one.get("media_condition")) for one in listings),
        relations=[one.get("relations") or {} for one in listings],
    )


def joined(parts: Sequence[Columns]) -> Columns:
    """Columns of several parts one below the other: a stock need not lie in memory as mappings."""
    import numpy as np

    told: dict[str, Any] = {}
    for name in vars(parts[0]):
        columns = [getattr(part, name) for part in parts]
        is_list = isinstance(columns[0], list)
        told[name] = list(chain.from_iterable(columns)) if is_list else np.concatenate(columns)
    return Columns(**told)


def folded(name: Any) -> str:
    """One spelling for a name: lower case, single spaces; a list is joined."""
    if isinstance(name, list | tuple):
        name = ", ".join(map(_text, name))
    return " ".join(_text(name).lower().split())


def _text(value: Any) -> str:
    if isinstance(value, float) and math.isnan(value):
        return ""  # how tables spell a missing text
    return "" if value is None else str(value)


def _names(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple | set | frozenset) else _text(value).split(",")
    return tuple(dict.fromkeys(name for part in parts if (name := _text(part).strip())))


def _numbers(values: Iterable[Any]) -> "Floats":
    import numpy as np

    return np.fromiter((_number(value) for value in values), dtype=np.float64)


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return math.nan
    return number if 0 <= number < math.inf else math.nan


def _grade(value: Any) -> int | None:
    return _known_grade(_text(value))


@cache  # a stock of a million spells a dozen grades
def _known_grade(spelling: str) -> int | None:
    grade = parse_media(spelling)
    return None if grade is None else int(grade)
