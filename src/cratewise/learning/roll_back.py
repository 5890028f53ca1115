"""Let another version serve: an earlier one, or the last good one when a file is spoilt."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.errors import UnknownVersion
from cratewise.learning.predict import predict_all
from cratewise.learning.serving import loaded, serving
from cratewise.store.engine import reading, writing
from cratewise.store.models import (
    ModelRow,
    find_model,
    list_models,
    live_model,
    lock_account,
    promote,
    retire,
)
from cratewise.store.predictions import forget_predictions, keep_predictions, predictions_version

if TYPE_CHECKING:
    from sqlalchemy import Engine


def use_version(
    engine: "Engine",
    account_id: int,
    folder: Path,
    version: int,
    *,
    now: datetime,
    should_stop: Callable[[], bool] = lambda: False,
    catalog: Path | None = None,
) -> ModelRow:
    """Let a version serve from now on, whatever it was thought of before.

    What it would say of every listing is told first; of one that serves already nothing is.

    Raises UnknownVersion, ModelRefused, Abandoned.
    """
    with reading(engine) as db:
        row = find_model(db, account_id, version)
        known = [one.version for one in list_models(db, account_id)]
        if row is None:
            raise UnknownVersion(version, known)
        model = loaded(db, account_id, folder, row)
        told_by = predictions_version(db, account_id)
    if row.is_live and told_by is not None and told_by[0] == version:
        return row
    told = predict_all(
        engine, account_id, model, version, now=now, should_stop=should_stop, catalog=catalog
    )
    with writing(engine) as db:
        lock_account(db, account_id)
        promote(db, account_id, version, now)
        keep_predictions(db, account_id, told)
    return row._replace(is_live=True, promoted_at=now)


def use_rule(engine: "Engine", account_id: int) -> None:
    """Let the rule score serve from now on, until a refit is promoted."""
    with writing(engine) as db:
        lock_account(db, account_id)
        retire(db, account_id)
        forget_predictions(db, account_id)


def heal(
    engine: "Engine",
    account_id: int,
    folder: Path,
    *,
    now: datetime,
    catalog: Path | None = None,
) -> str | None:
    """Where the live model's file cannot be used, let the last good one serve; a sentence then."""
    with reading(engine) as db:
        live, found = live_model(db, account_id), serving(db, account_id, folder)
    if live is None or (found.row is not None and found.row.version == live.version):
        return None
    told = " ".join(found.refused)
    if found.row is None:
        use_rule(engine, account_id)
        return f"{told} The rule score serves."
    use_version(engine, account_id, folder, found.row.version, now=now, catalog=catalog)
    return f"{told} Version {found.row.version} serves."
