"""All rows of a table as columns, read ahead by a thread of their own.

    group_concat(id), group_concat(title, MARK) ... of some thousand rows -> numpy, lists of texts

Python's drivers make an object of every value, and hold Python's lock for it.  The database
joins a column of many rows to one text without; meanwhile whoever asked takes the texts
before apart, and works with them.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

AHEAD = 4  # batches that are read before they are asked for: 2 MB each
MARK = "\x1f"  # between two texts; a batch in which one holds it is read row by row
# SQLite tells a float exactly as two whole numbers, as its digits would be rounded to 15: what
# stands before the point, and the rest in 1 / PARTS.  Beyond these limits it is not exact.
PARTS = 2.0**62
SMALLEST, LARGEST = 2.0**-10, 2.0**53
NOT_TOLD = -(2**63)  # in the place of NULL

Batch = Mapping[str, Sequence[Any]]


def joined_batches(
    db: Connection, statement: Select[Any], key: Column[int], *, at_once: int
) -> Iterator[Batch]:
    """What a statement finds, by its key upwards: arrays of numbers, lists of texts.

    statement  without parameters; of its columns only floats may be NULL.
    key        whole numbers above 0, each once; selected as `id`.

    Until the end nobody else may use the connection.  All is one view of the database,
    in which no listing lacks its release.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="rows") as pool:
        batches = _read(db, statement, key, at_once)
        under_way = deque(pool.submit(next, batches, None) for _ in range(AHEAD))
        try:
            while (taken_apart := under_way.popleft().result()) is not None:
                under_way.append(pool.submit(next, batches, None))
                yield taken_apart()
        finally:
            pool.shutdown(cancel_futures=True)


def _read(
    db: Connection, statement: Select[Any], key: Column[int], at_once: int
) -> Iterator[Callable[[], Batch]]:
    some = statement.where(key > bindparam("after")).order_by(key).limit(at_once)
    columns = some.subquery().c
    is_sqlite = db.dialect.name == "sqlite"
    joined_by = _joined_by_sqlite if is_sqlite else _joined_by_postgresql
    told = [one for column in columns for one in joined_by(column)]
    inexact = _inexact(columns) if is_sqlite else literal(0)
    joined = select(func.count(), inexact, func.max(columns.id), *told)
    after = 0
    while (found := db.execute(joined, {"after": after}).one())[0]:
        count, is_inexact, last, *texts = found
        if is_inexact or any(MARK in text and text.count(MARK) != count - 1 for text in texts):
            rows = db.execute(some, {"after": after}).all()
            values = dict(zip(columns.keys(), zip(*rows, strict=True), strict=True))
            yield partial(dict, values)
        else:
            yield partial(_taken_apart, columns, texts, is_sqlite=is_sqlite)
        after = last


def _joined_by_postgresql(column: ColumnElement[Any]) -> Iterator[ColumnElement[str]]:
    text = cast(cast(column, Integer) if isinstance(column.type, Boolean) else column, Text)
    match column.type:
        case String():
            yield func.string_agg(column, MARK)
        case Float():  # written out, it has as many digits as it takes
            yield func.string_agg(func.coalesce(text, "NaN"), ",")
        case _:
            yield func.string_agg(text, ",")


def _joined_by_sqlite(column: ColumnElement[Any]) -> Iterator[ColumnElement[str]]:
    match column.type:
        case String():
            yield func.group_concat(column, MARK)
        case Float():
            whole = cast(column, BigInteger)
            yield func.group_concat(func.coalesce(whole, NOT_TOLD))
            part = cast((column - whole) * PARTS, BigInteger)
            yield func.group_concat(func.coalesce(part, 0))
        case _:
            yield func.group_concat(column)


def _inexact(columns: Any) -> ColumnElement[int]:
    """How many floats two whole numbers do not tell exactly."""
    size = [func.abs(column) for column in columns if isinstance(column.type, Float)]
    outside = [or_(one >= LARGEST, (one < SMALLEST) & (one > 0)) for one in size]
    return func.total(case((or_(*outside), 1))) if outside else literal(0)


def _taken_apart(columns: Any, texts: Sequence[str], *, is_sqlite: bool) -> Batch:
    batch: dict[str, Any] = {}
    left = iter(texts)
    for column in columns:
        match column.type:
            case String():
                batch[column.key] = next(left).split(MARK)
            case Float() if is_sqlite:
                batch[column.key] = _floats(_numbers(next(left)), _numbers(next(left)))
            case Float():
                batch[column.key] = np.fromstring(next(left), np.float64, sep=",")
            case _:
                batch[column.key] = _numbers(next(left))
    return batch


def _numbers(text: str) -> NDArray[np.int64]:
    return np.fromstring(text, np.int64, sep=",")


def _floats(whole: NDArray[np.int64], part: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(whole == NOT_TOLD, np.nan, whole + part / PARTS)
