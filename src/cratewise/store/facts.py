"""What the catalogue tells of many releases, kept at once.

Through SQLAlchemy a row at a time costs three times as much, and every page of a pull
waits for it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, text

from cratewise.store.tables import microseconds


class ToldFacts(NamedTuple):
    """What the catalogue tells of one release, as `Description` does; None: not told.

    In the order in which the catalogue writes it (catalog/told.py).
    """

    id: int
    original_year: int | None
    master_id: int | None
    year: int | None
    country: str | None
    genres: str | None
    styles: str | None
    artist_ids: str | None
    label_ids: str | None


# What each catalogue tells anew, and what a release without it has in its place.  A year
# is a listing's, where that tells one.
FACTS = {
    "original_year": "0",
    "master_id": "0",
    "country": "''",
    "genres": "''",
    "styles": "''",
    "artist_ids": "''",
    "label_ids": "''",
}


AT_ONCE = 100  # rows in one statement: beginning one takes as long as keeping a row


def _kept(told: Mapping[str, str], at: str) -> str:
    """What is kept; `told` is how the statement writes each of the facts that are told."""
    facts = ", ".join(f"{name} = coalesce({told[name]}, releases.{name})" for name in FACTS)
    year = f"year = coalesce(releases.year, {told['year']})"
    return f"{facts}, {year}, described_by = 'catalog', described_at = {at}"


def _is_new(told: Mapping[str, str]) -> str:
    facts = (f"{told[name]} <> coalesce(releases.{name}, {no})" for name, no in FACTS.items())
    return f"""
        coalesce(releases.described_by, '') <> 'catalog'
        OR (releases.year IS NULL AND {told["year"]} IS NOT NULL) OR {" OR ".join(facts)}
    """


def _keeping(rows: int) -> str:
    """SQLite's statement for so many rows: of stored releases, so that none is ever inserted."""
    must = dict.fromkeys(("artist", "title", "label", "catalog_number", "format"), "''")
    must |= {"changed_at": "0"}
    facts = ToldFacts._fields
    values = (
        ", ".join((*(f"?{row * len(facts) + at + 2}" for at in range(len(facts))), *must.values()))
        for row in range(rows)
    )
    told = {name: f"excluded.{name}" for name in facts}
    return f"""
        INSERT INTO releases ({", ".join((*facts, *must))})
        VALUES {", ".join(f"({row})" for row in values)}
        ON CONFLICT (id) DO UPDATE SET {_kept(told, "?1")} WHERE {_is_new(told)}
    """  # noqa: S608 - our own names


# By way of a temporary table, or row by row, it takes a quarter longer, and JSON takes longer
# to take apart than to keep.  PostgreSQL gets all in one go.
_KEEP_SOME, _KEEP_ONE = _keeping(AT_ONCE), _keeping(1)
_TOLD = {name: f"told.{name}" for name in ToldFacts._fields}
_KEEP_ALL = text(
    f"""
    UPDATE releases SET {_kept(_TOLD, ":at")}
    FROM (
        SELECT CAST(one->>0 AS bigint) AS id, CAST(one->>1 AS smallint) AS original_year,
            CAST(one->>2 AS bigint) AS master_id, CAST(one->>3 AS smallint) AS year,
            one->>4 AS country, one->>5 AS genres, one->>6 AS styles, one->>7 AS artist_ids,
            one->>8 AS label_ids
        FROM json_array_elements(CAST(:told AS json)) AS one
    ) AS told
    WHERE releases.id = told.id AND ({_is_new(_TOLD)})
    """  # noqa: S608 - our own names
)

_MISSING = text(
    "SELECT value FROM json_each(:ids) WHERE value NOT IN (SELECT id FROM releases)",
)
_LOCK = text(
    "SELECT id FROM releases WHERE id IN (SELECT CAST(value AS bigint) "
    "FROM json_array_elements_text(CAST(:ids AS json))) ORDER BY id FOR UPDATE",
)


def keep_facts(db: Connection, told: Sequence[ToldFacts], at: datetime) -> tuple[int, set[int]]:
    """Keep what the catalogue tells of stored releases.

    told  each release once.

    Returns of how many it told something new, and the ids of those that are not stored.
    """
    moment = microseconds(at)
    missing = _missing(db, [one.id for one in told])
    known = [one for one in told if one.id not in missing] if missing else told
    if db.dialect.name == "sqlite":
        return _keep_here(db, known, moment), missing
    asked = msgspec.json.encode(known).decode()
    return db.execute(_KEEP_ALL, {"told": asked, "at": moment}).rowcount, missing


def _keep_here(db: Connection, told: Sequence[ToldFacts], moment: int) -> int:
    many = len(told) // AT_ONCE * AT_ONCE
    some = [(moment, *chain(*told[at : at + AT_ONCE])) for at in range(0, many, AT_ONCE)]
    rest = [(moment, *one) for one in told[many:]]
    return sum(
        db.exec_driver_sql(statement, rows).rowcount
        for statement, rows in ((_KEEP_SOME, some), (_KEEP_ONE, rest))
        if rows
    )


def _missing(db: Connection, ids: Sequence[int]) -> set[int]:
    """Which of these are not stored; those that are, PostgreSQL holds until the end."""
    asked = {"ids": msgspec.json.encode(ids).decode()}
    if db.dialect.name == "sqlite":
        return set(db.scalars(_MISSING, asked))
    # Locked in the order of their ids, as whoever stores listings locks them.
    return set(ids).difference(db.scalars(_LOCK, asked))
