"""Names by which listings can be chosen, and how well known each is."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, func, select

from cratewise.store.engine import stand_still
from cratewise.store.tables import listings, releases, sellers
from cratewise.store.word_index import release_words

Kind = Literal["artist", "label", "style", "genre", "seller", "catalog_number"]

ROWS_AT_A_TIME = 10_000

_COLUMNS: Mapping[Kind, str] = {
    "artist": "artist",
    "label": "label",
    "style": "styles",
    "genre": "genres",
    "catalog_number": "catalog_number",
}


class KnownName(NamedTuple):
    """A name as Discogs writes it.

    entries  releases that are kept under it; of a seller: listings for sale.
    have     members of Discogs who own a release under it, summed over releases; of a
             seller: ratings.
    """

    name: str
    entries: int
    have: int


def known_names(db: Connection, kind: Kind) -> Iterable[KnownName]:
    """Every name of a kind that is kept, in no order."""
    if kind == "seller":
        return _sellers(db)
    column = releases.c[_COLUMNS[kind]]
    # Counting what is for sale of each would take ten times as long.
    statement = (
        select(column, func.count(), func.sum(releases.c.have))
        .where(column.is_not(None))
        .group_by(column)
        .execution_options(yield_per=ROWS_AT_A_TIME)
    )
    stand_still(db)
    counts: dict[str, tuple[int, int]] = {}
    for text, count, have in db.execute(statement):
        for name in names_in(kind, text):
            before = counts.get(name, (0, 0))
            counts[name] = (before[0] + count, before[1] + int(have or 0))
    return (KnownName(name, *both) for name, both in counts.items())


def names_since(db: Connection, since: datetime) -> dict[Kind, set[str]]:
    """Names of sellers met, and of releases told, renamed or described after a moment."""
    met = select(sellers.c.username).where(sellers.c.created_at > since)
    found: dict[Kind, set[str]] = {kind: set() for kind in _COLUMNS}
    found["seller"] = set(db.scalars(met))
    columns = [releases.c[column] for column in _COLUMNS.values()]
    words = release_words.c
    for statement in (
        select(*columns)
        .join(release_words, words.release_id == releases.c.id)
        .where(words.kept_at > since),
        select(*columns).where(releases.c.described_at > since),
    ):
        for row in db.execute(statement):
            for kind, text in zip(_COLUMNS, row, strict=True):
                found[kind].update(names_in(kind, text or ""))
    return found


def names_in(kind: Kind, text: str) -> Iterator[str]:
    """The names that a column of `releases` holds: one artist, or several of the others."""
    names: Iterable[str]
    if kind == "artist":
        names = (text,)
    elif kind in {"style", "genre"}:
        names = msgspec.json.decode(text, type=list[str]) if text else ()
    else:
        names = text.split(", ")
    return (name.strip() for name in names if name.strip())


def _sellers(db: Connection) -> list[KnownName]:
    statement = (
        select(sellers.c.username, func.count(listings.c.id), func.coalesce(sellers.c.ratings, 0))
        .outerjoin(listings, (listings.c.seller_id == sellers.c.id) & listings.c.gone_at.is_(None))
        .group_by(sellers.c.id)
    )
    return [KnownName(*row) for row in db.execute(statement)]
