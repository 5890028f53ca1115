"""What is printed on a record and told by its own page alone: tracks, credits, barcode, date."""

from typing import NamedTuple

import numpy as np

from . import words
from .catalogue import Catalogue
from .release import Credit, Release

ROLES = ("Producer", "Written-By", "Mixed By", "Mastered By", "Engineer", "Design")
LONGEST = 10  # tracks on an album
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


class Track(NamedTuple):
    """One track: "A1", its title, "4:05" or "" where nobody wrote it down."""

    position: str
    title: str
    duration: str


class Printed(NamedTuple):
    """The rest of a release."""

    released: str  # "1982", "1982-03-00", "1982-03-14", or "" if unknown
    tracks: list[Track]
    credits: list[tuple[str, Credit]]  # role and artist
    barcode: str  # "" before there were any
    matrix: str
    notes: str
    video_ids: list[str]  # as YouTube has them, though nothing is there

    @property
    def released_formatted(self) -> str:
        """As a reader likes it: "14 Mar 1982"."""
        year, *rest = self.released.split("-")
        if not rest:
            return year
        month, day = MONTHS.split()[int(rest[0]) - 1], int(rest[1])
        return f"{day} {month} {year}" if day else f"{month} {year}"


def printed(catalogue: Catalogue, release: Release, *, with_tracks: bool = True) -> Printed:
    """The rest of this release: the same whenever it is asked for.

    with_tracks  False: without them, in a third of the time.
    """
    own = np.random.default_rng([release.number, 6])
    return Printed(
        released=_released(own, release.year),
        # Pressings of one work have the same tracks, so these dice go by the work.
        tracks=_tracks(np.random.default_rng([release.work, 5]), release) if with_tracks else [],
        credits=_credits(own, catalogue, release),
        barcode=str(own.integers(10**11, 10**12)) if release.year >= 1980 else "",
        matrix=f"{release.catalogue_numbers[0]} A {own.integers(1, 9)}",
        notes="Made in " + release.country + "." if own.random() < 0.5 else "",
        video_ids=[f"{release.work:06d}vide{n}" for n in range(release.work * 7 // 5 % 3)],
    )


def _released(random: np.random.Generator, year: int) -> str:
    if not year:
        return ""
    precision, month, day = random.random(), random.integers(1, 13), random.integers(1, 29)
    if precision < 0.5:
        return str(year)
    return f"{year}-{month:02d}-{day if precision > 0.65 else 0:02d}"


def _tracks(random: np.random.Generator, release: Release) -> list[Track]:
    short = release.kind.short
    count = 2 if '7"' in short or '10", 78' in short else 4 if '12"' in short else LONGEST
    is_vinyl = release.kind.parts[0].name != "CD"
    minutes, seconds = random.integers(2, 9, size=LONGEST), random.integers(60, size=LONGEST)
    is_timed = random.random(LONGEST) < 0.8
    tracks = []
    # All pressings draw the same titles; a single has the first of them.
    for n, title in enumerate(words.titles(random, LONGEST)[:count]):
        side, place = divmod(n, count // 2)
        position = f"{'AB'[side]}{place + 1}" if is_vinyl else str(n + 1)
        tracks.append(
            Track(position, title, f"{minutes[n]}:{seconds[n]:02d}" if is_timed[n] else "")
        )
    return tracks


def _credits(
    random: np.random.Generator, catalogue: Catalogue, release: Release
) -> list[tuple[str, Credit]]:
    """Who else took part: a label keeps its producers and designers, so names come again."""
    house = release.label_ids[0]
    roles = ROLES[: int(random.integers(0, len(ROLES) + 1))]
    return [(role, catalogue.artist(house * 3 + n)) for n, role in enumerate(roles)]
