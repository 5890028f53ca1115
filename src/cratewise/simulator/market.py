"""Draw the market as columns: labels, artists, works, their pressings, and who wants those.

Artists belong to a genre and, mostly, to one label; works belong to artists; labels
number what they issue.  So artist, label and catalogue number go together as they do
in reality.  A hidden quality, shared by all that an artist and a label do, decides how
many want a record for each one who has it, and so what it is worth.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .formats import KINDS
from .taxonomy import GENRES

ARTISTS = 16_000
LABELS = 3_000
WORKS = 70_000
FIRST_YEAR, THIS_YEAR = 1950, 2026

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
GENRE_NAMES = tuple(GENRES)
STYLE_NAMES = tuple(genre.styles for genre in GENRES.values())

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Labels(NamedTuple):
    """Columns of LABELS rows, ordered by genre."""

    genre: Integers
    quality: Floats  # hidden; a normal deviate
    numbering: Integers  # 0 to 5: how it writes its catalogue numbers


class Artists(NamedTuple):
    """Columns of ARTISTS rows."""

    genre: Integers
    home: Integers  # the label that issues most of the artist's works
    quality: Floats  # hidden; a normal deviate
    debut: Floats  # year
    palette: Integers  # (ARTISTS, 3) styles within the genre


class Works(NamedTuple):
    """Columns of WORKS rows, the works of prolific artists more."""

    artist: Integers
    label: Integers
    year: Integers
    fame: Floats  # a normal deviate
    quality: Floats  # hidden
    pressings: Integers  # how many, 1 to 25
    first_pressing: Integers  # the row of the first; the others follow it
    style_count: Integers  # 0 to 3 of the artist's palette


class Pressings(NamedTuple):
    """Columns of as many rows as there are releases, those of one work together."""

    work: Integers
    genre: Integers
    label: Integers
    kind: Integers
    year: Integers  # 0: unknown
    country: Integers
    running_number: Integers  # within the label, from 1, by year


class Community(NamedTuple):
    """Columns beside those of the pressings."""

    want: Integers
    have: Integers
    worth: Floats  # US dollars for a fine copy
    rating: Floats  # 1 to 5


def draw_labels(random: np.random.Generator) -> Labels:
    shares = np.array([genre.share for genre in GENRES.values()])
    return Labels(
        genre=np.sort(random.choice(len(GENRES), size=LABELS, p=shares / shares.sum())),
        quality=random.normal(size=LABELS),
        numbering=random.integers(6, size=LABELS),
    )


def draw_artists(random: np.random.Generator, labels: Labels) -> Artists:
    shares = np.array([genre.share for genre in GENRES.values()])
    debuts = np.array([genre.debut for genre in GENRES.values()])
    styles = np.array([len(genre.styles) for genre in GENRES.values()])
    genre = random.choice(len(GENRES), size=ARTISTS, p=shares / shares.sum())
    home = _labels_for(random, labels, genre)
    quality = random.normal(size=ARTISTS)
    debut = np.clip(random.normal(debuts[genre], 12.0), FIRST_YEAR, THIS_YEAR - 4)
    skewed = random.random((ARTISTS, 3)) ** 1.6  # the common styles of a genre more often
    return Artists(genre, home, quality, debut, (skewed * styles[genre][:, None]).astype(np.int64))


def draw_works(random: np.random.Generator, labels: Labels, artists: Artists) -> Works:
    artist = (random.random(WORKS) ** 1.7 * ARTISTS).astype(np.int64)
    fame = random.normal(size=WORKS)
    # The famous are pressed again and again.
    pressings = 1 + np.minimum(random.poisson(np.exp(0.7 * fame - 0.8)), 24)
    year = artists.debut[artist] + random.gamma(1.5, 4.0, size=WORKS)
    is_astray = random.random(WORKS) < 0.2  # one work in five is issued by another label
    elsewhere = _labels_for(random, labels, artists.genre[artist])
    label = np.where(is_astray, elsewhere, artists.home[artist])
    chance = random.normal(size=WORKS)
    return Works(
        artist=artist,
        label=label,
        year=np.clip(year, FIRST_YEAR, THIS_YEAR).astype(np.int64),
        fame=fame,
        quality=0.55 * artists.quality[artist] + 0.35 * labels.quality[label] + 0.65 * chance,
        pressings=pressings,
        first_pressing=np.cumsum(pressings) - pressings,
        style_count=random.choice(4, size=WORKS, p=(0.06, 0.44, 0.34, 0.16)),
    )


def draw_pressings(
    random: np.random.Generator, labels: Labels, artists: Artists, works: Works
) -> Pressings:
    work = np.repeat(np.arange(WORKS), works.pressings)
    n = len(work)
    is_first = np.zeros(n, dtype=bool)
    is_first[works.first_pressing] = True
    later = np.where(is_first, 0, random.gamma(1.0, 12.0, size=n) + 1).astype(np.int64)
    year = np.minimum(works.year[work] + later, THIS_YEAR)
    genre = artists.genre[works.artist[work]]
    is_licensed = (random.random(n) < 0.25) & ~is_first
    label = np.where(is_licensed, _labels_for(random, labels, genre), works.label[work])
    kind = _kinds(random, year, is_first)
    is_dated = random.random(n) >= 0.02
    shares = np.array(list(COUNTRY_SHARES.values()))
    country = random.choice(len(COUNTRIES), size=n, p=shares / shares.sum())
    return Pressings(
        work=work,
        genre=genre,
        label=label,
        kind=kind,
        year=np.where(is_dated, year, 0),
        country=country,
        running_number=_running_numbers(label, year),
    )


def draw_community(random: np.random.Generator, works: Works, pressings: Pressings) -> Community:
    n = len(pressings.work)
    quality, fame = works.quality[pressings.work], works.fame[pressings.work]
    have = np.exp(random.normal(3.7, 1.2, size=n) + 0.55 * fame)
    # What few have, more want: rarity and quality move the ratio, chance the rest.
    rarity = 3.7 - np.log(have)
    ratio = np.exp(-0.7 + 0.75 * quality + 0.30 * rarity + random.normal(0, 0.5, size=n))
    is_owned = random.random(n) >= 0.004
    return Community(
        want=random.poisson(have * ratio).astype(np.int64),
        have=np.where(is_owned, have, 0).astype(np.int64),
        worth=np.exp(2.2 + 0.6 * np.log(ratio) + random.normal(0, 0.6, size=n)) + 0.6,
        rating=np.clip(4.1 + 0.25 * quality + random.normal(0, 0.2, size=n), 1, 5),
    )


def _labels_for(random: np.random.Generator, labels: Labels, genre: Integers) -> Integers:
    """A label of the genre for each row; the big ones more often."""
    counts = np.bincount(labels.genre, minlength=len(GENRES))
    starts = np.cumsum(counts) - counts
    skewed = random.random(len(genre)) ** 1.8
    found = starts[genre] + (skewed * counts[genre]).astype(np.int64)
    # A genre so rare that no label keeps to it borrows a neighbour's.
    return np.asarray(np.minimum(found, LABELS - 1), dtype=np.int64)


def _kinds(random: np.random.Generator, year: Integers, is_first: Flags) -> Integers:
    """A kind for each release that was made in its half of a decade, by weight."""
    kinds = np.zeros(len(year), dtype=np.int64)
    for lustrum in range(FIRST_YEAR, THIS_YEAR + 1, 5):
        made = np.array([k.weight * (k.first_year <= lustrum <= k.last_year) for k in KINDS])
        for first in (True, False):
            weights = made * [kind.is_reissue != first for kind in KINDS]
            if not weights.any():  # nothing was reissued yet
                weights = made
            rows = np.flatnonzero((is_first == first) & (year // 5 * 5 == lustrum))
            kinds[rows] = random.choice(len(KINDS), size=len(rows), p=weights / weights.sum())
    return kinds


def _running_numbers(label: Integers, year: Integers) -> Integers:
    """A label numbers its releases from 1, in the order of their years."""
    order = np.lexsort((year, label))
    starts = np.searchsorted(label[order], np.arange(LABELS))
    numbers = np.empty(len(label), dtype=np.int64)
    numbers[order] = np.arange(len(label)) - starts[label[order]] + 1
    return numbers
