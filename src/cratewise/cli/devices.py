"""`cratewise devices`: which phones `serve --lan` let in, and letting them in no more."""

from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, Column, tell, write_json, write_table
from cratewise.errors import UnknownMember

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cratewise.store.sessions import Session

EXAMPLES = (
    ("cratewise devices", "which devices are let in, and since when"),
    ("cratewise devices --forget 3", "let that one in no more"),
    ("cratewise devices --forget-all", "let none of them in; a code pairs them again"),
)


def devices(
    *,
    forget: Annotated[
        list[int] | None,
        typer.Option(metavar="NUMBER", min=1, help="Let it in no more.", show_default=False),
    ] = None,
    forget_all: Annotated[
        bool, typer.Option("--forget-all", help="Let none of them in any more.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show or forget the devices that `cratewise serve --lan` let in."""
    from cratewise.store.engine import writing

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        with writing(engine) as db:
            numbers = [one.id for one in _paired(db, account.id)] if forget_all else forget or []
            for number in numbers:
                _forget(db, account.id, number)
            left = _paired(db, account.id)
    _tell(left, as_json=as_json)


def _paired(db: "Connection", account_id: int) -> "list[Session]":
    from cratewise.clock import SystemClock
    from cratewise.store.sessions import NEARBY, list_sessions

    found = list_sessions(db, account_id, SystemClock().now())
    return [one for one in found if one.csrf == NEARBY]


def _forget(db: "Connection", account_id: int, number: int) -> None:
    from cratewise.store.sessions import revoke_session

    if number not in {one.id for one in _paired(db, account_id)}:
        raise UnknownMember(f"device {number}")
    revoke_session(db, account_id, number)


def _tell(left: "list[Session]", *, as_json: bool) -> None:
    if as_json:
        shown = ("id", "agent", "address", "made_at", "seen_at", "expires_at")
        write_json({"devices": [{name: getattr(one, name) for name in shown} for one in left]})
    elif not left:
        tell("No device is let in: `cratewise serve --lan` shows a code that pairs one.")
    else:
        columns = [Column("number"), Column("device", wraps=True), Column("address")]
        columns += [Column("paired"), Column("last used")]
        write_table(columns, [_cells(one) for one in left])


def _cells(one: "Session") -> tuple[str, ...]:
    from cratewise.cli.listing_lines import printable

    moments = (f"{at:%Y-%m-%d %H:%M}" for at in (one.made_at, one.seen_at))
    return str(one.id), printable(one.agent), one.address, *moments
