"""The line to PostgreSQL: how long it may be silent, and whether it still holds.

A connection waits in the engine's pool between two questions.  To ask the server first
whether it is there would double the time of a short answer.
"""

import selectors
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError

from cratewise.this_process import this_process

OUR_NAME = "cratewise"  # how PostgreSQL's names of our connections begin
MOST_LETTERS = 63  # of such a name; PostgreSQL cuts the rest off

# A line that was cut says nothing: without these a sender would go on for a quarter of an
# hour, and a listener for two.  The address may name others.
SILENT_LINE = {
    "connect_timeout": 10,  # seconds, as all but the last
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
TRUSTED_SECONDS = 10.0  # since it was last used; then the server is asked whether it is there

_USED_AT = "cratewise_used_at"  # of `time.monotonic`


def line_to(address: URL) -> dict[str, Any]:
    """How we connect to PostgreSQL, beside what its address says."""
    return {"application_name": connection_name(this_process())} | {
        name: value for name, value in SILENT_LINE.items() if name not in address.query
    }


def connection_name(process: str) -> str:
    """What PostgreSQL calls the connections of a process, or of a worker in it."""
    machine, *numbers = process.split(" ")[:3]
    return " ".join([OUR_NAME, *numbers, machine])[:MOST_LETTERS]


def take_lines_that_hold(engine: Engine) -> None:
    """From now on a connection whose server ended it is replaced before somebody asks by it."""

    def note_use(_connection: Any, record: Any) -> None:
        record.info[_USED_AT] = time.monotonic()

    def refuse_dead(connection: Any, record: Any, _proxy: Any) -> None:
        used_at = record.info.get(_USED_AT)
        if used_at is None:
            return  # it was just opened
        # A server that ends, or ends a connection, says so; else it says nothing unasked.
        if _has_spoken(connection) or (
            time.monotonic() - used_at > TRUSTED_SECONDS and not _answers(engine, connection)
        ):
            raise DisconnectionError("The server ended this connection.")

    event.listen(engine, "checkin", note_use)
    event.listen(engine, "checkout", refuse_dead)


def _has_spoken(connection: Any) -> bool:
    with selectors.DefaultSelector() as one:
        one.register(connection.fileno(), selectors.EVENT_READ)
        return bool(one.select(0))


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        return bool(engine.dialect.do_ping(connection))
    except engine.dialect.loaded_dbapi.Error:
        return False
