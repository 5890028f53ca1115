"""`cratewise export`: every listing, to standard output or into a file, whole or not at all."""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from cratewise.cli import search_options as option
from cratewise.cli.choosing import OfSeller
from cratewise.cli.opening import (
    hides_stale,
    open_account,
    open_rates,
    open_settings,
    opened_store,
    priced_since,
)
from cratewise.cli.output import AsJson, remark, write_json
from cratewise.cli.search_filter import Typed, with_filter
from cratewise.errors import ExportFailed, SettingError
from cratewise.shelf.kept import kept_seller

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cratewise.settings import Settings
    from cratewise.shelf.export import Form
    from cratewise.shelf.query import Reader
    from cratewise.store.accounts import Account
    from cratewise.store.export_rows import Batch

EXAMPLES = (
    ("cratewise export -o listings.csv", "everything, for a spreadsheet"),
    ("cratewise export alice --format ndjson | gzip > alice.gz", "one seller, streamed"),
    ("cratewise export --format json --gone", "with what is no longer for sale"),
    ("cratewise export --search 'coltrane lp' -o coltrane.xlsx", "what a search finds, in Excel"),
    ("cratewise export --genre Jazz --to-year 1975 --sort price", "by all options of `search`"),
)


@with_filter(formats=option.RecordFormats)
def export(
    seller: OfSeller = None,
    *,
    typed: Typed,
    search: Annotated[
        str,
        typer.Option(
            metavar="WORDS",
            help="Words of artist, title, label, catalogue number and format.",
            show_default=False,
        ),
    ] = "",
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORM",
            help="csv, json, ndjson, parquet or xlsx; by default as FILE ends, else csv.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to; - or nothing: standard output.",
            show_default=False,
        ),
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            metavar="ORDER", help="As `search` sorts; else as they were read.", show_default=False
        ),
    ] = None,
    reverse: option.Reverse = False,
    layout: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="CSV as an earlier program wrote it: earlier, or earlier-full.",
            show_default=False,
        ),
    ] = None,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw", help="CSV: no apostrophe before a text that a spreadsheet would run."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write listings as CSV, JSON, NDJSON, Parquet or XLSX.

    All options of `cratewise search` choose which.  What you hid is left out of what they
    find, as there; without any of them every listing is written.
    """
    is_file = output is not None and str(output) != "-"
    told = _form(form, output if is_file else None, as_json=as_json)
    settings = open_settings()
    with opened_store(settings) as engine:
        sellers = (seller,) if seller else ()
        wanted = _Wanted(typed.also(words=search, sellers=sellers), sort, reverse, told, raw)
        pieces = _pieces(settings, engine, wanted)
        if layout is not None:
            pieces = _earlier_pieces(settings, engine, wanted, layout)
        if output is None or not is_file:
            if told in {"parquet", "xlsx"} and sys.stdout.isatty():
                raise typer.BadParameter(
                    f"{told} is no text: write it into a file.", param_hint="'--output'"
                )
            sys.stdout.flush()
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return
        with whole_file(output) as file:
            for piece in pieces:
                file.write(piece)
    if as_json:
        write_json({"file": str(output), "form": told, "listings": wanted.written})
    else:
        remark(f"{output} holds {wanted.written:,} listings.")


@dataclass
class _Wanted:
    """What to write; sort: None: as they were read.  written: how many listings so far."""

    typed: Typed
    sort: str | None
    is_reversed: bool
    form: "Form"
    is_raw: bool
    written: int = 0


def _form(told: str | None, output: Path | None, *, as_json: bool) -> "Form":
    """Which form to write; `as_json` asks for JSON where nothing else tells the form."""
    from cratewise.shelf.export import FORMS

    ending = output.suffix.removeprefix(".").lower() if output else ""
    usual = "json" if as_json else "csv"
    wanted = told.lower() if told else ending if ending in FORMS else usual
    if as_json and not output and wanted != "json":
        raise typer.BadParameter(
            f"`--json` writes JSON, and not {wanted}: leave one of the two out, or write into a "
            "file.", param_hint="'--format'",
        )  # fmt: skip
    for form in FORMS:
        if form == wanted:
            return form
    raise typer.BadParameter(
        f"{wanted!r} is no form; expected {', '.join(FORMS)}.", param_hint="'--format'"
    )


def _pieces(settings: "Settings", engine: "Engine", asked: _Wanted) -> Iterator[bytes]:
    """The file, piece by piece; nobody is asked where its reader counts money."""
    from cratewise.cli.light_arrow import load_arrow_lightly
    from cratewise.clock import SystemClock
    from cratewise.shelf.export import export as exported
    from cratewise.shelf.exported import Currency
    from cratewise.shelf.query import Reader
    from cratewise.store.engine import reading

    load_arrow_lightly(is_lean=True)
    account = open_account(settings, engine, may_ask=False)
    rates, today = open_rates(settings, engine), SystemClock().now().date()
    reader = Reader(account.id, account.currency, rates, today, priced_since(account))
    found = _found(engine, account, asked, reader)
    own = Currency(reader.currency, reader.rates, reader.day, reader.priced_since)
    with reading(engine) as db:
        counted = _counted(_batches(db, asked.typed, found), asked)
        yield from exported(counted, asked.form, own, is_raw=asked.is_raw)


def _found(
    engine: "Engine", account: "Account", asked: _Wanted, reader: "Reader"
) -> list[int] | None:
    """Which listings, in their order, by our own ids; None: nothing that needs a search."""
    from cratewise.cli.searching import find_all, read_order

    if asked.sort is None and not asked.is_reversed and _is_plain(asked.typed):
        return None
    order = read_order(asked.sort or "score", is_reversed=asked.is_reversed)
    return find_all(engine, account, asked.typed, order, reader)


def _is_plain(typed: Typed) -> bool:
    """Whether every listing is wanted, or all of one seller, gone ones or not."""
    is_shown = typed.terms["gone"] != "only" and len(typed.sellers) <= 1
    return is_shown and typed.asks <= {"sellers", "gone"}


def _batches(db: "Connection", typed: Typed, found: list[int] | None) -> Iterator["Batch"]:
    from cratewise.store.export_rows import batches, batches_of
    from cratewise.store.stock import Wanted

    if found is not None:
        return batches_of(db, found)
    of = kept_seller(db, typed.sellers[0]).id if typed.sellers else None
    return batches(db, Wanted(seller_id=of, with_gone=typed.terms["gone"] == "with"))


def _earlier_pieces(
    settings: "Settings", engine: "Engine", asked: _Wanted, layout: str
) -> Iterator[bytes]:
    """Everything for sale in a layout of an earlier program."""
    from cratewise.clock import SystemClock
    from cratewise.shelf.earlier_layout import LAYOUTS, earlier_csv

    if layout not in LAYOUTS:
        raise typer.BadParameter(
            f"{layout!r} is none; expected {' or '.join(LAYOUTS)}.", param_hint="'--layout'"
        )
    if asked.form != "csv" or asked.typed.asks or asked.sort or asked.is_raw:
        raise typer.BadParameter("is CSV of all that is for sale.", param_hint="'--layout'")
    account = open_account(settings, engine, may_ask=False)
    if hides_stale(account):
        raise SettingError(
            "CRATEWISE_STALE_PRICES",
            "old prices are hidden, here or by `cratewise freshness`, and that layout has no "
            "place for a price's age, nor for none.",
        )

    def count(rows: int) -> None:
        asked.written += rows

    return earlier_csv(
        engine, layout, account_id=account.id, rates=open_rates(settings, engine),
        day=SystemClock().now().date(), on_rows=count,
    )  # fmt: skip


def _counted(read: Iterable["Batch"], asked: _Wanted) -> Iterator["Batch"]:
    for batch in read:
        asked.written += len(batch)
        yield batch


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name when all is written, and else not at all.

    Raises ExportFailed when it cannot be written; what was there before stays.
    """
    path = path.resolve()  # what a link points to is written, and the link stays
    if path.exists() and not path.is_file():
        with _worded(path), path.open("wb") as file:
            yield file  # a pipe or a device, which nothing can be put in the place of
        return
    beside: Path | None = None
    try:
        with _worded(path):
            # In the same folder, since a file cannot be renamed from one disk to another.
            handle, name = tempfile.mkstemp(f"{path.name}.part", ".", path.parent)
            beside = Path(name)
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(_usual_mode(path))
            beside.replace(path)
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


@contextmanager
def _worded(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportFailed(path, error.strerror or str(error)) from error


def _usual_mode(path: Path) -> int:
    """The permissions of the file that is replaced, else what this user's new files get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
