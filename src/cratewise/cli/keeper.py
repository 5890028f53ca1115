"""`cratewise keeper`: the rule that marks listings, and drops none."""

from typing import Annotated, Any

import msgspec
import typer

from cratewise.cli.choosing import read_grade
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, remark, write_json
from cratewise.grades import Grade
from cratewise.keeper import DEFAULT, KeeperRule

EXAMPLES = (
    ("cratewise keeper", "what is marked as a keeper"),
    ("cratewise keeper --format LP --grade VG", "LPs in VG or better"),
    ("cratewise keeper --any-format --any-grade", "whatever more people want than own"),
    ("cratewise keeper --default", "back to LP, G+ or better, want over have"),
)


def keeper(
    *,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="TERM", help="It has this term.", show_default=False),
    ] = None,
    any_format: Annotated[bool, typer.Option("--any-format", help="Of any format.")] = False,
    grade: Annotated[
        Grade | None,
        typer.Option(
            metavar="GRADE", help="The medium's at least.", show_default=False, parser=read_grade
        ),
    ] = None,
    any_grade: Annotated[bool, typer.Option("--any-grade", help="In any grade.")] = False,
    wants_over_haves: Annotated[
        bool | None, typer.Option(help="More people want it than own it.", show_default=False)
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="Begin with the one shipped.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show or change what is marked as a keeper."""
    from cratewise.clock import SystemClock
    from cratewise.store.engine import reading, writing
    from cratewise.store.presets import keep_rule, keeper_rule

    terms: dict[str, Any] = {}
    if formats or any_format:
        terms["format_holds"] = tuple(formats or ())
    if grade is not None or any_grade:
        terms["media_grade_at_least"] = grade
    if wants_over_haves is not None:
        terms["wants_over_haves"] = wants_over_haves
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        with reading(engine) as db:
            # A stored rule that makes no sense must not keep anybody from replacing it.
            rule = DEFAULT if default else keeper_rule(db, account.id)
        if terms or default:
            rule = msgspec.structs.replace(rule, **terms)
            with writing(engine) as db:
                keep_rule(db, account.id, rule, SystemClock().now())
    _tell(rule, as_json=as_json)


def _tell(rule: KeeperRule, *, as_json: bool) -> None:
    if as_json:
        write_json(rule)
        return
    typer.echo(f"A keeper is: {rule}.")
    remark("It marks listings and drops none; `cratewise keeper --help` shows how to change it.")
