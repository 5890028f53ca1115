"""A worker that is stopped while it sends: its statements have arrived, their end has not.

    python -m tests.jobs.half_sent DATABASE_URL PULL_ID

It takes the pull's row as a page's transaction does, and stops itself.  When it is let
go on it tells on standard output what became of its transaction.
"""

import os
import signal
import sys

from cratewise.clock import SystemClock
from cratewise.errors import StoreUnavailable
from cratewise.inventory.claim import new_worker
from cratewise.store.engine import open_engine, writing
from cratewise.store.pulls import hold, pull_of, take_over


def main() -> None:
    engine, pull_id, worker = open_engine(sys.argv[1]), int(sys.argv[2]), new_worker()
    now = SystemClock().now()
    with writing(engine) as db:
        take_over(db, pull_of(db, pull_id), claimed=1, worker=worker, at=now)
    try:
        with writing(engine) as db:
            hold(db, pull_id, worker, now)
            wire = db.connection.driver_connection.pgconn  # type: ignore[union-attr]  # psycopg's
            wire.enter_pipeline_mode()
            wire.send_query_params(b"SELECT 1", [])
            wire.send_flush_request()
            wire.flush()  # without a Sync PostgreSQL waits for more
            os.kill(os.getpid(), signal.SIGSTOP)
            wire.pipeline_sync()
            wire.flush()
            while wire.get_result() is not None:
                pass
            wire.exit_pipeline_mode()
            hold(db, pull_id, worker, now)
    except StoreUnavailable:
        print("lost")  # noqa: T201
    else:
        print("kept")  # noqa: T201


if __name__ == "__main__":
    main()
