"""SQLite finds a release by its number in one step: the key is the table's own order.

A key of another type than INTEGER was an index beside the table, in which each release
was looked up before the table was asked.  And what nobody told yet is in no index, from
which it would be taken when it is told.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEYS = {"releases": "id", "release_words": "release_id", "profile_shares": "release_id"}

# They go with the table when it is copied.
TRIGGERS = (
    """CREATE TRIGGER release_words_insert AFTER INSERT ON release_words BEGIN
            INSERT INTO release_words_index (rowid, words) VALUES (new.release_id, new.words);
        END""",
    """CREATE TRIGGER release_words_delete AFTER DELETE ON release_words BEGIN
            INSERT INTO release_words_index (release_words_index, rowid, words)
            VALUES ('delete', old.release_id, old.words);
        END""",
    """CREATE TRIGGER release_words_update AFTER UPDATE OF words ON release_words
        WHEN old.words <> new.words BEGIN
            INSERT INTO release_words_index (release_words_index, rowid, words)
            VALUES ('delete', old.release_id, old.words);
            INSERT INTO release_words_index (rowid, words) VALUES (new.release_id, new.words);
        END""",
)


def upgrade() -> None:
    number_rows(by=sa.Integer())
    lay_indexes(lambda column: sa.text(f"{column} IS NOT NULL"))


def downgrade() -> None:
    number_rows(by=sa.BigInteger())
    lay_indexes(lambda _: None)


def number_rows(by: sa.types.TypeEngine[int]) -> None:
    """Copy each table to one whose key has this type; PostgreSQL has no such difference."""
    db = op.get_bind()
    if db.dialect.name != "sqlite":
        return
    for name, key in KEYS.items():
        with op.batch_alter_table(name, recreate="always") as table:
            table.alter_column(key, type_=by, existing_nullable=False, autoincrement=False)
    for trigger in TRIGGERS:
        db.exec_driver_sql(trigger)


def lay_indexes(where: Callable[[str], sa.TextClause | None]) -> None:
    for column in ("master_id", "described_at"):
        index = f"ix_releases_{column}"
        op.drop_index(index, "releases")
        rows = where(column)
        op.create_index(index, "releases", [column], sqlite_where=rows, postgresql_where=rows)
