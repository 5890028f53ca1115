"""`cratewise connect`: who we are to Discogs, checked with Discogs and kept sealed."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.opening import discogs_as, open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, can_ask, tell, write_json

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.settings import Settings
    from cratewise.store.accounts import Account

EXAMPLES = (
    ("cratewise connect", "asks for a token, unseen"),
    ("cratewise connect --token - < token.txt", "reads it from standard input"),
    ("cratewise connect --show", "whose token is kept, and since when"),
    ("cratewise connect --forget", "forgets it"),
)

WHERE = "https://www.discogs.com/settings/developers"


def connect(
    *,
    token: Annotated[
        str | None,
        typer.Option(help="A personal access token; `-` reads it from standard input."),
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Say whose token is kept.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Forget the kept token.")] = False,
    as_json: AsJson = False,
) -> None:
    """Keep a Discogs token, sealed, for all that follows.

    Make one at https://www.discogs.com/settings/developers.  It is shown to Discogs to
    learn whose it is, and stored sealed.  With a token Discogs allows 60 requests a
    minute instead of 25, and wantlist and collection become readable.
    """
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        if forget:
            _forget(engine, account, as_json=as_json)
        elif show:
            _show(settings, engine, account, as_json=as_json)
        else:
            _connect(settings, engine, account, _told(token), as_json=as_json)


def _told(token: str | None) -> str:
    """The token that was typed, piped or asked for."""
    if token is None and can_ask():
        typer.echo(f"Make a token at {WHERE}.", err=True)
        token = typer.prompt("Your token (it stays unseen)", hide_input=True, err=True)
    if token in (None, "-"):
        token = sys.stdin.readline()
    token = (token or "").strip()
    if not token or any(letter.isspace() or not letter.isprintable() for letter in token):
        raise typer.BadParameter(
            f"expected a token without spaces; make one at {WHERE}.", param_hint="--token"
        )
    return token


def _connect(
    settings: "Settings", engine: "Engine", account: "Account", token: str, *, as_json: bool
) -> None:
    from cratewise.clock import SystemClock
    from cratewise.discogs.credential import PersonalToken
    from cratewise.discogs.sealing import Seal
    from cratewise.store.credentials import SealedCredential, keep_credential
    from cratewise.store.engine import writing

    credential = PersonalToken(token)
    with discogs_as(credential, settings, engine) as discogs, discogs.interactive():
        username = discogs.identity().username
    seal = Seal(settings.data_dir)
    kept = SealedCredential("token", seal.seal(credential), username, SystemClock().now())
    with writing(engine) as db:
        keep_credential(db, account.id, kept)
    if as_json:
        write_json({"username": username, "connected_at": kept.connected_at})
    else:
        tell(f"Connected as {username}.  The token is kept sealed; its key is in {seal.place()}.")


def _show(settings: "Settings", engine: "Engine", account: "Account", *, as_json: bool) -> None:
    from cratewise.discogs.sealing import Seal
    from cratewise.store.credentials import find_credential
    from cratewise.store.engine import reading

    with reading(engine) as db:
        kept = find_credential(db, account.id)
    if as_json:
        write_json(
            {
                "username": kept.username if kept else None,
                "connected_at": kept.connected_at if kept else None,
            }
        )
    elif kept is None:
        tell("No token is kept.  Without one Discogs allows 25 requests a minute instead of 60.")
    else:
        tell(
            f"A token of {kept.username}, kept since {kept.connected_at:%d %B %Y}; "
            f"its key is in {Seal(settings.data_dir).place()}."
        )
    if settings.discogs_token and not as_json:
        tell("CRATEWISE_DISCOGS_TOKEN is set and goes before it.")


def _forget(engine: "Engine", account: "Account", *, as_json: bool) -> None:
    from cratewise.store.credentials import forget_credential
    from cratewise.store.engine import writing

    with writing(engine) as db:
        was_kept = forget_credential(db, account.id)
    if as_json:
        write_json({"forgotten": was_kept})
    else:
        tell(
            f"The token is forgotten.  To make it worthless everywhere, revoke it at {WHERE}."
            if was_kept
            else "No token was kept."
        )
