"""`cratewise restore`: an empty database filled from a backup."""

from pathlib import Path
from typing import Annotated

import typer

from cratewise.cli.opening import open_settings
from cratewise.cli.output import AsJson, remark, tell, write_json

EXAMPLES = (
    ("cratewise restore crates.backup", "into the database of the settings, which is empty"),
    ("cratewise restore crates.backup --check", "is it whole, and of which schema?"),
)


def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="What `cratewise backup` wrote.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Look at it, restore nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database from a backup.

    Its integrity and version are checked first; one of an earlier Cratewise is brought up to
    date on the way.  Nothing that is kept is ever overwritten.
    """
    from cratewise.cli.copying import shown_progress, write_copied
    from cratewise.store.backup import check_backup
    from cratewise.store.backup import restore as fill
    from cratewise.store.engine import open_engine, place_of

    if check:
        version = check_backup(path)
        if as_json:
            write_json({"file": str(path), "schema": version, "is_whole": True})
        else:
            tell(f"{path} is whole, of schema {version}.")
        return
    engine = open_engine(open_settings().database_url)
    try:
        with shown_progress() as show:
            copied = fill(path, engine, show)
        place = place_of(engine)
    finally:
        engine.dispose()
    if as_json:
        write_json({"restored": {one.table: one.here for one in copied}})
        return
    write_copied(copied)
    tell(f"Restored into {place}.")
    remark("Credentials open only with the key that sealed them: put its file back, or connect.")
