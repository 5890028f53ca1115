"""The table of releases' words, and the index over it, which each database makes its own way."""

from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, event

from cratewise.store.tables import BigId, Instant, metadata

# What a release is found by, see word_forms.py.
release_words = Table(
    "release_words",
    metadata,
    Column(
        "release_id",
        BigId,
        ForeignKey("releases.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("words", Text, nullable=False),  # each once, a space between
    Column("kept_at", Instant, nullable=False, index=True),
)

# Words come as they are to be compared (word_forms.py), so neither database changes
# them: FTS5 parts them at spaces alone, and PostgreSQL's parser is not asked.  Which
# word stands where is not kept (detail=none); what one, two or three letters begin is.
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


def make_word_index(_: object, db: Connection, **__: Any) -> None:
    """Lay the index over a `release_words` that was just created."""
    for statement in WORD_INDEX[db.dialect.name]:
        db.exec_driver_sql(statement)


def drop_word_index(_: object, db: Connection, **__: Any) -> None:
    """Take the index away before its `release_words`."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("DROP TABLE IF EXISTS release_words_index")


def is_word_index(name: str | None) -> bool:
    """Whether a table is the index's own, which `tables.py` does not tell of."""
    return name is not None and name.startswith("release_words_index")


event.listen(release_words, "after_create", make_word_index)
event.listen(release_words, "before_drop", drop_word_index)
