"""How `pick` answers: the record, every number of its draw, the landscape it was drawn from."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cratewise.cli.landscape import PICKED, landscape
from cratewise.cli.listing_answer import shown
from cratewise.cli.listing_lines import printable, write_listings
from cratewise.cli.opening import hides_stale
from cratewise.cli.output import (
    Column,
    console,
    is_terminal,
    remark,
    tell,
    write_json,
    write_table,
)
from cratewise.clock import SystemClock
from cratewise.inventory.fresh_rates import known_rates
from cratewise.notices import API_NOTICE, DATA_NOTICE, SITE
from cratewise.picks.record_of_the_day import odds_of
from cratewise.picks.thermo import BY_SCORE
from cratewise.shelf.view import View, marked, viewer
from cratewise.store.engine import reading
from cratewise.store.picks import Pick, Vote, votes_on
from cratewise.store.presets import keeper_rule
from cratewise.store.stock import listing_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cratewise.picks.voting import Moves
    from cratewise.store.accounts import Account

NUMBERS = (
    *("utility", "keep_probability", "score", "novelty", "novelty_moved", "temperature"),
    *("temperature_moved", "boltzmann", "free_energy", "probability", "effective", "candidates"),
    *("clusters", "method", "seed", "predicted_by"),
)
HISTORY = (
    *(Column("pick", is_right=True), Column("day"), Column("artist – title", wraps=True)),
    *(Column("seller"), Column("u", is_right=True), Column("s", is_right=True)),
    *(Column("chance", is_right=True), Column("votes")),
)


def write_pick(
    engine: "Engine",
    account: "Account",
    pick: Pick,
    *,
    models_dir: Path,
    catalog: Path | None = None,
    as_json: bool,
    as_lines: bool = False,
) -> None:
    """Write it in the form that the reader of standard output wants.

    models_dir  where the models are, one of which may say why
    catalog     its file, which tells who is in the credits
    as_lines    as on a terminal, whatever it is.
    """
    rates, now = known_rates(engine), SystemClock().now()
    with reading(engine) as db:
        rule = keeper_rule(db, account.id)
        listing = None if pick.listing_id is None else listing_of(db, pick.listing_id)
        votes = votes_on(db, [pick.id]).get(pick.id, [])
        because = _because(db, account.id, pick, models_dir, catalog)
        view = viewer(
            currency=account.currency,
            rates=rates,
            rule=rule,
            now=now,
            hides_stale=hides_stale(account),
        )
        seen = None if listing is None else marked(db, account.id, [view(listing)])[0]
    if as_json:
        write_json(_document(pick, seen, votes) | {"because": because})
    elif as_lines or is_terminal():
        _write_lines(pick, seen, votes, because)
    else:
        _write_cells(pick, seen)


def name_of(pick: Pick) -> str:
    """Artist and title as they were when it was picked."""
    told = (pick.listing["artist"], pick.listing["title"])
    return " – ".join(filter(None, (printable(text or "") for text in told)))


def how_drawn(pick: Pick) -> str:
    """In a sentence for people."""
    if pick.method == BY_SCORE:
        few = "listing is" if pick.candidates == 1 else "listings are"
        return f"Too little to draw from: {pick.candidates} {few} for sale, and this is the best."
    by = "rule score" if pick.keep_probability is None else "your taste"
    chance, times = _percent(pick.probability), pick.probability * pick.candidates
    return (
        f"Drawn from the {pick.candidates} best by {by}; some {pick.effective:.0f} of them "
        f"shared the draw, this one with {chance}, {times:.1f} times an even chance."
    )


def _because(
    db: "Connection", account_id: int, pick: Pick, models_dir: Path, catalog: Path | None
) -> str | None:
    """What the live model has to say for it; None while the rule score serves."""
    if pick.predicted_by is None or pick.listing_id is None:
        return None
    from cratewise.learning.why import why

    found = why(db, account_id, models_dir, pick.listing_id, catalog=catalog)
    return None if found.chance is None else found.sentence


def _write_lines(pick: Pick, view: View | None, votes: Sequence[Vote], because: str | None) -> None:
    out = console()
    day = f"{pick.day:%A} {pick.day.day} {pick.day:%B %Y}"
    out.print(f"{PICKED} Record of the day · {day}\n", style="bold")
    if view is None:
        tell(f"{name_of(pick)}: its seller was forgotten since.")
    else:
        write_listings([view], with_seller=True)
    out.print()
    if because:
        tell(because, style="italic")
        out.print()
    tell(how_drawn(pick))
    out.print()
    for name, value, meaning in _explained(pick):
        out.print(f"  [bold]{name:<14}[/bold][cyan]{value:>8}[/cyan]   {meaning}", soft_wrap=True)
    if pick.method != BY_SCORE:
        _write_landscape(pick)
    out.print()
    for line in _remarks(pick, view, votes):
        tell(line, style="dim")


def _write_landscape(pick: Pick) -> None:
    out, odds = console(), odds_of(pick)
    place = next(n for n, one in enumerate(pick.landscape) if one.listing_id == _drawn(pick))
    lines = landscape(
        odds.novelty.tolist(), odds.utility.tolist(), odds.probability.tolist(), place
    )
    out.print()
    for line in lines:
        out.print(f"  {line}".replace(PICKED, f"[bold yellow]{PICKED}[/bold yellow]"), style="blue")


def _drawn(pick: Pick) -> int:
    """The listing by the number that it had: it may have been deleted since."""
    return int(pick.listing["id"])


def _explained(pick: Pick) -> Iterator[tuple[str, str, str]]:
    """Every number with what it means."""
    rank = f"rank among them by {'score' if pick.keep_probability is None else 'keep probability'}"
    yield "utility u", f"{pick.utility:.3f}", f"{rank}, 1 the best"
    if pick.keep_probability is not None:
        by = f"by version {pick.predicted_by} of your taste"
        yield "keep", f"{pick.keep_probability:.3f}", f"the chance that you keep it, {by}"
    yield (
        "novelty s",
        f"{pick.novelty:.3f}",
        _moved(f"how far from the {pick.clusters} kinds there is plenty of", pick.novelty_moved),
    )
    yield (
        "temperature T",
        f"{pick.temperature:.3f}",
        _moved("the warmer, the more novelty counts", pick.temperature_moved),
    )
    yield "free energy F", f"{pick.free_energy:.3f}", "-u - T s; the lower, the likelier"


def _moved(meaning: str, share: float) -> str:
    return (
        f"{meaning}; votes moved it by {_percent(share, '+')}" if abs(share) >= 0.0005 else meaning
    )


def _remarks(pick: Pick, view: View | None, votes: Sequence[Vote]) -> Iterator[str]:
    if view is not None and view.listing.gone_at is not None:
        yield "It is gone since; `cratewise pick redraw` draws another."
    if votes:
        yield f"You voted: {_means(votes)}."
    else:
        yield "What do you think?  `cratewise pick vote DESIRABILITY NOVELTY`, each 1 to 5."
    yield f"Pick {pick.id}, seed {pick.seed}, {pick.method}.  {DATA_NOTICE} {SITE}"


def _write_cells(pick: Pick, view: View | None) -> None:
    cells = [("artist – title", name_of(pick)), ("day", pick.day.isoformat())]
    if view is not None:
        cells += [("seller", printable(view.listing.seller)), ("price", str(view.price or ""))]
        cells += [("url", shown(view, 1)["url"])]
    cells += [(name, "" if (told := getattr(pick, name)) is None else str(told))
              for name in NUMBERS]  # fmt: skip
    write_table([Column("name"), Column("value")], cells)
    remark(f"{how_drawn(pick)}\n{DATA_NOTICE} {SITE}")


def _document(pick: Pick, view: View | None, votes: Sequence[Vote]) -> dict[str, Any]:
    odds = odds_of(pick)
    rows = zip(pick.landscape, odds.free_energy.tolist(), odds.probability.tolist(), strict=True)
    return {
        "pick": pick.id,
        "day": pick.day,
        "redraw": pick.redraw,
        "drawn_at": pick.drawn_at,
        "listing": None if view is None else shown(view, 1),
        "was": pick.listing,
        **{name: getattr(pick, name) for name in NUMBERS},
        "votes": [one._asdict() for one in votes],
        "landscape": [
            {**point._asdict(), "free_energy": energy, "probability": chance}
            for point, energy, chance in rows
        ],
        "notices": [DATA_NOTICE, API_NOTICE],
    }


def write_moves(pick: Pick, before: "Moves", after: "Moves", *, as_json: bool) -> None:
    """Say what a vote did to the next draw."""
    if as_json:
        told = {"before": before._asdict(), "after": after._asdict()}
        write_json({"pick": pick.id, "next_draw_moves": told})
        return
    tell(f"Noted for {name_of(pick)}.")
    tell(f"The next draw is {_by(after.temperature, before.temperature)} warmer by all votes.")
    tell(f"Records like this count as {_by(after.novelty, before.novelty)} newer in it.")


def _by(now: float, before: float) -> str:
    return f"{_percent(now, '+')} (before: {_percent(before, '+')})"


def _percent(share: float, sign: str = "") -> str:
    return f"{100 * share:{sign}.1f} %"


def write_history(
    picks: Sequence[Pick], votes: Mapping[int, Sequence[Vote]], *, as_json: bool
) -> None:
    """List picks."""
    if as_json:
        write_json({"picks": [_short(one, votes.get(one.id, ())) for one in picks]})
        return
    if not picks:
        remark("No record of the day was drawn yet: `cratewise pick` draws one.")
        return
    rows = [
        (
            *(str(one.id), one.day.isoformat(), name_of(one), printable(one.listing["seller"])),
            *(f"{one.utility:.2f}", f"{one.novelty:.2f}", _percent(one.probability)),
            _stars(votes.get(one.id, ())),
        )
        for one in picks
    ]
    write_table(HISTORY, rows)
    remark("u utility, s novelty, chance of the draw; votes: desirability/novelty.")


def _short(pick: Pick, votes: Sequence[Vote]) -> dict[str, Any]:
    return {
        "pick": pick.id,
        "day": pick.day,
        "redraw": pick.redraw,
        "was": pick.listing,
        **{name: getattr(pick, name) for name in NUMBERS},
        "votes": [one._asdict() for one in votes],
    }


def _means(votes: Sequence[Vote]) -> str:
    desirable, new = _averages(votes)
    return f"desirability {desirable:.2g}, novelty {new:.2g}"


def _stars(votes: Sequence[Vote]) -> str:
    if not votes:
        return ""
    desirable, new = _averages(votes)
    return f"{desirable:.2g}/{new:.2g}"


def _averages(votes: Sequence[Vote]) -> tuple[float, float]:
    desirable = sum(one.desirability for one in votes) / len(votes)
    return desirable, sum(one.novelty for one in votes) / len(votes)
