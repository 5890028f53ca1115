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
from struct import Struct
from typing import NamedTuple

import msgspec

from cratewise.catalog.enrich import joined
from cratewise.catalog.format_text import Format, format_text
from cratewise.catalog.told import Told, addresses_in, formats_in, lines_in, pairs_in
from cratewise.errors import CatalogError
from cratewise.store.catalog import CatalogReader
from cratewise.store.facts import ToldFacts


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
    masters   name of the dump of masters that told original years; None: none did.
    """

    file: str
    sha256: str
    mark: str
    releases: int
    made_at: datetime
    has_credits: bool
    is_only_listed: bool
    masters: str | None = None


_CREDIT = Struct("<II")
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
            masters=about.get("masters"),
        )

    def releases(self, ids: Iterable[int]) -> dict[int, Facts]:
        """What is known of these releases, by number; those that it lacks are left out."""
        return {
            outline.id: self._facts(outline, Told.read(told), credits or b"")
            for outline, told, credits in self._reader.whole(ids)
        }

    def pressings(self, master_id: int) -> list[Facts]:
        """All releases of a master, the earliest first; none of an unknown one."""
        found = self.releases(self._reader.releases_of("master", master_id)).values()
        return sorted(found, key=lambda facts: (facts.year or 9999, facts.id))

    def of_artist(self, artist_id: int) -> list[int]:
        """Numbers of the releases by an artist, ascending; those with a mere credit are not."""
        return self._reader.releases_of("artist", artist_id)

    def of_label(self, label_id: int) -> list[int]:
        """Numbers of the releases on a label, ascending."""
        return self._reader.releases_of("label", label_id)

    def names(self, artist_ids: Iterable[int]) -> dict[int, str]:
        """The names of people in credits, by number."""
        return self._reader.names(artist_ids)

    def credited(self, ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
        """Who did what on these releases: (artist, number of the role), by release."""
        return {
            number: list(_CREDIT.iter_unpack(told))
            for number, told in self._reader.credits(ids).items()
        }

    def descriptions(self, ids: Iterable[int]) -> list[ToldFacts]:
        """What enriches the listings of these releases; those that it lacks are left out.

        Names and formats are not told: a listing, or a list, has told them already.
        """
        return self._reader.outlines(ids)

    def _facts(self, outline: ToldFacts, told: Told, credits: bytes) -> Facts:
        artists = zip(_ids(outline.artist_ids), pairs_in(told.artists), strict=True)
        labels = zip(_ids(outline.label_ids), pairs_in(told.labels), strict=True)
        return Facts(
            id=outline.id,
            master_id=outline.master_id,
            original_year=outline.original_year,
            title=told.title,
            artists=[Artist(artist, *named) for artist, named in artists],
            labels=[Label(label, *named) for label, named in labels],
            formats=formats_in(told.formats),
            genres=_names.decode(outline.genres or "[]"),
            styles=_names.decode(outline.styles or "[]"),
            country=outline.country,
            released=told.released or None,
            year=outline.year,
            barcodes=lines_in(told.barcodes),
            videos=addresses_in(told.videos),
            credits=[
                Credit(artist, self.roles.get(role, ""))
                for artist, role in _CREDIT.iter_unpack(credits)
            ],
        )

    @cached_property
    def roles(self) -> dict[int, str]:
        """What the numbers of roles in packed credits mean."""
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


def usable_edition_of(path: Path) -> Edition | None:
    """As `edition_of`; None too of a catalogue that cannot be used."""
    try:
        return edition_of(path)
    except CatalogError:
        return None


def _ids(listed: str | None) -> list[int]:
    return _numbers.decode(listed) if listed else []
