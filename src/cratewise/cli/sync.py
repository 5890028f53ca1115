"""`cratewise sync`: make wantlist and collection what they are on Discogs, or in its exports."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.interrupting import stopping_gently
from cratewise.cli.opening import (
    open_account,
    open_credential,
    open_discogs,
    open_settings,
    opened_store,
)
from cratewise.cli.output import AsJson, console, remark, tell, write_json
from cratewise.errors import NotConnected

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.settings import Settings
    from cratewise.store.accounts import Account
    from cratewise.wants.list_file import ImportedList
    from cratewise.wants.sync import SyncedList

EXAMPLES = (
    ("cratewise sync", "your wantlist and your collection, from Discogs"),
    ("cratewise sync --wants", "your wantlist alone"),
    ("cratewise sync --user digger", "lists of that name, public ones without a token"),
    ("cratewise sync --from-csv wants.csv", "from an export that Discogs made for you"),
)


def sync(
    *,
    wants: Annotated[bool, typer.Option("--wants", help="The wantlist alone.")] = False,
    collection: Annotated[bool, typer.Option("--collection", help="The collection alone.")] = False,
    user: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose lists; yours if not told.", show_default=False),
    ] = None,
    from_csv: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Read Discogs' wantlist or collection export instead. Repeat for both.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read your wantlist and collection, to mark what you want and own."""
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        if from_csv:
            if user or wants or collection:
                raise typer.BadParameter(
                    "the file tells which list it is, and takes no other option",
                    param_hint="'--from-csv'",
                )
            imported = [_import(engine, account, path) for path in from_csv]
            _tell([_of_file(one) for one in imported], as_json=as_json)
        else:
            synced = _sync(settings, engine, account, user, wants=wants, collection=collection)
            _tell([_of_list(one) for one in synced], as_json=as_json)


def _sync(
    settings: "Settings",
    engine: "Engine",
    account: "Account",
    user: str | None,
    *,
    wants: bool,
    collection: bool,
) -> "list[SyncedList]":
    from cratewise.clock import SystemClock
    from cratewise.wants.gathering import KINDS
    from cratewise.wants.outbox import deliver
    from cratewise.wants.sync import sync as read_lists

    told = {"wants": wants, "collection": collection}
    kinds = [kind for kind in KINDS if told[kind] or not any(told.values())]
    if user is None and open_credential(settings, engine, account) is None:
        raise NotConnected(
            "Whose lists?  `cratewise connect` tells; `--user NAME` reads public ones without a "
            "token, and `--from-csv FILE` an export."
        )
    out = console(is_error=True)
    with open_discogs(settings, engine, account) as discogs:
        owner = user or discogs.identity().username
        if user is None:  # what was changed here goes first, or it would look undone
            letters = deliver(
                engine, discogs, account_id=account.id, clock=SystemClock(), only_due=False
            )
            if letters.problem:
                remark(f"Not all changes could be told to Discogs: {letters.problem}")
        with (
            stopping_gently(discogs.interrupt) as is_stopping,
            out.status(f"Reading the lists of {owner}") if out.is_terminal else nullcontext() as at,
        ):

            def show(kind: str, page: int, pages: int) -> None:
                if at is not None:
                    at.update(f"{kind.capitalize()} of {owner}: page {page:,} of {pages:,}")

            return read_lists(
                engine,
                discogs,
                owner,
                account_id=account.id,
                kinds=kinds,
                clock=SystemClock(),
                on_page=show,
                should_stop=is_stopping.is_set,
            )


def _import(engine: "Engine", account: "Account", path: Path) -> "ImportedList":
    from cratewise.clock import SystemClock
    from cratewise.wants.list_file import import_list

    return import_list(engine, path, account_id=account.id, clock=SystemClock())


def _tell(lists: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        write_json({"lists": lists})
        return
    for one in lists:
        tell(one["sentence"])
        for line, reason in one.get("bad", ())[:5]:
            remark(f"Line {line}: {reason}")


def _of_list(synced: "SyncedList") -> dict[str, Any]:
    from dataclasses import asdict

    return {
        **asdict(synced.gathered),
        "claimed": synced.claimed,
        "skipped": synced.skipped,
        "is_whole": synced.is_whole,
        "sentence": synced.sentence,
    }


def _of_file(imported: "ImportedList") -> dict[str, Any]:
    from dataclasses import asdict

    return {
        **asdict(imported.gathered),
        "bad": list(imported.bad),
        "is_whole": not imported.bad and not imported.is_outdated,
        "read_at": imported.read_at,
        "sentence": imported.sentence,
    }
