"""How fast a monthly dump becomes a catalogue, and how fast that describes listings.

    python benchmarks/catalog_import.py                          300,000 releases, a minute
    python benchmarks/catalog_import.py --releases 50000
    python benchmarks/catalog_import.py --samples releases.xml   made from your own piece of a dump

The dump is made of recorded releases with new numbers, where recorded ones lie beside the
repository; else of one invented release.  Each import runs in a process of its own, whose
memory is counted.  Beside ours, on the same file in the same run: the parser of the standard
library (on a tenth of it), and discogskit, which keeps every table of the dump, as Parquet.

Described are 10,000 stored releases of which listings alone have told, as a user waits for it:
from `describe_all` to its return.  Beside it what all of them take in one batch, which a page of a
pull waits for in its size.

Promised: 60,000 releases/s on two cores, 350 MB, 10,000 listings described in 100 ms.
"""

import argparse
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, delete, update

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.catalog.dumps import STOCKHOLM

from cratewise.catalog.describe import describe_all
from cratewise.catalog.files import CatalogFiles
from cratewise.catalog.import_dump import Order, import_dump
from cratewise.catalog.lookup import open_catalog
from cratewise.cli.light_arrow import load_arrow_lightly
from cratewise.clock import SystemClock
from cratewise.store.descriptions import Description, describe_by_catalog, describe_releases
from cratewise.store.engine import open_engine, writing
from cratewise.store.migrate import upgrade
from cratewise.store.tables import releases
from cratewise.store.word_index import release_words

PROMISED_PER_SECOND = 60_000
PROMISED_MEGABYTES = 350
PROMISED_MILLISECONDS = 100
SAMPLES = Path(__file__).parents[2] / "shared/discogs-samples/dump/releases_2026.xml"
DESCRIBED = 10_000
TIMES = 7
ID_STEP = 61  # ids are as far apart as 19.5 million are made of 300,000
MASTERS = 2_500_000
BYTES = 3_217  # of XML a release has in the whole dump; recorded ones are early, and longer
# So often the same artists and masters come again that there is half a name and an eighth
# of a master to each release, as in the whole dump.
SAME_ARTISTS, SAME_MASTERS = 3, 6

_RELEASE = re.compile(r'<release id="\d+".*?</release>', re.DOTALL)
_ARTIST = re.compile(r"<id>(\d+)</id>")
_MASTER = re.compile(r"(<master_id[^>]*>)([1-9]\d*)<")


def main() -> None:
    options = _options()
    if options.worker:
        print(json.dumps(_import(Path(options.worker), Path(options.catalog), options.parser)))
        return
    with tempfile.TemporaryDirectory(prefix="cratewise-bench-") as folder:
        _measure(Path(folder), options.releases, Path(options.samples))


def _measure(folder: Path, count: int, samples: Path) -> None:
    dump = _written(folder / "discogs_20261001_releases.xml.gz", count, samples)
    small = _written(folder / "small_releases.xml.gz", max(count // 10, 1_000), samples)
    print(f"{count:,} releases, {dump.stat().st_size / 1e6:.0f} MB gz, {os.cpu_count()} cores\n")
    print(f"{'':34}{'releases/s':>12}{'seconds':>9}{'MB':>7}{'bytes/release':>15}")
    fast = _row("xml2arrow, with credits", folder, dump, count, "fast")
    _row("xml2arrow, without credits", folder, dump, count, "fast", "--without-credits")
    plain = _row("standard library, a tenth of it", folder, small, count // 10, "plain")
    theirs = _discogskit(dump, folder / "parquet", count)
    catalog = folder / "fast.sqlite"
    described, looked, in_one = _described(catalog, folder, count)
    print(f"\n{DESCRIBED:,} random releases described in {described:.0f} ms ", end="")
    print(f"(promised {PROMISED_MILLISECONDS}; warm, median of {TIMES});")
    print(f"in one batch: looked up in {looked:.0f} ms, and kept in the index after {in_one:.0f}")
    print(
        f"ours / discogskit {fast['speed'] / theirs:.1f}, ours / standard library "
        f"{fast['speed'] / plain['speed']:.1f}; load {os.getloadavg()[0]:.1f}"
    )
    misses = [
        *(["releases/s"] if fast["speed"] < PROMISED_PER_SECOND else []),
        *(["MB"] if fast["megabytes"] > PROMISED_MEGABYTES else []),
        *(["ms"] if described > PROMISED_MILLISECONDS else []),
    ]
    if misses:
        sys.exit(f"Promises broken: {', '.join(misses)}")


def _row(
    name: str, folder: Path, dump: Path, count: int, parser: str, *more: str
) -> dict[str, float]:
    catalog = folder / f"{parser}{''.join(more)}.sqlite"
    command = [sys.executable, __file__, "--worker", str(dump), "--catalog", str(catalog)]
    answer = subprocess.run(
        [*command, "--parser", parser, *more], stdout=subprocess.PIPE, check=True, text=True
    )
    told: dict[str, float] = json.loads(answer.stdout)
    told["speed"] = count / told["seconds"]
    size = catalog.stat().st_size / count
    print(
        f"{name:34}{told['speed']:>12,.0f}{told['seconds']:>9.1f}{told['megabytes']:>7.0f}{size:>15.0f}"
    )
    return told


def _import(dump: Path, catalog: Path, parser: Any) -> dict[str, float]:
    import resource

    order = Order(dump, with_credits="--without-credits" not in sys.argv, parser=parser)
    started = time.perf_counter()
    load_arrow_lightly()
    import_dump(CatalogFiles(catalog), order, clock=SystemClock())
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "megabytes": peak}


def _discogskit(dump: Path, folder: Path, count: int) -> float:
    command = [str(Path(sys.executable).with_name("discogskit")), "convert", str(dump)]
    started = time.perf_counter()
    run = subprocess.run(
        [*command, "--output", str(folder)], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if run.returncode:
        sys.exit(f"discogskit failed:\n{run.stdout}{run.stderr}")
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / count
    name = "discogskit, all tables as Parquet"
    print(f"{name:34}{count / seconds:>12,.0f}{seconds:>9.1f}{'':>7}{size:>15.0f}")
    return count / seconds


def _described(catalog: Path, folder: Path, count: int) -> Iterator[float]:
    """Milliseconds to describe 10,000 releases; in one batch, to look them up, and to keep them."""
    engine = open_engine(f"sqlite:///{folder / 'index.sqlite'}")
    upgrade(engine)
    clock, dice = SystemClock(), random.Random(1)
    taken: list[tuple[float, float, float]] = []
    for _ in range(1 + TIMES):  # the first warms up
        ids = [ID_STEP * number for number in dice.sample(range(1, count + 1), DESCRIBED)]
        _list_anew(engine, ids)
        started = time.perf_counter()
        if describe_all(engine, catalog, clock=clock) != DESCRIBED:
            sys.exit("Not all releases were described.")
        described = time.perf_counter() - started
        _list_anew(engine, ids)
        started = time.perf_counter()
        with open_catalog(catalog) as opened:
            told = opened.descriptions(ids)
        looked = time.perf_counter() - started
        with writing(engine) as db:
            describe_by_catalog(db, told, clock.now())
        taken.append((described, looked, time.perf_counter() - started))
    engine.dispose()
    return (1000 * median(times) for times in zip(*taken[1:], strict=True))


def _list_anew(engine: Engine, ids: Sequence[int]) -> None:
    """These releases and no others, as their listings tell them: nobody has described them."""
    with writing(engine) as db:
        db.execute(delete(release_words))
        db.execute(delete(releases))
        describe_releases(db, [_listed(number) for number in ids], "wants", SystemClock().now())
        db.execute(update(releases).values(described_by=None, described_at=None))


def _listed(number: int) -> Description:
    """A release as a listing tells it."""
    return Description(
        number, artist="Rotor", title="Stockholm", label="Svek", catalog_number="SK032",
        format="LP", year=1999,
    )  # fmt: skip


def _written(path: Path, count: int, samples: Path) -> Path:
    """A dump of so many releases, each with a number and artists of its own."""
    recorded = _usual(_RELEASE.findall(samples.read_text("utf-8"))) if samples.exists() else []
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"<releases>\n")
        for xml in _releases(recorded or [STOCKHOLM], count):
            file.write(xml.encode())
        file.write(b"</releases>\n")
    return path


def _usual(recorded: list[str]) -> list[str]:
    """Without the longest, as many that the rest has as many bytes a release as the whole dump."""
    lengths = {xml: len(xml.encode()) for xml in recorded}
    rest = list(recorded)
    while rest and sum(map(lengths.__getitem__, rest)) > BYTES * len(rest):
        rest.remove(max(rest, key=lengths.__getitem__))
    return rest


def _releases(recorded: list[str], count: int) -> Iterator[str]:
    for place in range(count):
        again, which = divmod(place, len(recorded))
        number = f'<release id="{(place + 1) * ID_STEP}"'
        xml = re.sub(r'<release id="\d+"', number, recorded[which], count=1)
        xml = _MASTER.sub(partial(_another_master, again), xml)
        yield _ARTIST.sub(partial(_another_artist, again), xml) + "\n"


def _another_master(again: int, told: re.Match[str]) -> str:
    return f"{told[1]}{(int(told[2]) + again // SAME_MASTERS) % MASTERS + 1}<"


def _another_artist(again: int, told: re.Match[str]) -> str:
    return f"<id>{int(told[1]) + again // SAME_ARTISTS}</id>"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--releases", type=int, default=300_000)
    parser.add_argument("--samples", default=str(SAMPLES))
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--catalog", help=argparse.SUPPRESS)
    parser.add_argument("--parser", help=argparse.SUPPRESS)
    parser.add_argument("--without-credits", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
