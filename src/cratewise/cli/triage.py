"""`cratewise triage`: judge listings, a key each; what you keep teaches what you like."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from cratewise.cli.choosing import OfSeller
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson, can_ask, remark, tell, write_json

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from cratewise.learning.next_batch import Batch, Taste
    from cratewise.store.accounts import Account
    from cratewise.store.judgements import Kind
    from cratewise.store.showings import Showing

EXAMPLES = (
    ("cratewise triage", "k keeps, s skips, u undoes, q ends"),
    ("cratewise triage alice", "of one seller"),
    ("printf 'k\\ns\\n' | cratewise triage", "from a script: a key a line"),
    ("cratewise triage --json", "what waits, for programs; judges nothing"),
)

KEYS = "k keep, s skip, u undo, q end"
WHY = {
    "uniform": "drawn by chance, to keep what is measured honest",
    "exploit": "you may well keep it",
    "explore": "your verdicts do not settle records of this kind yet",
    "cover": "little of this kind was shown yet",
}


@dataclass(frozen=True)
class Desk:
    """Where somebody judges: whose verdicts, on whose stock."""

    engine: "Engine"
    account: "Account"
    seller: tuple[int, str] | None
    size: int
    models: "Path"
    catalog: "Path"


def triage(
    seller: OfSeller = None,
    *,
    size: Annotated[int, typer.Option("--batch", min=1, max=100, help="Listings a batch.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Judge listings, a key each: keep or skip.

    Part of a batch is what you may like, part what would teach most, and at least a fifth
    is drawn by chance.  Nothing is shown twice, nor what you own or hide.
    """
    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        desk = Desk(
            engine,
            account,
            _seller(engine, seller),
            size,
            settings.models_dir,
            settings.catalog,
        )
        if as_json:
            write_json(_document(_next(desk)))
        else:
            _judge(desk)


def _judge(desk: Desk) -> None:
    """Show what waits and take verdicts, until whoever judges ends or nothing is left."""
    keys = _keys()
    while True:
        batch = _next(desk)
        if not batch.showings:
            tell("Nothing is left to judge; `cratewise pull SELLER` reads more.")
            break
        showing = batch.showings[0]
        _show(desk, showing, len(batch.showings), batch.left)
        key = next(keys, "q")
        if key == "q":
            break
        _answer(desk, key, showing)
    _end(desk)


def _answer(desk: Desk, key: str, showing: "Showing") -> None:
    match key:
        case "k":
            _record(desk, showing, "keep")
        case "s":
            _record(desk, showing, "skip")
        case "u":
            _undo(desk)
        case _:
            remark(f"{key!r} is none of the keys: {KEYS}.")


def _keys() -> Iterator[str]:
    """The keys that are pressed, in lower case; elsewhere than at a terminal a line each."""
    if can_ask():
        import click

        while True:
            yield click.getchar().lower()
    for line in sys.stdin:
        if line.strip():
            yield line.strip().lower()


def _seller(engine: "Engine", name: str | None) -> tuple[int, str] | None:
    from cratewise.shelf.kept import kept_seller
    from cratewise.store.engine import reading

    if name is None:
        return None
    with reading(engine) as db:
        found = kept_seller(db, name)
    return found.id, found.username


def _next(desk: Desk) -> "Batch":
    import numpy as np

    from cratewise.clock import SystemClock
    from cratewise.learning.next_batch import next_batch
    from cratewise.learning.serving import newest_taste
    from cratewise.store.engine import reading

    def find_taste() -> "Taste | None":
        with reading(desk.engine) as db:
            return newest_taste(db, desk.account.id, desk.models)

    return next_batch(
        desk.engine,
        desk.account.id,
        now=SystemClock().now(),
        random=np.random.default_rng(),
        size=desk.size,
        seller=desk.seller,
        find_taste=find_taste,
        catalog=desk.catalog,
    )


def _record(desk: Desk, showing: "Showing", kind: "Kind") -> None:
    from cratewise.clock import SystemClock
    from cratewise.store.engine import writing
    from cratewise.store.judgements import Verdict, record

    verdict = Verdict(str(uuid4()), int(showing.listing["id"]), kind, SystemClock().now())
    with writing(desk.engine) as db:
        record(db, desk.account.id, [verdict])
    tell("kept" if kind == "keep" else "skipped", style="dim")


def _undo(desk: Desk) -> None:
    from cratewise.clock import SystemClock
    from cratewise.store.engine import writing
    from cratewise.store.judgements import last_judgement, undo

    with writing(desk.engine) as db:
        last = last_judgement(db, desk.account.id)
        if last is not None:
            undo(db, desk.account.id, last.id, SystemClock().now())
    if last is None:
        remark("There is no verdict to undo.")
    else:
        tell(f"undone: {last.verdict} of {last.listing['artist']} – {last.listing['title']}")


def _show(desk: Desk, showing: "Showing", waiting: int, left: int) -> None:
    from cratewise.cli.listing_lines import write_listings
    from cratewise.cli.opening import hides_stale
    from cratewise.clock import SystemClock
    from cratewise.inventory.fresh_rates import known_rates
    from cratewise.shelf.view import marked, viewer
    from cratewise.store.engine import reading
    from cratewise.store.presets import keeper_rule
    from cratewise.store.stock import listing_of

    rates = known_rates(desk.engine)
    with reading(desk.engine) as db:
        listing = listing_of(db, int(showing.listing["id"]))
        view = viewer(
            currency=desk.account.currency,
            rates=rates,
            rule=keeper_rule(db, desk.account.id),
            now=SystemClock().now(),
            hides_stale=hides_stale(desk.account),
        )
        seen = [] if listing is None else marked(db, desk.account.id, [view(listing)])
    if seen:
        write_listings(seen, with_seller=desk.seller is None)
    guess = "" if showing.predicted is None else f" · chance of a keep {showing.predicted:.0%}"
    tell(
        f"shown because: {WHY[showing.because]}{guess} · {waiting} in this batch, "
        f"{left:,} more\n{KEYS}",
        style="dim",
    )


def _end(desk: Desk) -> None:
    from cratewise.store.engine import reading
    from cratewise.store.judgements import tally

    with reading(desk.engine) as db:
        counts = tally(db, desk.account.id)
    remark(f"You have kept {counts.keeps:,} and skipped {counts.skips:,}.")
    _learn(desk)


def _learn(desk: Desk) -> None:
    """Learn at once when that is due: nobody may be working jobs."""
    from cratewise.clock import SystemClock
    from cratewise.learning.refit import Learner, is_due
    from cratewise.learning.tend import tend
    from cratewise.store.engine import reading

    now = SystemClock().now()
    with reading(desk.engine) as db:
        should_learn = is_due(db, desk.account.id, now)
    if should_learn:
        remark("Learning from your verdicts ...")
        learner = Learner(desk.engine, desk.account.id, desk.models, catalog=desk.catalog)
        if outcome := tend(learner, now):
            remark(outcome.outcome)


def _document(batch: "Batch") -> dict[str, Any]:
    return {
        "left": batch.left,
        "showings": [one._asdict() | {"why": WHY[one.because]} for one in batch.showings],
    }
