"""`cratewise profile`: what an artist, a label or a style is like."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.opening import open_settings, opened_store
from cratewise.cli.output import AsJson, remark, tell, write_json

if TYPE_CHECKING:
    from cratewise.api.profiles import Profile, Share

EXAMPLES = (
    ("cratewise profile label Svek", "by the name, as Discogs writes it"),
    ('cratewise profile artist "Nirvana (2)"', "which is another than Nirvana"),
    ("cratewise profile artist 239", "by Discogs' number: in the whole catalogue too"),
    ('cratewise profile style "Deep House"', "and what goes with it"),
)

SHOWN = 8  # countries, and styles


class What(StrEnum):
    """Of what there are profiles."""

    ARTIST = "artist"
    LABEL = "label"
    STYLE = "style"


def profile(
    kind: Annotated[What, typer.Argument(help="Of what.", show_default=False)],
    name: Annotated[str, typer.Argument(help="Its name, or Discogs' number.", show_default=False)],
    *,
    as_json: AsJson = False,
) -> None:
    """Tell what an artist, a label or a style is like.

    How many releases, from when and where, in which styles, and how many want and have them.
    """
    from cratewise.api.profiles import answer_of
    from cratewise.catalog.profiles import count_profiles, known_profile
    from cratewise.clock import SystemClock

    settings = open_settings()
    with opened_store(settings) as engine:
        count_profiles(engine, settings.catalog, clock=SystemClock())
        told = answer_of(kind.value, known_profile(engine, settings.catalog, kind.value, name))
    if as_json:
        write_json(told)
        return
    tell(f"{told.name or name}{f' · {told.url}' if told.url else ''}")
    for where, one in (("Here", told.here), ("In the catalogue", told.at_large)):
        if one is not None:
            for line in _lines(where, one, "goes with" if told.kind == "style" else "styles"):
                tell(line)
    remark(told.notice)


def _lines(where: str, one: "Profile", styles: str) -> list[str]:
    years = f", {one.first_year}" if one.first_year else ""
    if one.last_year != one.first_year:
        years += f" to {one.last_year}"
    counts = f", {one.want:,} want and {one.have:,} have them" if one.want is not None else ""
    noun = "release" if one.releases == 1 else "releases"
    lines = [f"{where}: {one.releases:,} {noun}{years}{counts}."]
    for what, shares in (("countries", one.countries), (styles, one.styles)):
        if shares:
            lines.append(f"  {what}: {', '.join(map(_share, shares[:SHOWN]))}")
    return lines


def _share(one: "Share") -> str:
    return f"{one.name} {one.releases:,}"
