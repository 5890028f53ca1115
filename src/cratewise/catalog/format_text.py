"""A release's formats as a listing writes them: "2xLP, Album, RE", "CD, Comp"."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

# How Discogs shortens words in listings and exports; others stand as they are.
SHORT = {
    "Box Set": "Box",
    "Cassette": "Cass",
    "Compilation": "Comp",
    "Deluxe Edition": "Dlx",
    "Enhanced": "Enh",
    "Limited Edition": "Ltd",
    "Maxi-Single": "Maxi",
    "Mini-Album": "MiniAlbum",
    "Misprint": "M/Print",
    "Numbered": "Num",
    "Partially Mixed": "P/Mixed",
    "Picture Disc": "Pic",
    "Reissue": "RE",
    "Remastered": "RM",
    "Repress": "RP",
    "Sampler": "Smplr",
    "Single Sided": "S/Sided",
    "Special Edition": "S/Edition",
    "Test Pressing": "TP",
    "Unofficial Release": "Unofficial",
    "White Label": "W/Lbl",
}


class Format(NamedTuple):
    """One medium of a release, as Discogs counts and describes it.

    quantity      of it; 0: not told.
    text          free text: "Gatefold", "180 gram".
    """

    name: str
    quantity: int
    text: str
    descriptions: tuple[str, ...]


def format_text(formats: Iterable[Format]) -> str:
    """All media in one line; "" where none is told."""
    return " + ".join(filter(None, (_part(one) for one in formats)))


def _part(one: Format) -> str:
    # "Vinyl" goes unsaid where a size says it.
    is_said = one.name and not (one.name == "Vinyl" and one.descriptions)
    words: Sequence[str] = ([one.name] if is_said else []) + list(one.descriptions)
    if not words:
        return ""
    first, *rest = (SHORT.get(word, word) for word in words)
    times = f"{one.quantity}x" if one.quantity > 1 else ""
    return ", ".join([times + first, *rest])
