"""`cratewise catalog`: the monthly dump of all releases, which tells what listings do not."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.interrupting import stopping_gently
from cratewise.cli.opening import open_settings, opened_store
from cratewise.cli.output import AsJson, remark, tell, write_json

if TYPE_CHECKING:
    from cratewise.catalog.import_dump import Imported
    from cratewise.catalog.lookup import Edition
    from cratewise.cli.catalog_import import Done

EXAMPLES = (
    ("cratewise catalog import latest", "fetch this month's dump, 11 GB, and import it"),
    ("cratewise catalog import discogs_20261001_releases.xml.gz", "a file that you have"),
    ("cratewise catalog import latest --only-listed", "for small disks: what was pulled alone"),
    ("cratewise catalog rollback", "back to the one before"),
)

catalog = typer.Typer(
    help="Tell listings' genres, styles and countries by Discogs' monthly dump.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)


@catalog.command("import")
def import_(
    source: Annotated[
        str, typer.Argument(metavar="FILE|URL|latest", help="A dump of releases, gz or plain.")
    ],
    *,
    masters: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|URL|latest", show_default=False,
            help="The dump of masters too, for original years.",
        ),
    ] = None,
    checksum: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", show_default=False,
            help="Discogs' file of checksums, unless it lies beside the dump.",
        ),
    ] = None,
    without_credits: Annotated[
        bool, typer.Option("--without-credits", help="Leave out who did what: a smaller file.")
    ] = False,
    only_listed: Annotated[
        bool, typer.Option("--only-listed", help="Keep the releases that you have met alone.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Even if this dump is in use already.")
    ] = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Make the catalogue of a monthly dump, and describe all listings by it.

    Ctrl-C keeps what was read, and the same command goes on there.  The catalogue before
    is kept; `cratewise catalog rollback` goes back to it.
    """
    from cratewise.cli.catalog_import import Wish, import_catalog

    _check_source(source, "FILE|URL|latest")
    _check_source(masters or "latest", "--masters")
    wish = Wish(
        source, masters, checksum,
        with_credits=not without_credits, only_listed=only_listed, again=again,
    )  # fmt: skip
    settings = open_settings()
    with opened_store(settings) as engine, stopping_gently(_tell_of_stopping) as stopping:
        done = import_catalog(settings, engine, wish, should_stop=stopping.is_set)
    if as_json:
        write_json(done._asdict())
        return
    for sentence in told_of(done):
        tell(sentence)


@catalog.command()
def status(*, as_json: AsJson = False) -> None:
    """Say which catalogue is in use, which is kept, and which is being made."""
    from cratewise.cli.catalog_import import standing

    told = standing(open_settings())
    if as_json:
        write_json(told)
        return
    if told.current or not told.problems:
        tell(f"In use: {_edition(told.current, Path(told.path))}")
    for problem in told.problems:
        tell(problem)
    if told.previous:
        tell(f"Before: {_edition(told.previous, Path(told.path))}")
    if told.partial:
        file, releases = told.partial
        tell(f"Begun: {file}, {releases:,} releases; the same import goes on there.")
    if told.is_importing:
        tell("Another process is making a new one.")


@catalog.command()
def rollback(*, as_json: AsJson = False) -> None:
    """Put the catalogue before into use again, and describe all listings by it."""
    from cratewise.catalog.describe import describe_all
    from cratewise.catalog.files import CatalogFiles, roll_back
    from cratewise.catalog.lookup import edition_of, open_catalog
    from cratewise.clock import SystemClock

    settings = open_settings()
    path = settings.catalog
    files = CatalogFiles(path)
    edition_of(files.previous)  # one that cannot be used is left where it is
    roll_back(files)
    with open_catalog(path) as opened:
        edition = opened.edition
    with opened_store(settings) as engine:
        described = describe_all(engine, path, clock=SystemClock())
    if as_json:
        write_json(edition)
    else:
        tell(f"In use again: {_edition(edition, path)}")
        tell(_described(described))


def _check_source(source: str, named: str) -> None:
    scheme, _, rest = source.partition("://")
    if rest and scheme.lower() not in {"http", "https"}:
        raise typer.BadParameter(
            f"{source} cannot be fetched: expected an address that begins with https://, a file, "
            "or `latest`.", param_hint=f"'{named}'",
        )  # fmt: skip


def told_of(done: "Done") -> list[str]:
    """What came of an import, in sentences."""
    first = (
        f"{done.edition.file} is in use already; `--again` imports it anew."
        if done.imported is None
        else _worded(done.imported, done.edition)
    )
    return [first, _described(done.described)]


def _described(count: int) -> str:
    return f"{count:,} releases of your listings were described anew."


def _worded(imported: "Imported", edition: "Edition") -> str:
    speed = imported.releases / max(imported.seconds, 0.001)
    sentences = [
        f"{edition.file}: {imported.releases:,} releases in {_seconds(imported.seconds)}, "
        f"{speed:,.0f} a second; {imported.size / 1e9:.2f} GB.",
        "Its checksum is right."
        if imported.is_checked
        else "There was no checksum to compare it with.",
    ]
    if imported.resumed:
        sentences.insert(1, f"{imported.resumed:,} of them had been read before.")
    if imported.doubled:
        sentences.append(f"{imported.doubled:,} stood there twice; the later one counts.")
    return "  ".join(sentences)


def _edition(edition: "Edition | None", path: Path) -> str:
    if edition is None:
        return f"none at {path}; `cratewise catalog import latest` makes one."
    marks = [
        *([] if edition.has_credits else ["without credits"]),
        *(["of what was pulled alone"] if edition.is_only_listed else []),
    ]
    day = datetime.date(edition.made_at)
    return ", ".join([edition.file, f"{edition.releases:,} releases", *marks, f"made {day}"]) + "."


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _tell_of_stopping() -> None:
    remark("Stopping; what was read is kept, and the same import goes on there.")
