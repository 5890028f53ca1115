"""`cratewise follow`: labels and artists whose records speak for themselves."""

from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.kinds import find_named, tell_named
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, remark

if TYPE_CHECKING:
    from cratewise.store.followed import Kind

EXAMPLES = (
    ("cratewise follow", "what is followed so far"),
    ("cratewise follow --label 'Basic Channel' --artist Moodymann", "in any case"),
    ("cratewise follow --stop --label 'Basic Channel'", "follow it no more"),
)


def follow(
    *,
    label: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A label, as Discogs writes it.", show_default=False),
    ] = None,
    artist: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="An artist.", show_default=False)
    ] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Follow them no more instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Follow labels and artists: that speaks for their records."""
    from cratewise.clock import SystemClock
    from cratewise.store import followed as kept
    from cratewise.store.engine import reading, writing

    named: list[tuple[Kind, str]] = [
        *(("label", _name("label", name)) for name in label or ()),
        *(("artist", _name("artist", name)) for name in artist or ()),
    ]
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        with writing(engine) as db:
            followed = kept.followed_by(db, account.id)
            for kind, name in named:
                if not stop:
                    kept.follow(db, account.id, kind, name, SystemClock().now())
                elif found := find_named(followed, kind, name):
                    kept.unfollow(db, account.id, found.id)
                else:
                    remark(f"The {kind} {name!r} was not followed.")
        with reading(engine) as db:
            tell_named(
                kept.followed_by(db, account.id),
                lambda one: one.followed_at,
                key="followed",
                nothing="No label and no artist is followed.",
                as_json=as_json,
            )


def _name(kind: str, told: str) -> str:
    if not (name := told.strip()):
        raise typer.BadParameter(f"a {kind}'s name is not empty", param_hint=f"'--{kind}'")
    return name
