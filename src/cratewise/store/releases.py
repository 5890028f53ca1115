"""Releases, as the listings of them tell."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, or_, select, update

from cratewise.store.descriptions import names_of
from cratewise.store.insert import DIALECTS, insert_or_update
from cratewise.store.listing_row import Reading, ReleaseRow
from cratewise.store.one_of import one_of
from cratewise.store.tables import releases
from cratewise.store.words import FOUND_BY, keep_words

TEXTS = ("artist", "title", "label", "catalog_number", "format", "thumbnail")
FACTS = (*TEXTS, "year")
COUNTS = ("want", "have")
TOLD_BY_LISTINGS = ("id", *FACTS, *COUNTS, "counted_at")  # nothing else is touched by them

_all_of = itemgetter(*FACTS, *COUNTS)
_counts_of = itemgetter(*COUNTS)
_names_of = itemgetter(*FOUND_BY)

# Locked in the order of their ids, before any listing: two pulls that meet the same
# releases wait for each other instead of holding what the other needs.
_BY_IDS = (
    select(*(releases.c[name] for name in TOLD_BY_LISTINGS))
    .where(one_of(releases.c.id, "ids"))
    .order_by(releases.c.id)
    .with_for_update()
)
_COUNTED = (
    update(releases).where(one_of(releases.c.id, "ids")).values(counted_at=bindparam("read_at"))
)


class Release(NamedTuple):
    """A release as listings of it tell; None: unknown.

    want, have  how many members of Discogs want and own it, as of counted_at.
    genres to master_id  told by whoever described it; empty and None until then.
    """

    id: int
    artist: str
    title: str
    label: str
    catalog_number: str
    format: str
    year: int | None
    want: int | None
    have: int | None
    counted_at: datetime | None
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    country: str | None
    master_id: int | None
    original_year: int | None
    described_by: str | None


class Community(NamedTuple):
    """How many members of Discogs want and own a release; None: unknown."""

    want: int | None
    have: int | None


class StoredReleases(NamedTuple):
    """What storing releases led to.

    community  of every release that was handed in, by its id.
    recounted  ids of those whose want or have is not what it was.
    """

    community: Mapping[int, Community]
    recounted: Sequence[int]


def find_release(db: Connection, release_id: int) -> Release | None:
    """A release by Discogs' number; None when no listing of it was ever read."""
    columns = (releases.c[name] for name in Release._fields)
    row = db.execute(select(*columns).where(releases.c.id == release_id)).first()
    if row is None:
        return None
    told = dict(zip(Release._fields, row, strict=True))
    named = {name: names_of(told[name]) for name in ("genres", "styles")}
    return Release(**{**told, **named})


def store_releases(db: Connection, rows: Iterable[ReleaseRow], reading: Reading) -> StoredReleases:
    """Keep what is new about these releases; an older reading changes no counts."""
    told = {row.id: row for row in rows}
    stored = {row.id: row._asdict() for row in db.execute(_BY_IDS, {"ids": sorted(told)})}
    merged = {number: _merged(told[number], stored.get(number), reading) for number in sorted(told)}
    changed = [row for number, row in merged.items() if _differs(row, stored.get(number))]
    insert_or_update(db, releases, changed, on="id")
    renamed = [row for row in changed if _is_renamed(row, stored.get(row["id"]))]
    keep_words(db, renamed, reading.now)
    counted = [n for n, row in stored.items() if _is_recent(told[n], row, reading)]
    if counted:
        db.execute(_COUNTED, {"ids": counted, "read_at": reading.read_at})
    return StoredReleases(
        community={number: Community(row["want"], row["have"]) for number, row in merged.items()},
        recounted=[row["id"] for row in changed if _is_recounted(row, stored.get(row["id"]))],
    )


def meet_releases(db: Connection, rows: Iterable[ReleaseRow], at: datetime) -> None:
    """Keep releases that a list names: new ones as told, of known ones only what was unknown.

    What a listing told stays, since it is spelt as Discogs' market spells it.
    """
    told = {row.id: row for row in rows}
    statement = DIALECTS[db.dialect.name].insert(releases)
    new, blank = statement.excluded, {name: releases.c[name] == "" for name in TEXTS}
    blank["year"] = releases.c.year.is_(None)
    is_told = {name: new[name] != "" for name in TEXTS} | {"year": new.year.is_not(None)}
    filled = {name: case((blank[name], new[name]), else_=releases.c[name]) for name in FACTS}
    statement = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={**filled, "changed_at": new.changed_at},
        where=or_(*(and_(blank[name], is_told[name]) for name in FACTS)),
    )
    # In the order of their ids, as `store_releases` locks them.
    facts = [
        {name: getattr(told[number], name) for name in ("id", *FACTS)} | {"changed_at": at}
        for number in sorted(told)
    ]
    if facts:
        db.execute(statement, facts)


def _merged(told: ReleaseRow, stored: Mapping[str, Any] | None, reading: Reading) -> dict[str, Any]:
    now = reading.read_at
    if stored is None:
        facts: dict[str, Any] = {name: getattr(told, name) for name in ("id", *FACTS, *COUNTS)}
        return {**facts, "counted_at": now if _is_counted(told) else None, "changed_at": now}
    merged = {name: stored[name] for name in TOLD_BY_LISTINGS}
    merged |= {name: getattr(told, name) or stored[name] for name in FACTS}
    if _is_recent(told, stored, reading):
        merged |= {"want": told.want, "have": told.have, "counted_at": now}
    return {**merged, "changed_at": now}


def _is_counted(told: ReleaseRow) -> bool:
    return told.want is not None and told.have is not None


def _is_recent(told: ReleaseRow, stored: Mapping[str, Any], reading: Reading) -> bool:
    return _is_counted(told) and reading.is_news(stored["counted_at"])


def _differs(row: Mapping[str, Any], stored: Mapping[str, Any] | None) -> bool:
    return stored is None or _all_of(row) != _all_of(stored)


def _is_recounted(row: Mapping[str, Any], stored: Mapping[str, Any] | None) -> bool:
    return stored is not None and _counts_of(row) != _counts_of(stored)


def _is_renamed(row: Mapping[str, Any], stored: Mapping[str, Any] | None) -> bool:
    return stored is None or _names_of(row) != _names_of(stored)


def thumbnail_of(db: Connection, release_id: int) -> str:
    """Where a release's small picture lies; "" when nobody told, or nothing of it is kept."""
    told = select(releases.c.thumbnail).where(releases.c.id == release_id)
    return db.scalar(told) or ""
