"""`cratewise people`: who may sign in, from the machine that serves them."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.opening import open_settings, opened_store
from cratewise.cli.output import AsJson, Column, remark, tell, write_json, write_table
from cratewise.errors import UnknownMember

if TYPE_CHECKING:
    from cratewise.store.members import Member

EXAMPLES = (
    ("cratewise people invite --owner", "an address for the first to sign in"),
    ("cratewise people list", "who may sign in, and how"),
    ("cratewise people disable ann", "lets her in no more; what is hers stays"),
)

LASTS = timedelta(days=7)

people = typer.Typer(
    help="Say who may sign in where many are served.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(help="In any case.")]


@people.command()
def invite(
    *,
    owner: Annotated[bool, typer.Option("--owner", help="May invite and disable others.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make an address at which one person can make an account, once, within seven days."""
    from cratewise.clock import SystemClock
    from cratewise.people.secrets import hash_of, new_secret
    from cratewise.store.audit import note_deed
    from cratewise.store.engine import writing
    from cratewise.store.invitations import make_invitation

    settings, now, secret = open_settings(), SystemClock().now(), new_secret()
    role = "owner" if owner else "member"
    with opened_store(settings) as engine, writing(engine) as db:
        made = make_invitation(
            db, hash_of(secret), role=role, made_by=None, at=now, expires_at=now + LASTS
        )
        note_deed(
            db,
            None,
            f"invited {'an owner' if owner else 'a member'}",
            detail="from the command line",
            at=now,
        )
    url = f"{settings.public_url or 'http://127.0.0.1:8000'}/join#{secret}"
    if as_json:
        write_json({"url": url, "role": role, "expires_at": made.expires_at})
        return
    tell(url)
    remark(f"Whoever opens it first makes an account ({role}), until {made.expires_at:%d %B %Y}.")


@people.command("list")
def list_people(*, as_json: AsJson = False) -> None:
    """Who may sign in, and how."""
    from cratewise.store.engine import reading
    from cratewise.store.members import list_members

    with opened_store(open_settings()) as engine, reading(engine) as db:
        found = list_members(db)
    if as_json:
        write_json([_answer(one) for one in found])
    elif not found:
        tell("Nobody may sign in yet: `cratewise people invite --owner` lets the first one in.")
    else:
        columns = [Column(name) for name in ("name", "role", "signs in by", "since", "")]
        write_table(columns, [_cells(one) for one in found])


@people.command()
def disable(name: Name, *, as_json: AsJson = False) -> None:
    """Let an account sign in no more, at once; what is theirs stays."""
    member = _change(name, is_disabled=True)
    if as_json:
        write_json(_answer(member))
    else:
        tell(f"{member.name} is signed out everywhere and cannot sign in.")


@people.command()
def enable(name: Name, *, as_json: AsJson = False) -> None:
    """Let an account sign in again."""
    member = _change(name, is_disabled=False)
    if as_json:
        write_json(_answer(member))
    else:
        tell(f"{member.name} may sign in again.")


def _change(name: str, *, is_disabled: bool) -> "Member":
    from cratewise.clock import SystemClock
    from cratewise.store.audit import note_deed
    from cratewise.store.engine import writing
    from cratewise.store.members import disable as shut_out
    from cratewise.store.members import find_member
    from cratewise.store.sessions import revoke_all

    now = SystemClock().now()
    with opened_store(open_settings()) as engine, writing(engine) as db:
        member = find_member(db, name)
        if member is None:
            raise UnknownMember(f"account called {name!r}")
        shut_out(db, member.id, now if is_disabled else None)
        if is_disabled:
            revoke_all(db, member.id)
        deed = "disabled" if is_disabled else "enabled"
        note_deed(db, member.id, deed, detail="from the command line", at=now)
        return find_member(db, name) or member


def _cells(member: "Member") -> tuple[str, ...]:
    ways = ["password"] if member.password_hash else []
    ways += [f"Discogs as {member.discogs_username}"] if member.discogs_username else []
    state = "disabled" if member.disabled_at else ""
    return member.name, member.role, ", ".join(ways), f"{member.created_at:%Y-%m-%d}", state


def _answer(member: "Member") -> dict[str, Any]:
    return {
        "name": member.name,
        "role": member.role,
        "has_password": member.password_hash is not None,
        "discogs_username": member.discogs_username,
        "created_at": member.created_at,
        "disabled_at": member.disabled_at,
    }
