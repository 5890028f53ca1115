"""What the catalogue tells of many releases, kept in one statement.

A row at a time costs three times as much, and every page of a pull waits for it.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, bindparam, text

from cratewise.store.tables import Instant

if TYPE_CHECKING:
    from cratewise.store.descriptions import Description

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
TOLD = ("id", "year", *FACTS)

_told_of = attrgetter(*TOLD)

# Where they wait for the statement: JSON takes SQLite longer to take apart than to keep.
_ROWS = {
    "sqlite": "temp.told_facts",
    "postgresql": """(
        SELECT CAST(one->>0 AS bigint) AS id, CAST(one->>1 AS smallint) AS year,
            CAST(one->>2 AS bigint) AS master_id, CAST(one->>3 AS smallint) AS original_year,
            one->>4 AS country, one->>5 AS genres, one->>6 AS styles, one->>7 AS artist_ids,
            one->>8 AS label_ids
        FROM json_array_elements(CAST(:told AS json)) AS one
    )""",
}
_WAITING = (
    f"CREATE TEMP TABLE IF NOT EXISTS told_facts (id INTEGER PRIMARY KEY, {', '.join(TOLD[1:])})",
    "DELETE FROM temp.told_facts",
    "INSERT INTO temp.told_facts VALUES ",
)
_MARKS = f"({', '.join('?' * len(TOLD))})"
ROWS_AT_ONCE = 64  # in one statement: beginning one takes as long as storing a row
_IS_NEW = " OR ".join(
    f"told.{name} <> coalesce(releases.{name}, {nothing})" for name, nothing in FACTS.items()
)
_KEEP = {
    dialect: text(
        f"""
        UPDATE releases SET
            {", ".join(f"{name} = coalesce(told.{name}, releases.{name})" for name in FACTS)},
            year = coalesce(releases.year, told.year), described_by = 'catalog', described_at = :at
        FROM {rows} AS told
        WHERE releases.id = told.id AND (
            coalesce(releases.described_by, '') <> 'catalog'
            OR (releases.year IS NULL AND told.year IS NOT NULL) OR {_IS_NEW}
        )
        RETURNING releases.id
        """  # noqa: S608 - our own names
    ).bindparams(bindparam("at", type_=Instant))
    for dialect, rows in _ROWS.items()
}

_STORED = {
    "sqlite": "SELECT id FROM releases WHERE id IN (SELECT value FROM json_each(:ids))",
    "postgresql": "SELECT id FROM releases WHERE id IN (SELECT CAST(value AS bigint) "
    "FROM json_array_elements_text(CAST(:ids AS json))) ORDER BY id FOR UPDATE",
}


def keep_facts(
    db: Connection, told: "Sequence[Description]", at: datetime
) -> tuple[list[int], list[int]]:
    """Keep what the catalogue tells of stored releases.

    told  at least one.

    Returns the ids of those of which it told something new, and of those that are not stored.
    """
    ids = sorted(one.id for one in told)
    rows = [_told_of(one) for one in told]
    stored: set[int] = set()
    if db.dialect.name == "sqlite":
        create, empty, fill = _WAITING
        db.exec_driver_sql(create)
        db.exec_driver_sql(empty)
        many = len(rows) // ROWS_AT_ONCE * ROWS_AT_ONCE
        parts = [
            tuple(chain.from_iterable(rows[start : start + ROWS_AT_ONCE]))
            for start in range(0, many, ROWS_AT_ONCE)
        ]
        if parts:
            db.exec_driver_sql(fill + ", ".join([_MARKS] * ROWS_AT_ONCE), parts)
        if rest := rows[many:]:
            db.exec_driver_sql(fill + _MARKS, rest)
        changed = set(db.scalars(_KEEP["sqlite"], {"at": at}).all())
    else:
        # Locked in the order of their ids, as whoever stores listings locks them.
        stored = _stored(db, ids)
        asked = msgspec.json.encode(rows).decode()
        changed = set(db.scalars(_KEEP["postgresql"], {"told": asked, "at": at}).all())
    others = [number for number in ids if number not in changed and number not in stored]
    missing = set(others) - (_stored(db, others) if others else set())
    return sorted(changed), sorted(missing)


def _stored(db: Connection, ids: Sequence[int]) -> set[int]:
    asked = msgspec.json.encode(ids).decode()
    return set(db.scalars(text(_STORED[db.dialect.name]), {"ids": asked}).all())
