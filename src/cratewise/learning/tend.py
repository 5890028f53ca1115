"""Look after a taste: refit when that is due, heal a spoilt model, predict what is new."""

from datetime import datetime

from cratewise.learning.predict import predict_changed
from cratewise.learning.refit import Learner, Refit, is_due, refit
from cratewise.learning.roll_back import heal
from cratewise.learning.serving import serving
from cratewise.store.engine import reading


def tend(learner: Learner, now: datetime, *, must_refit: bool = False) -> Refit | None:
    """Bring a taste up to date; what the refit came to, None when none was due.

    must_refit  be it due or not; without anything new it changes nothing

    Raises Abandoned, OSError.
    """
    engine, account_id = learner.engine, learner.account_id
    heal(engine, account_id, learner.folder, now=now, catalog=learner.catalog)
    with reading(engine) as db:
        should_refit = must_refit or is_due(db, account_id, now)
    outcome = refit(learner, now) if should_refit else None
    if outcome is None or not outcome.is_live:
        with reading(engine) as db:
            served = serving(db, account_id, learner.folder)
        if served.model is not None:
            predict_changed(
                engine, account_id, served.model, now=now,
                should_stop=learner.should_stop, catalog=learner.catalog,
            )  # fmt: skip
    return outcome
