"""`cratewise import legacy`: what an earlier system knew moves over, verdicts first."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, Column, console, remark, tell, write_json, write_table

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.earlier.move import Moved, Progress
    from cratewise.store.accounts import Account

EXAMPLES = (
    ("cratewise import legacy postgresql://me@localhost/longplaying", "its database"),
    ("cratewise import legacy dump.sql.gz --dry-run", "a dump; count, and write nothing"),
    ("cratewise import legacy listings_export.csv", "its CSV export"),
    ("cratewise import legacy --sellers-from user_inventories.json", "whom it followed"),
)

import_ = typer.Typer(
    help="Move what an earlier system knew into your index.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)


@import_.callback()
def _all_imports() -> None:
    """Move what an earlier system knew into your index."""


@import_.command()
def legacy(
    source: Annotated[
        str | None,
        typer.Argument(
            help="postgresql://..., a dump of pg_dump, or the CSV export.", show_default=False
        ),
    ] = None,
    *,
    sellers_from: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Follow whom user_inventories.json lists."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Move records, sellers, listings, verdicts and records of the day.

    Only what was evaluated is a verdict.  Prices are kept as they were, since nothing says
    in which currency: a pull of the same seller tells them anew and joins the listings by
    release and grade.  Again moves only what is new.
    """
    if source is None and sellers_from is None:
        raise typer.BadParameter("name a database, a dump or a CSV export.", param_hint="SOURCE")
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        moved = _moved(engine, account, source, is_dry=dry_run) if source else []
        followed = _followed(engine, account, sellers_from, is_dry=dry_run) if sellers_from else []
    if as_json:
        write_json({"moved": [_answer(one) for one in moved], "followed": followed})
        return
    if moved:
        _report(moved)
    if dry_run:
        remark("Nothing was written: this was a dry run.")


def _moved(engine: "Engine", account: "Account", source: str, *, is_dry: bool) -> "Sequence[Moved]":
    from cratewise.clock import SystemClock
    from cratewise.earlier.move import move
    from cratewise.earlier.opening import opened_source

    with opened_source(source) as opened, _progress() as show:
        return move(
            engine,
            opened,
            account_id=account.id,
            clock=SystemClock(),
            is_dry=is_dry,
            on_progress=show,
        )


def _followed(engine: "Engine", account: "Account", path: Path, *, is_dry: bool) -> list[str]:
    from cratewise.clock import SystemClock
    from cratewise.earlier.beside import followed_there
    from cratewise.store.engine import writing
    from cratewise.store.sellers import follow, import_seller

    found = followed_there(path)
    for name in found.impossible:
        remark(f"{name!r} can be no seller's name: left out.")
    if not is_dry:
        now = SystemClock().now()
        with writing(engine) as db:
            for name in found.names:
                follow(db, account.id, import_seller(db, name, None, now).id, now)
    told = "would be followed" if is_dry else "are followed now"
    tell(f"{len(found.names):,} sellers {told}; `cratewise pull NAME` reads their stock.")
    return found.names


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar for each table on a terminal; nothing in a log."""
    out = console(is_error=True)
    if not out.is_terminal:
        yield lambda _noun, _done, _total: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:>18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=out) as bars:
        tasks: dict[str, Any] = {}

        def show(noun: str, done: int, total: int | None) -> None:
            if noun not in tasks:
                tasks[noun] = bars.add_task(noun, total=total)
            bars.update(tasks[noun], completed=done)

        yield show


def _report(moved: "Sequence[Moved]") -> None:
    columns = [Column(""), *(Column(name, is_right=True) for name in ("there", "new", "here"))]
    write_table(
        columns, [(one.noun, *map(_number, (one.there, one.new, one.here))) for one in moved]
    )
    for one in moved:
        for rule, count in one.because.most_common():
            if count:
                tell(f"{count:,} {one.noun}: {rule}.")


def _number(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


def _answer(one: "Moved") -> dict[str, Any]:
    because = {rule: count for rule, count in one.because.items() if count}
    return {
        "noun": one.noun, "there": one.there, "new": one.new, "here": one.here,
        "because": because,
    }  # fmt: skip
