"""Verdicts and what is learnt from them, as the earlier page sends and reads them."""

import re
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import uuid4

import msgspec
from litestar import get, post
from litestar.params import MultipartBody, QueryParameter

from cratewise.api.installation import Here
from cratewise.api.legacy.refusals import told_as_before
from cratewise.api.legacy.shapes import TAG, opinion_of
from cratewise.api.problems import BadField
from cratewise.enqueue import enqueue_learning
from cratewise.errors import UnknownListing
from cratewise.learning.evaluate import Report
from cratewise.store.earlier_page import copies_of
from cratewise.store.engine import reading, writing
from cratewise.store.judgements import Verdict, record
from cratewise.store.models import ModelRow, list_models

MOST_AT_ONCE = 10_000


class Prediction(msgspec.Struct, frozen=True):
    """probability: that the listing is kept, 0 to 1."""

    id: int
    prediction: bool
    probability: float


class Success(msgspec.Struct, frozen=True):
    success: bool


class Session(msgspec.Struct, frozen=True):
    """A model that was learnt; accuracy, precision: 0 to 1, on verdicts that it did not see."""

    session_date: str
    accuracy: float
    precision: float
    num_samples: int


class Performance(msgspec.Struct, frozen=True):
    """How good the models were, the newest first."""

    accuracy: float
    total_sessions: int
    sessions: list[Session]


@get(
    "/recommendation-predictions",
    tags=[TAG],
    operation_id="earlier_predictions",
    sync_to_thread=True,
    responses=told_as_before(404, 503),
)
def predict(
    here: Here,
    listing_ids: Annotated[
        list[str] | None, QueryParameter(description="Repeat it for more.")
    ] = None,
) -> list[Prediction]:
    """What the live model says of listings; nothing while none has learnt."""
    account, ids = here.account(), whole_numbers("listing_ids", listing_ids or ())
    with reading(here.engine) as db:
        refuse_unknown(ids, copies_of(db, ids))
        opinion = opinion_of(db, account.id, here)
    if opinion is None:
        return []
    chances = {number: opinion.chance(number) for number in ids}
    return [
        Prediction(number, chance >= opinion.threshold, chance)
        for number, chance in chances.items()
        if chance is not None
    ]


@post(
    "/submit-scoring-selections",
    tags=[TAG],
    operation_id="earlier_verdicts",
    sync_to_thread=True,
    status_code=200,
    responses=told_as_before(404, 503),
)
def judge(here: Here, data: MultipartBody[dict[str, Any]]) -> Success:
    """Keep those of keeper_ids, skip the others of listing_ids; all of them or none.

    Then all verdicts so far are learnt from, in the background.
    """
    keeps = whole_numbers("keeper_ids", sent(data, "keeper_ids"))
    ids = list(dict.fromkeys([*whole_numbers("listing_ids", sent(data, "listing_ids")), *keeps]))
    if not ids:
        raise BadField("body.listing_ids", "listing_ids is missing: which listings were judged?")
    account, now = here.account(), here.clock.now()
    with writing(here.engine) as db:
        refuse_unknown(ids, copies_of(db, ids))
        record(
            db,
            account.id,
            [
                Verdict(str(uuid4()), number, "keep" if number in set(keeps) else "skip", now)
                for number in ids
            ],
        )
    enqueue_learning(here.desk, account.id, must_refit=True)
    return Success(success=True)


@get(
    "/model-performance-stats",
    tags=[TAG],
    operation_id="earlier_model_stats",
    sync_to_thread=True,
    responses=told_as_before(503),
)
def show_performance(here: Here) -> Performance:
    """How good the models were; nothing while none has learnt."""
    account = here.account()
    with reading(here.engine) as db:
        rows = list_models(db, account.id)
    sessions = [told for row in rows if (told := session_of(row))]
    return Performance(
        accuracy=accuracy_of(next((row for row in rows if row.is_live), None)),
        total_sessions=len(sessions),
        sessions=sessions,
    )


def session_of(row: ModelRow) -> Session | None:
    """How good a model was on verdicts that it had not seen; None where that was not measured."""
    report = msgspec.json.decode(row.report, type=Report)
    measured = report.hold_out or report.prequential
    if measured is None:
        return None
    return Session(
        session_date=row.trained_at.isoformat(),
        accuracy=measured.accuracy.value,
        precision=measured.precision.value,
        num_samples=measured.verdicts,
    )


def accuracy_of(live: ModelRow | None) -> float:
    """Which part of the verdicts it had not seen the live model told right; 0 without one."""
    told = session_of(live) if live else None
    return told.accuracy if told else 0.0


def sent(data: dict[str, Any], name: str) -> list[str]:
    """All values of a field of a form; whatever is no text was a file."""
    value = data.get(name, [])
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values]


def whole_numbers(name: str, told: Sequence[str]) -> list[int]:
    """Our ids, each once.  Raises BadField for what is none."""
    if len(told) > MOST_AT_ONCE:
        raise BadField(name, f"{name}: at most {MOST_AT_ONCE:,} at once.")
    for text in told:
        if not re.fullmatch(r"\d{1,18}", text.strip(), re.ASCII):
            raise BadField(name, f"{name}: {text[:40]!r} is no number of a listing.")
    return list(dict.fromkeys(int(text) for text in told))


def refuse_unknown(ids: Sequence[int], known: dict[int, Any]) -> None:
    """Raises UnknownListing for the first that is not kept."""
    for number in ids:
        if number not in known:
            raise UnknownListing(number)
