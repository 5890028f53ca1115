"""What Alembic runs: the steps, on the connection that `migrate.py` opened."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.sql.elements import False_

from cratewise.store.all_tables import metadata
from cratewise.store.tables import Instant
from cratewise.store.word_index import is_word_index


def _write(kind: str, thing: Any, _: AutogenContext) -> str | Literal[False]:
    """How a step spells what Alembic would spell for one database, or with names of ours.

    A step must stay what it was when written, and types of ours may change.
    """
    if kind == "type" and isinstance(thing, Instant):
        return "sa.BigInteger()"
    if kind == "server_default" and isinstance(getattr(thing, "arg", None), False_):
        return "sa.false()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a column by copying its table
    render_item=_write,
    include_name=lambda name, kind, _: kind != "table" or not is_word_index(name),
    compare_server_default=True,
)
context.run_migrations()
