"""What commands write: tables for people, tabs for pipes, JSON for programs.

Standard output carries what was asked for and nothing else.  Remarks and progress
go to standard error, so that a pipe stays clean.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

if TYPE_CHECKING:
    from rich.console import Console

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]


class Column:
    """A column of a table.

    is_right    numbers stand right, words left.
    wraps       may be broken over lines when the terminal is narrow.
    style       Rich's, for terminals only.
    """

    def __init__(
        self, name: str, *, is_right: bool = False, wraps: bool = False, style: str = ""
    ) -> None:
        self.name = name
        self.is_right = is_right
        self.wraps = wraps
        self.style = style


def is_terminal() -> bool:
    """Does a person read standard output?"""
    return sys.stdout.isatty()


def can_ask() -> bool:
    """Is there a person who would see a question and can answer it?"""
    return sys.stdin.isatty() and sys.stderr.isatty() and os.environ.get("CI") != "true"


def tell(sentence: str, *, style: str = "") -> None:
    """Answer in a sentence, wrapped between words on a terminal."""
    _write_prose(sentence, style, is_error=False)


def remark(sentence: str, *, style: str = "") -> None:
    """Tell the person something that is not the answer itself."""
    _write_prose(sentence, style, is_error=True)


def _write_prose(sentence: str, style: str, *, is_error: bool) -> None:
    out = console(is_error=is_error)
    # In a log a sentence stays on its line.
    out.print(sentence, style=style, markup=False, soft_wrap=not out.is_terminal)


def console(*, is_error: bool = False) -> "Console":
    """Rich's console on standard output or standard error; it honours NO_COLOR."""
    from rich.console import Console

    return Console(file=sys.stderr if is_error else sys.stdout, highlight=False)


def write_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; elsewhere a header and rows separated by tabs, uncut."""
    if not is_terminal():
        _write_tabs([column.name for column in columns], rows)
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            column.name,
            justify="right" if column.is_right else "left",
            no_wrap=not column.wraps,
            overflow="fold" if column.wraps else "ellipsis",
            style=column.style,
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)


def _write_tabs(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    for row in (names, *rows):
        # A tab or a line break inside a cell would look like the next cell or row.
        sys.stdout.write("\t".join(" ".join(cell.split()) for cell in row) + "\n")


def write_json(answer: Any) -> None:
    """One JSON document; times in ISO 8601, UTC.  Indented when a person looks."""
    encoded = msgspec.json.Encoder(enc_hook=_plain, decimal_format="number").encode(answer)
    if is_terminal():
        encoded = msgspec.json.format(encoded, indent=2)
    sys.stdout.write(encoded.decode() + "\n")


def write_ndjson(answers: Iterable[Any]) -> None:
    """One JSON document a line, each written as soon as it is there."""
    encoder = msgspec.json.Encoder(enc_hook=_plain, decimal_format="number")
    for answer in answers:
        sys.stdout.write(encoder.encode(answer).decode() + "\n")
        sys.stdout.flush()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):  # a row of the database
        return dict(value)
    if hasattr(value, "item"):  # a number of numpy's
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON.")
