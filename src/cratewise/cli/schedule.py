"""`cratewise schedule`: what is done by itself, how often, and how long what is old is kept."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from cratewise.cli.choosing import complete_seller
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, Column, write_json, write_table
from cratewise.errors import ScheduleError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from cratewise.schedules import Planned

EXAMPLES = (
    ("cratewise schedule", "what is done by itself, and when next"),
    ("cratewise schedule quick --every 12h", "look twice a day for what is new"),
    ("cratewise schedule full --off --seller alice", "never read all of this one's stock"),
    ("cratewise schedule full --usual --seller alice", "as the others again"),
    ("cratewise schedule --keep gone=365 --keep prices=ever", "days, `ever` or `usual`"),
)

MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10_080}
COLUMNS = (
    *(Column("what", style="bold"), Column("seller"), Column("every"), Column("last done")),
    *(Column("next"), Column("", wraps=True)),
)
KEPT = (Column("kept", style="bold"), Column("for"), Column("", wraps=True))


def schedule(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]",
            help="quick, full, rates, alerts or retention.",
            show_default=False,
        ),
    ] = None,
    *,
    every: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="How often: 30m, 12h, 2d, 1w.", show_default=False),
    ] = None,
    on: Annotated[
        bool | None, typer.Option("--on/--off", help="At all, or not.", show_default=False)
    ] = None,
    usual: Annotated[
        bool, typer.Option("--usual", help="As shipped again; for a seller as over all.")
    ] = False,
    seller: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="For this seller alone.",
            show_default=False,
            autocompletion=complete_seller,
        ),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT=DAYS",
            help="Keep jobs, pulls, gone, prices or audit for so long. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or change what is done by itself, and what is kept.

    `cratewise serve` and `cratewise work` do it, each thing once however many of them run.
    """
    from cratewise.store.engine import writing

    settings = open_settings()
    is_change = every is not None or on is not None or usual
    if is_change and kind is None:
        raise typer.BadParameter("say which: quick, full, rates, alerts, retention.")
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        with writing(engine) as db:
            for told in keep or ():
                _keep(db, told)
            if kind is not None and is_change:
                _change(db, account.id, kind, seller, _minutes(every), is_on=on, is_usual=usual)
        _show(engine, account.id, kind, seller, as_json=as_json)


def _minutes(told: str | None) -> int | None:
    if told is None:
        return None
    found = re.fullmatch(r"(\d{1,6})\s*([mhdw])", told.strip().lower())
    if found is None:
        raise typer.BadParameter(f"{told!r} is no time such as 12h.", param_hint="'--every'")
    return int(found[1]) * MINUTES[found[2]]


def _keep(db: "Connection", told: str) -> None:
    from cratewise.retention import check_days
    from cratewise.store.retention import keep_for

    what, _, text = told.partition("=")
    if text not in ("ever", "usual") and not text.isdecimal():
        raise typer.BadParameter(
            f"{told!r} tells no days: gone=365, gone=ever, gone=usual.", param_hint="'--keep'"
        )
    if text.isdecimal() and int(text) == 0:
        raise ScheduleError("0 days would keep nothing; `ever` keeps it for ever.")
    days = int(text) if text.isdecimal() else 0
    check_days(what, days)
    keep_for(db, what, None if text == "usual" else days)


def _change(
    db: "Connection",
    account_id: int,
    kind: str,
    seller: str | None,
    minutes: int | None,
    *,
    is_on: bool | None,
    is_usual: bool,
) -> None:
    from cratewise.clock import SystemClock
    from cratewise.schedules import change_schedule
    from cratewise.shelf.kept import kept_seller

    seller_id = None if seller is None else kept_seller(db, seller).id
    change_schedule(
        db, kind, account_id, seller_id, every_minutes=minutes, is_on=is_on, is_usual=is_usual,
        at=SystemClock().now(),
    )  # fmt: skip


def _show(
    engine: "Engine", account_id: int, kind: str | None, seller: str | None, *, as_json: bool
) -> None:
    from cratewise.clock import SystemClock
    from cratewise.retention import USUAL as USUALLY_KEPT
    from cratewise.retention import what_is_kept
    from cratewise.schedules import USUAL, check_schedule, planned_for
    from cratewise.shelf.kept import kept_seller
    from cratewise.store.engine import reading

    if kind is not None and kind not in USUAL:
        check_schedule(kind, of_seller=False)  # which says what there is
    now = SystemClock().now()
    with reading(engine) as db:
        only = None if seller is None else kept_seller(db, seller).id
        planned, kept = planned_for(db, account_id, now), what_is_kept(db)
    meant = [
        one
        for one in planned
        if kind in (None, one.key.kind)
        and (one.key.seller_id == only if only else not one.seller or one.told == "seller")
    ]
    if as_json:
        shown = [{**one._asdict(), "kind": one.key.kind} for one in meant]
        for row in shown:
            del row["key"]
        write_json({"schedules": shown, "kept": [one._asdict() for one in kept]})
        return
    write_table(COLUMNS, (_row(one, USUAL[one.key.kind].purpose, now) for one in meant))
    if kind is None and seller is None:
        write_table(
            KEPT,
            (
                (
                    one.what,
                    f"{one.days} days" if one.days else "ever",
                    USUALLY_KEPT[one.what].what,
                )
                for one in kept
            ),
        )


def _row(one: "Planned", purpose: str, now: "datetime") -> tuple[str, ...]:
    last = f"{one.last_at:%Y-%m-%d %H:%M}" if one.last_at else ""
    soon = "now" if one.next_at and one.next_at <= now else ""
    at = soon or (f"{one.next_at:%Y-%m-%d %H:%M}" if one.next_at else "")
    return (
        one.key.kind,
        one.seller or "",
        time_text(one.every_minutes) if one.is_on else "off",
        last,
        at,
        purpose,
    )


def time_text(minutes: int) -> str:
    """Minutes as one types them: 720 is 12h."""
    letter, size = max(
        ((letter, size) for letter, size in MINUTES.items() if minutes % size == 0),
        key=lambda one: one[1],
    )
    return f"{minutes // size}{letter}"
