"""Freeze a worker as a laptop that is closed freezes it."""

import os
import signal
import subprocess

from sqlalchemy import Engine, text

from cratewise.durable import Desk
from cratewise.store.engine import is_sqlite, writing


def freeze_outside_transactions(worker: "subprocess.Popen[str]", index: Engine, desk: Desk) -> None:
    """Stop a process while it holds neither of SQLite's files, nor writes a page to PostgreSQL.

    One that sleeps while it writes keeps everybody from the file until it wakes, and
    nothing but waking or ending it helps.  PostgreSQL takes the locks from one that sleeps
    between two statements, but not from one whose page is half sent.
    """
    with writing(index) as db, desk.engine.connect() as jobs:
        if is_sqlite(index):
            jobs.execute(text("BEGIN IMMEDIATE"))
        else:
            # A page's transaction begins by writing here.
            db.execute(text("LOCK TABLE pulls IN SHARE ROW EXCLUSIVE MODE"))
        worker.send_signal(signal.SIGSTOP)
        os.waitpid(worker.pid, os.WUNTRACED)  # until it stands still
