"""How long searches take among 10,000, 100,000 and 1,000,000 listings, on both databases.

    python benchmarks/search.py                          all of it: about ten minutes
    python benchmarks/search.py --listings 100000        one size
    python benchmarks/search.py --sqlite                 one database
    python benchmarks/search.py --listings 1000000 --database URL    filled if it is empty, and kept

Each database is asked in a process of its own, whose memory is counted before the shelf
and after.  Times are of 40 questions, each asked anew: what is told of a search is what
a request waits for, freshness included, but for HTTP and for reading the page's rows.
Beside each that plain SQL can answer: what that takes, in the same run, asked afterwards.
It is told when a first start is ready, which reads the database, and when a second one,
which reads the file that the first one left.

Promised at 1,000,000, p95: 10 ms a search, 15 the commonest words, 25 five facets; a shelf of
200 MB, ready in 5 s; 5 ms while pages are stored; a changed page visible in 2 s.
"""

import argparse
import gc
import json
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.big_stock import FORMATS, GENRES, fill
from sqlalchemy import Engine, select
from tests.postgres import PostgresServer, postgres_binaries

from cratewise.clock import SystemClock
from cratewise.grades import Grade
from cratewise.money import Money
from cratewise.rates import Rates
from cratewise.shelf.facets import Facet
from cratewise.shelf.find import Finder
from cratewise.shelf.prices import limits_by_currency
from cratewise.shelf.query import Filter, Order, Reader
from cratewise.shelf.suggest import Suggestions
from cratewise.store import stock, stock_pages
from cratewise.store.engine import open_engine, reading, writing
from cratewise.store.listing_row import ListingRow, Reading, ReleaseRow
from cratewise.store.migrate import upgrade
from cratewise.store.tables import releases
from cratewise.store.upsert import upsert_page
from cratewise.store.words import keep_missing_words

SIZES = (10_000, 100_000, 1_000_000)
TIMES = 40
LIMIT = 50
PAGES = 20  # stored while others search
PROMISED_MEGABYTES, PROMISED_SECONDS = 200, 5.0
PROMISED_BESIDE_WRITES, PROMISED_VISIBLE_IN = 5.0, 2.0  # milliseconds; seconds
FIVE: tuple[Facet, ...] = ("genre", "style", "format", "country", "decade")
COMMON = ("records", "lp", "album", "lp records", "re album")
NEWS_SINCE = datetime(2026, 1, 1, tzinfo=UTC)

spawn = multiprocessing.get_context("spawn")
Ask = Callable[[int], object]


class Bench:
    """One database that was filled, and the questions to it."""

    def __init__(self, engine: Engine, file: Path) -> None:
        self.engine, self.clock = engine, SystemClock()
        self.rates = Rates.shipped()
        self.day = self.clock.now().date()
        self.rates.currencies(self.day)
        self.reader = Reader(1, "EUR", self.rates, self.day)
        self.finder = Finder(engine, self.clock, file)
        self.suggestions = Suggestions(engine)
        with reading(engine) as db:
            some = db.execute(select(releases.c.artist, releases.c.title).limit(500)).all()
        self.names = [(row.artist, row.title) for row in some]
        self.dice = random.Random(5)

    def questions(self) -> Iterator[tuple[str, float, Ask, Ask | None]]:
        """A name, the promised milliseconds, the question by its number, and plain SQL's."""
        mix: dict[str, Any] = {"media_at_least": Grade.VERY_GOOD, "price_to": Money(2000, "EUR")}
        price = Order("price", is_descending=False)
        yield "all by score, page 1", 10, self._page(), self._sql_page("score", 1)
        yield "all by score, page 500", 10, self._page(page=500), self._sql_page("score", 500)
        yield "all by price, page 1", 10, self._page(order=price), self._sql_page("price", 1)
        yield (
            "all by artist, page 500",
            10,
            self._page(order=Order("artist", False), page=500),
            None,
        )
        yield "a seller's page", 10, self._page(sellers=lambda n: (n % 40 + 1,)), None
        yield "genre + price + grade", 10, self._page(genres=self._genre, **mix), None
        yield "the same, page 500", 10, self._page(genres=self._genre, page=500, **mix), None
        yield "format + price + grade", 10, self._page(formats=self._format, **mix), self._sql_mix
        yield "an artist", 10, self._page(artists=lambda n: (self.names[n][0],)), None
        yield "any mix of five", 10, self._any_mix, None
        yield "words, rare", 10, self._page(words=lambda n: " ".join(self.names[n])), None
        yield "words, the commonest", 15, self._page(words=lambda n: COMMON[n % len(COMMON)]), None
        yield "words while typing", 10, self._page(words=self._typed), None
        yield (
            "words + genre",
            10,
            self._page(words=lambda n: self.names[n][1], genres=self._genre),
            None,
        )
        yield "suggest while typing", 10, self._suggest, None
        yield "five facets", 25, self._facets(), None
        yield "five facets, a genre", 25, self._facets(genres=self._genre), None

    def _typed(self, n: int) -> str:
        """An artist's name, letter by letter."""
        return str(self.names[n // 5][0])[: n % 5 + 1]

    def _genre(self, n: int) -> tuple[str, ...]:
        return (GENRES[n % 6],)

    def _format(self, n: int) -> tuple[str, ...]:
        return (FORMATS[n % 5].split(",")[0],)

    def _page(self, *, order: Order | None = None, page: int = 1, **terms: Any) -> Ask:
        def ask(n: int) -> object:
            told = {name: of(n) if callable(of) else of for name, of in terms.items()}
            return self.finder.numbered_page(
                Filter(**told), order or Order(), self.reader, page=page, limit=LIMIT
            )

        return ask

    def _any_mix(self, n: int) -> object:
        dice = random.Random(n)
        terms: dict[str, Any] = {
            "genres": self._genre(n), "formats": ("Vinyl",), "year_from": 1960 + n,
            "countries": ("US", "UK"), "media_at_least": Grade.GOOD_PLUS, "want_have_from": 0.5,
            "price_to": Money(3000, "EUR"), "score_from": 5.0, "no_styles": ("Deep House",),
            "ships_from": ("Germany", "UK", "US"),
        }  # fmt: skip
        chosen = {name: terms[name] for name in dice.sample(sorted(terms), 5)}
        order = Order(dice.choice(("score", "price", "listed", "want_have")), bool(n % 2))
        return self.finder.numbered_page(Filter(**chosen), order, self.reader, page=1, limit=LIMIT)

    def _facets(self, **terms: Any) -> Ask:
        def ask(n: int) -> object:
            # Another price each time: an answer that is kept costs nothing.
            told = {name: of(n) for name, of in terms.items()}
            wanted = Filter(price_to=Money(100_000 + n, "EUR"), **told)
            return self.finder.facets(wanted, self.reader, FIVE, news_since=NEWS_SINCE, limit=20)

        return ask

    def _suggest(self, n: int) -> object:
        return self.suggestions.suggest(self.names[n][0][: 1 + n % 5])

    def _sql_page(self, sort: stock_pages.Sort, page: int) -> Ask:
        def ask(_: int) -> object:
            order = stock_pages.Order(sort, sort == "score")
            return self._by_sql(stock.Wanted(), order, page)

        return ask

    def _sql_mix(self, n: int) -> object:
        wanted = stock.Wanted(
            format_terms=self._format(n),
            media_at_least=Grade.VERY_GOOD,
            price_at_most=limits_by_currency(Money(2000, "EUR"), self.rates, self.day),
        )
        return self._by_sql(wanted, stock_pages.Order("score", is_descending=True), 1)

    def _by_sql(self, wanted: stock.Wanted, order: stock_pages.Order, page: int) -> object:
        with reading(self.engine) as db:
            found = stock_pages.numbered_page(db, wanted, order, page=page, limit=LIMIT)
            return found, stock.count(db, wanted)

    def beside_writes(self) -> dict[str, float]:
        """A page by score, asked for again and again while pages of 100 are stored.

        Milliseconds of p50 and p95, how many pages were stored, and how long it took until
        the last of them was found, at the longest.
        """
        ask, stop = self._page(sellers=lambda _: (1,)), threading.Event()
        waits: list[float] = []

        def write() -> None:
            price = 10_000_000 + int(time.time()) % 1_000_000 * PAGES  # as no listing has
            for page in range(PAGES):
                self._store_page(page, price + page)
                stored = time.perf_counter()
                while self._count_at(price + page) < 100:
                    time.sleep(0.001)
                waits.append(time.perf_counter() - stored)
                time.sleep(0.1)
            stop.set()

        writer = threading.Thread(target=write)
        writer.start()
        times: list[float] = []
        while not stop.is_set():
            times.append(_milliseconds(ask, len(times)))
        writer.join()
        times.sort()
        told = {"p50": times[len(times) // 2], "p95": times[int(len(times) * 0.95)]}
        return {**told, "visible_in": max(waits)}

    def _count_at(self, price_minor: int) -> int:
        price = Money(price_minor, "EUR")
        wanted = Filter(sellers=(1,), price_from=price, price_to=price)
        return self.finder.numbered_page(wanted, Order(), self.reader, page=1, limit=1).count

    def _store_page(self, number: int, price_minor: int) -> None:
        now = self.clock.now()
        rows = [
            ListingRow(8_000_000_000 + number * 100 + n, ReleaseRow(n + 1, artist="A", title="B"),
                       price_minor=price_minor, currency="EUR", media_grade=6)
            for n in range(100)
        ]  # fmt: skip
        with writing(self.engine) as db:
            upsert_page(db, Reading(1, None, now, now), rows, self.rates)


def _milliseconds(ask: Ask, n: int) -> float:
    began = time.perf_counter()
    ask(n)
    return (time.perf_counter() - began) * 1000


def p50_and_p95(ask: Ask, times: int) -> tuple[float, float]:
    for n in range(3):
        ask(n)  # an order is made when it is first asked for, and kept
    found = sorted(_milliseconds(ask, n + 3) for n in range(times))
    return found[len(found) // 2], found[int(len(found) * 0.95)]


def _measure(url: str, file: Path, pipe: Any) -> None:
    bench = Bench(open_engine(url), file)
    process = psutil.Process()
    gc.collect()
    before = process.memory_full_info().pss
    told = _started(bench)
    told["megabytes"] = (process.memory_full_info().pss - before) / 1e6
    bench.suggestions.suggest("a")
    for sort in ("score", "price", "listed", "want_have"):
        for way in (False, True):  # a large search in a new order has it made, see `orders.py`
            bench.finder.numbered_page(Filter(), Order(sort, way), bench.reader, page=1, limit=1)
    bench.finder.settle()
    asked = [(one, p50_and_p95(one[2], TIMES)) for one in bench.questions()]
    told["at_the_end"] = (process.memory_full_info().pss - before) / 1e6
    told["beside_writes"] = bench.beside_writes()
    told["rows"] = [
        (name, promised, *times, None if sql is None else p50_and_p95(sql, 5)[0])
        for (name, promised, _, sql), times in asked
    ]
    bench.finder.close()
    pipe.send(json.dumps(told))


def _start_again(url: str, file: Path, pipe: Any) -> None:
    bench = Bench(open_engine(url), file)
    pipe.send(json.dumps(_started(bench)))
    bench.finder.close()


def _started(bench: Bench) -> dict[str, Any]:
    began = time.perf_counter()
    bench.finder.begin()
    bench.finder.version(bench.reader)
    seconds = time.perf_counter() - began
    bench.finder.settle()  # orders and words are made behind the scenes
    settled = time.perf_counter() - began
    gc.collect()
    return {"seconds": seconds, "settled": settled}


def measured(url: str) -> dict[str, Any]:
    """All figures of a database that is filled."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shelf.npz"
        told = _told_by(_measure, url, file)
        return {**told, "again": _told_by(_start_again, url, file)["seconds"]}


def _told_by(measure: Callable[[str, Path, Any], None], url: str, file: Path) -> dict[str, Any]:
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=measure, args=(url, file, theirs))
    process.start()
    theirs.close()
    told: dict[str, Any] = json.loads(ours.recv())
    process.join()
    return told


def report(name: str, many: int, told: dict[str, Any]) -> bool:
    """Print the table of one database; whether what is promised was kept."""
    load = os.getloadavg()[0]
    print(f"\n{many:,} listings on {name}, {os.cpu_count()} cores, load {load:.1f}")
    print(f"{'':26}{'p50 ms':>8}{'p95 ms':>8}{'promised':>10}{'plain SQL, p50':>16}{'ratio':>8}")
    beside = told["beside_writes"]
    stored = (f"while {PAGES} pages are stored", PROMISED_BESIDE_WRITES)
    rows = [*told["rows"], (*stored, beside["p50"], beside["p95"], None)]
    for what, promised, p50, p95, plain in rows:
        sql = "" if plain is None else f"{plain:16.1f}{plain / p50:7.0f}x"
        print(f"{what:26}{p50:8.2f}{p95:8.2f}{promised:10.0f}{sql}")
    print(f"a changed page is visible in {beside['visible_in']:.2f} s (promised 2), at most")
    print(f"ready in {told['seconds']:.1f} s, from the file in {told['again']:.1f} ", end="")
    print(f"(promised {PROMISED_SECONDS:.0f}), all made in {told['settled']:.1f}; ", end="")
    print(f"{told['megabytes']:.0f} MB (promised {PROMISED_MEGABYTES}), ", end="")
    print(f"{told['at_the_end']:.0f} MB with every order, and names to suggest", end="; ")
    is_kept: bool = (
        told["seconds"] <= PROMISED_SECONDS
        and told["megabytes"] <= PROMISED_MEGABYTES
        and beside["visible_in"] <= PROMISED_VISIBLE_IN
        and all(p95 <= promised for _, promised, _, p95, _ in rows)
    )
    print(f"promised (at 1,000,000): {'kept' if is_kept else 'BROKEN'}", flush=True)
    return is_kept


def filled(url: str, many: int) -> None:
    engine = open_engine(url)
    upgrade(engine)
    fill(engine, many)
    at = datetime.fromtimestamp(0, UTC)
    while True:
        with writing(engine) as db:
            if not keep_missing_words(db, at):
                break
    engine.dispose()


def is_empty(url: str) -> bool:
    engine = open_engine(url)
    upgrade(engine)
    with reading(engine) as db:
        found = db.execute(select(releases.c.id).limit(1)).first()
    engine.dispose()
    return found is None


def databases(
    folder: Path, sizes: Iterable[int], *, is_sqlite_alone: bool
) -> Iterator[tuple[str, str, int]]:
    for many in sizes:
        yield "SQLite", f"sqlite:///{folder / f'{many}.sqlite'}", many
        binaries = None if is_sqlite_alone else postgres_binaries()
        if binaries is not None:
            with PostgresServer(binaries, fsync=True) as url:
                yield "PostgreSQL", url, many


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--listings", type=int, action="append")
    parser.add_argument("--sqlite", action="store_true", help="SQLite alone")
    parser.add_argument("--database", help="one that stays, of so many listings")
    told = parser.parse_args()
    sizes = told.listings or SIZES
    if told.database:
        if is_empty(told.database):
            filled(told.database, sizes[0])
        name = open_engine(told.database).dialect.name
        return 0 if report(name, sizes[0], measured(told.database)) else 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kept = []
        for name, url, many in databases(folder, sizes, is_sqlite_alone=told.sqlite):
            filled(url, many)
            kept.append(report(name, many, measured(url)))
        return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
