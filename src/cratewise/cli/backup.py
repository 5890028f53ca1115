"""`cratewise backup`: everything that is kept, in one file."""

from pathlib import Path
from typing import Annotated

import typer

from cratewise.cli.opening import open_settings, opened_store
from cratewise.cli.output import AsJson, remark, tell, write_json

EXAMPLES = (
    ("cratewise backup crates.backup", "while pulls and the page go on"),
    ("cratewise restore crates.backup", "into an empty database"),
)


def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write everything that is kept into one file.

    It is one moment of a database that others go on writing, and the same kind of file for
    SQLite and PostgreSQL.  Credentials stay sealed in it; their key is not in it.
    """
    from cratewise.cli.copying import shown_progress
    from cratewise.discogs.sealing import NOWHERE, Seal
    from cratewise.store.backup import back_up

    settings = open_settings()
    with opened_store(settings) as engine, shown_progress() as show:
        back_up(engine, path, show)
    size = path.stat().st_size
    place = Seal(settings.data_dir, settings.secret_keys).place()
    if as_json:
        write_json({"file": str(path), "bytes": size, "key_is_in": place})
        return
    tell(f"{path}: {size / 1e6:,.1f} MB, everything that is kept.")
    if place != NOWHERE:
        remark(f"Credentials in it stay sealed, and open only with their key, which is in {place}.")
