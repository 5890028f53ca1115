"""Stored releases are told what they are: by pages of wants and collections, 100 at a time.

    with writing(engine) as db:
        remember_basics(db, (want["basic_information"] for want in page.rows), "wants", now)

A release's own page tells the same in the same words, and its country.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from cratewise.catalog.format_text import Format, format_text
from cratewise.inventory.rows import LARGEST_ID, clean, count_of, year_of
from cratewise.store.descriptions import Description, describe_releases
from cratewise.store.listing_row import ReleaseRow

if TYPE_CHECKING:
    from sqlalchemy import Connection


def remember_basics(
    db: "Connection", basics: Iterable[object], by: Literal["wants", "collection"], at: datetime
) -> list[int]:
    """Keep the releases of a page of wants or of a collection; their ids, in the page's order.

    basics  the `basic_information` of each of its rows, as Discogs sent it.

    What cannot be a release costs itself alone.  Releases of which no listing was ever
    read are kept too, so that a want may refer to them.
    """
    told = [described for raw in basics if (described := description(raw)) is not None]
    describe_releases(db, told, by, at)
    return list(dict.fromkeys(row.id for row in told))


def description(raw: object) -> Description | None:
    """What an answer of Discogs tells of a release; None: it is none.

    raw  `basic_information`, or all that /releases/{id} answers.
    """
    told = _object(raw)
    release_id = _id(told.get("id"))
    if release_id is None:
        return None
    artists, labels = _objects(told.get("artists")), _objects(told.get("labels"))
    return Description(
        id=release_id,
        artist=joined((_text(one.get("name")), _text(one.get("join"))) for one in artists),
        title=_text(told.get("title")),
        label=", ".join(dict.fromkeys(_text(one.get("name")) for one in labels)),
        catalog_number=", ".join(dict.fromkeys(_text(one.get("catno")) for one in labels)),
        format=format_text(_format(one) for one in _objects(told.get("formats"))),
        thumbnail=_text(told.get("thumb")),
        year=year_of(told.get("year")),
        master_id=_id(told.get("master_id")),
        country=_text(told.get("country")) or None,
        genres=_names(told.get("genres")),
        styles=_names(told.get("styles", [] if "genres" in told else None)),  # none: left out
        artist_ids=_ids(artists),
        label_ids=_ids(labels),
    )


def counts(raw: object) -> ReleaseRow | None:
    """How many want and have a release, as its own page tells; None: it does not."""
    told = _object(raw)
    release_id, community = _id(told.get("id")), _object(told.get("community"))
    want, have = count_of(community.get("want")), count_of(community.get("have"))
    if release_id is None or want is None or have is None:
        return None
    return ReleaseRow(release_id, want=want, have=have)


def joined(artists: Iterable[tuple[str, str]]) -> str:
    """Artists as a listing writes them.

    artists  of each the name, and what stands between it and the next: "&", ",", "feat."
    """
    text, glue = "", ""
    for name, join in artists:
        text += glue + name
        glue = f"{join} " if join == "," else f" {join or '/'} "
    return text


def _format(told: Mapping[str, Any]) -> Format:
    quantity = _text(told.get("qty"))
    words = told.get("descriptions")
    return Format(
        name=_text(told.get("name")),
        quantity=int(quantity) if quantity.isascii() and quantity.isdigit() else 0,
        text=_text(told.get("text")),
        descriptions=tuple(filter(None, map(_text, words))) if isinstance(words, list) else (),
    )


def _names(raw: object) -> str | None:
    """Names as JSON; None where the answer holds no such list."""
    if not isinstance(raw, list):
        return None
    return msgspec.json.encode([name for name in map(_text, raw) if name]).decode()


def _ids(raw: Iterable[Mapping[str, Any]]) -> str | None:
    ids = [_id(one.get("id")) or 0 for one in raw]
    return msgspec.json.encode(ids).decode() if ids else None


def _objects(raw: object) -> list[Mapping[str, Any]]:
    return [one for one in raw if isinstance(one, Mapping)] if isinstance(raw, list) else []


def _object(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _text(raw: object) -> str:
    return clean(raw) if isinstance(raw, str) else ""


def _id(raw: object) -> int | None:
    if not isinstance(raw, int) or isinstance(raw, bool):
        return None
    return raw if 0 < raw <= LARGEST_ID else None
