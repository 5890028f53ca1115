"""Whether a column is one of many ids, which travel in one parameter.

A parameter for each of a hundred ids takes SQLAlchemy longer to spell than the database
takes to look them up.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Ids(TypeDecorator[Iterable[int]]):
    """Whole numbers as one value: an array, or JSON where there are no arrays."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(BigInteger()) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        return ids if dialect.name == "postgresql" else json.dumps(ids)


class _OneOf(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    name = "one_of"

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - as SQLAlchemy calls it
        """As it is: SQLAlchemy would add `= 1` for SQLite, which then looks through all rows."""
        return self


def one_of(column: ColumnElement[int], parameter: str) -> ColumnElement[bool]:
    """Whether `column` is among the ids that are handed in under that name."""
    return _OneOf(column, bindparam(parameter, type_=Ids()))


@compiles(_OneOf, "sqlite")
def _in_sqlite(element: _OneOf, compiler: Any, **more: Any) -> str:
    column, ids = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - both are SQLAlchemy's


@compiles(_OneOf, "postgresql")
def _in_postgresql(element: _OneOf, compiler: Any, **more: Any) -> str:
    column, ids = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} = ANY ({ids})"
