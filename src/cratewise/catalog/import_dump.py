"""Make a catalogue of a monthly dump, so that neither a kill nor a bad file costs the old one.

    read and gunzip -> blocks -> parsed in threads -> stored here, in order, with the note
    how far the dump is read -> indexes -> checksum -> swapped in by a rename

Killed anywhere, the same import goes on at the last note.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Semaphore
from typing import TYPE_CHECKING, Literal, NamedTuple

from cratewise.catalog.dump_file import Block, DumpFile, mark_of
from cratewise.catalog.files import CatalogFiles, forget_partial, swap_in
from cratewise.catalog.lookup import usable_edition_of
from cratewise.catalog.parse_plain import plain_parser
from cratewise.catalog.parsed import (
    FIRST_YEAR,
    LARGEST_NUMBER,
    Links,
    Parsed,
    Parser,
    People,
    last_of_each,
    packed_credits,
)
from cratewise.clock import Clock
from cratewise.errors import BrokenDump, ImportStopped, WrongChecksum, WrongDump
from cratewise.store.catalog_file import FORM, CatalogWriter, Columns
from cratewise.store.catalog_links import Kind, Pairs

if TYPE_CHECKING:
    from cratewise.catalog.parsed import Flags

THREADS = 2  # that parse; storing takes a third, and gunzip a fourth of the time of one
AHEAD = 3  # blocks that are read before they are stored: some 20 MB each
AT_ONCE = 10_000  # releases in one transaction
BYTES_AT_ONCE = 64 * 2**20  # of XML that one tells of, where few releases of it are kept

_Place = tuple[int, int, int]  # number, start and end of a release

Phase = Literal["masters", "releases", "indexes", "done"]

_RELEASE = re.compile(rb'<release id="(\d+)"')
_RELEASED = re.compile(rb"<released>(\d{4})")
_MASTER_ID = re.compile(rb"<master_id[^>]*>([1-9]\d*)<")
_MASTER = re.compile(rb'<master id="(\d+)">.*?<year>(\d+)</year>', re.DOTALL)


class Read(NamedTuple):
    """What was read of a block.

    first_years  of masters, by number, as far as this block's releases tell; those that are
                 not kept count too.  Empty where all are kept: the catalogue tells it then.
    """

    parsed: Parsed
    first_years: Mapping[int, int]


class Progress(NamedTuple):
    """How far an import is.

    bytes_read, size  of the file that is being read, as it lies on the disk.
    releases          stored until now, those of an earlier run too.
    eta_seconds       for what is left of the file; None: too early to tell.
    """

    phase: Phase
    bytes_read: int
    size: int
    releases: int
    eta_seconds: float | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    releases   in the catalogue; doubled: rows left out, as another had the same number.
    resumed    releases that an earlier run had stored already.
    sha256     of the dump's file, in hex.
    is_checked whether a checksum was there to compare it with.
    """

    releases: int
    doubled: int
    resumed: int
    sha256: str
    is_checked: bool
    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Order:
    """What to import, and how.

    releases, masters  paths of dumps, gz or plain; masters tell original years better
                       than the pressings that are in a dump.
    checksums          SHA-256 in hex by file name; a file without one is not checked.
    with_credits       keep who did what: a third of the catalogue's size.
    only               numbers of the releases to keep; None: all.
    parser             'fast' (xml2arrow), 'plain' (standard library); None: what is there.
    """

    releases: Path
    masters: Path | None = None
    checksums: Mapping[str, str] | None = None
    with_credits: bool = True
    only: Collection[int] | None = None
    parser: Literal["fast", "plain"] | None = None


def import_dump(
    files: CatalogFiles,
    order: Order,
    *,
    clock: Clock,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Imported:
    """Make a catalogue and put it into use; the one before is kept.

    Raises WrongDump, TruncatedDump, BrokenDump, WrongChecksum, ImportStopped,
    ImportUnderWay, StoreFull; then the catalogue in use is what it was.
    """
    with DumpFile(order.releases) as dump:
        files.current.parent.mkdir(parents=True, exist_ok=True)
        run = _Run(
            files, order, dump, clock, on_progress or _nobody, should_stop or _never,
            begun=clock.monotonic(),
        )  # fmt: skip
        return run.run()


def parser_for(order: Order) -> Parser:
    """The parser that an order asks for, or the faster of those that are there."""
    if order.parser != "plain":
        try:
            from cratewise.catalog.parse_fast import fast_parser

            return fast_parser(with_credits=order.with_credits)
        except ImportError:
            if order.parser == "fast":
                raise
    return plain_parser(with_credits=order.with_credits)


@dataclass(slots=True)
class _Run:
    """One import, from its beginning or from where an earlier one ended.

    offered        rows handed to the catalogue, by earlier runs too.
    resumed_bytes  of the dump's file that were read again, in order to go on behind them.
    """

    files: CatalogFiles
    order: Order
    dump: DumpFile
    clock: Clock
    tell: Callable[[Progress], None]
    should_stop: Callable[[], bool]
    begun: float
    offered: int = 0
    resumed_bytes: int = 0

    def run(self) -> Imported:
        with self._writer() as writer:
            about = writer.about()
            resumed = int(about.get("offered", 0))
            self._read_masters(writer, about)
            self._read_releases(writer, about)
            sha256 = self._checked(self.dump)
            self._tell("indexes")
            writer.finish(
                sha256=sha256,
                size=self.dump.size,
                file=self.order.releases.name,
                mark=mark_of(self.order.releases),
                releases=(releases := self.offered - writer.doubled),
                made_at=self.clock.now().isoformat(),
            )
        keeps_current = usable_edition_of(self.files.current) is not None
        swap_in(self.files, keeps_current=keeps_current)
        self._tell("done")
        return Imported(
            releases=releases,
            doubled=writer.doubled,
            resumed=resumed,
            sha256=sha256,
            is_checked=self.order.releases.name in (self.order.checksums or {}),
            size=self.files.current.stat().st_size,
            seconds=self.clock.monotonic() - self.begun,
        )

    def _writer(self) -> CatalogWriter:
        """The catalogue being made; anew, unless an earlier run made it of the same."""
        same = {
            "being_made_of": mark_of(self.order.releases),
            "being_made_in": f"form {FORM}",
            "with_credits": str(self.order.with_credits),
            "only_listed": str(self.order.only is not None),
        }
        writer = CatalogWriter(self.files.partial)
        if same.items() <= writer.about().items():
            return writer
        writer.close()
        forget_partial(self.files)
        writer = CatalogWriter(self.files.partial)
        writer.note(**same)
        return writer

    # -- releases ------------------------------------------------------------

    def _read_releases(self, writer: CatalogWriter, about: Mapping[str, str]) -> None:
        self.offered = stored = int(about.get("offered", 0))
        end = kept = int(about.get("end", 0))
        parse = partial(_read, self.order, self.dump, parser_for(self.order))
        people = People(writer.known_people())
        is_resumed = end > 0
        # Whatever ends this early leaves what the last commit noted, and no half of a block.
        for read, behind in _in_order(self.dump.blocks(end), parse):
            if is_resumed:
                self.resumed_bytes, is_resumed = self.dump.bytes_read, False
            writer.add_first_years(read.first_years)
            self._add(writer, read.parsed, people)
            end = behind
            is_stopped = self.should_stop()
            if is_stopped or self.offered - stored >= AT_ONCE or end - kept >= BYTES_AT_ONCE:
                writer.commit(end=end, offered=self.offered)
                stored, kept = self.offered, end
                self._tell("releases")
            if is_stopped:
                raise ImportStopped
        writer.commit(end=end, offered=self.offered)
        if not end:  # not a single release is in it
            forget_partial(self.files)
            raise WrongDump(self.dump.path)
        self._tell("releases")

    def _add(self, writer: CatalogWriter, parsed: Parsed, people: People) -> None:
        is_last = last_of_each(parsed.id)
        pairs: dict[Kind, Pairs] = {
            "artist": _pairs(parsed, parsed.artists, is_last),
            "label": _pairs(parsed, parsed.labels, is_last),
            "master": Pairs(parsed.master_id[is_last], parsed.id[is_last], parsed.year[is_last]),
        }
        credits = packed_credits(parsed, writer.number_of_role)
        columns = Columns(parsed.outline, parsed.told, credits)
        writer.add(parsed.id, columns, pairs, people.new_in(parsed))
        self.offered += len(parsed.id)

    def _tell(self, phase: Phase) -> None:
        read, size = self.dump.bytes_read, self.dump.size
        seconds = self.clock.monotonic() - self.begun
        fresh = read - self.resumed_bytes
        eta = seconds * (size - read) / fresh if fresh > 0 and seconds > 1 else None
        self.tell(Progress(phase, read, size, self.offered, eta))

    # -- masters -------------------------------------------------------------

    def _read_masters(self, writer: CatalogWriter, about: Mapping[str, str]) -> None:
        if self.order.masters is None or about.get("masters") == str(self.order.masters.name):
            return
        with DumpFile(self.order.masters, "masters") as dump:
            for block in dump.blocks():
                writer.add_masters(_years(block.xml))
                self.tell(Progress("masters", dump.bytes_read, dump.size, 0, None))
                if self.should_stop():
                    raise ImportStopped
            self._checked(dump)
        writer.note(masters=self.order.masters.name)

    # -- what a file should be -------------------------------------------------

    def _checked(self, dump: DumpFile) -> str:
        """The dump's SHA-256; raises WrongChecksum when another was told."""
        told = (self.order.checksums or {}).get(dump.path.name)
        found = dump.sha256()
        if told is not None and told != found:
            forget_partial(self.files)
            raise WrongChecksum(
                dump.path,
                f"its SHA-256 is {found}, and should be {told}: it is of another month, or damaged",
            )
        return found


def _in_order(
    blocks: Iterator[Block], parse: Callable[[Block], Read]
) -> Iterator[tuple[Read, int]]:
    """Blocks parsed by threads, in the order of the dump; what was read before an error first."""
    under_way: SimpleQueue[tuple[Future[Read], int] | None] = SimpleQueue()
    places = Semaphore(AHEAD)
    is_left = Event()

    def read() -> None:
        try:
            for block in blocks:
                under_way.put((pool.submit(parse, block), block.end))
                places.acquire()
                if is_left.is_set():
                    break
        finally:
            under_way.put(None)

    with ThreadPoolExecutor(THREADS + 1, thread_name_prefix="cratewise-dump") as pool:
        reading = pool.submit(read)
        try:
            while (one := under_way.get()) is not None:
                yield one[0].result(), one[1]
                places.release()
        finally:
            is_left.set()
            places.release()
        reading.result()


def _read(order: Order, dump: DumpFile, parse: Parser, block: Block) -> Read:
    xml, first_years = block.xml, {}
    if order.only is not None:
        places = _places(block.xml)
        xml = _those(block.xml, places, order.only)
        first_years = {} if order.masters else _first_years(block.xml, places)
    try:
        parsed = parse(xml)
    except (SyntaxError, ValueError) as error:
        raise BrokenDump(dump.path, str(error), at=dump.bytes_read) from error
    if not ((parsed.id > 0) & (parsed.id <= LARGEST_NUMBER)).all():
        raise BrokenDump(dump.path, "a release has no number", at=dump.bytes_read)
    return Read(parsed, first_years)


def _places(xml: bytes) -> list[_Place]:
    """Number, start and end of each release of a block."""
    found = [(int(match[1]), match.start()) for match in _RELEASE.finditer(xml)]
    ends = [start for _, start in found[1:]] + [xml.rindex(b"</releases>")]
    return [(*one, end) for one, end in zip(found, ends, strict=True)]


def _those(xml: bytes, places: Sequence[_Place], only: Collection[int]) -> bytes:
    """Of a block's releases those that are wanted."""
    wanted = (xml[start:end] for number, start, end in places if number in only)
    return b"".join((b"<releases>", *wanted, b"</releases>"))


def _first_years(xml: bytes, places: Sequence[_Place]) -> dict[int, int]:
    """In which year each master first came out, as far as this block tells."""
    first: dict[int, int] = {}
    for _, start, end in places:
        master = _MASTER_ID.match(xml, max(xml.find(b"<master_id", start, end), 0))
        year = _RELEASED.match(xml, max(xml.find(b"<released>", start, end), 0))
        if master and year and (told := int(year[1])) >= FIRST_YEAR:
            number = int(master[1])
            first[number] = min(told, first.get(number, told))
    return first


def _pairs(parsed: Parsed, named: Links, is_last: "Flags") -> Pairs:
    row = named.row[is_last[named.row]]
    return Pairs(named.number[is_last[named.row]], parsed.id[row])


def _years(xml: bytes) -> list[tuple[int, int]]:
    told = ((int(number), int(year)) for number, year in _MASTER.findall(xml))
    return [(number, year) for number, year in told if year >= FIRST_YEAR]


def _nobody(_: Progress) -> None:
    """Nobody listens."""


def _never() -> bool:
    return False
