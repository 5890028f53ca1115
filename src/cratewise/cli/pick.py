"""`cratewise pick`: the record of the day, another in its place, and what you think of it."""

from typing import Annotated

import typer

from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson

EXAMPLES = (
    ("cratewise pick", "the record of the day, and how it was drawn"),
    ("cratewise pick redraw", "another one"),
    ("cratewise pick vote 4 5", "desirability and novelty, 1 to 5: it moves the next draw"),
    ("cratewise pick history", "those of earlier days"),
)

pick = typer.Typer(
    help="Draw the record of the day, and vote on it.", rich_markup_mode=None, add_completion=False
)

Stars = Annotated[int, typer.Argument(help="1, little, to 5, much.", show_default=False)]


@pick.callback(invoke_without_command=True)
def pick_today(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """Draw the record of the day, and vote on it."""
    if ctx.invoked_subcommand is None:
        today(as_json=as_json)


@pick.command()
def today(*, as_json: AsJson = False) -> None:
    """Show the record of the day; the first look draws it."""
    from cratewise.cli.pick_answer import write_pick
    from cratewise.clock import SystemClock
    from cratewise.picks.record_of_the_day import todays_pick

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        found = todays_pick(engine, account.id, SystemClock().now())
        write_pick(
            engine,
            account,
            found,
            models_dir=settings.models_dir,
            catalog=settings.catalog,
            as_json=as_json,
        )


@pick.command()
def redraw(*, as_json: AsJson = False) -> None:
    """Draw another one in the place of the day's."""
    from cratewise.cli.pick_answer import write_pick
    from cratewise.clock import SystemClock
    from cratewise.picks import record_of_the_day

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        found = record_of_the_day.redraw(engine, account.id, SystemClock().now())
        write_pick(
            engine,
            account,
            found,
            models_dir=settings.models_dir,
            catalog=settings.catalog,
            as_json=as_json,
        )


@pick.command()
def vote(
    desirability: Stars,
    novelty: Stars,
    *,
    number: Annotated[
        int | None,
        typer.Option("--pick", metavar="NUMBER", help="Not today's.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how desirable and how new a pick is; both move the next draw."""
    from cratewise.cli.pick_answer import write_moves
    from cratewise.clock import SystemClock
    from cratewise.picks import voting
    from cratewise.picks.record_of_the_day import todays_pick
    from cratewise.store.picks import Vote

    now = SystemClock().now()
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        meant = number or todays_pick(engine, account.id, now).id
        given = Vote(desirability, novelty, now)
        found, before, after = voting.vote(engine, account.id, meant, given)
    write_moves(found, before, after, as_json=as_json)


@pick.command()
def history(
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 30,
    as_json: AsJson = False,
) -> None:
    """List earlier picks, the newest first."""
    from cratewise.cli.pick_answer import write_history
    from cratewise.store.engine import reading
    from cratewise.store.picks import picks_before, votes_on

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        with reading(engine) as db:
            found = picks_before(db, account.id, limit=limit)
            votes = votes_on(db, [one.id for one in found])
    write_history(found, votes, as_json=as_json)
