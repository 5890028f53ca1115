"""`cratewise hide`: what is not to be seen again."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cratewise.cli.kinds import find_named, tell_named
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, remark
from cratewise.errors import UnknownListing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cratewise.store.hidden import Kind

EXAMPLES = (
    ("cratewise hide", "what is hidden so far"),
    ("cratewise hide --artist 'James Last' --label K-Tel", "an artist and a label, in any case"),
    ("cratewise hide --listing 3512345678", "one listing, by Discogs' number"),
    ("cratewise hide --show --style Schlager", "see it again"),
)

Names = list[str] | None


def _named(kind: str, what: str) -> Any:
    return typer.Option(f"--{kind}", metavar="NAME", help=what, show_default=False)


def hide(
    *,
    label: Annotated[Names, _named("label", "A label, as Discogs writes it.")] = None,
    artist: Annotated[Names, _named("artist", "An artist.")] = None,
    style: Annotated[Names, _named("style", "A style.")] = None,
    seller: Annotated[Names, _named("seller", "A seller.")] = None,
    listing: Annotated[
        list[int] | None,
        typer.Option(metavar="NUMBER", min=1, help="A listing's number.", show_default=False),
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Show them again instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hide labels, artists, styles, sellers or listings."""
    from cratewise.clock import SystemClock
    from cratewise.store import hidden as kept
    from cratewise.store.engine import reading, writing

    named: list[tuple[Kind, str]] = [
        *(("label", name) for name in label or ()),
        *(("artist", name) for name in artist or ()),
        *(("style", name) for name in style or ()),
        *(("seller", name) for name in seller or ()),
        *(("listing", str(number)) for number in listing or ()),
    ]
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        with writing(engine) as db:
            meant = [(kind, _name(db, kind, name)) for kind, name in named]
            hidden = kept.hidden_of(db, account.id)
            for kind, name in meant:
                if not show:
                    kept.hide(db, account.id, kind, name, SystemClock().now())
                elif found := find_named(hidden, kind, name):
                    kept.unhide(db, account.id, found.id)
                else:
                    remark(f"The {kind} {name!r} was not hidden.")
        with reading(engine) as db:
            tell_named(
                kept.hidden_of(db, account.id),
                lambda one: one.hidden_at,
                key="hidden",
                nothing="Nothing is hidden.",
                as_json=as_json,
            )


def _name(db: "Connection", kind: "Kind", told: str) -> str:
    """What is kept of something that is hidden: its name; of a listing our own id."""
    from cratewise.shelf.kept import kept_seller
    from cratewise.store.listings import find_listing_on_discogs

    name = told.strip()
    if not name:
        raise typer.BadParameter(f"a {kind}'s name is not empty", param_hint=f"'--{kind}'")
    if kind == "seller":
        return kept_seller(db, name).username
    if kind == "listing":
        found = find_listing_on_discogs(db, int(name))
        if found is None:
            raise UnknownListing(int(name))
        return str(found.id)
    return name
