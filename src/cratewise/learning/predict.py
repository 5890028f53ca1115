"""Tell of every listing how likely it is kept: all of them, or those that changed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.learning.relate import Relating
from cratewise.store.described import Described, each_described
from cratewise.store.engine import reading, writing
from cratewise.store.models import live_model, lock_account
from cratewise.store.predictions import Predictions, keep_predictions, predictions_of
from cratewise.taste.models import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Engine


class Abandoned(Exception):
    """Whoever asked for predictions was told to stop."""


def predict_all(
    engine: "Engine",
    account_id: int,
    model: Model,
    version: int,
    *,
    now: datetime,
    should_stop: Callable[[], bool] = lambda: False,
    catalog: Path | None = None,
) -> Predictions:
    """The chances of every listing that is for sale; memory holds some thousands at a time.

    catalog  its file, which tells who is in the credits

    Raises Abandoned.
    """
    ids, chances, _ = _told(engine, account_id, model, None, should_stop, catalog=catalog)
    return Predictions(ids, chances, version, now)


def predict_changed(
    engine: "Engine",
    account_id: int,
    model: Model,
    *,
    now: datetime,
    should_stop: Callable[[], bool] = lambda: False,
    catalog: Path | None = None,
) -> int:
    """Bring what is kept up to date with what was touched since; returns how many listings.

    Raises Abandoned.
    """
    import numpy as np

    with reading(engine) as db:
        before = predictions_of(db, account_id)
    if before is None:
        return 0
    since = before.predicted_at
    ids, chances, gone = _told(engine, account_id, model, since, should_stop, catalog=catalog)
    if not len(ids) and not len(gone):
        return 0
    stays = ~np.isin(before.ids, np.concatenate([ids, gone]))
    every = np.concatenate([before.ids[stays], ids])
    order = np.argsort(every, kind="stable")
    both = np.concatenate([before.probabilities[stays], chances])
    with writing(engine) as db:
        lock_account(db, account_id)
        live = live_model(db, account_id)
        if live is not None and live.version == before.version:  # else others are newer
            keep_predictions(
                db, account_id, Predictions(every[order], both[order], before.version, now)
            )
    return len(ids) + len(gone)


def _told(
    engine: "Engine",
    account_id: int,
    model: Model,
    touched_since: datetime | None,
    should_stop: Callable[[], bool],
    *,
    catalog: Path | None,
) -> "tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]":
    """Ids and chances of what is for sale, and ids of what is gone."""
    import numpy as np

    ids: list[int] = []
    gone: list[int] = []
    chances = [np.zeros(0, dtype=np.float32)]
    with reading(engine) as db:
        relating = Relating.of(db, account_id, catalog)
        for some in each_described(db, touched_since=touched_since):
            if should_stop():
                raise Abandoned
            there: list[Described] = [one for one in some if not one["is_gone"]]
            gone += [one["id"] for one in some if one["is_gone"]]
            ids += [one["id"] for one in there]
            if there:
                told = model.predict_proba(relating.related(there))
                chances.append(told.astype(np.float32))
    return np.array(ids, np.int64), np.concatenate(chances), np.array(gone, np.int64)
