"""The steps build what tables.py says, on both databases, once, and never half."""

import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, insert, inspect, text
from sqlalchemy.exc import IntegrityError
from tests.builders import NOON

from cratewise.errors import SchemaMismatch
from cratewise.store.all_tables import metadata
from cratewise.store.engine import open_engine, reading, writing
from cratewise.store.migrate import schema_version, upgrade
from cratewise.store.migrations import known_versions
from cratewise.store.tables import releases
from cratewise.store.word_index import is_word_index
from cratewise.store.words import find_releases, keep_words

CATALOGUE = {
    "postgresql": """
        SELECT 'column', table_name, column_name, data_type, is_nullable, column_default
          FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL
        SELECT 'index', tablename, indexname, indexdef, '', ''
          FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "sqlite": """
        SELECT 'column', t.name, c.name, c.type, c."notnull", c.dflt_value
          FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'
        UNION ALL
        SELECT 'key', t.name, k."from", k."table", k."to", k.on_delete
          FROM sqlite_master t, pragma_foreign_key_list(t.name) k WHERE t.type = 'table'
        UNION ALL
        SELECT 'index', t.name, i.name, i."unique", i.partial, group_concat(c.name || c."desc")
          FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) c
         WHERE t.type = 'table' GROUP BY 1, 2, 3, 4, 5
        UNION ALL
        SELECT t.type, t.tbl_name, t.name, t.sql, '', '' FROM sqlite_master t
         WHERE t.type = 'trigger' OR t.sql LIKE 'CREATE VIRTUAL%'""",
}


def catalogue(engine: Engine) -> set[tuple[Any, ...]]:
    with engine.connect() as db:
        rows = db.execute(text(CATALOGUE[engine.dialect.name]))
        return {tuple(row) for row in rows if "alembic_version" not in (row[1], row[2])}


def test_the_steps_build_what_the_tables_say(database_url: str) -> None:
    engine = open_engine(database_url)
    metadata.create_all(engine)
    said = catalogue(engine)
    metadata.drop_all(engine)

    upgrade(engine)

    assert len(said) > 100
    assert catalogue(engine) == said
    engine.dispose()


def test_a_database_that_is_up_to_date_is_left_alone_even_while_another_writes(
    store: Engine,
) -> None:
    with writing(store):
        upgrade(store)

    assert schema_version(store) == known_versions()[-1]


def test_a_database_of_a_newer_cratewise_is_refused_with_a_sentence(store: Engine) -> None:
    with writing(store) as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaMismatch, match="newer Cratewise"):
        upgrade(store)


def test_a_step_that_fails_halfway_leaves_no_trace(database_url: str) -> None:
    engine = open_engine(database_url)

    @event.listens_for(engine, "before_cursor_execute")
    def fail_at_the_last_table(_c: object, _k: object, statement: str, *_: object) -> None:
        if "CREATE TABLE pull_pages" in statement:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        upgrade(engine)

    assert inspect(engine).get_table_names() == []
    engine.dispose()


class PowerCutError(Exception):
    pass


def test_words_are_found_and_follow_when_releases_were_given_another_key(
    database_url: str,
) -> None:
    engine = open_engine(database_url)
    upgrade(engine, "0021")
    release = {
        "id": 7, "artist": "Drexciya", "title": "Neptune's Lair", "label": "Tresor",
        "catalog_number": "Tresor 129", "format": "2xLP", "changed_at": NOON,
    }  # fmt: skip
    with writing(engine) as db:
        db.execute(insert(releases).values(release))
        keep_words(db, [release], NOON)

    upgrade(engine)
    with writing(engine) as db:
        before = list(find_releases(db, "drexciya"))
        keep_words(db, [release | {"artist": "Transllusion"}], NOON)

    with reading(engine) as db:
        assert before == [7]
        assert list(find_releases(db, "drexciya")) == []
        assert list(find_releases(db, "transllusion lair")) == [7]
    engine.dispose()


MIGRATE_WHEN_TOLD = """
import sys
from cratewise.store.engine import open_engine
from cratewise.store.migrate import upgrade
engine = open_engine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
upgrade(engine)
engine.dispose()
"""


def test_processes_that_migrate_at_once_all_find_the_schema_whole(database_url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", MIGRATE_WHEN_TOLD, database_url]
    workers = [subprocess.Popen(command, text=True, stdin=PIPE, stdout=PIPE) for _ in range(4)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()

    for worker in workers:
        worker.communicate()

    assert [worker.returncode for worker in workers] == [0, 0, 0, 0]
    engine = open_engine(database_url)
    made = {name for name in inspect(engine).get_table_names() if not is_word_index(name)}
    assert made == {*metadata.tables, "alembic_version"}
    engine.dispose()


def test_a_migrated_connection_watches_its_references_again(database_url: str) -> None:
    engine = open_engine(database_url)
    upgrade(engine)

    with pytest.raises(IntegrityError), engine.begin() as db:
        db.execute(
            text("INSERT INTO follows (account_id, seller_id, followed_at) VALUES (1, 1, 0)")
        )
    engine.dispose()


def test_the_writer_of_steps_finds_nothing_to_add(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'cratewise.sqlite'}")
    upgrade(engine)

    with engine.connect() as db:
        ours = {"include_name": lambda name, *_: not is_word_index(name)}
        missing = compare_metadata(MigrationContext.configure(db, opts=ours), metadata)

    assert missing == []
    engine.dispose()
