"""Learn anew from all verdicts, prove it, keep it, and let it serve if it is proved.

Nothing is changed before the end: then the new version, its predictions and whether it
serves are one transaction.  Killed in the middle, a refit leaves a file that nobody
names, which a later one deletes; what served goes on serving.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cratewise.learning.context import stock_of
from cratewise.learning.dataset import Dataset, read_dataset
from cratewise.learning.evaluate import HeldOut, Report, hold_out, learn, report
from cratewise.learning.measures import paired_gain
from cratewise.learning.predict import predict_all
from cratewise.learning.relate import Relating
from cratewise.learning.serving import Serving, serving
from cratewise.store.engine import reading, writing
from cratewise.store.model_parts import are_shared, forget_model_files, keep_model_file
from cratewise.store.models import (
    ModelRow,
    add_model,
    changes_since,
    files_to_keep,
    lock_account,
    newest_model,
    promote,
    taste_choice,
    weak_told_since,
)
from cratewise.store.predictions import keep_predictions
from cratewise.taste.keeping import keep
from cratewise.taste.line_model import LineModel
from cratewise.taste.models import Model

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

ENOUGH = 20  # keeps, and as many skips, before any model may serve
NEW = 10  # verdicts that make a refit worth while
NEW_SHARE = 0.1  # of those learnt from, once there are many
WEAK_EVERY = timedelta(days=1)  # at most, for wants and records owned alone
NEWEST_KEPT = 5  # refits whose files are kept though they never served
ORPHAN_SECONDS = 86_400  # a file that nobody names is a killed refit's after a day


@dataclass(frozen=True)
class Learner:
    """Whose taste is learnt, and where.

    folder       where models' files lie; made where it is missing
    catalog      file of the catalogue, which tells who is in the credits; None: none
    should_stop  whether to leave all as it was, and end
    """

    engine: "Engine"
    account_id: int
    folder: Path
    should_stop: Callable[[], bool] = lambda: False
    catalog: Path | None = None


@dataclass(frozen=True)
class Refit:
    """What a refit came to.

    version  None: none was made
    outcome  one sentence
    """

    version: int | None
    is_live: bool
    outcome: str


def is_due(db: "Connection", account_id: int, now: datetime) -> bool:
    """Whether enough was told since the last refit: verdicts, or once a day wants and records."""
    if due_in(db, account_id) == 0:
        return True
    last = newest_model(db, account_id)
    if last is None or now - last.trained_at <= WEAK_EVERY:
        return False
    return weak_told_since(db, account_id, last.trained_at) > 0


def due_in(db: "Connection", account_id: int) -> int:
    """How many verdicts make the next refit worth while; 0: it is due."""
    last = newest_model(db, account_id)
    if last is None:
        told = changes_since(db, account_id, None) + weak_told_since(db, account_id, None)
        return max(0, NEW - told)
    worth = max(NEW, ceil(NEW_SHARE * (last.keeps + last.skips)))
    return max(0, worth - changes_since(db, account_id, last.trained_at))


def missing(keeps: int, skips: int) -> str:
    """How many verdicts are missing before a model may serve; "" when none are."""
    parts = [
        f"{ENOUGH - count} {word}{'s' if ENOUGH - count > 1 else ''}"
        for count, word in ((keeps, "keep"), (skips, "skip"))
        if count < ENOUGH
    ]
    return " and ".join(parts)


def refit(learner: Learner, now: datetime) -> Refit:
    """Learn from everything that this account told, if it told anything new.

    Raises Abandoned, OSError.
    """
    account_id = learner.account_id
    with reading(learner.engine) as db:
        choice = taste_choice(db, account_id)
        kind, threshold = (choice.kind, choice.threshold) if choice else (LineModel.name, None)
        known = _related(db, learner, read_dataset(db, account_id))
        last = newest_model(db, account_id)
        served = serving(db, account_id, learner.folder)
    fingerprint = f"{kind} {known.fingerprint}"
    if last is not None and last.fingerprint == fingerprint:
        return Refit(None, False, "Nothing new was told since the last refit.")
    if not known.can_tell_apart:
        few = missing(known.keeps, known.skips)
        return Refit(None, False, f"There is too little to learn from: {few} to come.")
    stock = stock_of(learner.engine, now, learner.catalog)
    held_out = hold_out(kind, known, stock)
    told = report(known, held_out, threshold)
    problem = _problem(known, told, held_out, served)
    row = _row(known, kind, fingerprint, told, now)
    return _keep(learner, learn(kind, known, stock), row, problem)


def _keep(learner: Learner, model: Model, row: ModelRow, problem: str) -> Refit:
    """Write the file, then the rest at once; who comes second with the same gives way."""
    engine, account_id, folder = learner.engine, learner.account_id, learner.folder
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{account_id}-{time.time_ns():x}.model"
    checksum = keep(model, path)
    predicted = None
    if not problem:
        predicted = predict_all(
            engine, account_id, model, 0, now=row.trained_at,
            should_stop=learner.should_stop, catalog=learner.catalog,
        )  # fmt: skip
    outcome = f"Not promoted: {problem}" if problem else "Promoted: it serves."
    with writing(engine) as db:
        lock_account(db, account_id)
        last = newest_model(db, account_id)
        if last is not None and last.fingerprint == row.fingerprint:
            path.unlink()
            return Refit(None, False, "Another refit of the same verdicts was faster.")
        version = add_model(
            db, account_id, row._replace(file=path.name, checksum=checksum, outcome=outcome)
        )
        if are_shared(db):
            keep_model_file(db, account_id, version, path.read_bytes())
        if predicted is not None:
            promote(db, account_id, version, row.trained_at)
            keep_predictions(db, account_id, predicted._replace(version=version))
    _sweep(engine, folder)
    return Refit(version, predicted is not None, outcome)


def _related(db: "Connection", learner: Learner, known: Dataset) -> Dataset:
    """With what links each listing to the account; of a weak keep not that it is one, and of
    a verdict only what was known when it was given.
    """
    others = len(known.listings) - len(known.judged)
    kept = list(accumulate(known.keep[: len(known.judged)], initial=0))
    relating = Relating.of(
        db, learner.account_id, learner.catalog,
        release_ids=[one["release_id"] for one in known.listings],
    )  # fmt: skip
    related = relating.related(
        known.listings,
        is_weak=[False] * len(known.judged) + [True] * others,
        kept_before=kept[:-1] + kept[-1:] * others,
    )
    return replace(known, listings=related)


def _problem(known: Dataset, told: Report, held_out: HeldOut | None, served: Serving) -> str:
    """Why a refit may not serve, in a sentence; "" when it may."""
    if few := missing(known.keeps, known.skips):
        return f"{few} to come, {ENOUGH} of each are needed."
    if told.hold_out is None or held_out is None:
        return "the later verdicts are all of one kind, so it cannot be proved yet."
    gain = told.hold_out.gain
    if gain.low <= 0:
        return (
            f"it does not beat the rule score yet: average precision {gain.value:+.3f} "
            f"({gain.low:+.3f} to {gain.high:+.3f}) on {told.hold_out.verdicts} later verdicts."
        )
    return _worse(known, held_out, served)


def _worse(known: Dataset, held_out: HeldOut, served: Serving) -> str:
    """Whether it ranks worse than what serves on verdicts that neither saw; "" when not."""
    import numpy as np

    if served.row is None or served.model is None:
        return ""
    since = [
        place
        for place in range(held_out.first, len(known.judged))
        if known.judged[place].judged_at > served.row.trained_at
    ]
    if not since:
        return ""
    ours = np.array(held_out.chances)[[place - held_out.first for place in since]]
    theirs = served.model.predict_proba([known.listings[place] for place in since])
    weights = np.array(known.weights)[since]
    gain = paired_gain(ours, theirs, np.array(known.keep)[since], weights)
    if gain is None or gain.high >= 0:
        return ""
    return (
        f"it ranks worse than version {served.row.version}: average precision {gain.value:+.3f} "
        f"({gain.low:+.3f} to {gain.high:+.3f}) on {len(since)} verdicts given since."
    )


def _row(known: Dataset, kind: str, fingerprint: str, told: Report, at: datetime) -> ModelRow:
    measured = told.hold_out or told.prequential
    return ModelRow(
        version=0,  # given by the store
        kind=kind,
        trained_at=at,
        fingerprint=fingerprint,
        keeps=known.keeps,
        skips=known.skips,
        weak_keeps=known.weak_keeps,
        file="",
        checksum="",
        report=msgspec.json.encode(told).decode(),
        threshold=measured.threshold if measured else 0.5,
        outcome="",
        promoted_at=None,
        is_live=False,
    )


def _sweep(engine: "Engine", folder: Path) -> None:
    """Delete old files that nobody will ask for: of refits that were killed, or never served."""
    with writing(engine) as db:
        wanted = files_to_keep(db, NEWEST_KEPT)
        forget_model_files(db, wanted)
    for path in folder.glob("*.model*"):
        is_old = time.time() - path.stat().st_mtime > ORPHAN_SECONDS
        if is_old and path.name not in wanted:
            path.unlink(missing_ok=True)
