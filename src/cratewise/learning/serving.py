"""Which model serves: the live one, or the last good one where its file is spoilt."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.errors import ModelRefused
from cratewise.learning.next_batch import Taste
from cratewise.store.model_parts import are_shared, model_file
from cratewise.store.models import ModelRow, list_models
from cratewise.taste.keeping import load, verify, write
from cratewise.taste.models import Model

if TYPE_CHECKING:
    from sqlalchemy import Connection

LOADED = 4  # models that are kept in memory; some 10 MB each


@dataclass(frozen=True)
class Serving:
    """The model that serves an account.

    row      None: none does, and the rule score serves
    refused  a sentence for each version whose file cannot be used
    """

    row: ModelRow | None
    model: Model | None
    refused: tuple[str, ...]


def serving(db: "Connection", account_id: int, folder: Path) -> Serving:
    """The live model; where its file is damaged, missing or foreign, the one live before it."""
    rows = list_models(db, account_id)
    live = [row for row in rows if row.is_live]
    before = [row for row in rows if row.promoted_at is not None and not row.is_live]
    # Without a live one nothing serves: somebody may have wanted it so.
    order = [*live, *sorted(before, key=_promoted, reverse=True)] if live else []
    refused: list[str] = []
    for row in order:
        try:
            return Serving(row, loaded(db, account_id, folder, row), tuple(refused))
        except ModelRefused as error:
            refused.append(f"Version {row.version}: {error}")
    return Serving(None, None, tuple(refused))


def newest_taste(db: "Connection", account_id: int, folder: Path) -> Taste | None:
    """What triage goes by: the last refit that can be read, live or not."""
    for row in list_models(db, account_id, limit=5):
        try:
            return Taste(row.version, loaded(db, account_id, folder, row))
        except ModelRefused:
            continue  # told where models are listed; an older one chooses well enough
    return None


def loaded(db: "Connection", account_id: int, folder: Path, row: ModelRow) -> Model:
    """The model of a row; one that another machine learnt is fetched once.

    Raises ModelRefused.
    """
    path = _fetched(db, account_id, folder, row)
    return _loaded(path, row.checksum, _changed_at(path))


def refuse_unusable(db: "Connection", account_id: int, folder: Path, row: ModelRow) -> None:
    """Raises ModelRefused where the file of a version is missing, damaged or another."""
    verify(_fetched(db, account_id, folder, row), row.checksum)


def _fetched(db: "Connection", account_id: int, folder: Path, row: ModelRow) -> Path:
    """Where the file of a version lies, once it was fetched from the database if it can be."""
    path = folder / row.file
    if not path.exists() and are_shared(db):
        whole = model_file(db, account_id, row.version)
        if whole is not None:
            folder.mkdir(parents=True, exist_ok=True)
            write(path, whole)
    return path


@lru_cache(maxsize=LOADED)
def _loaded(path: Path, checksum: str, _changed_at: int) -> Model:
    return load(path, checksum)


def _changed_at(path: Path) -> int:
    """So that a file which is spoilt while it is remembered is read anew, and refused."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _promoted(row: ModelRow) -> float:
    return row.promoted_at.timestamp() if row.promoted_at else 0.0
