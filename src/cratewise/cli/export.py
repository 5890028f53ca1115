"""`cratewise export`: every listing, to standard output or into a file, whole or not at all."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from cratewise.cli.choosing import OfSeller
from cratewise.cli.opening import open_settings, opened_store
from cratewise.cli.output import AsJson, remark
from cratewise.errors import ExportFailed
from cratewise.shelf.kept import kept_seller

if TYPE_CHECKING:
    from sqlalchemy import Engine

EXAMPLES = (
    ("cratewise export -o listings.csv", "everything, for a spreadsheet"),
    ("cratewise export alice --format ndjson | gzip > alice.gz", "one seller, streamed"),
    ("cratewise export --format json --gone", "with what is no longer for sale"),
)


def export(
    seller: OfSeller = None,
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="FORM", help="csv, json or ndjson.")
    ] = "csv",
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
    gone: Annotated[bool, typer.Option("--gone", help="Write what is gone too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write every listing as CSV, JSON or NDJSON."""
    from cratewise.shelf.export import FORMS

    form = "json" if as_json else form.lower()
    if form not in FORMS:
        raise typer.BadParameter(
            f"{form!r} is no form; expected {', '.join(FORMS)}.", param_hint="'--format'"
        )
    settings = open_settings()
    with opened_store(settings) as engine:
        if output is None or str(output) == "-":
            with _standard_output() as file:
                _write(engine, seller, form, gone, file)
            return
        with whole_file(output) as file:
            count = _write(engine, seller, form, gone, file)
    remark(f"{output} holds {count:,} listings.")


def _write(engine: "Engine", seller: str | None, form: str, with_gone: bool, file: TextIO) -> int:
    from cratewise.shelf.export import FORMS
    from cratewise.store.engine import reading
    from cratewise.store.stock import Wanted, each_listing

    with reading(engine) as db:
        seller_id = kept_seller(db, seller).id if seller else None
        listings = each_listing(db, Wanted(seller_id=seller_id, with_gone=with_gone))
        return FORMS[form](listings, file)


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    """Standard output in UTF-8, line ends as they are written, wherever it goes."""
    file = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
    try:
        yield file
        file.flush()
    finally:
        file.detach()  # or closing it would close standard output


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A file that appears under its name when all is written, and else not at all.

    Raises ExportFailed when it cannot be written; what was there before stays.
    """
    path = path.resolve()  # what a link points to is written, and the link stays
    if path.exists() and not path.is_file():
        with _worded(path), path.open("w", encoding="utf-8", newline="") as file:
            yield file  # a pipe or a device, which nothing can be put in the place of
        return
    beside: Path | None = None
    try:
        with _worded(path):
            # In the same folder, since a file cannot be renamed from one disk to another.
            handle, name = tempfile.mkstemp(f"{path.name}.part", ".", path.parent)
            beside = Path(name)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
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
