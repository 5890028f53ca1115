"""All that the catalogue keeps of a release, as two texts: a dump has 19.5 million of them.

What enriches a listing is JSON, as it is kept in the index (`store.facts.ToldFacts` behind its
first two), so that thousands of releases are read by one call:

    master, year, "country", "[genres]", "[styles]", "[artist ids]", "[label ids]"

All the rest is only split where somebody asks for it:

    released ⇥ title ⇥ artists ⇥ labels ⇥ formats ⇥ barcodes ⇥ videos

The marks between those, and within them, are control characters, which no name holds
(parsed.py): nothing has to be quoted, and whole columns are joined in one step.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import msgspec

from cratewise.catalog.format_text import Format

FIELD, LINE, PART, WORD = "\t", "\n", "\x1f", "\x1e"

YOUTUBE = "https://www.youtube.com/watch?v="


_encode = msgspec.json.Encoder().encode


class Outline(NamedTuple):
    """What enriches a listing.

    master_id, year        0: none.
    country                "": not told.
    artist_ids, label_ids  in the order of their names, 0: not linked to any; none: not told.
    """

    master_id: int
    year: int
    country: str
    genres: Sequence[str]
    styles: Sequence[str]
    artist_ids: Sequence[int]
    label_ids: Sequence[int]

    @property
    def text(self) -> bytes:
        """As JSON, without the brackets around it: what is not told is null."""
        *told, genres, styles, artist_ids, label_ids = self
        lists = [genres, styles, artist_ids or None, label_ids or None]
        packed = (None if one is None else _encode(one).decode() for one in lists)
        return _encode([*(one or None for one in told), *packed])[1:-1]


class Told(NamedTuple):
    """The fields of the rest, each as it is written.

    released  as Discogs writes it: "1999-03-00"; "": not told.
    artists   a line each: name, and what stands between this one and the next.
    labels    a line each: name, and catalogue number.
    formats   a line each: name, quantity, free text, and words that describe it.
    barcodes  a line each.
    videos    a line each: YouTube's id, or a whole address.
    """

    released: str
    title: str
    artists: str
    labels: str
    formats: str
    barcodes: str
    videos: str

    @property
    def text(self) -> bytes:
        return FIELD.join(self).encode()

    @classmethod
    def read(cls, text: str) -> Self:
        """The fields of a text.  Raises TypeError when it has more or fewer."""
        return cls(*text.split(FIELD))


def pairs_in(field: str) -> list[tuple[str, str]]:
    """The lines of artists or of labels."""
    return [(name, more) for name, _, more in (line.partition(PART) for line in lines_in(field))]


def formats_in(field: str) -> list[Format]:
    return [_format(*line.split(PART)) for line in lines_in(field)]


def addresses_in(field: str) -> list[str]:
    """Of videos."""
    return [one if "/" in one else YOUTUBE + one for one in lines_in(field)]


def lines_in(field: str) -> list[str]:
    return field.split(LINE) if field else []


def _format(name: str, quantity: str, text: str, words: str) -> Format:
    count = int(quantity) if quantity.isdecimal() else 0
    return Format(name, count, text, tuple(words.split(WORD)) if words else ())
