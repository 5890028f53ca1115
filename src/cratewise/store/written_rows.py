"""All of some rows as one text, to see at a glance whether one of them is another."""

from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _WrittenRows(FunctionElement[str]):
    type = Text()
    inherit_cache = True
    name = "written_rows"


def written_rows(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    """These columns of all rows, written as JSON by the database in an order of its own."""
    return _WrittenRows(*columns)


@compiles(_WrittenRows, "sqlite")
def _in_sqlite(element: _WrittenRows, compiler: Any, **more: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **more)}))"


@compiles(_WrittenRows, "postgresql")
def _in_postgresql(element: _WrittenRows, compiler: Any, **more: Any) -> str:
    columns = compiler.process(element.clauses, **more)
    return f"CAST(json_agg(json_build_array({columns})) AS TEXT)"
