"""Make the catalogue while a person, or a log, watches: fetch, import, describe."""

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cratewise.cli.output import console, remark
from cratewise.errors import CatalogError, ImportUnderWay, StoreFull

if TYPE_CHECKING:
    import httpx2
    from sqlalchemy import Engine

    from cratewise.catalog.fetch import Month
    from cratewise.catalog.import_dump import Imported, Progress
    from cratewise.catalog.lookup import Edition
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
    from cratewise.catalog.files import CatalogFiles
    from cratewise.catalog.import_dump import Order, import_dump
    from cratewise.catalog.lookup import edition_of
    from cratewise.cli.light_arrow import load_arrow_lightly
    from cratewise.clock import SystemClock
    from cratewise.store.descriptions import known_releases
    from cratewise.store.engine import reading

    load_arrow_lightly()
    clock = SystemClock()
    files = CatalogFiles(settings.catalog)
    imported = None
    with _client() as client:
        dumps = _Dumps(settings, client, clock.now().date(), should_stop)
        releases = dumps.file(wish.source, "releases", wish.checksum)
        masters = dumps.file(wish.masters, "masters", None) if wish.masters else None
    if wish.again or not _is_in_use(settings.catalog, mark_of(releases), wish):
        only = None
        if wish.only_listed:
            with reading(engine) as db:
                only = frozenset(known_releases(db))
        order = Order(releases, masters, dumps.sums, with_credits=wish.with_credits, only=only)
        with _line() as write:
            imported = import_dump(
                files,
                order,
                clock=clock,
                on_progress=lambda progress: write(_worded(progress)),
                should_stop=should_stop,
            )
    for path in dumps.fetched:
        path.unlink()
    described = describe_all(engine, settings.catalog, clock=clock, should_stop=should_stop)
    edition = edition_of(settings.catalog)
    assert edition is not None  # noqa: S101 - it was just imported, or in use
    return Done(imported, edition, described)


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
        from cratewise.catalog.fetch import address_of, name_in, sums_beside

        if source == "latest":
            name = self._month.releases if kind == "releases" else self._month.masters
            source = address_of(self._settings.catalog_url, name)
        if "://" in source:
            path = self._settings.catalog.with_name(name_in(source))
            _fetch(self._client, source, path, self._should_stop)
            self.fetched.append(path)
        else:
            path = Path(source)
            if not path.is_file():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), source)
        if path.name not in self.sums:
            self.sums |= sums_beside(path, checksum)
        return path

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


def _is_in_use(path: Path, mark: str, wish: Wish) -> bool:
    """Whether the catalogue in use was made of this dump, in the way that is wished."""
    from cratewise.catalog.lookup import edition_of

    if wish.only_listed or wish.masters:
        return False
    try:
        edition = edition_of(path)
    except CatalogError:
        return False  # a broken one is what is to be replaced
    if edition is None:
        return False
    is_alike = edition.has_credits == wish.with_credits and not edition.is_only_listed
    return is_alike and edition.mark == mark


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
