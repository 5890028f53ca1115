"""Models: every refit and how good it is, which of them serves, what a job of learning came to."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import PathParameter
from sqlalchemy import Connection

from cratewise.api.installation import Here
from cratewise.api.own_job import own_job
from cratewise.api.problems import told
from cratewise.durable import State
from cratewise.enqueue import enqueue_version
from cratewise.errors import UnknownVersion
from cratewise.store.engine import reading
from cratewise.store.models import ModelRow, find_model, list_models

Version = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A refit.

    keeps, skips, weak_keeps   that it learnt from; weak: wants and records owned.
    threshold    the chance from which on it predicts a keep, by its best F1 out of sample.
    outcome      why it was promoted or not.
    promoted_at  when it last went live; null: never.
    report       how good it is, out of sample: prequential, hold_out and uniform.
    """

    version: int
    kind: str
    trained_at: datetime
    keeps: int
    skips: int
    weak_keeps: int
    threshold: float
    outcome: str
    is_live: bool
    promoted_at: datetime | None
    report: dict[str, Any]


class Models(msgspec.Struct, frozen=True):
    """Every refit, the newest first."""

    models: list[Model]


class Asked(msgspec.Struct, frozen=True):
    """The job that learns, or lets a version serve; is_new: false when one was under way."""

    job_id: str
    is_new: bool


class Learning(msgspec.Struct, frozen=True, kw_only=True):
    """A job that learns, or lets a version serve, as it stands.

    version, is_live  once done: the version that it made or let serve; null: it made none.
    outcome           once done: what it came to, in a sentence; null: nothing was due.
    error             one sentence, once failed.
    """

    id: str
    state: State
    asked_at: datetime
    finished_at: datetime | None
    version: int | None
    is_live: bool
    outcome: str | None
    error: str | None


@get("/models", tags=["taste"], operation_id="list_models", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_all_models(here: Here) -> Models:
    """Every refit, promoted or not, and why."""
    account = here.account()
    with reading(here.engine) as db:
        return Models([model_of(row) for row in list_models(db, account.id)])


@post("/models/{version:int}/use", tags=["taste"], operation_id="use_model", sync_to_thread=True,
      status_code=202, responses=told(404, 409, 503))  # fmt: skip
def use_model(here: Here, version: Version) -> Asked:
    """Let a version serve: roll back, or promote what was not; it does once all is predicted."""
    from cratewise.learning.serving import refuse_unusable

    account = here.account()
    with reading(here.engine) as db:
        row = _known(db, account.id, version)
        refuse_unusable(db, account.id, here.settings.models_dir, row)
    asked = enqueue_version(here.desk, account.id, version)
    return Asked(asked.job_id, asked.is_new)


@get("/models/{version:int}", tags=["taste"], operation_id="read_model", sync_to_thread=True,
     responses=told(404, 503))  # fmt: skip
def read_model(here: Here, version: Version) -> Model:
    """One refit, with how good it is."""
    account = here.account()
    with reading(here.engine) as db:
        return model_of(_known(db, account.id, version))


@get("/taste/jobs/{job_id:str}", tags=["taste"], operation_id="read_learning",
     sync_to_thread=True, responses=told(404, 503))  # fmt: skip
def read_learning(here: Here, job_id: Annotated[str, PathParameter(max_length=64)]) -> Learning:
    """What came of a job that learns, or lets a version serve."""
    job = own_job(here, job_id, "learn", "use_version")
    result = job.result or {}
    return Learning(
        id=job.id,
        state=job.state,
        asked_at=job.asked_at,
        finished_at=job.finished_at,
        version=result.get("version"),
        is_live=result.get("is_live", False),
        outcome=result.get("outcome"),
        error=job.error,
    )


def model_of(row: ModelRow) -> Model:
    """A refit as it is answered."""
    told_of = row._asdict() | {"report": msgspec.json.decode(row.report)}
    return Model(**{name: told_of[name] for name in Model.__struct_fields__})


def _known(db: Connection, account_id: int, version: int) -> ModelRow:
    """Raises UnknownVersion."""
    row = find_model(db, account_id, version)
    if row is None:
        raise UnknownVersion(version, [one.version for one in list_models(db, account_id)])
    return row
