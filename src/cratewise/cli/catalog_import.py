"""Make the catalogue while a person, or a log, watches: fetch, import, describe."""

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cratewise.cli.output import console, remark
from cratewise.errors import (
    BrokenDump,
    CatalogError,
    ImportUnderWay,
    StoreFull,
    TruncatedDump,
    WrongChecksum,
    WrongDump,
)

if TYPE_CHECKING:
    import httpx2
    from sqlalchemy import Engine

    from cratewise.catalog.fetch import Month
    from cratewise.catalog.import_dump import Imported, Order, Progress
    from cratewise.catalog.lookup import Edition
    from cratewise.clock import Clock
    from cratewise.settings import Settings

PLAIN_EVERY_SECONDS = 10.0  # so often a log hears of an import


class Wish(NamedTuple):
    """What was asked for on the command line."""

    source: str
    masters: str | None
    checksum: Path | None
    with_credits: bool
    only_listed: bool
    again: bool


class Done(NamedTuple):
    """What came of it; imported: None where the dump was in use already."""

    imported: "Imported | None"
    edition: "Edition"
    described: int


class Standing(msgspec.Struct, frozen=True):
    """Which catalogues there are.

    partial       of one that was begun: the dump, and how many releases of it are stored.
    problems      a sentence for each that is there and cannot be used.
    is_importing  a process makes it at this moment, and nobody else can see how far it is.
    """

    path: str
    current: "Edition | None"
    previous: "Edition | None"
    partial: tuple[str, int] | None
    is_importing: bool
    problems: list[str]


def import_catalog(
    settings: "Settings", engine: "Engine", wish: Wish, *, should_stop: Callable[[], bool]
) -> Done:
    """Fetch what is to be fetched, import it, and describe all stored releases by it.

    Raises what `catalog.import_dump.import_dump` and `catalog.fetch.fetch` raise.
    """
    from cratewise.catalog.describe import describe_all
    from cratewise.catalog.dump_file import mark_of
    from cratewise.catalog.lookup import edition_of
    from cratewise.clock import SystemClock

    clock, imported = SystemClock(), None
    with _client() as client:
        dumps = _Dumps(settings, client, clock.now().date(), should_stop)
        in_use = _made_alike(settings.catalog, wish, dumps)
        if in_use is None or dumps.sum_of(wish.source, "releases") != in_use.sha256:
            releases = dumps.file(wish.source, "releases", wish.checksum)
            masters = dumps.file(wish.masters, "masters", None) if wish.masters else None
            if in_use is None or mark_of(releases) != in_use.mark:
                order = _order(engine, wish, releases, masters, dumps.sums)
                with dumps.dropped_if_refused():
                    imported = _import(settings.catalog, order, clock, should_stop)
    for path in dumps.fetched:
        path.unlink()
    described = describe_all(engine, settings.catalog, clock=clock, should_stop=should_stop)
    edition = edition_of(settings.catalog)
    assert edition is not None  # noqa: S101 - it was just imported, or in use
    return Done(imported, edition, described)


def _order(
    engine: "Engine", wish: Wish, releases: Path, masters: Path | None, sums: Mapping[str, str]
) -> "Order":
    from cratewise.catalog.import_dump import Order
    from cratewise.store.descriptions import known_releases
    from cratewise.store.engine import reading

    only = None
    if wish.only_listed:
        with reading(engine) as db:
            only = frozenset(known_releases(db))
    return Order(releases, masters, sums, with_credits=wish.with_credits, only=only)


def _import(
    catalog: Path, order: "Order", clock: "Clock", should_stop: Callable[[], bool]
) -> "Imported":
    from cratewise.catalog.files import CatalogFiles
    from cratewise.catalog.import_dump import import_dump
    from cratewise.cli.light_arrow import load_arrow_lightly

    load_arrow_lightly()
    with _line() as write:
        return import_dump(
            CatalogFiles(catalog),
            order,
            clock=clock,
            on_progress=lambda progress: write(_worded(progress)),
            should_stop=should_stop,
        )


def standing(settings: "Settings") -> Standing:
    """Which catalogues there are."""
    from cratewise.catalog.files import CatalogFiles
    from cratewise.catalog.lookup import edition_of
    from cratewise.store.catalog_file import how_far

    files = CatalogFiles(settings.catalog)
    editions: list[Edition | None] = []
    problems: list[str] = []
    partial, is_importing = None, False
    try:
        partial = how_far(files.partial)
    except ImportUnderWay:
        is_importing = True
    except StoreFull as error:  # SQLite needs a few pages to look at what is not folded in
        problems.append(str(error))
    for path in (files.current, files.previous):
        try:
            editions.append(edition_of(path))
        except CatalogError as error:
            editions.append(None)
            problems.append(str(error))
    current, previous = editions
    return Standing(str(files.current), current, previous, partial, is_importing, problems)


class _Dumps:
    """Finds the files to import, and fetches those that are not here.

    sums     checksums by file name, as far as they are known.
    fetched  what is no longer needed once it is imported.
    """

    def __init__(
        self,
        settings: "Settings",
        client: "httpx2.Client",
        today: date,
        should_stop: Callable[[], bool],
    ) -> None:
        self._settings, self._client = settings, client
        self._today, self._should_stop = today, should_stop
        self.sums: dict[str, str] = {}
        self.fetched: list[Path] = []

    def file(self, source: str, kind: str, checksum: Path | None) -> Path:
        """The dump that was asked for: a file, an address or `latest`."""
        from cratewise.catalog.fetch import name_in, sums_beside

        self.sum_of(source, kind)
        place = self._place(source, kind)
        if "://" in place:
            path = self._settings.catalog.with_name(name_in(place))
            _fetch(self._client, place, path, self._should_stop)
            self.fetched.append(path)
        else:
            path = Path(place)
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), source)
            if not path.is_file():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), source)
        if checksum or path.name not in self.sums:
            self.sums |= sums_beside(path, checksum)
        return path

    def name_of(self, source: str, kind: str) -> str:
        """The dump's name, without fetching it."""
        from cratewise.catalog.fetch import name_in

        place = self._place(source, kind)
        return name_in(place) if "://" in place else Path(place).name

    def sum_of(self, source: str, kind: str) -> str | None:
        """The SHA-256 that is told where the dump is fetched; None: nobody tells it."""
        from cratewise.catalog.fetch import sums_near

        place, name = self._place(source, kind), self.name_of(source, kind)
        if "://" in place and name not in self.sums:
            self.sums |= sums_near(self._client, place)
        return self.sums.get(name)

    @contextmanager
    def dropped_if_refused(self) -> Iterator[None]:
        """Fetch a file anew another time that is found to be none: it would never be better."""
        try:
            yield
        except (WrongDump, TruncatedDump, BrokenDump, WrongChecksum) as error:
            if error.path in self.fetched:
                error.path.unlink(missing_ok=True)
            raise

    def _place(self, source: str, kind: str) -> str:
        from cratewise.catalog.fetch import address_of

        if source != "latest":
            return source
        name = self._month.releases if kind == "releases" else self._month.masters
        return address_of(self._settings.catalog_url, name)

    @cached_property
    def _month(self) -> "Month":
        from cratewise.catalog.fetch import latest_month

        month = latest_month(self._client, self._settings.catalog_url, self._today)
        self.sums |= month.sums
        return month


def _fetch(
    client: "httpx2.Client", url: str, target: Path, should_stop: Callable[[], bool]
) -> None:
    from cratewise.catalog.fetch import fetch

    if target.exists():  # whole: until then it has another name
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with _line() as write:

        def show(have: int, size: int | None) -> None:
            of = f" of {size / 1e9:.2f} GB ({have / size:.0%})" if size else ""
            write(f"{target.name}: {have / 1e9:.2f}{of} fetched")

        fetch(client, url, target, on_progress=show, should_stop=should_stop)


@contextmanager
def _client() -> Iterator["httpx2.Client"]:
    import httpx2

    from cratewise.discogs.client import USER_AGENT

    with httpx2.Client(timeout=60.0, headers={"User-Agent": USER_AGENT}) as client:
        yield client


def _made_alike(path: Path, wish: Wish, dumps: _Dumps) -> "Edition | None":
    """The catalogue in use, if it was made in the way that is wished, of whichever dump."""
    from cratewise.catalog.lookup import usable_edition_of

    edition = usable_edition_of(path)  # a broken one is what is to be replaced
    if edition is None or wish.again or wish.only_listed or edition.is_only_listed:
        return None
    if wish.masters and edition.masters != dumps.name_of(wish.masters, "masters"):
        return None
    return edition if edition.has_credits == wish.with_credits else None


@contextmanager
def _line() -> Iterator[Callable[[str], None]]:
    """A line that changes in place on a terminal; in a log, one now and then."""
    if sys.stderr.isatty():
        with console(is_error=True).status("") as status:
            yield status.update
        return
    told_at = time.monotonic()

    def write(line: str) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= PLAIN_EVERY_SECONDS:
            told_at = time.monotonic()
            remark(line)

    yield write


def _worded(progress: "Progress") -> str:
    if progress.phase == "indexes":
        return f"{progress.releases:,} releases read; making the indexes"
    share = progress.bytes_read / max(progress.size, 1)
    left = ""
    if progress.eta_seconds is not None:
        left = f", {_minutes(progress.eta_seconds)} left"
    what = "masters" if progress.phase == "masters" else f"{progress.releases:,} releases"
    return f"{what} read, {share:.0%} of the dump{left}"


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
