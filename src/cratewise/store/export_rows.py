"""Listings as columns of Arrow's, some thousands at a time: for exports, where microseconds count.

    ids -> many listings -> their releases, each once -> put together by Arrow, some at a time

A join would go to and fro in the file for each listing, and make a release's texts anew
for each of its copies.  Moments are whole microseconds since 1970, lists of names are JSON.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec
import numpy as np
from sqlalchemy import Connection, bindparam, func, select

from cratewise.store.column_texts import ColumnTexts, joined
from cratewise.store.engine import reading_once, stand_still
from cratewise.store.stock import Wanted, matches
from cratewise.store.tables import listings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

READ_AT_ONCE = 10_000  # listings; 5 MB with their releases
AT_A_TIME = 5_000  # of them in a batch
FETCHED_AT_ONCE = 200  # rows that are Python's for a moment

_WHOLE, _NUMBER, _TEXT = "int64", "double", "string"
_TYPES: Mapping[str, Mapping[str, str]] = {
    "listings": {
        "id": _WHOLE, "discogs_listing_id": _WHOLE, "seller_id": _WHOLE, "release_id": _WHOLE,
        "price_minor": _WHOLE, "currency": _TEXT, "price_read_at": _WHOLE, "price_usd": _NUMBER,
        "shipping_minor": _WHOLE, "shipping_currency": _TEXT, "media_grade": _WHOLE,
        "sleeve_grade": _WHOLE, "comments": _TEXT, "ships_from": _TEXT, "allows_offers": _WHOLE,
        "posted_at": _WHOLE, "source": _TEXT, "score": _NUMBER, "first_seen_at": _WHOLE,
        "changed_at": _WHOLE, "gone_at": _WHOLE,
    },
    "releases": {
        "id": _WHOLE, "artist": _TEXT, "title": _TEXT, "label": _TEXT, "catalog_number": _TEXT,
        "format": _TEXT, "year": _WHOLE, "want": _WHOLE, "have": _WHOLE, "genres": _TEXT,
        "styles": _TEXT, "country": _TEXT, "master_id": _WHOLE, "original_year": _WHOLE,
        "artist_ids": _TEXT, "label_ids": _TEXT,
    },
    "sellers": {"id": _WHOLE, "username": _TEXT},
}  # fmt: skip
_OWN_IDS = {"id", "seller_id"}
COLUMNS: Mapping[str, str] = {  # of a batch: their types
    **{name: kind for name, kind in _TYPES["listings"].items() if name not in _OWN_IDS},
    **{name: kind for name, kind in _TYPES["releases"].items() if name not in _OWN_IDS},
    "seller": _TEXT,
}

_SELECT = {
    "sqlite": "SELECT {} FROM json_each(?) AS asked CROSS JOIN {table} ON {table}.id = asked.value",
    "postgresql": "SELECT {} FROM json_array_elements_text(CAST(%s AS json)) AS asked "
    "JOIN {table} ON {table}.id = CAST(asked.value AS bigint) ORDER BY {table}.id",
}


class Rows(Protocol):
    """The rows of a table with some ids, each once and by its id."""

    def array(self, name: str) -> Any:
        """A column as an array of Arrow's."""

    @property
    def table(self) -> Any:
        """All columns as a pyarrow.Table, made when it is first asked for, by whichever thread."""


class Batch(NamedTuple):
    """Some listings, of tables that hold many; places: which rows of each table they are.

    listings, releases, sellers  read once for many batches.
    """

    listings: "Rows"
    releases: "Rows"
    sellers: "Rows"
    places: "Numbers"  # (n,) of listings

    def __len__(self) -> int:
        return len(self.places)

    def table(self) -> Any:
        """A pyarrow.Table of COLUMNS, a listing a row."""
        told = self.listings.table.take(self.places)
        releases = self._of(self.releases, told["release_id"])
        sellers = self._of(self.sellers, told["seller_id"])
        columns = {"seller": sellers["username"]}
        for table in (told, releases):
            columns |= {name: table[name] for name in table.column_names if name in COLUMNS}
        return told.from_pydict(columns)

    @staticmethod
    def _of(rows: "Rows", numbers: Any) -> Any:
        table = rows.table
        return table.take(np.searchsorted(table["id"].to_numpy(), numbers.to_numpy()))


def batches(db: Connection, wanted: Wanted) -> Iterator[Batch]:
    """Every wanted listing by our own id, read as it is asked for: memory stays constant."""
    if db.dialect.name == "sqlite":
        with reading_once(db):
            for ids in _ids_as_texts(db, wanted):
                yield from _read(db, ids)
        return
    ids_of_all = select(listings.c.id).where(matches(wanted)).order_by(listings.c.id)
    stand_still(db)
    # Left at the server, and closed even when nobody reads to the end.
    with db.execute(ids_of_all, execution_options={"yield_per": READ_AT_ONCE}) as found:
        for part in found.scalars().partitions():
            yield from _read(db, np.array(part))


def batches_of(db: Connection, ids: Sequence[int]) -> Iterator[Batch]:
    """These listings, by our own ids, in the order in which they are given."""
    with reading_once(db):
        for begin in range(0, len(ids), READ_AT_ONCE):
            yield from _read(db, np.array(ids[begin : begin + READ_AT_ONCE]))


def _ids_as_texts(db: Connection, wanted: Wanted) -> Iterator["Numbers"]:
    """The ids of wanted listings, some at a time, as one text each: no row is Python's."""
    some = (
        select(listings.c.id)
        .where(matches(wanted), listings.c.id > bindparam("after"))
        .order_by(listings.c.id)
        .limit(READ_AT_ONCE)
        .subquery()
    )
    told = select(func.group_concat(some.c.id))
    after = 0
    while text := db.scalar(told, {"after": after}):
        ids = np.sort(np.fromstring(text, np.int64, sep=","))
        yield ids
        after = int(ids[-1])


def _read(db: Connection, ids: "Numbers") -> Iterator[Batch]:
    found = _rows(db, "listings", ids)
    known = found.array("id").to_numpy()
    # A listing may have been forgotten with its seller since it was found.
    places = np.searchsorted(known, ids[np.isin(ids, known)])
    if not len(places):
        return
    releases = _rows(db, "releases", found.array("release_id").to_numpy())
    sellers = _rows(db, "sellers", found.array("seller_id").to_numpy())
    for begin in range(0, len(places), AT_A_TIME):
        yield Batch(found, releases, sellers, places[begin : begin + AT_A_TIME])


def _rows(db: Connection, table: str, ids: "Numbers") -> Rows:
    asked = msgspec.json.encode(_each_once(ids).tolist()).decode()
    if db.dialect.name == "sqlite":
        told = (joined(_written(table, name)) for name in _TYPES[table])
        statement = _statement(db, table, [*told, "count(*)"])
        *texts, count = db.exec_driver_sql(statement, (asked,)).one()
        found = ColumnTexts(_TYPES[table], texts, count)
        if found.is_plain:
            return found
    return _row_by_row(db, table, asked)


def _row_by_row(db: Connection, table: str, asked: str) -> Rows:
    import pyarrow as pa

    schema = pa.schema([(name, kind) for name, kind in _TYPES[table].items()])
    # A cursor of our own: SQLAlchemy's results cost as much again as the driver's rows.
    cursor = db.connection.cursor()
    try:
        told = [_written(table, name) for name in _TYPES[table]]
        cursor.execute(_statement(db, table, told), (asked,))
        parts = []
        while rows := cursor.fetchmany(FETCHED_AT_ONCE):
            columns = zip(zip(*rows, strict=True), schema.types, strict=True)
            arrays = [pa.array(values, kind) for values, kind in columns]
            parts.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
    finally:
        cursor.close()
    return _Read(pa.Table.from_batches(parts, schema).combine_chunks())


class _Read(NamedTuple):
    """Rows of which all is known already."""

    table: Any

    def array(self, name: str) -> Any:
        return self.table[name]


def _statement(db: Connection, table: str, told: Sequence[str]) -> str:
    return _SELECT[db.dialect.name].format(", ".join(told), table=table)


def _each_once(ids: "Numbers") -> "Numbers":
    """In their order; `np.unique` takes ten times as long."""
    ids = np.sort(ids)
    distinct: Numbers = ids[np.append(True, ids[1:] != ids[:-1])]
    return distinct


def _written(table: str, name: str) -> str:
    column = f"{table}.{name}"
    return f"CAST({column} AS INTEGER)" if name == "allows_offers" else column
