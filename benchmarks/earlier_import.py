"""How long an earlier system's data takes to move: 500,000 listings, on SQLite.

A database like the earlier one is made, read by itself (the limit: nothing can move
faster than it is read), then moved, and moved again.

    python benchmarks/earlier_import.py [--listings 500000]
"""

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

PROMISED_SECONDS_OF_500_000 = 300
PROMISED_MB = 300
JUDGED = 100  # one listing of so many was evaluated

TABLES = """
CREATE TABLE discogs_record (id integer PRIMARY KEY, discogs_id text, artist text, title text,
  format text, label text, catno text, wants integer, haves integer, added text, genres text,
  styles text, suggested_price text, year integer);
CREATE TABLE discogs_seller (id integer PRIMARY KEY, name text, currency text);
CREATE TABLE discogs_listing (id integer PRIMARY KEY, seller_id integer, record_id integer,
  record_price numeric, media_condition text, score numeric, kept boolean, evaluated boolean,
  created_at text, updated_at text);
"""


def make(path: Path, listings: int) -> None:
    records, at = listings * 3 // 5, "2025-03-01 12:00:00+00:00"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(TABLES)
        db.executemany(
            "INSERT INTO discogs_seller VALUES (?, ?, 'EUR')",
            ((n, f"seller{n}") for n in range(1, 21)),
        )
        db.executemany(
            "INSERT INTO discogs_record"
            " VALUES (?, ?, ?, ?, 'LP, Album', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    n, str(n * 7), f"Artist {n % 9000}", f"A Title of Some Words {n}",
                    f"Label {n % 4000}", f"CAT {n}", n % 900, n % 700, at,
                    '["Electronic"]', '["House", "Deep House"]', "79.95, USD", 1960 + n % 60,
                )
                for n in range(1, records + 1)
            ),
        )  # fmt: skip
        db.executemany(
            "INSERT INTO discogs_listing"
            " VALUES (?, ?, ?, ?, 'Very Good Plus (VG+)', ?, ?, ?, ?, ?)",
            (
                (n, n % 20 + 1, n % records + 1, 5 + n % 90, 20.0, 1, n % JUDGED == 0, at, at)
                for n in range(1, listings + 1)
            ),
        )
        db.commit()


def move(earlier: str, ours: str) -> None:
    """One move in a process of its own; prints what it took."""
    from cratewise.clock import SystemClock
    from cratewise.earlier.move import move as move_all
    from cratewise.earlier.opening import opened_source
    from cratewise.store.accounts import local_account
    from cratewise.store.engine import open_engine, writing
    from cratewise.store.migrate import upgrade

    engine, clock = open_engine(ours), SystemClock()
    upgrade(engine)
    with writing(engine) as db:
        account = local_account(db, currency="EUR", country="DE", at=clock.now())
    begun, worked = time.perf_counter(), time.process_time()
    with opened_source(earlier) as source:
        moved = move_all(engine, source, account_id=account.id, clock=clock)
    took = {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - worked,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "here": {one.noun: one.here for one in moved},
    }
    engine.dispose()
    print(json.dumps(took))


def read_alone(path: Path) -> float:
    begun = time.perf_counter()
    with closing(sqlite3.connect(path)) as db:
        for table in ("record", "listing"):
            for _row in db.execute(f"SELECT * FROM discogs_{table} ORDER BY id"):
                pass
    return time.perf_counter() - begun


def measured(earlier: Path, ours: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--move", f"sqlite:///{earlier}", f"sqlite:///{ours}"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    took: dict[str, float] = json.loads(answer.stdout)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=500_000)
    parser.add_argument("--move", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.move:
        move(*asked.move)
        return
    with tempfile.TemporaryDirectory() as folder:
        earlier, ours = Path(folder) / "earlier.sqlite", Path(folder) / "ours.sqlite"
        make(earlier, asked.listings)
        alone = read_alone(earlier)
        rows = [("moved", measured(earlier, ours)), ("moved again", measured(earlier, ours))]
    print(f"{asked.listings:,} listings of an earlier system into SQLite")
    print(f"{'':<14}{'seconds':>9}{'CPU':>8}{'listings/s':>12}{'of reading':>12}{'peak':>9}")
    print(f"{'reading alone':<14}{alone:>9.1f}{'':>8}{asked.listings / alone:>12,.0f}{1:>12.3f}")
    for name, took in rows:
        rate, share = asked.listings / took["seconds"], alone / took["seconds"]
        print(
            f"{name:<14}{took['seconds']:>9.1f}{took['cpu']:>8.1f}{rate:>12,.0f}"
            f"{share:>12.3f}{took['mb']:>6.0f} MB"
        )
    allowed = PROMISED_SECONDS_OF_500_000 * asked.listings / 500_000
    is_kept = all(took["seconds"] <= allowed and took["mb"] <= PROMISED_MB for _, took in rows)
    print(f"promised {allowed:,.0f} s and {PROMISED_MB} MB: {'kept' if is_kept else 'BROKEN'}")
    sys.exit(not is_kept)


if __name__ == "__main__":
    main()
