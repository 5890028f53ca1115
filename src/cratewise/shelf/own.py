"""What an account has said, read when it said something new: what marks are made from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cratewise.store.hidden import Hidden
from cratewise.store.marks import Said, hidden_and_postage, verdicts_of
from cratewise.store.postage import Postage
from cratewise.store.predictions import predictions_of
from cratewise.store.wants import owned_ids, wanted_ids

if TYPE_CHECKING:
    from sqlalchemy import Connection

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Own:
    """An account's wants, records, verdicts and predictions; never changed, but replaced.

    wanted, owned   Discogs' ids of releases, sorted
    verdicts        'keep' or 'skip', by our own ids of listings
    predicted       ids of listings, sorted, and the chance of keep of each; None: no model
    postage         the rules that hold for the account's own country
    """

    said: Said
    wanted: Ints
    owned: Ints
    verdicts: dict[int, str]
    predicted: tuple[Ints, NDArray[np.float32]] | None
    hidden: tuple[Hidden, ...]
    postage: tuple[Postage, ...]


def read_own(db: "Connection", account_id: int, said: Said, before: Own | None) -> Own:
    """What an account has said by now; `before` itself when that is the same."""
    if before is not None and before.said == said:
        return before
    if before is not None and before.said.predictions == said.predictions:
        predicted = before.predicted
    else:
        told = predictions_of(db, account_id)
        predicted = None if told is None else (told.ids, told.probabilities)
    return Own(
        said,
        np.array(sorted(wanted_ids(db, account_id)), np.int64),
        np.array(sorted(owned_ids(db, account_id)), np.int64),
        verdicts_of(db, account_id),
        predicted,
        *hidden_and_postage(db, account_id),
    )
