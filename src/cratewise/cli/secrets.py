"""`cratewise secrets`: the keys that seal what is secret."""

import typer

from cratewise.cli.opening import open_settings, opened_store
from cratewise.cli.output import AsJson, remark, tell, write_json

EXAMPLES = (
    ("cratewise secrets new", "a key for CRATEWISE_SECRET_KEY"),
    ("cratewise secrets rotate", "seal everything with the newest key"),
)

secrets = typer.Typer(
    help="Make and change the keys that seal secrets.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)


@secrets.command()
def new(*, as_json: AsJson = False) -> None:
    """Make a key; it is kept nowhere, so put it into CRATEWISE_SECRET_KEY."""
    from cryptography.fernet import Fernet

    key = Fernet.generate_key().decode()
    if as_json:
        write_json({"key": key})
    else:
        typer.echo(key)


@secrets.command()
def rotate(*, as_json: AsJson = False) -> None:
    """Seal every credential with the newest key.

    With CRATEWISE_SECRET_KEY put a new key before the old one, with a comma between, restart
    every process, rotate, and take the old one away.  Else a new key is made, and the old one
    forgotten when nothing needs it any more.
    """
    from cratewise.discogs.sealing import Seal
    from cratewise.store.credentials import reseal_all
    from cratewise.store.engine import writing

    settings = open_settings()
    seal = Seal(settings.data_dir, settings.secret_keys)
    with opened_store(settings) as engine:
        seal.begin_rotation()
        with writing(engine) as db:
            count = reseal_all(db, seal.sealed_anew)
        seal.end_rotation()
    if as_json:
        write_json({"sealed": count, "key_is_in": seal.place()})
        return
    many = "1 credential is" if count == 1 else f"{count:,} credentials are"
    tell(f"{many} sealed with the newest key, which is in {seal.place()}.")
    if settings.secret_keys[1:]:
        remark("The older keys in CRATEWISE_SECRET_KEY open nothing any more: take them away.")
