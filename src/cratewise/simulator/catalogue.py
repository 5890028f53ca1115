"""Every record that exists in the simulated world, by number and by Discogs' id.

The numbers of the market are drawn at once as columns (market.py); a release is put
together from them, and its words are made, when somebody asks for it.
"""

from functools import cached_property, lru_cache

import numpy as np

from . import market, words
from .formats import KINDS
from .market import ARTISTS, COUNTRIES, GENRE_NAMES, LABELS, STYLE_NAMES, WORKS, Floats
from .release import VARIOUS, Credit, Release, joined

# Ids are spread as thinly as real ones, so that most numbers belong to nothing.
RELEASE_ID_STEP = 211  # 110,000 releases reach 23 million
MASTER_ID_STEP = 53
ARTIST_ID_STEP = 607
LABEL_ID_STEP = 1_201
FIRST_ID = 1_009


class Catalogue:
    """All releases; a release's number is its row, 0 to n - 1."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        random = np.random.default_rng([seed, 0])
        self._labels = market.draw_labels(random)
        self._artists = market.draw_artists(random, self._labels)
        self._works = market.draw_works(random, self._labels, self._artists)
        self._pressings = market.draw_pressings(random, self._labels, self._artists, self._works)
        self._community = market.draw_community(random, self._works, self._pressings)

    def __len__(self) -> int:
        return len(self._pressings.work)

    def release(self, number: int) -> Release:
        """The release in this row."""
        pressing, community = self._pressings, self._community
        work = int(pressing.work[number])
        labels = self._issued_by(number)
        return Release(
            number=number,
            id=self.release_id(number),
            master_id=self._master_id(work),
            work=work,
            title=self._titles[work],
            artists=self._credits(number),
            labels=tuple(self._label_names[label] for label in labels),
            label_ids=tuple(FIRST_ID + label * LABEL_ID_STEP for label in labels),
            catalogue_numbers=tuple(self._catalogue_number(label, number) for label in labels),
            kind=KINDS[pressing.kind[number]],
            year=int(pressing.year[number]),
            country=COUNTRIES[pressing.country[number]],
            genre=GENRE_NAMES[pressing.genre[number]],
            styles=self._styles(int(pressing.genre[number]), work),
            want=int(community.want[number]),
            have=int(community.have[number]),
            worth=float(community.worth[number]),
            rating=float(community.rating[number]),
        )

    def release_id(self, number: int) -> int:
        """Discogs' id of the release in this row."""
        return FIRST_ID + number * RELEASE_ID_STEP

    def number_of(self, release_id: int) -> int | None:
        """The row of the release with this id; None if there is none."""
        number, rest = divmod(release_id - FIRST_ID, RELEASE_ID_STEP)
        return number if rest == 0 and 0 <= number < len(self) else None

    def pressings(self, master_id: int) -> list[int]:
        """The rows of all releases of a master, the first pressing first; empty if none."""
        work, rest = divmod(master_id - FIRST_ID, MASTER_ID_STEP)
        if rest or not 0 <= work < WORKS or self._master_id(work) is None:
            return []
        first = int(self._works.first_pressing[work])
        return list(range(first, first + int(self._works.pressings[work])))

    def artist(self, number: int, join: str = "") -> Credit:
        """An artist by number; numbers beyond the last begin again."""
        number %= ARTISTS
        return Credit(self._artist_names[number], FIRST_ID + number * ARTIST_ID_STEP, join)

    # A shop sorts by these four, and a whole release costs more.

    def artist_of(self, number: int) -> str:
        return joined(self._credits(number))

    def title_of(self, number: int) -> str:
        return self._titles[int(self._pressings.work[number])]

    def label_of(self, number: int) -> str:
        return self._label_names[int(self._pressings.label[number])]

    def catalogue_number_of(self, number: int) -> str:
        return self._catalogue_number(int(self._pressings.label[number]), number)

    # And stocks its shelves by these two.

    @property
    def worth(self) -> Floats:
        """(n,) what a fine copy of each release fetches, in US dollars."""
        return self._community.worth

    def popularity(self, genre_weights: Floats) -> Floats:
        """(n,) how likely each is to lie in a shop that favours genres so; sums to 1."""
        weights = np.sqrt(self._community.have + 1.0) * genre_weights[self._pressings.genre]
        return np.asarray(weights / weights.sum(), dtype=np.float64)

    def _master_id(self, work: int) -> int | None:
        # The only pressing of a work has no master.
        return FIRST_ID + work * MASTER_ID_STEP if self._works.pressings[work] > 1 else None

    def _issued_by(self, number: int) -> list[int]:
        label = int(self._pressings.label[number])
        if number % 12 == 7:  # some are issued by two labels together
            return [label, (label + 1 + number % 5) % LABELS]
        return [label]

    def _credits(self, number: int) -> tuple[Credit, ...]:
        work = int(self._pressings.work[number])
        artist = int(self._works.artist[work])
        is_compilation = "Compilation" in KINDS[self._pressings.kind[number]].parts[0].descriptions
        if is_compilation and work % 2:
            return (VARIOUS,)
        if work % 25 == 3:  # some work with a guest
            return (self.artist(artist, "&"), self.artist(artist + 7))
        return (self.artist(artist),)

    def _catalogue_number(self, label: int, number: int) -> str:
        prefix = self._prefixes[label]
        running = int(self._pressings.running_number[number])
        side = "CD" if KINDS[self._pressings.kind[number]].parts[0].name == "CD" else "LP"
        match self._labels.numbering[label]:
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

    def _styles(self, genre: int, work: int) -> tuple[str, ...]:
        names = STYLE_NAMES[genre]
        palette = self._artists.palette[self._works.artist[work]]
        drawn = palette[: self._works.style_count[work]].tolist()
        return tuple(dict.fromkeys(names[style] for style in drawn))

    @cached_property
    def _artist_names(self) -> list[str]:
        return words.artist_names(np.random.default_rng([self._seed, 1]), ARTISTS)

    @cached_property
    def _label_names(self) -> list[str]:
        return words.label_names(np.random.default_rng([self._seed, 2]), LABELS)

    @cached_property
    def _prefixes(self) -> list[str]:
        letters = ("".join(filter(str.isalnum, name)) for name in self._label_names)
        return [name[:3].upper() for name in letters]

    @cached_property
    def _titles(self) -> list[str]:
        return words.titles(np.random.default_rng([self._seed, 3]), WORKS)


@lru_cache(maxsize=2)
def catalogue(seed: int) -> Catalogue:
    """The catalogue of this seed; it never changes, so worlds of one seed share it."""
    return Catalogue(seed)
