"""Judgements: verdicts are given, looked back at and taken back."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from cratewise.api.installation import Here
from cratewise.api.problems import told
from cratewise.enqueue import enqueue_learning
from cratewise.errors import UnknownJudgement
from cratewise.store import judgements as kept
from cratewise.store.engine import reading, writing

MOST_AT_ONCE = 200

Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
SENTENCES: dict[kept.Outcome, str] = {
    "stored": "Kept.",
    "known": "Was kept before.",
    "key_taken": "This key belongs to another verdict, which stands; send a new key.",
    "unknown_listing": "No listing of this number is kept or was shown.",
}


class Verdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What you think of a listing.

    key        yours, new for each verdict: sent twice, it counts once.
    judged_at  when you did; by default now, and never later than that.
    """

    listing_id: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    verdict: Literal["keep", "skip"]
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    judged_at: datetime | None = None


class Verdicts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Verdicts in the order in which they were given."""

    verdicts: Annotated[list[Verdict], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict as it is kept.

    listing_id      null when the listing was deleted since.
    predicted       the chance of a keep that was told before, by the model's version; null: none.
    shown_because   exploit, explore, uniform or cover; empty: found by hand.
    shown_with      the chance with which it was chosen.
    """

    id: int
    key: str
    listing_id: int | None
    release_id: int
    artist: str
    title: str
    verdict: Literal["keep", "skip"]
    judged_at: datetime
    undone_at: datetime | None
    predicted: float | None
    predicted_by: int | None
    shown_because: str
    shown_with: float | None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one verdict; judgement: as it is kept, null for an unknown listing."""

    key: str
    outcome: kept.Outcome
    detail: str
    judgement: Judgement | None


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each verdict, in their order; keeps, skips: that count in all."""

    results: list[Result]
    keeps: int
    skips: int


class Judgements(msgspec.Struct, frozen=True, kw_only=True):
    """Verdicts, the one given last first.

    next_before  asks for those behind; null at the end.
    """

    judgements: list[Judgement]
    keeps: int
    skips: int
    next_before: int | None


@post(
    "/judgements",
    tags=["taste"],
    operation_id="judge",
    sync_to_thread=True,
    status_code=200,
    responses=told(503),
)
def judge(here: Here, data: JSONBody[Verdicts]) -> Judged:
    """Keep or skip listings; each verdict by itself, whatever becomes of the others."""
    from cratewise.learning.refit import is_due

    account, now = here.account(), here.clock.now()
    verdicts = [
        kept.Verdict(one.key, one.listing_id, one.verdict, _moment(one.judged_at, now))
        for one in data.verdicts
    ]
    with writing(here.engine) as db:
        recorded = kept.record(db, account.id, verdicts)
        counts = kept.tally(db, account.id)
        is_enough = is_due(db, account.id, now)
    if is_enough:
        enqueue_learning(here.desk, account.id)
    results = [
        Result(
            key=verdict.key,
            outcome=one.outcome,
            detail=SENTENCES[one.outcome],
            judgement=None if one.judgement is None else shown_judgement(one.judgement),
        )
        for verdict, one in zip(verdicts, recorded, strict=True)
    ]
    return Judged(results=results, keeps=counts.keeps, skips=counts.skips)


@get(
    "/judgements",
    tags=["taste"],
    operation_id="list_judgements",
    sync_to_thread=True,
    responses=told(503),
)
def list_judgements(
    here: Here,
    before: Annotated[
        int | None, QueryParameter(ge=1, description="Those given before this one.")
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_AT_ONCE)] = 50,
) -> Judgements:
    """The verdicts given last, undone ones too."""
    account = here.account()
    with reading(here.engine) as db:
        found = kept.judgements_before(db, account.id, before_id=before, limit=limit)
        counts = kept.tally(db, account.id)
    return Judgements(
        judgements=[shown_judgement(one) for one in found],
        keeps=counts.keeps,
        skips=counts.skips,
        next_before=found[-1].id if len(found) == limit else None,
    )


@post(
    "/judgements/{judgement_id:int}/undo",
    tags=["taste"],
    operation_id="undo_judgement",
    sync_to_thread=True,
    status_code=200,
    responses=told(404, 503),
)
def undo_judgement(here: Here, judgement_id: Number) -> Judgement:
    """Take a verdict back; again changes nothing."""
    account, now = here.account(), here.clock.now()
    with writing(here.engine) as db:
        found = kept.undo(db, account.id, judgement_id, now)
    if found is None:
        raise UnknownJudgement(judgement_id)
    return shown_judgement(found)


def shown_judgement(one: kept.Judgement) -> Judgement:
    """A verdict as the API shows it."""
    return Judgement(
        id=one.id,
        key=one.key,
        listing_id=one.listing_id,
        release_id=one.release_id,
        artist=one.listing["artist"],
        title=one.listing["title"],
        verdict=one.verdict,
        judged_at=one.judged_at,
        undone_at=one.undone_at,
        predicted=one.predicted,
        predicted_by=one.predicted_by,
        shown_because=one.shown_because,
        shown_with=one.shown_with,
    )


def _moment(given: datetime | None, now: datetime) -> datetime:
    if given is None:
        return now
    given = given.replace(tzinfo=UTC) if given.tzinfo is None else given
    return min(given, now)  # a clock that is ahead must not outvote what comes later
