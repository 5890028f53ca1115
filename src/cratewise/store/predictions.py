"""What the live model says of every listing: packed, a row an account."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from cratewise.store.insert import insert_or_update
from cratewise.store.taste_tables import predictions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Predictions(NamedTuple):
    """The chances of n listings.

    ids            (n,) int64, our own ids of listings, ascending
    probabilities  (n,) float32, chance of a keep, between 0 and 1
    version        of the model that said so
    predicted_at   listings that were touched later are not in it, or as they were
    """

    ids: "NDArray[np.int64]"
    probabilities: "NDArray[np.float32]"
    version: int
    predicted_at: datetime


_VERSION = select(predictions.c.version, predictions.c.predicted_at).where(
    predictions.c.account_id == bindparam("account")
)


def predictions_of(db: Connection, account_id: int) -> Predictions | None:
    """What the live model of an account says; None while the rule score serves."""
    import numpy as np

    row = db.execute(select(predictions).where(predictions.c.account_id == account_id)).first()
    if row is None:
        return None
    return Predictions(
        np.frombuffer(row.listing_ids, dtype="<i8").astype(np.int64, copy=False),
        np.frombuffer(row.probabilities, dtype="<f4").astype(np.float32, copy=False),
        row.version,
        row.predicted_at,
    )


def predictions_version(db: Connection, account_id: int) -> tuple[int, datetime] | None:
    """Which version predicted, and when: what to compare before reading them all anew."""
    row = db.execute(_VERSION, {"account": account_id}).first()
    return None if row is None else (row.version, row.predicted_at)


def keep_predictions(db: Connection, account_id: int, told: Predictions) -> None:
    """Replace what is kept of an account."""
    import numpy as np

    row = {
        "account_id": account_id,
        "version": told.version,
        "predicted_at": told.predicted_at,
        "listing_ids": np.asarray(told.ids, dtype="<i8").tobytes(),
        "probabilities": np.asarray(told.probabilities, dtype="<f4").tobytes(),
    }
    insert_or_update(db, predictions, [row], on="account_id")


def forget_predictions(db: Connection, account_id: int) -> None:
    """From now on the rule score serves."""
    db.execute(delete(predictions).where(predictions.c.account_id == account_id))
