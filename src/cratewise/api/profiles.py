"""Profiles: what an artist, a label or a style is like, here and over the whole catalogue."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import PathParameter

from cratewise.api.installation import Here
from cratewise.api.problems import told
from cratewise.catalog.profiles import Known, known_profile
from cratewise.notices import DATA_NOTICE, SITE
from cratewise.store.profiles import Kind
from cratewise.store.profiles import Profile as Counted

MOST_NAMES = 50  # countries, or styles, of one profile

Number = Annotated[int, PathParameter(ge=1, le=2**32 - 1)]
Style = Annotated[str, PathParameter(min_length=1, max_length=100)]


class Share(msgspec.Struct, frozen=True):
    """How many releases are of a year, of a country or in a style."""

    name: str
    releases: int


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Counted over some releases.

    want, have         members of Discogs, over all of them; null: over a catalogue, which does
                       not tell.
    years              upwards; of the others the most frequent first, 50 at most.
    styles             of a style: those that go with it.
    """

    releases: int
    want: int | None
    have: int | None
    first_year: int | None
    last_year: int | None
    years: list[Share]
    countries: list[Share]
    styles: list[Share]


class WhatItIsLike(msgspec.Struct, frozen=True, kw_only=True):
    """An artist, a label or a style.

    id       Discogs' own; null: a style, or someone of whom no number is known.
    here     over the releases that are kept here: listed, wanted or owned; null: none.
    at_large  over the whole catalogue of this machine; null: it is not there, or tells nothing.
    """

    kind: Kind
    id: int | None
    name: str
    here: Profile | None
    at_large: Profile | None
    url: str | None
    notice: str = DATA_NOTICE


@get("/artists/{artist_id:int}", tags=["catalog"], operation_id="read_artist",
     sync_to_thread=True, responses=told(404, 409, 503))  # fmt: skip
def read_artist(here: Here, artist_id: Number) -> WhatItIsLike:
    """What an artist is like, by Discogs' number."""
    return answer_of(
        "artist", known_profile(here.engine, here.settings.catalog, "artist", str(artist_id))
    )


@get("/labels/{label_id:int}", tags=["catalog"], operation_id="read_label",
     sync_to_thread=True, responses=told(404, 409, 503))  # fmt: skip
def read_label(here: Here, label_id: Number) -> WhatItIsLike:
    """What a label is like, by Discogs' number."""
    return answer_of(
        "label", known_profile(here.engine, here.settings.catalog, "label", str(label_id))
    )


@get("/styles/{style:str}", tags=["catalog"], operation_id="read_style",
     sync_to_thread=True, responses=told(404, 503))  # fmt: skip
def read_style(here: Here, style: Style) -> WhatItIsLike:
    """What a style is like, by its name as Discogs writes it, and what goes with it."""
    return answer_of("style", known_profile(here.engine, None, "style", style))


def answer_of(kind: Kind, known: Known) -> WhatItIsLike:
    """As the API and `--json` tell it."""
    key = next(one.key for one in known if one is not None)
    number = int(key) if kind != "style" and key.isdecimal() else None
    return WhatItIsLike(
        kind=kind,
        id=number,
        name=known.name,
        here=_profile(known.here, has_counts=True),
        at_large=_profile(known.at_large, has_counts=False),
        url=f"{SITE}/{kind}/{number}" if number else None,
    )


def _profile(one: Counted | None, *, has_counts: bool) -> Profile | None:
    if one is None:
        return None
    years = sorted(one.years)
    return Profile(
        releases=one.releases,
        want=one.want if has_counts else None,
        have=one.have if has_counts else None,
        first_year=int(years[0]) if years else None,
        last_year=int(years[-1]) if years else None,
        years=[Share(year, one.years[year]) for year in years],
        countries=_most(one.countries),
        styles=_most(one.styles),
    )


def _most(counts: Mapping[str, int]) -> list[Share]:
    order = sorted(counts, key=lambda name: (-counts[name], name))
    return [Share(name, counts[name]) for name in order[:MOST_NAMES]]
