"""Models that were learnt: every refit is kept, one of an account's at most is live."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from cratewise.store.insert import insert_or_update
from cratewise.store.tables import accounts, hidden, judgements, owned, wants
from cratewise.store.taste_tables import models, tastes


class ModelRow(NamedTuple):
    """A refit.

    version      1, 2, ... of an account
    kind         a name of taste.models
    fingerprint  of what it learnt from: the same verdicts need no second refit
    keeps, skips, weak_keeps   that it learnt from
    file, checksum             where its file lies in the folder of models, and its sha256
    report       JSON: how good it is out of sample (learning/evaluate.py)
    threshold    chance from which on a keep is predicted, by the best F1 out of sample
    outcome      one sentence: promoted, or why not
    promoted_at  when it last went live; None: never
    """

    version: int
    kind: str
    trained_at: datetime
    fingerprint: str
    keeps: int
    skips: int
    weak_keeps: int
    file: str
    checksum: str
    report: str
    threshold: float
    outcome: str
    promoted_at: datetime | None
    is_live: bool


class TasteChoice(NamedTuple):
    """What a person chose; threshold None: the best F1's."""

    kind: str
    threshold: float | None


_MODELS = select(*(models.c[name] for name in ModelRow._fields))
_LIVE = _MODELS.where(models.c.account_id == bindparam("account"), models.c.is_live)
_CHOICE = select(tastes.c.kind, tastes.c.threshold).where(
    tastes.c.account_id == bindparam("account")
)


def lock_account(db: Connection, account_id: int) -> None:
    """Let two refits of one account end one after the other."""
    db.execute(select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())


def add_model(db: Connection, account_id: int, row: ModelRow) -> int:
    """Keep a refit under the next version, which is returned; it is not live yet."""
    theirs = models.c.account_id == account_id
    version = (db.scalar(select(func.max(models.c.version)).where(theirs)) or 0) + 1
    told = row._asdict() | {"account_id": account_id, "version": version}
    db.execute(insert(models).values(told | {"is_live": False, "promoted_at": None}))
    return version


def promote(
    db: Connection, account_id: int, version: int, at: datetime, outcome: str | None = None
) -> None:
    """Let a version serve from now on, in place of any other.

    outcome  a sentence to keep with it; None: the one that it has
    """
    theirs = models.c.account_id == account_id
    db.execute(update(models).where(theirs, models.c.is_live).values(is_live=False))
    told: Mapping[str, Any] = {} if outcome is None else {"outcome": outcome}
    db.execute(
        update(models)
        .where(theirs, models.c.version == version)
        .values(is_live=True, promoted_at=at, **told)
    )


def retire(db: Connection, account_id: int) -> None:
    """Let none serve: the rule score does."""
    db.execute(
        update(models)
        .where(models.c.account_id == account_id, models.c.is_live)
        .values(is_live=False)
    )


def live_model(db: Connection, account_id: int) -> ModelRow | None:
    """The model that serves; None: the rule score does."""
    row = db.execute(_LIVE, {"account": account_id}).first()
    return None if row is None else ModelRow._make(row)


def newest_model(db: Connection, account_id: int) -> ModelRow | None:
    """The last refit, live or not."""
    found = list_models(db, account_id, limit=1)
    return found[0] if found else None


def find_model(db: Connection, account_id: int, version: int) -> ModelRow | None:
    """A refit by its version."""
    row = db.execute(
        _MODELS.where(models.c.account_id == account_id, models.c.version == version)
    ).first()
    return None if row is None else ModelRow._make(row)


def list_models(db: Connection, account_id: int, *, limit: int = 100) -> list[ModelRow]:
    """The refits of an account, the newest first."""
    statement = _MODELS.where(models.c.account_id == account_id)
    rows = db.execute(statement.order_by(models.c.version.desc()).limit(limit))
    return [ModelRow._make(row) for row in rows]


def files_to_keep(db: Connection, newest: int) -> set[str]:
    """Files of models that ever were live, and of each account's newest others."""
    rank = func.row_number().over(
        partition_by=models.c.account_id, order_by=models.c.version.desc()
    )
    ranked = select(models.c.file, models.c.promoted_at, rank.label("place")).subquery()
    wanted = ranked.c.promoted_at.is_not(None) | (ranked.c.place <= newest)
    return set(db.scalars(select(ranked.c.file).where(wanted)))


def changes_since(db: Connection, account_id: int, moment: datetime | None) -> int:
    """How many verdicts were given or undone after `moment`; None: ever."""
    statement = select(func.count()).where(judgements.c.account_id == account_id)
    if moment is not None:
        later = (judgements.c.judged_at > moment) | (judgements.c.undone_at > moment)
        statement = statement.where(later)
    return db.execute(statement).scalar_one()


def weak_told_since(db: Connection, account_id: int, moment: datetime | None) -> int:
    """How many wants, records owned and names to hide were told after `moment`; None: ever."""
    found = 0
    for table, told_at in (
        (wants, wants.c.synced_at), (owned, owned.c.synced_at), (hidden, hidden.c.hidden_at),
    ):  # fmt: skip
        statement = select(func.count()).where(table.c.account_id == account_id)
        if moment is not None:
            statement = statement.where(told_at > moment)
        found += db.execute(statement).scalar_one()
    return found


def accounts_with_taste(db: Connection) -> list[int]:
    """Accounts that gave a verdict, want or own something, or have a model."""
    parts = [select(table.c.account_id) for table in (judgements, wants, owned, models)]
    return sorted(set(db.scalars(parts[0].union(*parts[1:]))))


def has_models(db: Connection) -> bool:
    """Whether anything was ever learnt, for whomever."""
    return db.execute(select(models.c.version).limit(1)).first() is not None


def live_models(db: Connection) -> list[tuple[int, datetime]]:
    """How many verdicts each model that serves learnt from, and when."""
    told = select(models.c.keeps + models.c.skips, models.c.trained_at).where(models.c.is_live)
    return [(int(many), at) for many, at in db.execute(told)]


def taste_choice(db: Connection, account_id: int) -> TasteChoice | None:
    """What a person chose about their taste; None: nothing, all is as shipped."""
    row = db.execute(_CHOICE, {"account": account_id}).first()
    return None if row is None else TasteChoice(*row)


def choose_taste(db: Connection, account_id: int, choice: TasteChoice, at: datetime) -> None:
    """Keep what a person chose."""
    row = {"account_id": account_id, "changed_at": at, **choice._asdict()}
    insert_or_update(db, tastes, [row], on="account_id")
