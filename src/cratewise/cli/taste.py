"""`cratewise taste`: what was learnt from your verdicts, how good it is, and how to steer it."""

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, Column, remark, tell, write_json, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from cratewise.settings import Settings
    from cratewise.store.models import ModelRow

EXAMPLES = (
    ("cratewise taste", "what serves, how good it is, what you like"),
    ("cratewise taste --refit", "learn from all verdicts now"),
    ("cratewise taste --versions", "every refit, promoted or not, and why"),
    ("cratewise taste --use 3", "let version 3 serve; 0 is the rule score"),
    ("cratewise taste --threshold 0.4", "from which chance on to predict a keeper"),
)
SHOWN = 8  # likes of each sort


def taste(
    *,
    refit: Annotated[bool, typer.Option("--refit", help="Learn from all verdicts now.")] = False,
    versions: Annotated[bool, typer.Option("--versions", help="List every refit.")] = False,
    use: Annotated[
        int | None,
        typer.Option(min=0, help="Let this version serve; 0: the rule.", show_default=False),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            help="Which model learns: cratewise, forest-text, forest-basic.", show_default=False
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="Chance of a keeper; 0: the best F1's.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what was learnt from your verdicts, and steer it."""
    settings = open_settings()
    with opened_store(settings) as engine:
        account_id = open_account(settings, engine).id
        if kind is not None or threshold is not None:
            _choose(engine, account_id, kind, threshold)
        if use is not None:
            _use(engine, account_id, settings, use)
        if refit:
            _refit(engine, account_id, settings)
        if versions:
            _list(engine, account_id, as_json=as_json)
        else:
            _show(engine, account_id, settings.models_dir, as_json=as_json)


def _choose(engine: "Engine", account_id: int, kind: str | None, threshold: float | None) -> None:
    from cratewise.clock import SystemClock
    from cratewise.store.engine import writing
    from cratewise.store.models import TasteChoice, choose_taste, taste_choice
    from cratewise.taste.models import NAMES

    if kind is not None and kind not in NAMES:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(NAMES)}.", param_hint="--kind")
    with writing(engine) as db:
        before = taste_choice(db, account_id) or TasteChoice(NAMES[0], None)
        chosen = before.threshold if threshold is None else (threshold or None)
        choose_taste(db, account_id, TasteChoice(kind or before.kind, chosen), SystemClock().now())


def _use(engine: "Engine", account_id: int, settings: "Settings", version: int) -> None:
    from cratewise.clock import SystemClock
    from cratewise.learning.roll_back import use_rule, use_version

    if version == 0:
        use_rule(engine, account_id)
    else:
        use_version(
            engine, account_id, settings.models_dir, version,
            now=SystemClock().now(), catalog=settings.catalog,
        )  # fmt: skip


def _refit(engine: "Engine", account_id: int, settings: "Settings") -> None:
    from cratewise.clock import SystemClock
    from cratewise.learning.refit import Learner
    from cratewise.learning.tend import tend

    learner = Learner(engine, account_id, settings.models_dir, catalog=settings.catalog)
    if outcome := tend(learner, SystemClock().now(), must_refit=True):
        remark(outcome.outcome)


def _list(engine: "Engine", account_id: int, *, as_json: bool) -> None:
    from cratewise.store.engine import reading
    from cratewise.store.models import list_models

    with reading(engine) as db:
        rows = list_models(db, account_id)
    if as_json:
        write_json([_document(row) for row in rows])
    elif not rows:
        remark("Nothing was learnt yet; `cratewise triage` asks for your verdicts.")
    else:
        write_table(
            (
                *(Column("version", is_right=True), Column("kind"), Column("trained")),
                *(Column("keeps", is_right=True), Column("skips", is_right=True)),
                *(Column("live"), Column("outcome", wraps=True)),
            ),
            [
                (
                    *(str(row.version), row.kind, f"{row.trained_at:%Y-%m-%d %H:%M}"),
                    *(str(row.keeps), str(row.skips), "live" if row.is_live else "", row.outcome),
                )
                for row in rows
            ],
        )


def _show(engine: "Engine", account_id: int, models: "Path", *, as_json: bool) -> None:
    from cratewise.learning.likes import likes_of
    from cratewise.learning.refit import missing
    from cratewise.learning.serving import serving
    from cratewise.store.engine import reading
    from cratewise.store.judgements import tally
    from cratewise.store.models import taste_choice

    with reading(engine) as db:
        served, counts = serving(db, account_id, models), tally(db, account_id)
        likes, choice = likes_of(db, account_id), taste_choice(db, account_id)
    few = missing(counts.keeps, counts.skips)
    if as_json:
        write_json(
            {
                "live": None if served.row is None else _document(served.row),
                "keeps": counts.keeps,
                "skips": counts.skips,
                "missing": few,
                "threshold": choice.threshold if choice else None,
                "refused": served.refused,
                "likes": likes,
            }
        )
        return
    tell(f"You have kept {counts.keeps:,} and skipped {counts.skips:,}.")
    for sentence in served.refused:
        remark(sentence)
    if served.row is None:
        tell(f"The rule score serves{f': {few} to come before a model may' if few else ''}.")
    else:
        tell(f"Version {served.row.version} ({served.row.kind}) serves.")
        for line in _measured(served.row, choice.threshold if choice else None):
            tell(line)
    for name, some in likes._asdict().items():
        told = ", ".join(f"{one.name} {one.keeps}/{one.keeps + one.skips}" for one in some[:SHOWN])
        if told:
            tell(f"{name} (kept/judged): {told}")


def _measured(row: "ModelRow", threshold: float | None) -> list[str]:
    """How good it is on verdicts that it had not seen, in lines."""
    from cratewise.learning.evaluate import Report

    report = msgspec.json.decode(row.report, type=Report)
    found = report.hold_out
    if found is None:
        return []
    precision, gain = found.average_precision, found.gain
    return [
        f"On {found.verdicts:,} verdicts that it had not seen: average precision "
        f"{precision.value:.2f} ({precision.low:.2f} to {precision.high:.2f}), the rule score "
        f"{precision.rule:.2f}, by chance {found.base_rate:.2f}; gain {gain.value:+.2f} "
        f"({gain.low:+.2f} to {gain.high:+.2f}).",
        f"A keeper from a chance of {row.threshold if threshold is None else threshold:.0%} on: "
        f"precision {found.precision.value:.0%}, accuracy {found.accuracy.value:.0%}; "
        f"calibration error {found.calibration_error:.2f}.",
    ]


def _document(row: "ModelRow") -> dict[str, Any]:
    return row._asdict() | {"report": msgspec.json.decode(row.report)}
