"""`cratewise follow`: labels and artists whose records speak for themselves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, Column, remark, tell, write_json, write_table

if TYPE_CHECKING:
    from cratewise.store.followed import Followed, Kind

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
                elif found := _find(followed, kind, name):
                    kept.unfollow(db, account.id, found.id)
                else:
                    remark(f"The {kind} {name!r} was not followed.")
        with reading(engine) as db:
            _tell(kept.followed_by(db, account.id), as_json=as_json)


def _name(kind: str, told: str) -> str:
    if not (name := told.strip()):
        raise typer.BadParameter(f"a {kind}'s name is not empty", param_hint=f"'--{kind}'")
    return name


def _find(followed: "Sequence[Followed]", kind: str, name: str) -> "Followed | None":
    same = (one for one in followed if one.kind == kind and one.name.lower() == name.lower())
    return next(same, None)


def _tell(followed: "Sequence[Followed]", *, as_json: bool) -> None:
    from cratewise.cli.listing_lines import printable

    if as_json:
        write_json({"followed": [one._asdict() for one in followed]})
    elif not followed:
        tell("No label and no artist is followed.")
    else:
        columns = [Column("kind"), Column("name", wraps=True, style="bold"), Column("since")]
        rows = [(one.kind, printable(one.name), f"{one.followed_at:%Y-%m-%d}") for one in followed]
        write_table(columns, rows)
