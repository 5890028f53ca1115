"""What the catalogue tells of many releases, kept at once.

Through SQLAlchemy a row at a time costs three times as much, and every page of a pull
waits for it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, text

from cratewise.store.tables import microseconds


class ToldFacts(NamedTuple):
    """What the catalogue tells of one release, as `Description` does; None: not told."""

    id: int
    year: int | None
    master_id: int | None
    original_year: int | None
    country: str | None
    genres: str | None
    styles: str | None
    artist_ids: str | None
    label_ids: str | None


# What each catalogue tells anew, and what a release without it has in its place.  A year
# is a listing's, where that tells one.
FACTS = {
    "master_id": "0",
    "original_year": "0",
    "country": "''",
    "genres": "''",
    "styles": "''",
    "artist_ids": "''",
    "label_ids": "''",
}


def _keeping(told: Mapping[str, str], at: str, rows: str = "") -> str:
    """The statement; `told` is how it writes each of the facts that are told."""
    kept = (f"{name} = coalesce({told[name]}, releases.{name})" for name in FACTS)
    is_new = (f"{told[name]} <> coalesce(releases.{name}, {no})" for name, no in FACTS.items())
    return f"""
        UPDATE releases SET {", ".join(kept)}, year = coalesce(releases.year, {told["year"]}),
            described_by = 'catalog', described_at = {at}
        {rows}
        WHERE releases.id = {told["id"]} AND (
            coalesce(releases.described_by, '') <> 'catalog'
            OR (releases.year IS NULL AND {told["year"]} IS NOT NULL) OR {" OR ".join(is_new)}
        )
    """  # noqa: S608 - our own names


# Row by row in SQLite's own driver: by way of a temporary table it takes a fifth longer,
# and JSON takes longer to take apart than to keep.  PostgreSQL gets all in one go.
_KEEP_ONE = _keeping({name: f"?{at}" for at, name in enumerate(ToldFacts._fields, 1)}, "?10")
_KEEP_ALL = text(
    _keeping(
        {name: f"told.{name}" for name in ToldFacts._fields},
        ":at",
        """
        FROM (
            SELECT CAST(one->>0 AS bigint) AS id, CAST(one->>1 AS smallint) AS year,
                CAST(one->>2 AS bigint) AS master_id, CAST(one->>3 AS smallint) AS original_year,
                one->>4 AS country, one->>5 AS genres, one->>6 AS styles, one->>7 AS artist_ids,
                one->>8 AS label_ids
            FROM json_array_elements(CAST(:told AS json)) AS one
        ) AS told
        """,
    )
)

_STORED = {
    "sqlite": "SELECT id FROM releases WHERE id IN (SELECT value FROM json_each(:ids))",
    "postgresql": "SELECT id FROM releases WHERE id IN (SELECT CAST(value AS bigint) "
    "FROM json_array_elements_text(CAST(:ids AS json))) ORDER BY id FOR UPDATE",
}


def keep_facts(db: Connection, told: Sequence[ToldFacts], at: datetime) -> tuple[int, set[int]]:
    """Keep what the catalogue tells of stored releases.

    told  each release once.

    Returns of how many it told something new, and the ids of those that are not stored.
    """
    ids = [one.id for one in told]
    moment = microseconds(at)
    if db.dialect.name == "sqlite":
        changed = db.exec_driver_sql(_KEEP_ONE, [(*one, moment) for one in told]).rowcount
        return changed, set() if changed == len(ids) else set(ids) - _stored(db, ids)
    # Locked in the order of their ids, as whoever stores listings locks them.
    stored = _stored(db, ids)
    asked = msgspec.json.encode(told).decode()
    return db.execute(_KEEP_ALL, {"told": asked, "at": moment}).rowcount, set(ids) - stored


def _stored(db: Connection, ids: Sequence[int]) -> set[int]:
    asked = msgspec.json.encode(ids).decode()
    return set(db.scalars(text(_STORED[db.dialect.name]), {"ids": asked}).all())
