"""The dashboard and its record of the day, as the earlier page shows them."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import get, post
from litestar.params import MultipartBody

from cratewise.api.installation import Here
from cratewise.api.legacy.judging import accuracy_of, sent, whole_numbers
from cratewise.api.legacy.refusals import told_as_before
from cratewise.api.legacy.searching import Word, best_on_shelf, in_dollars
from cratewise.api.legacy.shapes import TAG, Listing, Message, Name, Shower, copy_of, shower
from cratewise.api.problems import BadField
from cratewise.errors import NothingToPick
from cratewise.store.earlier_page import copies_of, count_releases
from cratewise.store.engine import reading
from cratewise.store.judgements import tally
from cratewise.store.models import live_model
from cratewise.store.picks import Pick, Vote, votes_on

if TYPE_CHECKING:
    from sqlalchemy import Connection

BY_SCORE = "fallback_highest_score"
TOO_FEW = "There is too little to draw from, so the best by score is shown."


class Breakdown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The numbers of a draw; error: why there was none.

    free_energy = utility_term - entropy_term, and entropy_term = system_temperature *
    entropy_measure.
    """

    model_score: float
    entropy_measure: float
    system_temperature: float
    utility_term: float | None
    entropy_term: float | None
    free_energy: float | None
    selection_probability: float | None
    total_candidates: int | None
    cluster_count: int | None
    selection_method: str
    error: str | None = None


class RecordOfTheDay(msgspec.Struct, frozen=True, kw_only=True):
    """What was drawn, all numbers of the draw, and the votes on it."""

    id: int
    date: str
    listing: Listing
    created_at: datetime
    model_score: float
    entropy_measure: float
    system_temperature: float
    utility_term: float | None
    entropy_term: float | None
    free_energy: float | None
    selection_probability: float | None
    total_candidates: int | None
    cluster_count: int | None
    selection_method: str
    desirability_votes: list[float]
    novelty_votes: list[float]
    average_desirability: float
    average_novelty: float


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """accuracy: percent, 0 to 100; unevaluated: listings without a verdict."""

    num_records: int
    num_listings: int
    accuracy: float
    unevaluated: int
    record_of_the_day: Listing | None
    record_of_the_day_obj: RecordOfTheDay | None
    breakdown: Breakdown


@get(
    ["/dashboard", "/api-dashboard"],
    tags=[TAG],
    operation_id=lambda _, __, path: f"earlier_{path[0]}".replace("-", "_"),
    sync_to_thread=True,
    responses=told_as_before(503),
)
def show_dashboard(here: Here, force_refresh: Word = "") -> Dashboard:
    """How much is kept and judged, and the record of the day; force_refresh=1 draws anew."""
    from cratewise.picks.record_of_the_day import redraw, todays_pick

    reader = in_dollars(here)
    choose = redraw if force_refresh == "1" else todays_pick
    pick, problem = None, ""
    try:
        pick = choose(here.engine, reader.account_id, here.clock.now())
    except NothingToPick as error:
        problem = str(error)
    for_sale = best_on_shelf(here, reader, limit=1).count
    with reading(here.engine) as db:
        judged, many_releases = tally(db, reader.account_id), count_releases(db)
        live = live_model(db, reader.account_id)
        show = shower(db, reader.account_id, here, reader.rates)
        shown = _record_of_the_day(db, show, pick) if pick else None
    return Dashboard(
        num_records=many_releases,
        num_listings=for_sale,
        accuracy=100 * accuracy_of(live),
        unevaluated=max(for_sale - judged.keeps - judged.skips, 0),
        record_of_the_day=shown.listing if shown else None,
        record_of_the_day_obj=shown,
        breakdown=_breakdown(pick) if pick else _nothing_drawn(problem),
    )


@post(
    "/api/refresh-record-of-the-day",
    tags=[TAG],
    operation_id="earlier_refresh_record",
    sync_to_thread=True,
    status_code=200,
    responses=told_as_before(503),
)
def refresh_record(here: Here) -> Message:
    """Draw another record of the day."""
    from cratewise.picks.record_of_the_day import redraw

    try:
        pick = redraw(here.engine, here.account().id, here.clock.now())
    except NothingToPick as error:
        return Message(str(error))
    return Message(f"The record of the day is now {_named(pick)}.")


@post(
    "/vote-record-of-the-day/{pick_id:str}",
    tags=[TAG],
    operation_id="earlier_vote",
    sync_to_thread=True,
    status_code=200,
    responses=told_as_before(404, 422, 503),
)
def vote(here: Here, pick_id: Name, data: MultipartBody[dict[str, Any]]) -> Message:
    """Vote on a record of the day: how desirable and how new it was, 1 to 5."""
    from cratewise.picks.voting import vote as keep

    number = whole_numbers("id", [pick_id])[0]
    told = Vote(_vote("desirability", data), _vote("novelty", data), here.clock.now())
    pick, _, _ = keep(here.engine, here.account().id, number, told)
    return Message(f"Your vote on {_named(pick)} counts at the next draw.")


def _vote(name: str, data: dict[str, Any]) -> int:
    """Raises BadField for what is no whole number."""
    told = next(iter(sent(data, name)), "")
    if not re.fullmatch(r"\s*[+-]?\d{1,9}(\.0*)?\s*", told, re.ASCII):
        raise BadField(f"body.{name}", f"{name}: a whole number from 1 to 5 is missing.")
    return int(float(told))


def _named(pick: Pick) -> str:
    return f"{pick.listing['artist']} – {pick.listing['title']}"


def _record_of_the_day(db: "Connection", show: Shower, pick: Pick) -> RecordOfTheDay:
    copy = None
    if pick.listing_id is not None:
        copy = copies_of(db, [pick.listing_id]).get(pick.listing_id)
    copy = copy or copy_of(pick.listing, pick.drawn_at)  # deleted since
    votes = votes_on(db, [pick.id]).get(pick.id, [])
    told = msgspec.structs.asdict(_breakdown(pick))
    del told["error"]
    desirability = [float(vote.desirability) for vote in votes]
    novelty = [float(vote.novelty) for vote in votes]
    return RecordOfTheDay(
        id=pick.id,
        date=pick.day.isoformat(),
        listing=show(db, [copy])[0],
        created_at=pick.drawn_at,
        desirability_votes=desirability,
        novelty_votes=novelty,
        average_desirability=_mean(desirability),
        average_novelty=_mean(novelty),
        **told,
    )


def _breakdown(pick: Pick) -> Breakdown:
    return Breakdown(
        model_score=pick.utility if pick.keep_probability is None else pick.keep_probability,
        entropy_measure=pick.novelty,
        system_temperature=pick.temperature,
        utility_term=-pick.utility,
        entropy_term=pick.temperature * pick.novelty,
        free_energy=pick.free_energy,
        selection_probability=pick.probability,
        total_candidates=pick.candidates,
        cluster_count=pick.clusters,
        selection_method=pick.method,
        error=TOO_FEW if pick.method == BY_SCORE else None,
    )


def _nothing_drawn(problem: str) -> Breakdown:
    return Breakdown(
        model_score=0.0,
        entropy_measure=0.0,
        system_temperature=0.0,
        utility_term=None,
        entropy_term=None,
        free_energy=None,
        selection_probability=None,
        total_candidates=None,
        cluster_count=None,
        selection_method=BY_SCORE,
        error=problem,
    )


def _mean(votes: list[float]) -> float:
    return sum(votes) / len(votes) if votes else 0.0
