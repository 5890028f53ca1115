"""The monthly dump of the simulated world: releases and masters as Discogs writes them.

Served where Discogs serves its own, outside of any quota:

    /?download=data/2026/discogs_20261001_releases.xml.gz, and ..._CHECKSUM.txt
"""

import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from .exchange import NOT_FOUND, Answer, Asked
from .printed import printed
from .release import Credit, Release
from .world import World

NAME = re.compile(r"data/\d{4}/discogs_(\d{8})_(releases\.xml\.gz|masters\.xml\.gz|CHECKSUM\.txt)")
_RANGE = re.compile(r"bytes=(\d+)-")


def dump_of(world: World, kind: str = "releases") -> bytes:
    """The dump in gz.

    kind  'releases' or 'masters'.

    It holds what is on sale, wanted or owned when it is first asked for, with all other
    pressings of it: the rest of the catalogue would take a quarter of a minute to write.
    """
    return _dump(world, kind)


def answer(world: World, asked: Asked) -> Answer:
    """GET /?download=...; goes on behind the byte that `Range` names."""
    name = NAME.fullmatch(asked.query.get("download", ""))
    if name is None or (world.dump_days is not None and name[1] not in world.dump_days):
        return NOT_FOUND.answer
    if name[2] == "CHECKSUM.txt":
        return Answer(200, _sums(world, name[1]).encode(), content_type="text/plain")
    body = dump_of(world, name[2].partition(".")[0])
    begin = _RANGE.fullmatch(asked.headers.get("Range", ""))
    if begin is None:
        return Answer(200, body, content_type="application/gzip")
    if int(begin[1]) >= len(body):
        return Answer(416)
    headers = {"Content-Range": f"bytes {begin[1]}-{len(body) - 1}/{len(body)}"}
    return Answer(206, body[int(begin[1]) :], headers, content_type="application/gzip")


@lru_cache(maxsize=4)
def _dump(world: World, kind: str) -> bytes:
    releases = [world.catalogue.release(row) for row in _rows(world)]
    records = _releases(world, releases) if kind == "releases" else _masters(releases)
    text = f"<{kind}>\n" + "\n".join(records) + f"\n</{kind}>\n"
    return gzip.compress(text.encode(), compresslevel=1, mtime=0)


def _rows(world: World) -> list[int]:
    """Rows of the catalogue, ascending, as ids are in a dump."""
    rows = set(world.rows_in_use())
    for row in list(rows):
        master = world.catalogue.release(row).master_id
        rows.update(world.catalogue.pressings(master) if master else ())
    return sorted(rows)


def _sums(world: World, day: str) -> str:
    return "".join(
        f"{hashlib.sha256(dump_of(world, kind)).hexdigest()} *discogs_{day}_{kind}.xml.gz\n"
        for kind in ("masters", "releases")
    )


def _masters(releases: Iterable[Release]) -> Iterator[str]:
    first: dict[int, Release] = {}
    for release in releases:
        if release.master_id is not None:
            first.setdefault(release.master_id, release)
    for number, release in sorted(first.items()):
        yield (
            f'<master id="{number}"><main_release>{release.id}</main_release>'
            f"<artists>{_artists(release.artists)}</artists>{_kinds(release)}"
            f"<year>{release.year}</year><title>{escape(release.title)}</title>"
            "<data_quality>Correct</data_quality></master>"
        )


def _releases(world: World, releases: Iterable[Release]) -> Iterator[str]:
    for release in releases:
        rest = printed(world.catalogue, release, with_tracks=False)
        barcode = (
            f'<identifier type="Barcode" description="" value="{rest.barcode}" />'
            if rest.barcode
            else ""
        )
        videos = "".join(
            f'<video src="https://www.youtube.com/watch?v={one}" duration="200" embed="true" />'
            for one in rest.video_ids
        )
        yield (
            f'<release id="{release.id}"><artists>{_artists(release.artists)}</artists>'
            f"<title>{escape(release.title)}</title><labels>{_labels(release)}</labels>"
            f"<extraartists>{_credits(rest.credits)}</extraartists>"
            f"<formats>{_formats(release)}</formats>{_kinds(release)}"
            f"<country>{escape(release.country)}</country><released>{rest.released}</released>"
            f"<notes>{escape(rest.notes)}</notes><data_quality>Correct</data_quality>"
            f'<master_id is_main_release="false">{release.master_id or 0}</master_id>'
            f"<identifiers>{barcode}</identifiers><videos>{videos}</videos></release>"
        )


def _artists(artists: Iterable[Credit]) -> str:
    return "".join(
        f"<artist><id>{one.id}</id><name>{escape(one.name)}</name>"
        + (f"<join>{escape(one.join)}</join>" if one.join else "")
        + "</artist>"
        for one in artists
    )


def _credits(credits: Iterable[tuple[str, Credit]]) -> str:
    return "".join(
        f"<artist><id>{one.id}</id><name>{escape(one.name)}</name><role>{role}</role></artist>"
        for role, one in credits
    )


def _labels(release: Release) -> str:
    told = zip(release.labels, release.catalogue_numbers, release.label_ids, strict=True)
    return "".join(
        f'<label name={quoteattr(name)} catno={quoteattr(catno)} id="{number}" />'
        for name, catno, number in told
    )


def _formats(release: Release) -> str:
    return "".join(
        f'<format name="{part.name}" qty="{part.quantity}" text={quoteattr(part.text)}>'
        "<descriptions>"
        + "".join(f"<description>{escape(word)}</description>" for word in part.descriptions)
        + "</descriptions></format>"
        for part in release.kind.parts
    )


def _kinds(release: Release) -> str:
    styles = "".join(f"<style>{escape(style)}</style>" for style in release.styles)
    genre = f"<genres><genre>{escape(release.genre)}</genre></genres>"
    return f"{genre}<styles>{styles}</styles>"
