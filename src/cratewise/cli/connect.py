"""`cratewise connect`: who we are to Discogs, checked with Discogs and kept sealed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cratewise.cli.opening import discogs_as, open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, can_ask, remark, tell, write_json

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.credential import Consumer, Credential
    from cratewise.settings import Settings
    from cratewise.store.accounts import Account

EXAMPLES = (
    ("cratewise connect", "asks for a token, unseen; or opens Discogs' page"),
    ("cratewise connect --code", "type in the code that Discogs' page shows"),
    ("cratewise connect --token - < token.txt", "reads it from standard input"),
    ("cratewise connect --from tokens.json", "takes over what an earlier system was allowed"),
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
    code: Annotated[
        bool,
        typer.Option(
            "--code", help="Type in the code of Discogs' page: no browser on this machine."
        ),
    ] = False,
    taken_from: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Take over an earlier system's OAuth token.",
            show_default=False,
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Say whose token is kept.")] = False,
    is_forgotten: Annotated[bool, typer.Option("--forget", help="Forget the kept token.")] = False,
    as_json: AsJson = False,
) -> None:
    """Connect your Discogs account, or keep a token.

    Make a token at https://www.discogs.com/settings/developers.  It is shown to Discogs to
    learn whose it is, and stored sealed.  With one Discogs allows 60 requests a minute
    instead of 25, and wantlist and collection become readable.

    Whoever serves others makes an application there instead, and sets
    CRATEWISE_DISCOGS_CONSUMER_KEY and _SECRET: then this shows Discogs' own page, on
    which a member allows it, and no token is typed in.
    """
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        consumer = _consumer(settings)
        if is_forgotten:
            forget(engine, account, as_json=as_json)
        elif show:
            _show(settings, engine, account, as_json=as_json)
        elif taken_from is not None:
            credential = _taken_over(taken_from, consumer)
            _keep(settings, engine, account, credential, "oauth", as_json=as_json)
        elif consumer and token is None:
            credential = _allowed(settings, engine, consumer, is_typed=code)
            _keep(settings, engine, account, credential, "oauth", as_json=as_json)
        elif code:
            raise typer.BadParameter(
                "needs CRATEWISE_DISCOGS_CONSUMER_KEY and _SECRET, of an application of yours; "
                "without one use a token.",
                param_hint="--code",
            )
        else:
            from cratewise.discogs.credential import PersonalToken

            credential = PersonalToken(_told(token))
            _keep(settings, engine, account, credential, "token", as_json=as_json)


def _taken_over(path: Path, consumer: "Consumer | None") -> "Credential":
    """What a member allowed the earlier system, for the application that it was allowed to."""
    from cratewise.discogs.credential import OAuthToken
    from cratewise.earlier.beside import own_token

    if consumer is None:
        raise typer.BadParameter(
            "needs CRATEWISE_DISCOGS_CONSUMER_KEY and _SECRET of the earlier system's "
            "application: its token is worth nothing without them.",
            param_hint="--from",
        )
    told = own_token(path)
    return OAuthToken(consumer.key, consumer.secret, told.token, told.secret)


def _told(token: str | None) -> str:
    """The token that was typed, piped or asked for."""
    from cratewise.discogs.credential import could_be_token

    if token is None and can_ask():
        typer.echo(f"Make a token at {WHERE}.", err=True)
        token = typer.prompt("Your token (it stays unseen)", hide_input=True, err=True)
    if token in (None, "-"):
        token = sys.stdin.readline()
    token = (token or "").strip()
    if not could_be_token(token):
        raise typer.BadParameter(
            f"expected a token of plain letters without spaces; make one at {WHERE}.",
            param_hint="--token",
        )
    return token


def _consumer(settings: "Settings") -> "Consumer | None":
    from cratewise.discogs.credential import Consumer

    key, secret = settings.discogs_consumer_key, settings.discogs_consumer_secret
    return Consumer(key, secret) if key and secret else None


def _allowed(
    settings: "Settings", engine: "Engine", consumer: "Consumer", *, is_typed: bool
) -> "Credential":
    """What a member allows on Discogs' page, in the browser of this machine or another."""
    from cratewise.cli.callback import Callback
    from cratewise.clock import SystemClock
    from cratewise.discogs.connect import EXPIRES_AFTER_MINUTES, OUT_OF_BAND, ask, finish

    clock = SystemClock()
    with discogs_as(None, settings, engine) as discogs, discogs.interactive():
        if is_typed:
            asked = ask(discogs, consumer, OUT_OF_BAND, clock)
            remark(f"Allow it here, in any browser:\n{asked.page}")
            verifier = _typed()
        else:
            with Callback() as callback:
                asked = ask(discogs, consumer, callback.url, clock)
                remark(f"Allow it here, in a browser of this machine:\n{asked.page}")
                seconds = EXPIRES_AFTER_MINUTES * 60.0
                verifier = callback.verifier(asked.token, seconds, clock.monotonic)
        return finish(discogs, consumer, asked, verifier, clock)


def _typed() -> str:
    if can_ask():
        told: str = typer.prompt("The code that the page shows", err=True)
    else:
        told = sys.stdin.readline()
    if not told.strip():
        raise typer.BadParameter("expected the code that Discogs' page shows.", param_hint="--code")
    return told.strip()


def _keep(
    settings: "Settings",
    engine: "Engine",
    account: "Account",
    credential: "Credential",
    kind: Literal["token", "oauth"],
    *,
    as_json: bool,
) -> None:
    from cratewise.clock import SystemClock
    from cratewise.discogs.sealing import Seal
    from cratewise.store.credentials import SealedCredential, keep_credential
    from cratewise.store.engine import writing

    with discogs_as(credential, settings, engine) as discogs, discogs.interactive():
        username = discogs.identity().username
    seal = Seal(settings.data_dir, settings.secret_keys)
    kept = SealedCredential(kind, seal.seal(credential), username, SystemClock().now())
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
            f"its key is in {Seal(settings.data_dir, settings.secret_keys).place()}."
        )
    if settings.discogs_token and not as_json:
        tell("CRATEWISE_DISCOGS_TOKEN is set and goes before it.")


def forget(engine: "Engine", account: "Account", *, as_json: bool) -> None:
    """Forget the account's credential, and say so."""
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
