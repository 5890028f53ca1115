"""Records of the day and what was thought of them: kept with every number of their draw."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select

from cratewise.store.described import Described
from cratewise.store.insert import insert_unless_there
from cratewise.store.taste_tables import picks, votes


class Point(NamedTuple):
    """A candidate of a draw: our own id of the listing, its utility and novelty, 0 to 1."""

    listing_id: int
    utility: float
    novelty: float


class Pick(NamedTuple):
    """A record of a day.

    redraw             0 for the day's first, 1 for the one drawn in its place, ...
    listing_id         None when the listing was deleted since
    listing            what was picked, as it was then: a mapping of described.py
    method, seed       by which it can be drawn again from `landscape`
    candidates         that took part; clusters: of the stock, for novelty
    utility, novelty   0 to 1; novelty with votes, which moved it by `novelty_moved`
    keep_probability   0 to 1; None: no model was live, and the rule score was taken
    temperature        with votes, which moved it by `temperature_moved` (0.1 is a tenth up)
    probability        of being drawn; effective: how many candidates shared the draw
    """

    id: int
    day: date
    redraw: int
    listing_id: int | None
    release_id: int
    drawn_at: datetime
    listing: Described
    method: str
    seed: int
    candidates: int
    clusters: int
    utility: float
    keep_probability: float | None
    predicted_by: int | None
    score: float | None
    novelty: float
    novelty_moved: float
    temperature: float
    temperature_moved: float
    boltzmann: float
    free_energy: float
    probability: float
    effective: float
    landscape: tuple[Point, ...]


class Vote(NamedTuple):
    """What somebody thought of a pick: 1, little, to 5, much."""

    desirability: int
    novelty: int
    voted_at: datetime


class Voted(NamedTuple):
    """A pick that was voted on, and the means of its votes, 1 to 5."""

    listing: Described
    desirability: float
    novelty: float


def keep_pick(db: Connection, account_id: int, pick: Pick) -> Pick:
    """Keep a pick and return it with its id; of two that draw at once, the first one's stays."""
    row = pick._asdict() | {
        "account_id": account_id,
        "listing": json.dumps(pick.listing),
        "landscape": json.dumps(pick.landscape),
    }
    del row["id"]
    insert_unless_there(db, picks, row)
    same_day = picks.c.day == pick.day, picks.c.redraw == pick.redraw
    kept = db.execute(_PICKS.where(picks.c.account_id == account_id, *same_day)).one()
    return _pick(kept)


def last_pick_of(db: Connection, account_id: int, day: date) -> Pick | None:
    """The day's pick, the one drawn last; None before the first draw."""
    statement = _PICKS.where(picks.c.account_id == account_id, picks.c.day == day)
    row = db.execute(statement.order_by(picks.c.redraw.desc()).limit(1)).first()
    return None if row is None else _pick(row)


def find_pick(db: Connection, account_id: int, pick_id: int) -> Pick | None:
    """A pick by its number."""
    statement = _PICKS.where(picks.c.account_id == account_id, picks.c.id == pick_id)
    row = db.execute(statement).first()
    return None if row is None else _pick(row)


def picks_before(
    db: Connection, account_id: int, *, before_id: int | None = None, limit: int
) -> list[Pick]:
    """The newest picks first; before_id: older than that one."""
    statement = _PICKS.where(picks.c.account_id == account_id)
    if before_id is not None:
        statement = statement.where(picks.c.id < before_id)
    return [_pick(row) for row in db.execute(statement.order_by(picks.c.id.desc()).limit(limit))]


def released_since(db: Connection, account_id: int, day: date) -> frozenset[int]:
    """Releases that were picked on that day or later."""
    statement = select(picks.c.release_id).where(picks.c.account_id == account_id)
    return frozenset(db.scalars(statement.where(picks.c.day >= day)))


def keep_vote(db: Connection, pick_id: int, vote: Vote) -> None:
    """Keep what somebody thinks of a pick, beside what was thought before."""
    db.execute(insert(votes).values(pick_id=pick_id, **vote._asdict()))


def votes_on(db: Connection, pick_ids: Sequence[int]) -> dict[int, list[Vote]]:
    """The votes on some picks, the oldest first, by their ids; picks without any lack."""
    statement = (
        select(votes.c.pick_id, *(votes.c[name] for name in Vote._fields))
        .where(votes.c.pick_id.in_(bindparam("picks", expanding=True)))
        .order_by(votes.c.id)
    )
    found: dict[int, list[Vote]] = {}
    for row in db.execute(statement, {"picks": list(pick_ids)}):
        found.setdefault(row[0], []).append(Vote._make(row[1:]))
    return found


def voted_picks(db: Connection, account_id: int, *, limit: int) -> list[Voted]:
    """The picks last voted on and the means of their votes, the oldest first."""
    means = (
        select(
            votes.c.pick_id,
            func.avg(votes.c.desirability).label("desirability"),
            func.avg(votes.c.novelty).label("novelty"),
        )
        .join(picks, picks.c.id == votes.c.pick_id)
        .where(picks.c.account_id == account_id)
        .group_by(votes.c.pick_id)
        .subquery()
    )
    statement = (
        select(picks.c.listing, means.c.desirability, means.c.novelty)
        .join(means, means.c.pick_id == picks.c.id)
        .order_by(picks.c.id.desc())
        .limit(limit)
    )
    rows = db.execute(statement).all()
    return [Voted(json.loads(row[0]), float(row[1]), float(row[2])) for row in reversed(rows)]


_PICKS = select(*(picks.c[name] for name in Pick._fields))


def _pick(row: Any) -> Pick:
    points = tuple(Point._make(point) for point in json.loads(row.landscape))
    return Pick._make(row)._replace(listing=json.loads(row.listing), landscape=points)
