"""How long an export takes, and the memory that it needs beyond the program itself.

    python benchmarks/export_speed.py                     1,000,000 listings, some minutes
    python benchmarks/export_speed.py --listings 100000
    python benchmarks/export_speed.py --forms csv xlsx

Each form is written by a process of its own, from SQLite, to nowhere.  Beside them, what
Python's sqlite3 takes to read the same rows and throw them away.

Promised for 1,000,000: CSV in 20 s, Parquet in 10 s, 200 MB.
"""

import argparse
import multiprocessing
import os
import re
import resource
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.big_stock import fill

from cratewise.cli.light_arrow import load_arrow_lightly
from cratewise.rates import Rates
from cratewise.shelf.export import FORMS, Form, export
from cratewise.shelf.exported import Currency
from cratewise.store import export_rows
from cratewise.store.engine import open_engine, reading
from cratewise.store.migrate import upgrade
from cratewise.store.stock import Wanted

PROMISED_SECONDS = {"csv": 20, "parquet": 10}
PROMISED_MEGABYTES = 200
STATUS = Path("/proc/self/status")

spawn = multiprocessing.get_context("spawn")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--listings", type=int, default=1_000_000)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=["csv", "ndjson", "parquet"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stock.sqlite"
        engine = open_engine(f"sqlite:///{path}")
        upgrade(engine)
        fill(engine, asked.listings)
        engine.dispose()
        print(f"{asked.listings:,} listings; load {os.getloadavg()[0]:.1f}")
        print(
            f"{'form':<10}{'seconds':>9}{'CPU':>8}{'promised':>10}{'MB file':>9}{'MB memory':>11}"
        )
        print(f"{'(read)':<10}{_read(path):>9.1f}")
        for form in asked.forms:
            _show(form, _measured(path, form))


def _show(form: Form, measured: tuple[float, float, int, float]) -> None:
    seconds, cpu, size, memory = measured
    promised = PROMISED_SECONDS.get(form)
    print(
        f"{form:<10}{seconds:>9.1f}{cpu:>8.1f}{promised or '':>10}{size / 1e6:>9.0f}{memory:>11.0f}"
        f"{'' if memory <= PROMISED_MEGABYTES else '  more than promised'}"
    )


def _read(path: Path) -> float:
    """Every row, by Python's own driver."""
    began = time.perf_counter()
    with sqlite3.connect(path) as db:
        rows = db.execute(
            "SELECT * FROM listings JOIN releases ON releases.id = release_id"
            " JOIN sellers ON sellers.id = seller_id ORDER BY listings.id"
        )
        for _ in rows:
            pass
    return time.perf_counter() - began


def _measured(path: Path, form: Form) -> tuple[float, float, int, float]:
    """Seconds, CPU seconds, bytes, and megabytes at the peak."""
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_export, args=(path, form, theirs))
    process.start()
    measured: tuple[float, float, int, float] = ours.recv()
    process.join()
    return measured


def _export(path: Path, form: Form, told: Any) -> None:
    engine = open_engine(f"sqlite:///{path}")
    day = datetime.now(UTC).date()
    rates = Rates({day: {"USD": 1.17, "GBP": 0.87, "JPY": 178.0}})
    began, cpu = time.perf_counter(), time.process_time()
    load_arrow_lightly(is_lean=True)
    with reading(engine) as db:
        found = export_rows.batches(db, Wanted(with_gone=True))
        size = sum(map(len, export(found, form, Currency("EUR", rates, day))))
    told.send((time.perf_counter() - began, time.process_time() - cpu, size, _peak()))


def _peak() -> float:
    """Megabytes of this process alone; `ru_maxrss` may be those of the one that began it."""
    if STATUS.exists():
        return int(re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text())[1]) / 1024  # type: ignore[index]  # Linux tells it
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
