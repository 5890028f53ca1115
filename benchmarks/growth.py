"""How time, memory and disk grow with the stock, from ten thousand listings on.

    python benchmarks/growth.py                            10,000, 100,000 and a million
    python benchmarks/growth.py --sizes 10000,3000000      others; three million: minutes
    python benchmarks/growth.py --sizes 10000 --database postgresql://...    empty; else SQLite

Each size is a database of its own and a process of its own.  Disk is what the database
takes; ready is from a new process' first look until the first page is there; memory is
what the process then takes beside what it took before; the last two are medians of five
searches, by words and by genre and price.  docs/scaling.md says what follows.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.big_stock import GENRES, fill

from cratewise.clock import SystemClock
from cratewise.money import Money
from cratewise.rates import Rates
from cratewise.shelf.find import Finder
from cratewise.shelf.query import Filter, Order, Reader
from cratewise.store.engine import open_engine, reading
from cratewise.store.migrate import upgrade
from cratewise.store.standing import stored_bytes

ROUNDS = 5
WORDS = ("deep", "records", "sol", "brass", "night")
spawn = multiprocessing.get_context("spawn")


def put(url: str, many: int) -> None:
    """Fill an empty database."""
    engine = open_engine(url)
    upgrade(engine)
    fill(engine, many)
    engine.dispose()


def look(url: str, told: Any) -> None:
    """Load what is kept in memory, search; seconds, bytes and milliseconds."""
    engine = open_engine(url)
    rates = Rates.shipped()
    reader = Reader(1, "EUR", rates, datetime.now(UTC).date())
    me = psutil.Process(os.getpid())
    before, began = me.memory_info().rss, time.perf_counter()
    finder = Finder(engine, SystemClock())
    page(finder, Filter(), reader)
    ready = time.perf_counter() - began
    by_words = [page(finder, Filter(words=word), reader) for word in WORDS]
    filters = [
        Filter(genres=(genre,), price_to=Money(2_000 + n, "EUR"))
        for n, genre in enumerate(GENRES[:ROUNDS])
    ]
    by_filter = [page(finder, one, reader) for one in filters]
    with reading(engine) as db:
        disk = stored_bytes(db)
    grown = me.memory_info().rss - before
    finder.close()
    engine.dispose()
    told.put((disk, ready, grown, median(by_words) * 1000, median(by_filter) * 1000))


def page(finder: Finder, wanted: Filter, reader: Reader) -> float:
    began = time.perf_counter()
    finder.numbered_page(wanted, Order(), reader, page=1, limit=50)
    return time.perf_counter() - began


def in_process(function: Any, *arguments: Any) -> float:
    """Seconds that it took in a process of its own."""
    began = time.perf_counter()
    one = spawn.Process(target=function, args=arguments)
    one.start()
    one.join()
    if one.exitcode:
        sys.exit(f"{function.__name__} failed: {one.exitcode}")
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--database", help="of one size alone")
    asked = parser.parse_args()
    print(
        f"{'listings':>10}{'filled s':>10}{'disk MB':>10}{'bytes each':>12}{'ready s':>9}", end=""
    )
    print(f"{'memory MB':>11}{'words ms':>10}{'filters ms':>12}", flush=True)
    for many in (int(size) for size in asked.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            url = asked.database or f"sqlite:///{folder}/cratewise.sqlite"
            filled = in_process(put, url, many)
            told = spawn.Queue()
            in_process(look, url, told)
            disk, ready, memory, words, filters = told.get()
        print(f"{many:10,}{filled:10.1f}{disk / 1e6:10.0f}{disk / many:12.0f}{ready:9.2f}", end="")
        print(f"{memory / 1e6:11.0f}{words:10.2f}{filters:12.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
