"""Rows on their way from one database to another: a bar on a terminal, and a table at the end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cratewise.cli.output import Column, console, write_table

if TYPE_CHECKING:
    from cratewise.store.copy import Copied, Progress


@contextmanager
def shown_progress() -> "Iterator[Progress]":
    """A bar for each table that has rows; nothing in a log."""
    out = console(is_error=True)
    if not out.is_terminal:
        yield lambda _name, _done, _rows: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as EtaColumn

    columns = (TextColumn("{task.description:>18}"), BarColumn(), MofNCompleteColumn(), EtaColumn())
    with Progress(*columns, console=out) as bars:
        tasks: dict[str, Any] = {}

        def show(name: str, done: int, rows: int) -> None:
            if rows and name not in tasks:
                tasks[name] = bars.add_task(name, total=rows)
            if name in tasks:
                bars.update(tasks[name], completed=done)

        yield show


def write_copied(copied: "Sequence[Copied]") -> None:
    """What both sides counted, of every table that has rows."""
    columns = [Column("table"), *(Column(name, is_right=True) for name in ("there", "here"))]
    rows = [(one.table, f"{one.there:,}", f"{one.here:,}") for one in copied if one.there]
    write_table(columns, rows)
