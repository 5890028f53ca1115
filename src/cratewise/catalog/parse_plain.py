"""Parse a block of a dump with the standard library: slower, and on every platform."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

import msgspec

from cratewise.catalog.parsed import (
    CONTROLS,
    FIRST_YEAR,
    YOUTUBE,
    Credits,
    Parsed,
    Parser,
    Row,
)

# A third of a dump's bytes, of which nothing is kept.
_UNREAD = re.compile(rb"<notes>[^<]*</notes>|<(companies|images)>.*?</\1>", re.DOTALL)
_IN_VIDEO = re.compile(rb"(<video [^>]*)(?<!/)>.*?</video>", re.DOTALL)
# There a tag may stand inside of text, so such a block is parsed whole.
_NOT_TO_BE_CUT = (b"<![CDATA[", b"<!--")
_CONTROLS = re.compile(CONTROLS)
_YEAR = re.compile(r"[0-9]{4}")
_encode = msgspec.json.Encoder().encode


def plain_parser(*, with_credits: bool) -> Parser:
    """A parser that gives the rows of parse_fast.py."""

    def parse(xml: bytes) -> Parsed:
        is_safe = not any(mark in xml for mark in _NOT_TO_BE_CUT)
        if is_safe:
            xml = _IN_VIDEO.sub(rb"\1/>", _UNREAD.sub(b"", xml))
        releases = list(ET.fromstring(b"<releases>" + xml + b"</releases>"))  # noqa: S314
        rows = [_row(release) for release in releases]
        return Parsed(rows, _credits(releases) if with_credits else None)

    return parse


def _row(release: Element) -> Row:
    released = _text(release.findtext("released"))
    year = int(released[:4]) if _YEAR.fullmatch(released[:4]) else 0
    number = release.get("id")
    return (
        int(number) if number else None,
        _whole(release.findtext("master_id")) or None,
        _text(release.findtext("title")),
        _packed(_artists(release)),
        _packed(
            [_whole(one.get("id")), _text(one.get("name")), _text(one.get("catno"))]
            for one in _inside(release, "labels")
        ),
        _packed(_formats(release)),
        _packed(_texts(release, "genres")),
        _packed(_texts(release, "styles")),
        _text(release.findtext("country")) or None,
        released or None,
        year if year >= FIRST_YEAR else None,
        _packed(
            value
            for one in _inside(release, "identifiers")
            if one.get("type") == "Barcode" and (value := _text(one.get("value")))
        ),
        _packed(
            source.removeprefix(YOUTUBE)
            for one in _inside(release, "videos")
            if (source := _text(one.get("src")))
        ),
    )


def _artists(release: Element) -> Iterator[list[object]]:
    for one in _inside(release, "artists"):
        name, join = _text(one.findtext("name")), _text(one.findtext("join"))
        yield [_whole(one.findtext("id")), name, join]


def _formats(release: Element) -> Iterator[list[object]]:
    for one in _inside(release, "formats"):
        told = [_text(one.get(name)) for name in ("name", "qty", "text")]
        yield [*told, _texts(one, "descriptions")]


def _credits(releases: list[Element]) -> Credits:
    import numpy as np

    told: list[tuple[int, int, str, str]] = []
    for row, release in enumerate(releases):
        for place in (release, *_inside(release, "tracklist")):
            told += (
                (
                    row,
                    _whole(one.findtext("id")),
                    _text(one.findtext("name")),
                    _text(one.findtext("role")),
                )
                for one in _inside(place, "extraartists")
            )
    codes: dict[str, int] = {}
    roles = [codes.setdefault(role, len(codes)) for *_, role in told]
    return Credits(
        row=np.array([row for row, *_ in told], dtype=np.int64),
        artist=np.array([artist for _, artist, _, _ in told], dtype=np.int64),
        name=np.array([name for _, _, name, _ in told], dtype=object),
        role=np.array(roles, dtype=np.int64),
        roles=list(codes),
    )


def _inside(element: Element, tag: str) -> Iterable[Element]:
    # `find` of one tag runs in C; a path such as "artists/artist" does not.
    found = element.find(tag)
    return () if found is None else found


def _texts(element: Element, tag: str) -> list[str]:
    return [text for one in _inside(element, tag) if (text := _text(one.text))]


def _packed(items: Iterable[object]) -> str | None:
    packed = _encode(list(items)).decode()
    return None if packed == "[]" else packed


def _text(told: str | None) -> str:
    if not told or told.isprintable():
        return told or ""
    return _CONTROLS.sub(" ", told)


def _whole(told: str | None) -> int:
    return int(told) if told else 0
