"""`cratewise keeper`: the rule that marks listings, and drops none."""

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from cratewise.cli.choosing import read_grade
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, remark, write_json
from cratewise.errors import UnknownPreset
from cratewise.grades import Grade
from cratewise.keeper import DEFAULT, KeeperRule

if TYPE_CHECKING:
    from sqlalchemy import Connection

EXAMPLES = (
    ("cratewise keeper", "what is marked as a keeper"),
    ("cratewise keeper --format LP --grade VG", "LPs in VG or better"),
    ("cratewise keeper --any-format --any-grade", "whatever more people want than own"),
    ("cratewise keeper --default", "back to LP, G+ or better, want over have"),
    ("cratewise keeper --preset discs --format CD", "keep a rule under a name, and use it"),
    ("cratewise keeper --preset keeper", "use the one again that everybody has"),
    ("cratewise keeper --forget discs", "forget one"),
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
    preset: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Use this rule, as the rest says.", show_default=False),
    ] = None,
    forget: Annotated[
        str | None, typer.Option(metavar="NAME", help="Forget this rule.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or change what is marked as a keeper."""

    from cratewise.store.engine import reading, writing
    from cratewise.store.presets import forget_preset, keeper_rule

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
        with writing(engine) as db:
            if forget is not None:
                forget_preset(db, account.id, forget)
            if terms or default or preset is not None:
                _keep(db, account.id, preset, terms, is_default=default)
        with reading(engine) as db:
            rule = keeper_rule(db, account.id)
    _tell(rule, as_json=as_json)


def _keep(
    db: "Connection", account_id: int, name: str | None, terms: dict[str, Any], *, is_default: bool
) -> None:
    """Change the rule of that name, or the one in use, and use it from now on."""
    from cratewise.clock import SystemClock
    from cratewise.store.presets import keep_rule, presets_of, use_preset, used_preset

    name = name or used_preset(db, account_id)
    rule = DEFAULT
    if not is_default:  # a stored rule that makes no sense must not keep anybody from replacing it
        known = {one.name: one.rule for one in presets_of(db, account_id)}
        if name not in known and not terms:
            raise UnknownPreset(name)
        rule = known.get(name, DEFAULT)
    rule = msgspec.structs.replace(rule, **terms)
    keep_rule(db, account_id, name, rule, SystemClock().now())
    use_preset(db, account_id, name)


def _tell(rule: KeeperRule, *, as_json: bool) -> None:
    if as_json:
        write_json(rule)
        return
    typer.echo(f"A keeper is: {rule}.")
    remark("It marks listings and drops none; `cratewise keeper --help` shows how to change it.")
