"""All that the catalogue keeps of a release, as one text: a dump has 19.5 million of them.

    master ⇥ released ⇥ country ⇥ genres ⇥ styles ⇥ artist ids ⇥ label ids ⇥
    title ⇥ artists ⇥ labels ⇥ formats ⇥ barcodes ⇥ videos

What enriches a listing comes first, so that the rest need not be taken apart for it.  The
marks between the fields, and within them, are control characters, which no name holds
(parsed.py): nothing has to be quoted, and whole columns are joined in one step.
"""

from typing import NamedTuple, Self

from cratewise.catalog.format_text import Format

FIELD, LINE, PART, WORD = "\t", "\n", "\x1f", "\x1e"

OUTLINE = 7  # fields
YOUTUBE = "https://www.youtube.com/watch?v="


class Told(NamedTuple):
    """The fields, each as it is written.

    master_id           "0": none.
    released            as Discogs writes it: "1999-03-00"; "": not told.  So country.
    genres, styles      what stands between the brackets of a list in JSON: "Rock","Pop"
    artist_ids          likewise, in the order of their names, 0: not linked to any: 239,0
    label_ids           likewise.
    artists             a line each: name, and what stands between this one and the next.
    labels              a line each: name, and catalogue number.
    formats             a line each: name, quantity, free text, and words that describe it.
    barcodes            a line each.
    videos              a line each: YouTube's id, or a whole address.
    """

    master_id: str
    released: str
    country: str
    genres: str
    styles: str
    artist_ids: str
    label_ids: str
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
    def read(cls, text: bytes) -> Self:
        """The fields of a text.  Raises TypeError when it has more or fewer."""
        return cls(*text.decode().split(FIELD))


def outline(text: str) -> list[str]:
    """The fields up to `label_ids`, which enrich a listing, and all the others in one."""
    return text.split(FIELD, OUTLINE)


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
