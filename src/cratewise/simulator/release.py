"""A release: one pressing of a work, as everything in the simulator speaks of it."""

from dataclasses import dataclass
from typing import NamedTuple

from .formats import Kind


class Credit(NamedTuple):
    """An artist as a release names it."""

    name: str
    id: int
    join: str  # what stands between this one and the next: "&", or "" for the last


VARIOUS = Credit("Various", 194, "")  # what Discogs credits a compilation of many to


@dataclass(frozen=True, slots=True)
class Release:
    """One pressing of a work."""

    number: int  # its row in the catalogue
    id: int
    master_id: int | None  # None: the only pressing, which Discogs gives no master
    work: int
    title: str
    artists: tuple[Credit, ...]
    labels: tuple[str, ...]
    label_ids: tuple[int, ...]
    catalogue_numbers: tuple[str, ...]
    kind: Kind
    year: int  # 0: unknown
    country: str
    genre: str
    styles: tuple[str, ...]
    want: int
    have: int
    worth: float  # US dollars for a fine copy
    rating: float  # 1 to 5, in the eyes of those who have it

    @property
    def artist(self) -> str:
        """All artists in one string, as a listing has it."""
        return joined(self.artists)


def joined(artists: tuple[Credit, ...]) -> str:
    """Artists as one string: "Rotor & Kassette"."""
    return " ".join(f"{credit.name} {credit.join}".strip() for credit in artists)
