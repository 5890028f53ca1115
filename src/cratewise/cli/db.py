"""`cratewise db`: which schema the database has, and bringing it to the newest."""

from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.opening import open_settings
from cratewise.cli.output import AsJson, remark, write_json
from cratewise.errors import SettingError

if TYPE_CHECKING:
    from sqlalchemy import Engine

EXAMPLES = (
    ("cratewise db status", "where the database is and whether it is up to date"),
    (
        "cratewise db copy sqlite:///crates.sqlite postgresql://me@host/crates",
        "everything, into an empty database",
    ),
    ("cratewise db upgrade", "what every command does on its start"),
)

db = typer.Typer(
    help="Look after the database.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)


@db.command()
def status(*, as_json: AsJson = False) -> None:
    """Say where the database is and how new."""
    from cratewise.store.engine import open_engine, place_of
    from cratewise.store.migrate import schema_version
    from cratewise.store.migrations import known_versions

    engine = open_engine(open_settings().database_url)
    version, newest = schema_version(engine), known_versions()[-1]
    place = place_of(engine)
    engine.dispose()
    if as_json:
        write_json(
            {"database": place, "schema": version, "newest": newest, "is_newest": version == newest}
        )
        return
    typer.echo(f"{place}: {_worded(version, newest)}")


@db.command()
def upgrade(*, as_json: AsJson = False) -> None:
    """Bring the database to the newest schema.

    Every command does so on its start; this one does nothing else.
    """
    from cratewise.cli.opening import opened_store
    from cratewise.store.engine import open_engine
    from cratewise.store.migrate import schema_version

    settings = open_settings()
    engine = open_engine(settings.database_url)
    before = schema_version(engine)
    engine.dispose()
    with opened_store(settings) as upgraded:
        after = schema_version(upgraded)
    if as_json:
        write_json({"before": before, "after": after})
    elif before == after:
        remark(f"The database has schema {after}, the newest: nothing was to be done.")
    else:
        remark(f"The database now has schema {after} (before: {before or 'none'}).")


@db.command()
def copy(
    source: Annotated[str, typer.Argument(help="sqlite:///FILE or postgresql://...")],
    target: Annotated[str, typer.Argument(help="Another, which is empty.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Copy everything into an empty database, all or nothing, and count both.

    The source may be in use: what is copied is one moment of it.  Jobs that wait there are
    not copied, so ask for pulls again.
    """
    from cratewise.cli.copying import shown_progress, write_copied
    from cratewise.store.copy import copy_database, refuse_unless_there
    from cratewise.store.engine import place_of
    from cratewise.store.migrate import upgrade

    open_settings()
    there, here = _at(source, "SOURCE"), _at(target, "TARGET")
    try:
        if there.url == here.url:
            raise typer.BadParameter("are one and the same.", param_hint="SOURCE and TARGET")
        refuse_unless_there(there)
        upgrade(there)
        upgrade(here)
        with shown_progress() as show:
            copied = copy_database(there, here, show)
        place = place_of(here)
    finally:
        there.dispose()
        here.dispose()
    if as_json:
        write_json([one._asdict() for one in copied])
        return
    write_copied(copied)
    remark(f"Copied to {place}; CRATEWISE_DATABASE_URL tells every command to use it.")


def _at(address: str, argument: str) -> "Engine":
    from cratewise.store.engine import open_engine

    try:
        return open_engine(address)
    except SettingError as error:  # which speaks of the setting
        raise typer.BadParameter(error.problem, param_hint=argument) from error


def _worded(version: str | None, newest: str) -> str:
    if version is None:
        return "empty; the first command that needs it makes the tables."
    if version == newest:
        return f"schema {version}, the newest."
    return f"schema {version}; the newest is {newest}: `cratewise db upgrade`."
