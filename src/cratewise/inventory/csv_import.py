"""Import the official inventory export of a seller: the one complete copy of a large stock.

The file says neither whose it is nor in which currency, so whoever imports it does.
It holds no want and have: scores stay unknown until a pull tells them.  It is as old
as its own date says, and what a pull has read since then counts for more.  Nothing
is ever gone because a file lacks it.

export_file.py reads its records, export_rows.py makes rows of them; here they are
stored, some hundreds at a time, so that memory stays the same for any file.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.clock import Clock
from cratewise.discogs.names import seller_name
from cratewise.errors import BadListing
from cratewise.inventory.export_file import BadLine, ExportFile, Record, opened_export
from cratewise.inventory.export_rows import exported_row, is_for_sale
from cratewise.money import digits_of
from cratewise.store.engine import writing
from cratewise.store.listing_row import ListingRow, Reading
from cratewise.store.listings import owners
from cratewise.store.pulls import note_import
from cratewise.store.sellers import Seller, follow, import_seller, key_of
from cratewise.store.upsert import Tally, upsert_page

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.rates import Rates

BATCH = 500  # listings a transaction: other writers wait some 50 ms at most

# Nobody sold on Discogs before: a file of 1970 or 1980 lost its date on its way.
FIRST_LISTINGS = datetime(2005, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What came of an import; counts are of listings.

    kept          stored, or known already.
    new, changed  of them never seen before; with another price or grade.
    not_for_sale  left out: drafts, sold, expired.
    elsewhere     of those kept how many are another seller's, as Discogs told, by name.
    bad           lines left out, with the reason.
    encoding      'utf-8', or 'cp1252' where the file was not.
    read_at       the date of the file, which its prices have.
    """

    pull_id: int
    seller: str
    currency: str
    kept: int
    new: int
    changed: int
    not_for_sale: int
    elsewhere: Mapping[str, int]
    bad: Sequence[tuple[int, str]]
    encoding: str
    read_at: datetime
    sentence: str


def import_csv(
    engine: "Engine",
    path: Path,
    *,
    seller: str,
    currency: str,
    account_id: int,
    rates: "Rates",
    clock: Clock,
    on_progress: Callable[[int], None] | None = None,
) -> ImportOutcome:
    """Keep every listing for sale of an inventory export; again changes nothing.

    seller       whose stock it is: matched by name without case, new if nobody has it.
    currency     ISO 4217, of all prices in the file.
    on_progress  told after each batch how many listings are kept.

    Interrupted, it keeps the batches that are stored.

    Raises ImportRefused, WrongColumns, UnknownCurrency, ImpossibleName; then nothing
    is stored.
    """
    name, currency = seller_name(seller), currency.strip().upper()
    digits_of(currency)
    sieve = _Sieve(name, currency)
    with opened_export(path) as export:
        read_at = date_of(path, clock.now())
        known = _seller_called(engine, name, currency, account_id, clock.now())
        stock = _Stock(engine, known, read_at, rates, clock)
        for rows in _batches(sieve.rows(export.records)):
            stock.keep(rows)
            if on_progress:
                on_progress(stock.tally.seen)
    return _concluded(path, export, sieve, stock, currency)


class _Sieve:
    """Tells the records of a file apart: rows to keep, and counts of what is left out."""

    def __init__(self, seller: str, currency: str) -> None:
        self._seller = seller
        self._currency = currency
        self._met: set[int] = set()
        self.not_for_sale = 0
        self.bad: list[tuple[int, str]] = []

    def rows(self, records: Iterable[Record | BadLine]) -> Iterator[ListingRow]:
        for record in records:
            if isinstance(record, BadLine):
                self.bad.append((record.line, record.reason))
            elif not is_for_sale(record.fields):
                self.not_for_sale += 1
            elif row := self._row(record):
                yield row

    def _row(self, record: Record) -> ListingRow | None:
        try:
            self._refuse_others(record.fields)
            row = exported_row(record.fields, self._currency)
        except BadListing as error:
            self.bad.append((record.line, str(error)))
            return None
        if row.discogs_listing_id in self._met:
            reason = f"Its listing {row.discogs_listing_id} stands in an earlier line already."
            self.bad.append((record.line, reason))
            return None
        self._met.add(row.discogs_listing_id)
        return row

    def _refuse_others(self, fields: Mapping[str, str]) -> None:
        """Our own exports, unlike Discogs', tell whose a listing is, and in which currency."""
        seller, currency = fields.get("seller"), fields.get("currency")
        if seller and key_of(seller) != key_of(self._seller):
            raise BadListing(f"It is {seller}'s, not {self._seller}'s.")
        if currency and currency != self._currency:
            raise BadListing(f"Its price is in {currency}, not {self._currency}.")


class _Stock:
    """A seller's stock while a file is imported into it."""

    def __init__(
        self, engine: "Engine", seller: Seller, read_at: datetime, rates: "Rates", clock: Clock
    ) -> None:
        self.seller = seller
        self.read_at = read_at
        self.tally = Tally()
        self.elsewhere: Counter[str] = Counter()
        self._engine = engine
        self._rates = rates
        self._clock = clock

    def keep(self, rows: Sequence[ListingRow]) -> None:
        """Store a batch, all or nothing."""
        # An import is no pass over what is for sale, so no pull saw these listings.
        reading = Reading(self.seller.id, None, self.read_at, self._clock.now(), source="csv")
        ids = [row.discogs_listing_id for row in rows]
        with writing(self._engine) as db:
            tally = upsert_page(db, reading, rows, self._rates)
            owned = owners(db, ids).values()
        self.elsewhere.update(name for owner, name in owned if owner != self.seller.id)
        self.tally = _sum(self.tally, tally)

    def close(self, *, skipped: int, outcome: str) -> int:
        with writing(self._engine) as db:
            return note_import(
                db,
                self.seller.id,
                self.tally,
                skipped=skipped,
                outcome=outcome,
                at=self._clock.now(),
            )


def _seller_called(
    engine: "Engine", name: str, currency: str, account_id: int, now: datetime
) -> Seller:
    """The seller, made if nobody has the name, and followed by whoever imports."""
    with writing(engine) as db:
        seller = import_seller(db, name, currency, now)
        follow(db, account_id, seller.id, now)
    return seller


def _batches(rows: Iterable[ListingRow]) -> Iterator[list[ListingRow]]:
    batch: list[ListingRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def date_of(path: Path, now: datetime) -> datetime:
    """When the file was written: its prices are no younger."""
    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return written_at if FIRST_LISTINGS < written_at < now else now


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(
        seen=one.seen + other.seen,
        unseen=one.unseen + other.unseen,
        new=one.new + other.new,
        changed=one.changed + other.changed,
        back=one.back + other.back,
    )


def _concluded(
    path: Path, export: ExportFile, sieve: _Sieve, stock: _Stock, currency: str
) -> ImportOutcome:
    sentence = " ".join(_sentences(path, export, sieve, stock, currency))
    return ImportOutcome(
        pull_id=stock.close(skipped=len(sieve.bad), outcome=sentence),
        seller=stock.seller.username,
        currency=currency,
        kept=stock.tally.seen,
        new=stock.tally.new,
        changed=stock.tally.changed,
        not_for_sale=sieve.not_for_sale,
        elsewhere=dict(stock.elsewhere),
        bad=sieve.bad,
        encoding=export.encoding,
        read_at=stock.read_at,
        sentence=sentence,
    )


def _sentences(
    path: Path, export: ExportFile, sieve: _Sieve, stock: _Stock, currency: str
) -> Iterator[str]:
    tally, seller = stock.tally, stock.seller
    held = f"{path.name} holds {_count(tally.seen, 'listing')} of {seller.username} for sale"
    yield f"{held}: {tally.new:,} new, {tally.changed:,} changed."
    left_out = [f"{sieve.not_for_sale:,} not for sale"] if sieve.not_for_sale else []
    left_out += [_count(len(sieve.bad), "bad line")] if sieve.bad else []
    if left_out:
        yield f"Left out: {', '.join(left_out)}."
    for name, count in stock.elsewhere.items():
        yield f"{name} sells {count:,} of them on Discogs, and keeps those."
    if seller.discogs_id is not None and seller.currency not in (None, currency):
        yield f"{seller.username} sells in {seller.currency}, not {currency}, as Discogs says."
    if export.encoding != "utf-8":
        yield "The file is not UTF-8; it was read as Windows writes letters (cp1252)."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
