"""Parse a block of a dump with the standard library: slower, and on every platform."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from cratewise.catalog.parsed import Credits, Links, Parsed, Parser, clean, year_in
from cratewise.catalog.told import LINE, PART, WORD, YOUTUBE, Outline, Told

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A third of a dump's bytes, of which nothing is kept.
_UNREAD = re.compile(rb"<notes>[^<]*</notes>|<(companies|images)>.*?</\1>", re.DOTALL)
_IN_VIDEO = re.compile(rb"(<video [^>]*)(?<!/)>.*?</video>", re.DOTALL)
# There a tag may stand inside of text, so such a block is parsed whole.
_NOT_TO_BE_CUT = (b"<![CDATA[", b"<!--")


def plain_parser(*, with_credits: bool) -> Parser:
    """A parser that gives the columns of parse_fast.py."""

    def parse(xml: bytes) -> Parsed:
        is_safe = not any(mark in xml for mark in _NOT_TO_BE_CUT)
        if is_safe:
            xml = _IN_VIDEO.sub(rb"\1/>", _UNREAD.sub(b"", xml))
        releases = list(ET.fromstring(xml))  # noqa: S314
        return _parsed(releases, _credits(releases) if with_credits else None)

    return parse


def _parsed(releases: list[Element], credits: Credits | None) -> Parsed:
    artists = [
        [_whole(one.findtext("id")) for one in _inside(release, "artists")] for release in releases
    ]
    labels = [[_whole(one.get("id")) for one in _inside(release, "labels")] for release in releases]
    masters = [_whole(release.findtext("master_id")) for release in releases]
    years = [year_in(clean(release.findtext("released"))) for release in releases]
    rows = zip(releases, masters, years, artists, labels, strict=True)
    return Parsed(
        id=_numbers(_whole(release.get("id")) for release in releases),
        outline=[_outline(*one).text for one in rows],
        told=[_told(release).text for release in releases],
        master_id=_numbers(masters),
        year=_numbers(years),
        artists=_links(artists),
        labels=_links(labels),
        credits=credits,
    )


def _outline(
    release: Element, master: int, year: int, artist_ids: list[int], label_ids: list[int]
) -> Outline:
    return Outline(
        master_id=master,
        year=year,
        country=clean(release.findtext("country")),
        genres=_texts(release, "genres"),
        styles=_texts(release, "styles"),
        artist_ids=artist_ids,
        label_ids=label_ids,
    )


def _told(release: Element) -> Told:
    addresses = (clean(one.get("src")) for one in _inside(release, "videos"))
    return Told(
        released=clean(release.findtext("released")),
        title=clean(release.findtext("title")),
        artists=LINE.join(
            PART.join((clean(one.findtext("name")), clean(one.findtext("join"))))
            for one in _inside(release, "artists")
        ),
        labels=LINE.join(
            PART.join((clean(one.get("name")), clean(one.get("catno"))))
            for one in _inside(release, "labels")
        ),
        formats=LINE.join(map(_format, _inside(release, "formats"))),
        barcodes=LINE.join(filter(None, _barcodes(release))),
        videos=LINE.join(one.removeprefix(YOUTUBE) for one in addresses if one),
    )


def _format(one: Element) -> str:
    told = [clean(one.get(name)) for name in ("name", "qty", "text")]
    return PART.join([*told, WORD.join(_texts(one, "descriptions"))])


def _barcodes(release: Element) -> Iterator[str]:
    for one in _inside(release, "identifiers"):
        if one.get("type") == "Barcode":
            yield clean(one.get("value"))


def _credits(releases: list[Element]) -> Credits:
    credited = [(row, one) for row, release in enumerate(releases) for one in _credited(release)]
    credited += (
        (row, one)
        for row, release in enumerate(releases)
        for track in _inside(release, "tracklist")
        for one in _credited(track)
    )
    codes: dict[str, int] = {}
    roles = [clean(one.findtext("role")) for _, one in credited]
    names = [clean(one.findtext("name")) for _, one in credited]
    return Credits(
        row=_numbers(row for row, _ in credited),
        artist=_numbers(_whole(one.findtext("id")) for _, one in credited),
        role=_numbers(codes.setdefault(role, len(codes)) for role in roles),
        roles=list(codes),
        name_of=lambda places: [names[place] for place in places.tolist()],
    )


def _credited(place: Element) -> Iterable[Element]:
    return _inside(place, "extraartists")


def _links(numbers: Sequence[Sequence[int]]) -> Links:
    return Links(
        _numbers(row for row, ones in enumerate(numbers) for _ in ones),
        _numbers(one for ones in numbers for one in ones),
    )


def _numbers(numbers: Iterable[int]) -> "NDArray[np.int64]":
    import numpy as np

    return np.fromiter(numbers, dtype=np.int64)


def _inside(element: Element, tag: str) -> Iterable[Element]:
    # `find` of one tag runs in C; a path such as "artists/artist" does not.
    found = element.find(tag)
    return () if found is None else found


def _texts(element: Element, tag: str) -> list[str]:
    return [text for one in _inside(element, tag) if (text := clean(one.text))]


def _whole(told: str | None) -> int:
    return int(told) if told else 0
