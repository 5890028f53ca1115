"""Releases are found by their words."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from cratewise.store.word_forms import words_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AT_A_TIME = 5000

WORD_INDEX = {
    "sqlite": (
        """CREATE VIRTUAL TABLE release_words_index USING fts5(
            words, content = 'release_words', content_rowid = 'release_id',
            tokenize = 'ascii', detail = none, prefix = '1 2 3')""",
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
    ),
    "postgresql": (
        """CREATE INDEX ix_release_words_words ON release_words
            USING gin (array_to_tsvector(string_to_array(words, ' ')))""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "release_words",
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", name="pk_release_words"),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["releases.id"],
            name="fk_release_words_release_id_releases",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_release_words_kept_at", "release_words", ["kept_at"])
    db = op.get_bind()
    if db.dialect.name == "sqlite":
        make_index(db)
        fill(db)
    else:
        fill(db)
        make_index(db)


def make_index(db: sa.Connection) -> None:
    for statement in WORD_INDEX[db.dialect.name]:
        db.exec_driver_sql(statement)


def fill(db: sa.Connection) -> None:
    """Words for the releases that are there, some thousands at a time."""
    last = 0
    while rows := releases_behind(db, last):
        db.execute(
            sa.text("INSERT INTO release_words VALUES (:release_id, :words, :kept_at)"),
            [
                {"release_id": row[0], "words": words_of(*row[1:6]), "kept_at": row[6]}
                for row in rows
            ],
        )
        last = rows[-1][0]


def releases_behind(db: sa.Connection, last: int) -> list[Any]:
    return list(
        db.execute(
            sa.text(
                "SELECT id, artist, title, label, catalog_number, format, changed_at"
                " FROM releases WHERE id > :last ORDER BY id LIMIT :limit"
            ),
            {"last": last, "limit": AT_A_TIME},
        )
    )
