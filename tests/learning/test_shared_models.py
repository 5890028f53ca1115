"""A model that one machine learnt serves on others that share the database, and no folder."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select, update
from tests.builders import NOON, an_account
from tests.learning.stocked import judge, stock_up

from cratewise.learning.context import forget_stocks
from cratewise.learning.refit import Learner, refit
from cratewise.learning.serving import Serving, serving
from cratewise.store.engine import reading, writing
from cratewise.store.model_parts import (
    are_shared,
    forget_model_files,
    keep_model_file,
    model_file,
)
from cratewise.store.models import list_models
from cratewise.store.taste_tables import model_parts

LATER = NOON + timedelta(hours=12)


@pytest.fixture
def learner(store: Engine, tmp_path: Path) -> Learner:
    """Somebody of whom two versions were learnt."""
    forget_stocks()
    with writing(store) as db:
        account = an_account(db)
        stock = stock_up(db)
        judge(db, account, stock[:100])
    learner = Learner(store, account, tmp_path / "here")
    refit(learner, LATER)
    with writing(store) as db:
        judge(db, account, stock[100:200], start=100)
    refit(learner, LATER)
    return learner


def elsewhere(learner: Learner, folder: Path) -> Serving:
    with reading(learner.engine) as db:
        return serving(db, learner.account_id, folder)


def is_shared(learner: Learner) -> bool:
    with reading(learner.engine) as db:
        return are_shared(db)


def test_another_machine_finds_the_live_model_where_the_database_is_shared(
    learner: Learner, tmp_path: Path
) -> None:
    here, there = elsewhere(learner, learner.folder), elsewhere(learner, tmp_path / "there")

    assert here.row is not None
    assert here.model is not None
    if is_shared(learner):
        assert there.row == here.row
        assert there.model is not None
        one = [{"artist": "Artist 5", "price": 4.0}]
        assert there.model.predict_proba(one) == here.model.predict_proba(one)
        assert (tmp_path / "there" / here.row.file).exists()
    else:
        assert there.row is None
        assert "cannot be read" in there.refused[0]


def test_a_file_spoilt_in_the_database_is_refused_and_the_version_before_serves(
    learner: Learner, tmp_path: Path
) -> None:
    if not is_shared(learner):
        pytest.skip("SQLite lies on one machine")
    with writing(learner.engine) as db:
        db.execute(update(model_parts).where(model_parts.c.version == 2).values(bytes=b"spoilt"))

    found = elsewhere(learner, tmp_path / "there")

    assert found.row is not None
    assert found.row.version == 1
    assert "Version 2: " in found.refused[0]
    assert "it was not written by Cratewise" in found.refused[0]


def test_a_long_file_is_kept_in_pieces_and_comes_back_whole(learner: Learner) -> None:
    whole = bytes(range(256)) * 40_000
    with writing(learner.engine) as db:
        db.execute(delete(model_parts))
        keep_model_file(db, learner.account_id, 1, whole)

    with reading(learner.engine) as db:
        pieces = db.scalar(select(func.count()).select_from(model_parts))
        assert pieces == 3
        assert model_file(db, learner.account_id, 1) == whole
        assert model_file(db, learner.account_id, 2) is None


def test_files_of_versions_that_nobody_asks_for_are_let_go(learner: Learner) -> None:
    with writing(learner.engine) as db:
        rows = list_models(db, learner.account_id)
        db.execute(delete(model_parts))
        for row in rows:
            keep_model_file(db, learner.account_id, row.version, b"file")
        forget_model_files(db, {rows[0].file})

    with reading(learner.engine) as db:
        assert db.scalars(select(model_parts.c.version)).all() == [rows[0].version]
