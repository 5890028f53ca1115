"""What releases are, beyond what listings tell: genres, styles, country, master, ids.

Four sources tell it.  The catalogue and a release's own page tell all, so they replace
what was known; wants and collections tell less, so they fill in what nobody told yet.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Literal

import msgspec
from msgspec import Struct, structs
from sqlalchemy import (
    Connection,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    update,
)

from cratewise.store.facts import ToldFacts, keep_facts
from cratewise.store.insert import insert_or_update
from cratewise.store.tables import listings, releases
from cratewise.store.words import FOUND_BY, keep_words

Source = Literal["catalog", "wants", "collection", "release"]

TELL_ALL: frozenset[str] = frozenset({"catalog", "release"})
TEXTS = ("artist", "title", "label", "catalog_number", "format", "thumbnail")
FACTS = ("master_id", "original_year", "country", "genres", "styles", "artist_ids", "label_ids")

AT_ONCE = 5_000  # ids in one statement; both databases allow some 32,000


class Description(Struct, frozen=True):
    """What a source tells of one release; None and "": not told, what is stored stays.

    id                  Discogs' own.
    artist to year      as a listing tells them, for a release of which none was read.
    genres, styles      JSON, a list of names; artist_ids, label_ids: of Discogs' numbers,
                        in the order of the names.
    country             as Discogs writes it.
    """

    id: int
    artist: str = ""
    title: str = ""
    label: str = ""
    catalog_number: str = ""
    format: str = ""
    thumbnail: str = ""
    year: int | None = None
    master_id: int | None = None
    original_year: int | None = None
    country: str | None = None
    genres: str | None = None
    styles: str | None = None
    artist_ids: str | None = None
    label_ids: str | None = None


_ids = msgspec.json.Decoder(list[int])
_names_of = itemgetter(*FOUND_BY)

_COLUMNS = ("id", *TEXTS, "year", *FACTS, "described_by")
# Locked in the order of their ids, as whoever stores listings locks them.
_BY_IDS = (
    select(*(releases.c[name] for name in _COLUMNS))
    .where(releases.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(releases.c.id)
    .with_for_update()
)
_THESE = select(releases.c.id).where(releases.c.id.in_(bindparam("ids", expanding=True)))
_TOLD_BY_LISTINGS = (*TEXTS, "year")
_WRITTEN = (*FACTS, "described_by", "described_at")
# What listings told stays as it is, nearly always, and writing it again costs half the time.
_DESCRIBE, _DESCRIBE_ALL = (
    update(releases)
    .where(releases.c.id == bindparam("release"))
    .values({name: bindparam(f"new_{name}") for name in names})
    for names in (_WRITTEN, (*_WRITTEN, *_TOLD_BY_LISTINGS))
)


def describe_releases(
    db: Connection, told: Iterable[Description], by: Source, at: datetime
) -> list[int]:
    """Keep what a source tells; the ids of those releases about which it told something new.

    Releases that are not stored yet are, as no listing of them was read; `described_at`
    moves where something is new, and nowhere else.  Of two with one id the last counts.
    """
    by_id = {row.id: row for row in told}
    changed: list[int] = []
    ids = sorted(by_id)
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        changed += _describe(db, [by_id[number] for number in part], by, at)
    return changed


def describe_by_catalog(db: Connection, told: Sequence[ToldFacts], at: datetime) -> int:
    """As `describe_releases`, of what the catalogue tells; of how many that is new.

    told  each release once.
    """
    if not told:
        return 0
    changed, missing = keep_facts(db, told, at)
    unknown = [Description(**one._asdict()) for one in told if one.id in missing]
    return changed + len(describe_releases(db, unknown, "catalog", at))


@lru_cache(10_000)  # the same few genres and styles, row by row
def names_of(packed: str | None) -> tuple[str, ...]:
    """The names of a column of names; none where nobody told them."""
    return tuple(json.loads(packed)) if packed else ()


def undescribed(db: Connection, ids: Sequence[int]) -> list[int]:
    """Which of these stored releases nobody has described yet; ascending."""
    return sorted(db.scalars(_THESE.where(releases.c.described_at.is_(None)), {"ids": list(ids)}))


def described_poorly(db: Connection, ids: Sequence[int]) -> list[int]:
    """Which of these releases nobody who tells all has described; those not stored too."""
    well = db.scalars(_THESE.where(releases.c.described_by.in_(TELL_ALL)), {"ids": list(ids)})
    return sorted(set(ids) - set(well))


def best_undescribed(db: Connection, *, limit: int) -> list[int]:
    """Releases for sale that nobody has described, those of the best-scored listings first."""
    found = db.scalars(
        select(listings.c.release_id)
        .join(releases)
        .where(listings.c.gone_at.is_(None), releases.c.described_at.is_(None))
        .order_by(listings.c.score.desc().nulls_last(), listings.c.id)
        .limit(limit)
    )
    return list(dict.fromkeys(found))


def releases_after(
    db: Connection, release_id: int, *, limit: int, only_poorly: bool = False
) -> list[int]:
    """The stored releases with the next higher numbers.

    only_poorly  those that nobody who tells all has described.
    """
    asked = {"after": release_id, "limit": limit}
    listed = db.scalar(_ids_after(db.dialect.name, only_poorly), asked)
    return sorted(_ids.decode(f"[{listed or ''}]"))


@cache  # making it takes as long as asking it
def _ids_after(dialect: str, only_poorly: bool) -> Select[tuple[str]]:
    statement = select(releases.c.id).where(releases.c.id > bindparam("after"))
    if only_poorly:
        by = releases.c.described_by
        statement = statement.where(or_(by.is_(None), by.not_in(TELL_ALL)))
    some = statement.order_by(releases.c.id).limit(bindparam("limit")).subquery()
    # All in one value: a value a row would take five times as long to reach us.
    if dialect == "sqlite":
        return select(func.group_concat(some.c.id))
    return select(func.string_agg(cast(some.c.id, Text), literal_column("','")))


def known_releases(db: Connection) -> list[int]:
    """The numbers of all releases that are stored: listed, wanted or owned."""
    return list(db.scalars(select(releases.c.id)))


def _describe(db: Connection, told: Sequence[Description], by: Source, at: datetime) -> list[int]:
    rows = db.execute(_BY_IDS, {"ids": [row.id for row in told]}).all()
    stored = {row[0]: dict(zip(_COLUMNS, row, strict=True)) for row in rows}
    known = [row for row in told if row.id in stored]
    changes = [_merged(row, stored[row.id], by) for row in known]
    written = [
        new for new in changes if any(stored[new["id"]][name] != new[name] for name in _COLUMNS)
    ]
    filled = [new for new in written if _is_filled(new, stored[new["id"]])]
    if described := [new for new in written if not _is_filled(new, stored[new["id"]])]:
        db.execute(_DESCRIBE, [_bound(new, _WRITTEN, at) for new in described])
    if filled:
        names = (*_WRITTEN, *_TOLD_BY_LISTINGS)
        db.execute(_DESCRIBE_ALL, [_bound(new, names, at) for new in filled])
    unknown = [_first(row, by, at) for row in told if row.id not in stored]
    insert_or_update(db, releases, unknown, on="id")
    renamed = [new for new in written if _names_of(new) != _names_of(stored[new["id"]])]
    keep_words(db, [*renamed, *unknown], at)
    return sorted(row["id"] for row in (*written, *unknown))


def _merged(told: Description, stored: Mapping[str, Any], by: Source) -> dict[str, Any]:
    before = stored["described_by"]
    replaces = by in TELL_ALL or before not in TELL_ALL
    merged: dict[str, Any] = {"id": told.id, "described_by": by if replaces else before}
    for name in _TOLD_BY_LISTINGS:  # a listing is newer than any catalogue
        merged[name] = stored[name] or getattr(told, name)
    for name in FACTS:
        new, old = getattr(told, name), stored[name]
        merged[name] = new if old is None or (replaces and new is not None) else old
    return merged


def _is_filled(row: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    return any(row[name] != stored[name] for name in _TOLD_BY_LISTINGS)


def _bound(row: Mapping[str, Any], names: Iterable[str], at: datetime) -> dict[str, Any]:
    bound = {f"new_{name}": row[name] for name in names if name != "described_at"}
    return {**bound, "release": row["id"], "new_described_at": at}


def _first(told: Description, by: Source, at: datetime) -> dict[str, Any]:
    times = {"changed_at": at, "described_at": at}
    return {**structs.asdict(told), "described_by": by, **times}
