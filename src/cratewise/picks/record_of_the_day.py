"""The record of the day: one that is wanted and unlike the rest, drawn by free energy.

How desired each candidate is (candidates.py), how new (novelty.py) and how warm the day
is (thermo.py) make the odds; what was thought of earlier picks (voting.py) moves both.
Every number of a draw is kept, so that it can be shown, and drawn again.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cratewise.errors import NothingToPick
from cratewise.picks import thermo
from cratewise.picks.candidates import Candidates, candidates
from cratewise.picks.novelty import Space, moved_by_votes
from cratewise.picks.stock_space import space_of
from cratewise.picks.voting import VOTES_COUNT
from cratewise.store.engine import place_of, reading, writing
from cratewise.store.judgements import tally
from cratewise.store.pickable import count_of_sale, newest_listing
from cratewise.store.picks import (
    Pick,
    Point,
    Voted,
    keep_pick,
    last_pick_of,
    released_since,
    voted_picks,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection, Engine

    Floats = NDArray[np.float64]

NOT_AGAIN = timedelta(days=30)


def todays_pick(engine: "Engine", account_id: int, now: datetime) -> Pick:
    """The record of the day (UTC), drawn at the first look.

    Raises NothingToPick.
    """
    with reading(engine) as db:
        found = last_pick_of(db, account_id, now.date())
    return found or _draw(engine, account_id, now, redraw=0)


def redraw(engine: "Engine", account_id: int, now: datetime) -> Pick:
    """Another record of the day in the place of the one before.

    Raises NothingToPick when no other is left.
    """
    with reading(engine) as db:
        found = last_pick_of(db, account_id, now.date())
    return _draw(engine, account_id, now, redraw=found.redraw + 1 if found else 0)


def odds_of(pick: Pick) -> thermo.Odds:
    """The chances of every candidate of a pick, in the order of its landscape."""
    return thermo.odds(*_terrain(pick), pick.temperature, pick.boltzmann)


def drawn_again(pick: Pick) -> int:
    """Our own id of the listing that the seed draws from the candidates of that day."""
    drawn = thermo.draw(*_terrain(pick), pick.temperature, pick.seed, pick.boltzmann)
    return pick.landscape[drawn.place if drawn else 0].listing_id


def _terrain(pick: Pick) -> tuple[list[float], list[float]]:
    points = pick.landscape
    return [point.utility for point in points], [point.novelty for point in points]


def _draw(engine: "Engine", account_id: int, now: datetime, redraw: int) -> Pick:
    day = now.date()
    with reading(engine) as db:
        field = candidates(db, account_id, released_since(db, account_id, day - NOT_AGAIN))
        if not field.listings:
            raise NothingToPick(_why_nothing(db))
        voted = voted_picks(db, account_id, limit=VOTES_COUNT)
        unjudged = _unjudged_share(db, account_id)
        space = space_of(db, place_of(engine), now)
    novelty, moved = _novelty(space, field, voted)
    warmth = thermo.temperature(unjudged, field.probability, [one.desirability for one in voted])
    drawn = thermo.draw(field.desire, novelty, warmth, thermo.seed_of(account_id, day, redraw))
    if drawn is None:
        raise NothingToPick("Nothing took part in the draw.")
    pick = _pick(field, drawn, now, redraw)._replace(
        clusters=len(space.centres),
        novelty_moved=float(moved[drawn.place]),
        temperature_moved=warmth / thermo.temperature(unjudged, field.probability) - 1,
    )
    with writing(engine) as db:
        return keep_pick(db, account_id, pick)


def _pick(field: Candidates, drawn: thermo.Drawn, now: datetime, redraw: int) -> Pick:
    """What the draw itself tells of a pick."""
    listing, odds, place = field.listings[drawn.place], drawn.odds, drawn.place
    points = zip(field.listings, odds.utility.tolist(), odds.novelty.tolist(), strict=True)
    return Pick(
        id=0,  # given by the store
        day=now.date(),
        redraw=redraw,
        listing_id=listing["id"],
        release_id=listing["release_id"],
        drawn_at=now,
        listing=listing,
        method=drawn.method,
        seed=drawn.seed,
        candidates=len(field.listings),
        clusters=0,
        utility=float(odds.utility[place]),
        keep_probability=None if field.probability is None else float(field.probability[place]),
        predicted_by=field.version,
        score=listing["score"],
        novelty=float(odds.novelty[place]),
        novelty_moved=0.0,
        temperature=odds.temperature,
        temperature_moved=0.0,
        boltzmann=odds.boltzmann,
        free_energy=float(odds.free_energy[place]),
        probability=float(odds.probability[place]),
        effective=odds.effective,
        landscape=tuple(Point(one["id"], u, s) for one, u, s in points),
    )


def _novelty(space: Space, field: Candidates, voted: list[Voted]) -> tuple["Floats", "Floats"]:
    """(n,) novelty with votes, and how much they moved it."""
    import numpy as np

    places = space.places(field.listings)
    novelty = space.novelty(places)
    liked = space.places([one.listing for one in voted])
    moved = moved_by_votes(space, places, liked, [one.novelty for one in voted])
    with_votes = np.clip(novelty * (1 + moved), 0, 1)
    # What is told is what the votes did, which the end of the scale may have cut.
    told = np.divide(with_votes, novelty, out=np.ones_like(novelty), where=novelty > 0) - 1
    return with_votes, told


def _unjudged_share(db: "Connection", account_id: int) -> float:
    counts, stock = tally(db, account_id), count_of_sale(db)
    return 1 - min((counts.keeps + counts.skips) / max(stock, 1), 1)


def _why_nothing(db: "Connection") -> str:
    if not newest_listing(db):
        return "Nothing has been read yet: try `cratewise pull SELLER`."
    return (
        "Nothing is left for a record of the day: all that is for sale was picked within 30 "
        "days, skipped, hidden or is owned already."
    )
