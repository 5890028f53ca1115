"""What the catalogue knows of releases, as values to work with.

    with open_catalog(path) as catalog:
        catalog.releases([1, 2])      # everything, by number
        catalog.pressings(1660109)    # all releases of a master, the earliest first
        catalog.of_label(5)           # numbers of all releases on a label

Opening takes a fraction of a millisecond: open it anew for each piece of work, and a
newer catalogue is noticed.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec

from cratewise.catalog.enrich import joined
from cratewise.catalog.format_text import Format, format_text
from cratewise.catalog.parsed import YOUTUBE
from cratewise.store.catalog import CatalogReader, DescribedRow, WholeRow
from cratewise.store.descriptions import Description


class Artist(NamedTuple):
    """An artist as a release names them; id 0: not linked to any.

    name  as Discogs tells artists apart: "Nirvana (2)".
    join  what stands between this one and the next: "&"; "" for none.
    """

    id: int
    name: str
    join: str


class Label(NamedTuple):
    """A label as a release names it."""

    id: int
    name: str
    catalog_number: str


class Credit(NamedTuple):
    """Who did what; the name is that of `Catalog.names`."""

    artist_id: int
    role: str


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All that the catalogue knows of a release; None: it does not.

    original_year  of the master's first release.
    released       as Discogs writes it: "1999-03-00".
    videos         addresses.
    credits        of the release and of its tracks, each pair once; empty too where the
                   catalogue was made without them.
    """

    id: int
    master_id: int | None
    original_year: int | None
    title: str
    artists: list[Artist]
    labels: list[Label]
    formats: list[Format]
    genres: list[str]
    styles: list[str]
    country: str | None
    released: str | None
    year: int | None
    barcodes: list[str]
    videos: list[str]
    credits: list[Credit]

    @property
    def artist(self) -> str:
        """All artists in one line, as a listing writes them."""
        return joined((artist.name, artist.join) for artist in self.artists)

    @property
    def format(self) -> str:
        """All formats in one line, as a listing writes them."""
        return format_text(self.formats)


class Edition(msgspec.Struct, frozen=True):
    """Which dump a catalogue was made of, and how.

    file      the dump's name; sha256: of it, in hex; mark: by what it is known again.
    releases  how many are in it.
    """

    file: str
    sha256: str
    mark: str
    releases: int
    made_at: datetime
    has_credits: bool
    is_only_listed: bool


_artists = msgspec.json.Decoder(list[tuple[int, str, str]])
_formats = msgspec.json.Decoder(list[tuple[str, str, str, list[str]]])
_names = msgspec.json.Decoder(list[str])
_numbers = msgspec.json.Decoder(list[int])


class Catalog:
    """An open catalogue, for one thread."""

    def __init__(self, reader: CatalogReader) -> None:
        self._reader = reader

    @property
    def edition(self) -> Edition:
        about = self._reader.about
        return Edition(
            file=about["file"],
            sha256=about["sha256"],
            mark=about["mark"],
            releases=int(about["releases"]),
            made_at=datetime.fromisoformat(about["made_at"]),
            has_credits=about["with_credits"] == "True",
            is_only_listed=about["only_listed"] == "True",
        )

    def releases(self, ids: Iterable[int]) -> dict[int, Facts]:
        """What is known of these releases, by number; those that it lacks are left out."""
        return {row.id: self._facts(row) for row in self._reader.whole(ids)}

    def pressings(self, master_id: int) -> list[Facts]:
        """All releases of a master, the earliest first; none of an unknown one."""
        order = self._reader.pressings(master_id)
        found = self.releases(order)
        return [found[number] for number in order]

    def of_artist(self, artist_id: int) -> list[int]:
        """Numbers of the releases by an artist, ascending; those with a mere credit are not."""
        return self._reader.releases_of("artist", artist_id)

    def of_label(self, label_id: int) -> list[int]:
        """Numbers of the releases on a label, ascending."""
        return self._reader.releases_of("label", label_id)

    def names(self, artist_ids: Iterable[int]) -> dict[int, str]:
        """The names of people in credits, by number."""
        return self._reader.names(artist_ids)

    def descriptions(self, ids: Iterable[int]) -> list[Description]:
        """What enriches the listings of these releases; those that it lacks are left out."""
        return [_description(row) for row in self._reader.described(ids)]

    def _facts(self, row: WholeRow) -> Facts:
        return Facts(
            id=row.id,
            master_id=row.master_id,
            original_year=row.original_year,
            title=row.title,
            artists=[Artist(*told) for told in _artists.decode(row.artists or "[]")],
            labels=[Label(*told) for told in _artists.decode(row.labels or "[]")],
            formats=_formats_of(row.formats),
            genres=_names.decode(row.genres or "[]"),
            styles=_names.decode(row.styles or "[]"),
            country=row.country,
            released=row.released,
            year=row.year,
            barcodes=_names.decode(row.barcodes or "[]"),
            videos=[_address(told) for told in _names.decode(row.videos or "[]")],
            credits=self._credits(row.credits),
        )

    def _credits(self, packed: str | None) -> list[Credit]:
        told = _numbers.decode(packed or "[]")
        return [
            Credit(artist, self._roles.get(role, ""))
            for artist, role in zip(told[::2], told[1::2], strict=True)
        ]

    @cached_property
    def _roles(self) -> dict[int, str]:
        return self._reader.roles()


@contextmanager
def open_catalog(path: Path) -> Iterator[Catalog]:
    """The catalogue of this file.  Raises NoCatalog, BrokenCatalog."""
    with CatalogReader(path) as reader:
        yield Catalog(reader)


def edition_of(path: Path) -> Edition | None:
    """Which dump a catalogue was made of; None where there is none.  Raises BrokenCatalog."""
    if not path.exists():
        return None
    with open_catalog(path) as catalog:
        return catalog.edition


def _description(row: DescribedRow) -> Description:
    # Names and formats are what a listing, or a list, has told already.
    return Description(
        id=row.id,
        year=row.year,
        master_id=row.master_id,
        original_year=row.original_year,
        country=row.country,
        genres=row.genres or "[]",
        styles=row.styles or "[]",
        artist_ids=_packed([number for number, _, _ in _artists.decode(row.artists or "[]")]),
        label_ids=_packed([number for number, _, _ in _artists.decode(row.labels or "[]")]),
    )


def _packed(numbers: list[int]) -> str | None:
    return msgspec.json.encode(numbers).decode() if numbers else None


def _formats_of(packed: str | None) -> list[Format]:
    told = _formats.decode(packed or "[]")
    return [
        Format(name, int(quantity) if quantity.isdecimal() else 0, text, tuple(words))
        for name, quantity, text, words in told
    ]


def _address(told: str) -> str:
    return told if "/" in told else YOUTUBE + told
