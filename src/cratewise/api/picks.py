"""Picks: the record of the day, another in its place, votes on it, and how it was drawn."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from cratewise.api.installation import Here, Installation
from cratewise.api.listing_answer import Listing, shown
from cratewise.api.listings import views
from cratewise.api.problems import told
from cratewise.errors import UnknownPick
from cratewise.notices import DATA_NOTICE
from cratewise.picks import record_of_the_day, voting
from cratewise.shelf.view import marked
from cratewise.store import picks as kept
from cratewise.store.engine import reading
from cratewise.store.stock import these_listings

Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
NAMELESS = ("", "")


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody thought of a pick: 1, little, to 5, much."""

    desirability: int
    novelty: int
    voted_at: datetime


class Was(msgspec.Struct, frozen=True, kw_only=True):
    """What was picked as it was then; it may be gone since."""

    listing_id: int
    release_id: int
    seller: str
    artist: str
    title: str


class Pick(msgspec.Struct, frozen=True, kw_only=True):
    """A record of a day, with every number of its draw.

    listing            as it stands now; null: deleted since. `was` is what was picked.
    method             thermodynamic_boltzmann, or fallback_highest_score: too little to draw from.
    candidates         that took part; effective: how many of them shared the draw.
    utility            rank among the candidates, 1 the most desired.
    keep_probability   null while no model is live, and the rule score decides who takes part.
    novelty            0 to 1, with votes, which moved it by `novelty_moved`: 0.1 is a tenth up.
    temperature        0.1 to 1, with votes, which moved it by `temperature_moved`.
    free_energy        -utility - temperature * novelty.
    probability        of being drawn, 0 to 1.
    seed               draws the same from the same candidates; as text, it passes 2^53.
    """

    id: int
    day: date
    redraw: int
    drawn_at: datetime
    listing: Listing | None
    was: Was
    method: str
    seed: str
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
    votes: list[Vote]
    notice: str = DATA_NOTICE


class Picks(msgspec.Struct, frozen=True, kw_only=True):
    """Picks, the newest first; next_before: `before` of the next page, null at the end."""

    picks: list[Pick]
    next_before: int | None


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate of a draw; artist, title: as it stands now, "" where it was deleted since."""

    listing_id: int
    artist: str
    title: str
    utility: float
    novelty: float
    free_energy: float
    probability: float


class Landscape(msgspec.Struct, frozen=True, kw_only=True):
    """All candidates, the most desired first; picked: the place of the one drawn, from 0."""

    pick_id: int
    temperature: float
    boltzmann: float
    picked: int
    points: list[Point]


class NewVote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """1, little, to 5, much."""

    desirability: int
    novelty: int


class Moves(msgspec.Struct, frozen=True):
    """How much votes move the next draw: 0.1 is a tenth up.

    novelty  of records that are like the pick voted on.
    """

    temperature: float
    novelty: float


class Voted(msgspec.Struct, frozen=True, kw_only=True):
    """What a vote did."""

    pick: Pick
    before: Moves
    after: Moves


@get("/picks/today", tags=["picks"], operation_id="todays_pick", sync_to_thread=True,
     responses=told(409, 503))  # fmt: skip
def todays_pick(here: Here) -> Pick:
    """The record of the day (UTC); the first look draws it."""
    found = record_of_the_day.todays_pick(here.engine, here.account().id, here.clock.now())
    return _answer(here, [found])[0]


@post("/picks/redraw", tags=["picks"], operation_id="redraw_pick", sync_to_thread=True,
      status_code=201, responses=told(409, 503))  # fmt: skip
def redraw_pick(here: Here) -> Pick:
    """Another one in the place of the day's."""
    found = record_of_the_day.redraw(here.engine, here.account().id, here.clock.now())
    return _answer(here, [found])[0]


@get("/picks", tags=["picks"], operation_id="list_picks", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_picks(
    here: Here,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 30,
    before: Annotated[
        int | None, QueryParameter(ge=1, le=2**63 - 1, description="Older than this pick.")
    ] = None,
) -> Picks:
    """Earlier picks."""
    account = here.account()
    with reading(here.engine) as db:
        found = kept.picks_before(db, account.id, before_id=before, limit=limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    return Picks(picks=_answer(here, found[:limit]), next_before=more)


@get("/picks/{pick_id:int}", tags=["picks"], operation_id="read_pick", sync_to_thread=True,
     responses=told(404, 503))  # fmt: skip
def read_pick(here: Here, pick_id: Number) -> Pick:
    """One pick."""
    return _answer(here, [_found(here, pick_id)])[0]


@get("/picks/{pick_id:int}/landscape", tags=["picks"], operation_id="read_landscape",
     sync_to_thread=True, responses=told(404, 503))  # fmt: skip
def read_landscape(here: Here, pick_id: Number) -> Landscape:
    """What it was drawn from: every candidate, for a plot."""
    pick = _found(here, pick_id)
    odds = record_of_the_day.odds_of(pick)
    rows = zip(pick.landscape, odds.free_energy.tolist(), odds.probability.tolist(), strict=True)
    with reading(here.engine) as db:
        there = these_listings(db, [point.listing_id for point in pick.landscape])
    names = {one.id: (one.artist, one.title) for one in there}
    return Landscape(
        pick_id=pick.id,
        temperature=pick.temperature,
        boltzmann=pick.boltzmann,
        picked=[point.listing_id for point in pick.landscape].index(pick.listing["id"]),
        points=[
            Point(
                **point._asdict(),
                artist=artist,
                title=title,
                free_energy=energy,
                probability=chance,
            )
            for point, energy, chance in rows
            for artist, title in [names.get(point.listing_id, NAMELESS)]
        ],
    )


@post("/picks/{pick_id:int}/votes", tags=["picks"], operation_id="vote_on_pick",
      sync_to_thread=True, status_code=201, responses=told(404, 422, 503))  # fmt: skip
def vote_on_pick(here: Here, pick_id: Number, data: JSONBody[NewVote]) -> Voted:
    """Say how desirable and how new it is; every vote stays, and their mean counts."""
    given = kept.Vote(data.desirability, data.novelty, here.clock.now())
    pick, before, after = voting.vote(here.engine, here.account().id, pick_id, given)
    return Voted(pick=_answer(here, [pick])[0], before=Moves(*before), after=Moves(*after))


def _found(here: Installation, pick_id: int) -> kept.Pick:
    account = here.account()
    with reading(here.engine) as db:
        found = kept.find_pick(db, account.id, pick_id)
    if found is None:
        raise UnknownPick(pick_id)
    return found


def _answer(here: Installation, picks: list[kept.Pick]) -> list[Pick]:
    account, rates = here.account(), here.rates()
    with reading(here.engine) as db:
        votes = kept.votes_on(db, [pick.id for pick in picks])
        kept_ids = [pick.listing_id for pick in picks if pick.listing_id is not None]
        view = views(here, db, account, rates)
        seen = marked(db, account.id, map(view, these_listings(db, kept_ids)))
    of = {one.listing.id: shown(one) for one in seen}
    return [_shown(pick, of.get(pick.listing_id or 0), votes.get(pick.id, [])) for pick in picks]


def _shown(pick: kept.Pick, listing: Listing | None, votes: list[kept.Vote]) -> Pick:
    was = pick.listing
    numbers = {
        name: getattr(pick, name)
        for name in Pick.__struct_fields__
        if name not in {"listing", "was", "seed", "votes", "notice"}
    }
    return Pick(
        **numbers,
        listing=listing,
        was=Was(
            listing_id=was["id"],
            release_id=was["release_id"],
            seller=was["seller"],
            artist=was["artist"],
            title=was["title"],
        ),
        seed=str(pick.seed),
        votes=[Vote(**one._asdict()) for one in votes],
    )
