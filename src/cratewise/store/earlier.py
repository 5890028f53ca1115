"""Keep what an earlier system left: its rows under its own ids, so that none comes twice."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from cratewise.store.insert import DIALECTS
from cratewise.store.tables import earlier_rows, listings, releases
from cratewise.store.words import keep_words

Noun = Literal["record", "seller", "listing", "day", "vote", "metrics"]
BY = "earlier"  # who described a release; everybody else knows better


class EarlierRow(NamedTuple):
    """A row of the earlier system, and what became of it.

    our_id  of what it is here; None: nothing, it is only kept.
    kept    what has no place of its own here, as it was.
    """

    noun: Noun
    earlier_id: int
    our_id: int | None
    kept: Mapping[str, Any]


class ToldRelease(NamedTuple):
    """A release as the earlier system knew it; 'told_at': when it counted want and have."""

    id: int
    artist: str
    title: str
    label: str
    catalog_number: str
    format: str
    year: int | None
    want: int | None
    have: int | None
    told_at: datetime | None
    genres: Sequence[str]
    styles: Sequence[str]


class ToldListing(NamedTuple):
    """A listing without Discogs' id, price or score: none of them can be trusted."""

    seller_id: int
    release_id: int
    media_grade: int | None
    seen_at: datetime


def known_rows(db: Connection, noun: Noun, ids: Collection[int]) -> dict[int, int | None]:
    """Those of the ids that came before, and what each became here."""
    found = db.execute(
        select(earlier_rows.c.earlier_id, earlier_rows.c.our_id)
        .where(earlier_rows.c.noun == noun)
        .where(earlier_rows.c.earlier_id.in_(bindparam("ids", expanding=True))),
        {"ids": list(ids)},
    )
    return {row.earlier_id: row.our_id for row in found}


def note_rows(db: Connection, rows: Sequence[EarlierRow], at: datetime) -> None:
    """Remember what became of rows; of one that is remembered nothing changes."""
    if rows:
        told = [
            {**row._asdict(), "kept": json.dumps(row.kept, ensure_ascii=False), "imported_at": at}
            for row in rows
        ]
        statement = DIALECTS[db.dialect.name].insert(earlier_rows).on_conflict_do_nothing()
        db.execute(statement, told)


def count_here(db: Connection, noun: Noun) -> int:
    """How many different things here came of rows of a noun, by what became of them."""
    ours = earlier_rows.c.our_id if noun != "day" else earlier_rows.c.earlier_id
    here = func.count(ours.distinct())
    return db.execute(select(here).where(earlier_rows.c.noun == noun)).scalar_one()


def kept_of_listing(db: Connection, listing_id: int) -> Mapping[str, Any] | None:
    """What was kept of a listing that the earlier system had: price, score, as they were."""
    kept = db.scalar(
        select(earlier_rows.c.kept)
        .where(earlier_rows.c.noun == "listing", earlier_rows.c.our_id == listing_id)
        .limit(1)
    )
    return None if kept is None else dict(json.loads(kept))


def import_releases(db: Connection, told: Sequence[ToldRelease], at: datetime) -> None:
    """Keep releases that are not known yet, and fill in what is not known of the others."""
    rows = {row.id: _release(row, at) for row in told}
    known = set(db.scalars(_KNOWN, {"ids": list(rows)}))
    new = [row for number, row in rows.items() if number not in known]
    if new:
        db.execute(DIALECTS[db.dialect.name].insert(releases).on_conflict_do_nothing(), new)
        keep_words(db, new, at)
    if counted := [_bound(row) for row in rows.values() if row["counted_at"]]:
        db.execute(_COUNT, counted)
    if described := [_bound(row) for row in rows.values() if row["described_by"]]:
        db.execute(_DESCRIBE, described)


def import_listings(db: Connection, told: Sequence[ToldListing], at: datetime) -> list[int]:
    """Keep listings without Discogs' ids; our own ids of them, in their order."""
    if not told:
        return []
    rows = [
        {
            "seller_id": row.seller_id,
            "release_id": row.release_id,
            "media_grade": row.media_grade,
            "source": "legacy",
            "first_seen_at": row.seen_at,
            "last_seen_at": row.seen_at,
            "touched_at": at,
        }
        for row in told
    ]
    made = insert(listings).returning(listings.c.id, sort_by_parameter_order=True)
    return list(db.scalars(made, rows))


_KNOWN = select(releases.c.id).where(releases.c.id.in_(bindparam("ids", expanding=True)))
_COUNT = (
    update(releases)
    .where(releases.c.id == bindparam("release"), releases.c.counted_at.is_(None))
    .values(
        want=bindparam("new_want"),
        have=bindparam("new_have"),
        counted_at=bindparam("new_counted_at"),
        changed_at=bindparam("now"),
    )
)
_DESCRIBE = (
    update(releases)
    .where(releases.c.id == bindparam("release"), releases.c.described_at.is_(None))
    .where(releases.c.genres.is_(None), releases.c.styles.is_(None))
    .values(
        genres=bindparam("new_genres"),
        styles=bindparam("new_styles"),
        described_by=BY,
        changed_at=bindparam("now"),
    )
)


def _release(row: ToldRelease, at: datetime) -> dict[str, Any]:
    is_counted = row.want is not None and row.have is not None
    is_described = bool(row.genres or row.styles)
    return {
        **{name: getattr(row, name) for name in ("id", "artist", "title", "label", "year")},
        "catalog_number": row.catalog_number,
        "format": row.format,
        "want": row.want,
        "have": row.have,
        "counted_at": (row.told_at or at) if is_counted else None,
        "changed_at": at,
        # Without `described_at`: whoever describes releases still has this one to do.
        "genres": json.dumps(row.genres, ensure_ascii=False) if row.genres else None,
        "styles": json.dumps(row.styles, ensure_ascii=False) if row.styles else None,
        "described_by": BY if is_described else None,
    }


def _bound(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("want", "have", "counted_at", "genres", "styles")
    return {"release": row["id"], "now": row["changed_at"]} | {
        f"new_{name}": row[name] for name in names
    }
