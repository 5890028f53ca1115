"""Every record that exists in the simulated world, and how much it is wanted.

Artists belong to a genre and, mostly, to one label; works belong to artists; a release
is one pressing of a work.  Labels number what they issue, so artist, label and catalogue
number go together as they do in reality.  A hidden quality, shared by what an artist and
a label do, decides how many want a record for each one who has it.

The numbers are drawn at once as columns; words are made where they are first asked for.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from . import words
from .formats import KINDS, Kind
from .taxonomy import GENRES

ARTISTS = 16_000
LABELS = 3_000
WORKS = 70_000
THIS_YEAR = 2026

# Ids are spread as thinly as real ones, so that most numbers belong to nothing.
RELEASE_ID_STEP = 211  # 130,000 releases reach 28 million
MASTER_ID_STEP = 53
ARTIST_ID_STEP = 607
LABEL_ID_STEP = 1_201
FIRST_ID = 1_009

COUNTRY_SHARES = {
    "US": 24,
    "UK": 16,
    "Germany": 13,
    "France": 7,
    "Japan": 6,
    "Italy": 5,
    "Netherlands": 5,
    "Europe": 4,
    "Canada": 3,
    "Spain": 3,
    "Sweden": 3,
    "Brazil": 3,
    "Belgium": 3,
    "Australia": 2,
    "Jamaica": 2,
    "Poland": 1,
    "Switzerland": 1,
    "Greece": 1,
    "Yugoslavia": 1,
    "USSR": 1,
}
COUNTRIES = tuple(COUNTRY_SHARES)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


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


class Catalogue:
    """All releases, by number (0 to n - 1) and by Discogs' id."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        random = np.random.default_rng([seed, 0])
        self._draw_labels(random)
        self._draw_artists(random)
        self._draw_works(random)
        self._draw_releases(random)
        self._draw_community(random)

    def __len__(self) -> int:
        return len(self._work)

    def release(self, number: int) -> Release:
        """The release in this row of the catalogue."""
        work = int(self._work[number])
        label = int(self._label[number])
        pressed_by = [label]
        catalogue_numbers = [self._catalogue_number(label, number)]
        if number % 12 == 7:  # some are issued by two labels together
            partner = (label + 1 + number % 5) % LABELS
            pressed_by.append(partner)
            catalogue_numbers.append(self._catalogue_number(partner, number))
        genre = int(self._genre[number])
        return Release(
            number=number,
            id=self.release_id(number),
            master_id=FIRST_ID + work * MASTER_ID_STEP if self._pressings[work] > 1 else None,
            work=work,
            title=self._titles[work],
            artists=self._credits(number),
            labels=tuple(self._label_names[n] for n in pressed_by),
            label_ids=tuple(FIRST_ID + n * LABEL_ID_STEP for n in pressed_by),
            catalogue_numbers=tuple(catalogue_numbers),
            kind=KINDS[self._kind[number]],
            year=int(self._year[number]),
            country=COUNTRIES[self._country[number]],
            genre=GENRE_NAMES[genre],
            styles=self._styles(genre, work),
            want=int(self._want[number]),
            have=int(self._have[number]),
            worth=float(self._worth[number]),
            rating=float(self._rating[number]),
        )

    def release_id(self, number: int) -> int:
        return FIRST_ID + number * RELEASE_ID_STEP

    def number_of(self, release_id: int) -> int | None:
        """The row of the release with this id; None if there is none."""
        number, rest = divmod(release_id - FIRST_ID, RELEASE_ID_STEP)
        return number if rest == 0 and 0 <= number < len(self) else None

    def pressings(self, master_id: int) -> list[int]:
        """The rows of all releases of a master, the first pressing first; empty if none."""
        work, rest = divmod(master_id - FIRST_ID, MASTER_ID_STEP)
        if rest or not 0 <= work < WORKS or self._pressings[work] < 2:
            return []
        first = int(self._first_pressing[work])
        return list(range(first, first + int(self._pressings[work])))

    def artist_of(self, number: int) -> str:
        """The artists' names alone; a shop sorts by them, and a whole release costs more."""
        return joined(self._credits(number))

    def artist(self, number: int, join: str = "") -> Credit:
        """An artist by number; numbers beyond the last begin again."""
        number %= ARTISTS
        return Credit(self._artist_names[number], FIRST_ID + number * ARTIST_ID_STEP, join)

    def title_of(self, number: int) -> str:
        return self._titles[int(self._work[number])]

    def label_of(self, number: int) -> str:
        return self._label_names[int(self._label[number])]

    def catalogue_number_of(self, number: int) -> str:
        return self._catalogue_number(int(self._label[number]), number)

    def popularity(self, genre_weights: Floats) -> Floats:
        """How likely each release is to lie in a shop that favours genres so; sums to 1."""
        weights = np.sqrt(self._have + 1.0) * genre_weights[self._genre]
        return np.asarray(weights / weights.sum(), dtype=np.float64)

    @property
    def worth(self) -> Floats:
        """(n,) what a fine copy of each release fetches, in US dollars."""
        return self._worth

    def _draw_labels(self, random: np.random.Generator) -> None:
        self._genre_of_label = np.sort(random.choice(len(GENRES), size=LABELS, p=GENRE_SHARES))
        self._label_quality = random.normal(size=LABELS)
        self._numbering = random.integers(6, size=LABELS)

    def _draw_artists(self, random: np.random.Generator) -> None:
        genre = random.choice(len(GENRES), size=ARTISTS, p=GENRE_SHARES)
        self._genre_of_artist = genre
        self._home = self._labels_of(random, genre)
        self._artist_quality = random.normal(size=ARTISTS)
        self._debut = np.clip(random.normal(GENRE_DEBUTS[genre], 12.0), 1950, 2022)
        # Three styles an artist works in, the common ones of the genre more often.
        styles_of_genre = np.array([len(styles) for styles in STYLE_NAMES])
        skewed = random.random((ARTISTS, 3)) ** 1.6
        self._palette = (skewed * styles_of_genre[genre][:, None]).astype(np.int64)

    def _draw_works(self, random: np.random.Generator) -> None:
        self._artist = (random.random(WORKS) ** 1.7 * ARTISTS).astype(np.int64)
        self._fame = random.normal(size=WORKS)
        self._pressings = 1 + np.minimum(
            random.poisson(np.exp(0.7 * self._fame - 0.8)), 24
        )  # the famous are pressed again and again
        self._first_pressing = np.cumsum(self._pressings) - self._pressings
        self._work_year = np.clip(
            self._debut[self._artist] + random.gamma(1.5, 4.0, size=WORKS), 1950, THIS_YEAR
        ).astype(np.int64)
        astray = random.random(WORKS) < 0.2  # one work in five is issued by another label
        self._issued_by = np.where(
            astray,
            self._labels_of(random, self._genre_of_artist[self._artist]),
            self._home[self._artist],
        )
        self._quality = (
            0.55 * self._artist_quality[self._artist]
            + 0.35 * self._label_quality[self._issued_by]
            + 0.65 * random.normal(size=WORKS)
        )
        self._style_count = random.choice(4, size=WORKS, p=(0.06, 0.44, 0.34, 0.16))

    def _draw_releases(self, random: np.random.Generator) -> None:
        self._work = np.repeat(np.arange(WORKS), self._pressings)
        n = len(self._work)
        is_first = np.zeros(n, dtype=bool)
        is_first[self._first_pressing] = True
        later = random.gamma(1.0, 12.0, size=n) + 1
        year = self._work_year[self._work] + np.where(is_first, 0, later).astype(np.int64)
        year = np.minimum(year, THIS_YEAR)
        elsewhere = (random.random(n) < 0.25) & ~is_first
        self._genre = self._genre_of_artist[self._artist[self._work]]
        self._label = np.where(
            elsewhere, self._labels_of(random, self._genre), self._issued_by[self._work]
        )
        self._kind = _kinds(random, year, is_first)
        self._year = np.where(random.random(n) < 0.02, 0, year)
        weights = np.array(list(COUNTRY_SHARES.values())) / sum(COUNTRY_SHARES.values())
        self._country = random.choice(len(COUNTRIES), size=n, p=weights)
        # A label numbers its releases in the order of their years.
        order = np.lexsort((year, self._label))
        starts = np.searchsorted(self._label[order], np.arange(LABELS))
        self._running_number = np.empty(n, dtype=np.int64)
        self._running_number[order] = np.arange(n) - starts[self._label[order]] + 1

    def _draw_community(self, random: np.random.Generator) -> None:
        n = len(self._work)
        quality = self._quality[self._work]
        have = np.exp(random.normal(3.7, 1.2, size=n) + 0.55 * self._fame[self._work])
        # What few have, more want: rarity and quality move the ratio, chance the rest.
        ratio = np.exp(
            -0.7 + 0.75 * quality - 0.30 * (np.log(have) - 3.7) + random.normal(0, 0.5, size=n)
        )
        self._have = np.where(random.random(n) < 0.004, 0, have).astype(np.int64)
        self._want = random.poisson(have * ratio).astype(np.int64)
        self._worth = np.exp(2.2 + 0.6 * np.log(ratio) + random.normal(0, 0.6, size=n)) + 0.6
        self._rating = np.clip(4.1 + 0.25 * quality + random.normal(0, 0.2, size=n), 1, 5)

    def _labels_of(self, random: np.random.Generator, genre: Integers) -> Integers:
        """A label for each artist or work, of its genre; big ones more often."""
        counts = np.bincount(self._genre_of_label, minlength=len(GENRES))
        starts = np.cumsum(counts) - counts
        skewed = random.random(len(genre)) ** 1.8
        found = starts[genre] + (skewed * counts[genre]).astype(np.int64)
        # A genre so rare that no label keeps to it borrows a neighbour's.
        return np.asarray(np.minimum(found, LABELS - 1), dtype=np.int64)

    def _catalogue_number(self, label: int, number: int) -> str:
        prefix = "".join(c for c in self._label_names[label] if c.isalnum())[:3].upper()
        running = int(self._running_number[number])
        side = "CD" if KINDS[self._kind[number]].parts[0].name == "CD" else "LP"
        match self._numbering[label]:
            case 0:
                return f"{prefix}-{running:03d}"
            case 1:
                return f"{prefix} {running}"
            case 2:
                return f"{prefix}{running:04d}{side}"
            case 3:
                return f"{label % 9 + 1} {31_000 + running * 7}-{running % 2 + 1}"
            case 4:
                return f"{prefix}-{running:03d} {side}"
            case _:
                return "none" if running % 11 == 0 else f"{prefix}.{running}"

    def _credits(self, number: int) -> tuple[Credit, ...]:
        work = int(self._work[number])
        artist = int(self._artist[work])
        if "Compilation" in KINDS[self._kind[number]].parts[0].descriptions and work % 2:
            return (VARIOUS,)
        if work % 25 == 3:  # some work with a guest
            return (self.artist(artist, "&"), self.artist(artist + 7))
        return (self.artist(artist),)

    def _styles(self, genre: int, work: int) -> tuple[str, ...]:
        names = STYLE_NAMES[genre]
        palette = self._palette[self._artist[work], : self._style_count[work]].tolist()
        return tuple(dict.fromkeys(names[n] for n in palette))

    @cached_property
    def _artist_names(self) -> list[str]:
        return words.artist_names(np.random.default_rng([self._seed, 1]), ARTISTS)

    @cached_property
    def _label_names(self) -> list[str]:
        return words.label_names(np.random.default_rng([self._seed, 2]), LABELS)

    @cached_property
    def _titles(self) -> list[str]:
        return words.titles(np.random.default_rng([self._seed, 3]), WORKS)


GENRE_NAMES = tuple(GENRES)
STYLE_NAMES = tuple(genre.styles for genre in GENRES.values())
GENRE_DEBUTS = np.array([genre.debut for genre in GENRES.values()])
GENRE_SHARES = np.array([genre.share for genre in GENRES.values()])
GENRE_SHARES /= GENRE_SHARES.sum()


def joined(artists: tuple[Credit, ...]) -> str:
    """Artists as one string: "Rotor & Kassette"."""
    return " ".join(f"{credit.name} {credit.join}".strip() for credit in artists)


@lru_cache(maxsize=2)
def catalogue(seed: int) -> Catalogue:
    """The catalogue of this seed; it never changes, so worlds of one seed share it."""
    return Catalogue(seed)


def _kinds(
    random: np.random.Generator, year: Integers, is_first: npt.NDArray[np.bool_]
) -> Integers:
    """A kind for each release that was made in its half of a decade, by weight."""
    kinds = np.zeros(len(year), dtype=np.int64)
    for lustrum in range(1950, THIS_YEAR + 1, 5):
        made = [k.weight * (k.first_year <= lustrum <= k.last_year) for k in KINDS]
        for first in (True, False):
            weights = np.array(
                [w * (kind.is_reissue != first) for w, kind in zip(made, KINDS, strict=True)]
            )
            if not weights.any():  # nothing was reissued yet
                weights = np.array(made)
            rows = np.flatnonzero((is_first == first) & (year // 5 * 5 == lustrum))
            kinds[rows] = random.choice(len(KINDS), size=len(rows), p=weights / weights.sum())
    return kinds
