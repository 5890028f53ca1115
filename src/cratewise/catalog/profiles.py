"""What labels, artists and styles are like, counted over the kept releases as these change.

A release counts for its artists, its labels and its styles.  What it counted for last is
kept (`Share`): when it changes, that is taken out and the new put in, so that a look
costs as much as changed since the last one.

Who they are is Discogs' number wherever the catalogue, or Discogs, told it: "Nirvana (2)"
is another artist than "Nirvana".  Else it is the name as the listing writes it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cratewise.catalog.lookup import Catalog, open_catalog
from cratewise.clock import Clock
from cratewise.errors import CatalogError, UnknownProfile
from cratewise.store import profiles as kept
from cratewise.store.engine import alone_with, reading, writing
from cratewise.store.facts import ToldFacts
from cratewise.store.profiles import Kind, Profile, Share, Source

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

AT_ONCE = 1_000  # releases in one transaction
# What was noted before a look may be committed after it: so far back is looked again.
LATE = timedelta(minutes=10)
MOST_READ = 5_000  # releases of an artist or a label that a catalogue is asked about
OUTLINED = 20  # where it is asked about thousands of artists

_ids = msgspec.json.Decoder(list[int])
_names = msgspec.json.Decoder(list[str])
Named = Mapping[int, str]


def count_profiles(
    engine: "Engine",
    catalog: Path | None,
    *,
    clock: Clock,
    should_stop: Callable[[], bool] = lambda: False,
) -> int:
    """Bring all profiles up to date; of how many releases something had changed.

    Stopped or killed it goes on with what is not counted yet as it is.

    catalog  tells who is who where several are named on one sleeve; None, or none there:
             those who have a number and no other release stay without a name.
    """
    after = changed = 0
    while not should_stop():
        with reading(engine) as db:
            ids = kept.to_count(db, LATE, after, limit=AT_ONCE)
            told = kept.sources(db, ids)
        if not ids:
            break
        after = ids[-1]
        names = _names_in(catalog, told)
        shares = {one.id: share_of(one, names) for one in told}
        with writing(engine) as db:
            alone_with(db, "profiles")  # two that count at once would count twice
            changed += _count(db, shares, clock)
    return changed


def profile_in_catalog(catalog: Catalog, kind: Kind, number: int) -> Profile:
    """What an artist or a label is like over the whole catalogue, without want and have.

    Of more than 5,000 releases as many, evenly chosen, tell years, countries and styles.
    """
    ids = catalog.of_artist(number) if kind == "artist" else catalog.of_label(number)
    some = ids[:: 1 + len(ids) // MOST_READ]
    profile = Profile(kind=kind, key=str(number), name="")
    years, countries, styles = Counter[str](), Counter[str](), Counter[str]()
    for told in catalog.descriptions(some):
        years.update([str(told.year)] if told.year else [])
        countries.update([told.country] if told.country else [])
        styles.update(_names.decode(told.styles or "[]"))
    if some:
        (facts,) = catalog.releases(some[:1]).values()
        named = facts.artists if kind == "artist" else facts.labels
        profile.name = next((one.name for one in named if one.id == number), "")
    profile.releases = len(ids)
    profile.years, profile.countries, profile.styles = dict(years), dict(countries), dict(styles)
    return profile


class Outline(NamedTuple):
    """An artist or a label over the whole catalogue, told by a few of its releases.

    releases  how many there are; want, have: nobody tells.
    years, countries, styles  how many by each, as far as those few tell.
    """

    name: str
    releases: int
    years: Mapping[str, float]
    countries: Mapping[str, float]
    styles: Mapping[str, float]
    want: None = None
    have: None = None


def outlines(catalog: Catalog, known: Sequence[Profile]) -> list[Outline]:
    """What the catalogue tells of those of these artists, or labels, that it knows more of."""
    numbers = [one for one in known if one.key.isdecimal()]
    found: list[tuple[Profile, int, list[int]]] = []
    for one in numbers:
        find = catalog.of_artist if one.kind == "artist" else catalog.of_label
        ids = find(int(one.key))
        if len(ids) > one.releases:
            found.append((one, len(ids), ids[:: 1 + len(ids) // OUTLINED]))
    wanted = {number for _, _, some in found for number in some}
    told = {one.id: one for one in catalog.descriptions(sorted(wanted))}
    return [
        _outline(one.name, count, [told[number] for number in some if number in told])
        for one, count, some in found
    ]


def _outline(name: str, releases: int, some: Sequence[ToldFacts]) -> Outline:
    each = releases / max(1, len(some))  # each stands for as many
    years, countries, styles = Counter[str](), Counter[str](), Counter[str]()
    for told in some:
        years.update([str(told.year)] if told.year else [])
        countries.update([told.country] if told.country else [])
        styles.update(set(_names.decode(told.styles or "[]")))

    def of_all(counts: Counter[str]) -> dict[str, float]:
        return {what: count * each for what, count in counts.items()}

    return Outline(name, releases, of_all(years), of_all(countries), of_all(styles))


def share_of(source: Source, names: Mapping[int, tuple[Named, Named]]) -> Share:
    """What a release counts for.

    names  of its artists and labels by number, for releases with several of them.
    """
    artists, labels = names.get(source.id, ({}, {}))
    return Share(
        artists=_who(source.artist, source.artist_ids, artists),
        labels=_who(source.label, source.label_ids, labels),
        styles=tuple(dict.fromkeys(_names.decode(source.styles or "[]"))),
        year=source.year,
        country=source.country,
        want=source.want or 0,
        have=source.have or 0,
    )


def _who(text: str, packed: str | None, names: Named) -> tuple[tuple[str, str], ...]:
    numbers = [number for number in dict.fromkeys(_ids.decode(packed or "[]")) if number]
    if not numbers:
        return ((f"={text}", text),) if text else ()
    if len(numbers) == 1 and not names:
        return ((str(numbers[0]), text),)
    return tuple((str(number), names.get(number, "")) for number in numbers)


def _names_in(catalog: Path | None, told: Sequence[Source]) -> Mapping[int, tuple[Named, Named]]:
    """Who is who on sleeves with several artists or labels, by release."""
    several = [
        one.id for one in told if "," in (one.artist_ids or "") or "," in (one.label_ids or "")
    ]
    if not several or catalog is None or not catalog.exists():
        return {}
    try:
        with open_catalog(catalog) as opened:
            found = opened.releases(several)
    except CatalogError:
        return {}  # describing tells what is wrong with it
    return {
        number: (
            {one.id: one.name for one in facts.artists},
            {one.id: one.name for one in facts.labels},
        )
        for number, facts in found.items()
    }


def _count(db: "Connection", shares: Mapping[int, Share], clock: Clock) -> int:
    now = clock.now()
    before = kept.shares_of(db, list(shares))
    new = {number: one for number, one in shares.items() if before.get(number) != one}
    changes = [(before[number], -1) for number in new if number in before]
    changes += [(share, 1) for share in new.values()]
    for kind in kept.KINDS:
        _apply(db, kind, changes, clock)
    kept.keep_shares(db, shares, now)
    return len(new)


def _apply(
    db: "Connection", kind: Kind, changes: Sequence[tuple[Share, int]], clock: Clock
) -> None:
    touched = {key for share, _ in changes for key, _ in _those(share, kind)}
    if not touched:
        return
    found = kept.profiles_of(db, kind, touched)
    for share, sign in changes:
        for key, name in _those(share, kind):
            profile = found.setdefault(key, Profile(kind=kind, key=key, name=name))
            _add(profile, share, sign)
            profile.name = name if sign > 0 and name else profile.name
    kept.keep_profiles(db, found.values(), clock.now())


def _those(share: Share, kind: Kind) -> Iterator[tuple[str, str]]:
    if kind == "style":
        yield from ((style, style) for style in share.styles)
    else:
        yield from share.artists if kind == "artist" else share.labels


def _add(profile: Profile, share: Share, sign: int) -> None:
    profile.releases += sign
    profile.want += sign * share.want
    profile.have += sign * share.have
    _count_one(profile.years, share.year and str(share.year), sign)
    _count_one(profile.countries, share.country, sign)
    for style in share.styles:
        if not (profile.kind == "style" and style == profile.key):
            _count_one(profile.styles, style, sign)


def _count_one(counts: dict[str, int], what: str | int | None, sign: int) -> None:
    if what:
        counts[str(what)] = counts.get(str(what), 0) + sign
        if not counts[str(what)]:
            del counts[str(what)]


class Known(NamedTuple):
    """What is known of an artist, a label or a style; at least one of the two.

    here     counted over the releases that are kept here.
    at_large  over the whole catalogue; None of a style, and where no catalogue tells it.
    """

    here: Profile | None
    at_large: Profile | None

    @property
    def name(self) -> str:
        return next((one.name for one in self if one is not None and one.name), "")


def known_profile(engine: "Engine", catalog: Path | None, kind: Kind, asked: str) -> Known:
    """What an artist, a label or a style is like.

    asked  Discogs' number of an artist or label, or a name as Discogs writes it; of several
           of that name the one with most releases here.

    Raises UnknownProfile, CatalogError.
    """
    is_number = kind != "style" and asked.isascii() and asked.isdecimal()
    with reading(engine) as db:
        if is_number:
            here = kept.profiles_of(db, kind, [asked]).get(asked)
        else:
            here = next(iter(kept.profiles_named(db, kind, asked)), None)
    number = asked if is_number else here.key if here else ""
    at_large = _at_large(catalog, kind, int(number)) if number.isdecimal() else None
    if here is None and at_large is None:
        raise UnknownProfile(kind, asked, [] if is_number else _similar(engine, kind, asked))
    return Known(here, at_large)


def _similar(engine: "Engine", kind: Kind, asked: str) -> list[str]:
    """Names that are spelt much like what was asked for, the nearest first."""
    key = asked.strip().casefold()
    # Of names that are shorter, or longer, too few letters can be the same.
    least, most = len(key) * 3 // 7, len(key) * 7 // 3 + 1
    with reading(engine) as db:
        names = kept.names_as_long_as(db, kind, least=least, most=most)
    by_key = {name.casefold(): name for name in reversed(names)}
    return [by_key[near] for near in get_close_matches(key, by_key, n=3)]


def _at_large(catalog: Path | None, kind: Kind, number: int) -> Profile | None:
    if kind == "style" or catalog is None or not catalog.exists():
        return None
    with open_catalog(catalog) as opened:
        profile = profile_in_catalog(opened, kind, number)
    return profile if profile.releases else None
