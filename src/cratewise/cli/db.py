"""`cratewise db`: which schema the database has, and bringing it to the newest."""

import typer

from cratewise.cli.opening import open_settings
from cratewise.cli.output import AsJson, remark, write_json

EXAMPLES = (
    ("cratewise db status", "where the database is and whether it is up to date"),
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


def _worded(version: str | None, newest: str) -> str:
    if version is None:
        return "empty; the first command that needs it makes the tables."
    if version == newest:
        return f"schema {version}, the newest."
    return f"schema {version}; the newest is {newest}: `cratewise db upgrade`."
