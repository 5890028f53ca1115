"""Models' files in the database, for machines that share it and no folder.

SQLite lies on one machine, whose folder holds the files: there nothing is kept twice.
"""

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select

from cratewise.store.taste_tables import model_parts, models

PIECE = 4 << 20  # bytes; a whole file in one row would lie in memory several times


def are_shared(db: Connection) -> bool:
    """Whether other machines may ask for models' files."""
    return db.dialect.name != "sqlite"


def keep_model_file(db: Connection, account_id: int, version: int, whole: bytes) -> None:
    """Keep the file of a version that is new."""
    rows = [
        {
            "account_id": account_id,
            "version": version,
            "place": place,
            "bytes": whole[start : start + PIECE],
        }
        for place, start in enumerate(range(0, len(whole), PIECE))
    ]
    db.execute(insert(model_parts), rows)


def model_file(db: Connection, account_id: int, version: int) -> bytes | None:
    """The file of a version; None where it is not kept here."""
    rows = db.scalars(
        select(model_parts.c.bytes)
        .where(model_parts.c.account_id == account_id, model_parts.c.version == version)
        .order_by(model_parts.c.place)
    ).all()
    return b"".join(rows) or None


def forget_model_files(db: Connection, wanted: Collection[str]) -> None:
    """Let go of the files of all versions but those whose files' names are wanted."""
    is_wanted = (
        select(models.c.version)
        .where(models.c.account_id == model_parts.c.account_id)
        .where(models.c.version == model_parts.c.version, models.c.file.in_(wanted))
        .exists()
    )
    db.execute(delete(model_parts).where(~is_wanted))
