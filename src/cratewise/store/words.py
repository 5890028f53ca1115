"""Releases found by words: artist, title, label, catalogue number and format.

A release has one row of words (word_forms.py), written with the release itself; over
those rows lies SQLite's FTS5 or a GIN index of PostgreSQL's, both on the words as they
stand, so both databases find the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    TextClause,
    bindparam,
    delete,
    select,
    text,
    type_coerce,
)

from cratewise.store.insert import insert_or_update
from cratewise.store.shelf_rows import in_batches
from cratewise.store.tables import releases
from cratewise.store.word_forms import Asked, Term, asked_words, words_of
from cratewise.store.word_index import release_words

Ids = npt.NDArray[np.int64]

FOUND_BY = ("artist", "title", "label", "catalog_number", "format")
ROWS_AT_A_TIME = 5000

# All ids in one value: a value a row would take five times as long to reach us.
_FOUND = {
    "sqlite": text(
        "SELECT group_concat(rowid) FROM release_words_index WHERE release_words_index MATCH :asked"
    ),
    "postgresql": text(
        "SELECT string_agg(int8send(release_id), ''::bytea) FROM release_words"
        " WHERE array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:asked AS tsquery)"
    ),
}
_ALL = {
    "sqlite": text("SELECT group_concat(release_id) FROM release_words"),
    "postgresql": text("SELECT string_agg(int8send(release_id), ''::bytea) FROM release_words"),
}
_NAMES = select(releases.c.id, *(releases.c[name] for name in FOUND_BY))
_EVERY = select(release_words.c.release_id, release_words.c.words)
_KEPT_AT = type_coerce(release_words.c.kept_at, BigInteger)
_CHANGED = _EVERY.add_columns(_KEPT_AT).where(bindparam("since") <= _KEPT_AT)
_OF_SOME = _EVERY.add_columns(_KEPT_AT).where(
    release_words.c.release_id.in_(bindparam("ids", expanding=True))
)
_WORDLESS = (
    _NAMES.outerjoin(release_words, release_words.c.release_id == releases.c.id)
    .where(release_words.c.release_id.is_(None))
    .order_by(releases.c.id)
    .limit(bindparam("limit"))
)


def find_releases(db: Connection, words: str) -> Ids:
    """The releases that have every one of these words, by Discogs' ids, in their order.

    words  as somebody typed them: any text of any length, see `word_forms.asked_words`.

    Nothing typed finds every release.
    """
    asked = asked_words(words)
    return _ids(db, _ALL[db.dialect.name], {}) if asked is None else find_asked(db, asked)


def find_asked(db: Connection, asked: Sequence[Asked]) -> Ids:
    """The releases that have all that was asked for, by Discogs' ids, in their order."""
    return _ids(db, _FOUND[db.dialect.name], {"asked": _spelt(db, asked)})


def keep_words(db: Connection, rows: Iterable[Mapping[str, Any]], at: datetime) -> None:
    """Let releases be found by these words from now on.

    rows  releases with `id` and all of FOUND_BY.

    Whoever writes one of FOUND_BY calls it in the same transaction.
    """
    words = [
        {
            "release_id": row["id"],
            "words": words_of(*(row[name] for name in FOUND_BY)),
            "kept_at": at,
        }
        for row in rows
    ]
    insert_or_update(db, release_words, words, on="release_id")


def changed_words(db: Connection, since: int) -> Sequence[tuple[int, str, int]]:
    """Releases whose words were kept at a moment or later, these words, and when they were.

    Moments are in microseconds since 1970.
    """
    return db.execute(_CHANGED, {"since": since}).all()


def words_of_releases(db: Connection, ids: Sequence[int]) -> Iterator[tuple[int, str, int]]:
    """As `changed_words`, of these releases."""
    for begin in range(0, len(ids), ROWS_AT_A_TIME):
        some = [*ids[begin : begin + ROWS_AT_A_TIME]]
        yield from db.execute(_OF_SOME, {"ids": some}).all()


def every_words(db: Connection) -> Iterator[tuple[Sequence[int], Sequence[str]]]:
    """All releases that have words, some thousands at a time, and the words of each."""
    for batch in in_batches(db, _EVERY):
        yield batch["release_id"], batch["words"]


def keep_missing_words(db: Connection, at: datetime) -> int:
    """Words for releases that have none, some thousands of them; how many it were."""
    found: Sequence[Row[Any]] = db.execute(_WORDLESS, {"limit": ROWS_AT_A_TIME}).all()
    keep_words(db, [row._asdict() for row in found], at)
    return len(found)


def forget_words(db: Connection) -> None:
    """Take all words away, for `keep_missing_words` to make them anew."""
    db.execute(delete(release_words))


def _ids(db: Connection, statement: TextClause, asked: Mapping[str, str]) -> Ids:
    found = db.execute(statement, asked).scalar()
    if not found:
        return np.zeros(0, np.int64)
    if db.dialect.name == "sqlite":
        ids = np.fromstring(str(found), np.int64, sep=",")
    else:
        ids = np.frombuffer(found, ">i8").astype(np.int64)
    ids.sort()
    return ids


def _spelt(db: Connection, asked: Sequence[Asked]) -> str:
    return _for_fts5(asked) if db.dialect.name == "sqlite" else _for_tsquery(asked)


def _for_fts5(asked: Sequence[Asked]) -> str:
    # A word holds letters and digits alone, so the quotes cannot be left.
    return _joined(asked, " AND ", " OR ", lambda term: f'"{term.word}"{"*" * term.is_beginning}')


def _for_tsquery(asked: Sequence[Asked]) -> str:
    return _joined(asked, " & ", " | ", lambda term: f"'{term.word}'{':*' * term.is_beginning}")


def _joined(asked: Sequence[Asked], both: str, either: str, spelt: Callable[[Term], str]) -> str:
    return both.join(
        f"({either.join(f'({both.join(map(spelt, way))})' for way in one)})" for one in asked
    )
