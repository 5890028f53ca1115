"""Move what the earlier system knew: sellers, releases, listings, and every verdict on them.

Rows come in the order of their ids, a batch a transaction, and each batch notes what
became of its rows: a move that was killed goes on where it stood, and one that is done
again finds all of it there and adds what is new.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cratewise.clock import Clock
from cratewise.earlier import rules, values
from cratewise.earlier.days import days_to_keep, keep_rows, votes_to_keep
from cratewise.earlier.source import DAYS, LISTINGS, METRICS, RECORDS, SELLERS, VOTES, Source
from cratewise.store.earlier import (
    EarlierRow,
    Noun,
    ToldListing,
    ToldRelease,
    count_here,
    import_listings,
    import_releases,
    known_rows,
    note_rows,
)
from cratewise.store.engine import reading, writing
from cratewise.store.judgements import Verdict, record
from cratewise.store.sellers import find_seller, follow, import_seller, key_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

BATCH = 1_000  # rows a transaction: other writers wait some 50 ms at most

Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class Moved:
    """What became of the rows of one table.

    there    rows in the earlier system.
    new      of them moved now; the others that are here came earlier.
    here     different things here that came of them, now or earlier; None: a dry run.
    because  how many rows each rule of rules.py touched.
    """

    noun: str
    there: int = 0
    new: int = 0
    here: int | None = None
    because: Counter[str] = field(default_factory=Counter)


def move(
    engine: "Engine",
    source: Source,
    *,
    account_id: int,
    clock: Clock,
    is_dry: bool = False,
    on_progress: Progress | None = None,
) -> list[Moved]:
    """Move everything; again moves only what is new.

    account_id   whose verdicts they are, and who follows the sellers.
    is_dry       read and count, write nothing.
    on_progress  told what is moved, how many rows of it are done, and of how many.

    Raises ImportRefused when the source breaks off: what was moved stays.
    """
    mover = _Mover(
        engine, source, account_id=account_id, clock=clock,
        is_dry=is_dry, on_progress=on_progress or _nobody,
    )  # fmt: skip
    moved = [mover.sellers(), mover.records(), *mover.listings()]
    return [*moved, *mover.days(), mover.metrics()]


class _Mover:
    """Knows, while it moves, what became of sellers and records."""

    def __init__(
        self,
        engine: "Engine",
        source: Source,
        *,
        account_id: int,
        clock: Clock,
        is_dry: bool,
        on_progress: Progress,
    ) -> None:
        self._engine = engine
        self._source = source
        self._account_id = account_id
        self._clock = clock
        self._is_dry = is_dry
        self._on_progress = on_progress
        self._seller_ids: dict[int, int] = {}
        self._release_ids: dict[int, int] = {}

    def sellers(self) -> Moved:
        """Sellers, merged by name, and followed as they were."""
        moved, met = Moved("sellers"), set[str]()
        for batch in self._batches(SELLERS, moved):
            with self._writing() as db:
                known = known_rows(db, "seller", _ids(batch))
                for row in batch:
                    self._move_seller(db, row, moved, met, known)
        return self._counted(moved, "seller")

    def records(self) -> Moved:
        """Records become releases, one for all rows of a Discogs number."""
        moved, met = Moved("records"), set[int]()
        for batch in self._batches(RECORDS, moved):
            told = [one for one in map(rules.record, batch) if one is not None]
            moved.because[rules.UNREADABLE] += len(batch) - len(told)
            for one in told:
                moved.because[rules.SAME_RECORD] += one.release_id in met
                moved.because[rules.NO_NUMBER] += one.release_id < 0
                moved.because.update(one.rules)
                met.add(one.release_id)
                self._release_ids[one.earlier_id] = one.release_id
            with self._writing() as db:
                known = known_rows(db, "record", [one.earlier_id for one in told])
                new = [one for one in told if one.earlier_id not in known]
                moved.new += len(new)
                if not self._is_dry:
                    import_releases(db, [_release(one) for one in new], self._now())
                    note_rows(
                        db, [_noted("record", one, one.release_id) for one in new], self._now()
                    )
        return self._counted(moved, "record")

    def listings(self) -> tuple[Moved, Moved]:
        """Listings, and the verdicts on those that somebody evaluated."""
        moved, verdicts = Moved("listings"), Moved("verdicts")
        for batch in self._batches(LISTINGS, moved):
            offers = [one for one in map(rules.offer, batch) if one is not None]
            moved.because[rules.UNREADABLE] += len(batch) - len(offers)
            offers = [one for one in offers if self._has_both(one, moved)]
            with self._writing() as db:
                self._move_offers(db, offers, moved, verdicts)
        self._counted(moved, "listing")
        verdicts.here = None if self._is_dry else verdicts.there
        return moved, verdicts

    def days(self) -> tuple[Moved, Moved]:
        """Records of the day, with the votes on them."""
        moved, votes = Moved("records of the day"), Moved("votes")
        for table, counted, to_keep in (
            (DAYS, moved, days_to_keep),
            (VOTES, votes, votes_to_keep),
        ):
            for batch in self._batches(table, counted):
                with self._writing() as db:
                    told = to_keep(db, batch, counted.because)
                    counted.new += 0 if self._is_dry else keep_rows(db, told, self._now())
        return self._counted(moved, "day"), self._counted(votes, "vote")

    def metrics(self) -> Moved:
        """What the earlier system measured of itself: kept as it was, apart."""
        moved = Moved("metrics")
        for batch in self._batches(METRICS, moved):
            moved.because[rules.IN_SAMPLE] += len(batch)
            with self._writing() as db:
                known = known_rows(db, "metrics", _ids(batch))
                new = [row for row in batch if _id(row) not in known]
                moved.new += len(new)
                if not self._is_dry:
                    note_rows(db, [_metrics(row) for row in new], self._now())
        moved.here = None if self._is_dry else moved.there
        return moved

    def _move_seller(
        self,
        db: "Connection",
        row: Mapping[str, Any],
        moved: Moved,
        met: set[str],
        known: Mapping[int, int | None],
    ) -> None:
        shop = rules.shop(row)
        if shop is None or not shop.name:
            moved.because[rules.NAMELESS if shop else rules.UNREADABLE] += 1
            return
        moved.because[rules.SAME_NAME] += key_of(shop.name) in met
        met.add(key_of(shop.name))
        moved.new += shop.earlier_id not in known
        found = find_seller(db, shop.name)
        if self._is_dry:
            self._seller_ids[shop.earlier_id] = found.id if found else 0
            return
        seller = found or import_seller(db, shop.name, shop.currency, self._now())
        self._seller_ids[shop.earlier_id] = seller.id
        follow(db, self._account_id, seller.id, self._now())
        note_rows(db, [EarlierRow("seller", shop.earlier_id, seller.id, {})], self._now())

    def _has_both(self, one: rules.Offer, moved: Moved) -> bool:
        """Whether a listing has the seller and the record that make it one."""
        if one.record_id not in self._release_ids:
            moved.because[rules.NO_RECORD] += 1
            return False
        if one.seller_id not in self._seller_ids:
            moved.because[rules.NO_SELLER] += 1
            return False
        return True

    def _move_offers(
        self, db: "Connection", offers: Sequence[rules.Offer], moved: Moved, verdicts: Moved
    ) -> None:
        known = known_rows(db, "listing", [one.earlier_id for one in offers])
        new = [one for one in offers if one.earlier_id not in known]
        judged = [one for one in offers if one.verdict]
        moved.new += len(new)
        verdicts.there += len(judged)
        for one in offers:
            moved.because.update(one.rules)
        if self._is_dry:
            verdicts.new += sum(one.earlier_id not in known for one in judged)
            return
        ids = import_listings(db, [self._listing(one) for one in new], self._now())
        note_rows(
            db, [_noted("listing", one, i) for one, i in zip(new, ids, strict=True)], self._now()
        )
        ours = {**known, **{one.earlier_id: i for one, i in zip(new, ids, strict=True)}}
        verdicts.new += self._judge(db, judged, ours)

    def _judge(
        self, db: "Connection", judged: Sequence[rules.Offer], ours: Mapping[int, int | None]
    ) -> int:
        """Keep the verdicts; how many are new.  Another verdict since is one more, and the last."""
        told = [
            Verdict(
                f"earlier:{one.earlier_id}:{one.verdict}",
                ours[one.earlier_id] or 0,
                "keep" if one.verdict == "keep" else "skip",
                one.judged_at or self._now(),
            )
            for one in judged
        ]
        kept = record(db, self._account_id, told)
        return sum(one.outcome == "stored" for one in kept)

    def _listing(self, one: rules.Offer) -> ToldListing:
        return ToldListing(
            self._seller_ids[one.seller_id],
            self._release_ids[one.record_id],
            one.media_grade,
            min(one.judged_at or self._now(), self._now()),
        )

    def _rows(self, table: str, moved: Moved) -> Iterator[Mapping[str, Any]]:
        total = self._source.count(table)
        for row in self._source.rows(table):
            moved.there += 1
            if moved.there % BATCH == 0:
                self._on_progress(moved.noun, moved.there, total)
            yield row
        self._on_progress(moved.noun, moved.there, total)

    def _batches(self, table: str, moved: Moved) -> Iterator[list[Mapping[str, Any]]]:
        batch: list[Mapping[str, Any]] = []
        for row in self._rows(table, moved):
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _counted(self, moved: Moved, noun: Noun) -> Moved:
        if not self._is_dry:
            with reading(self._engine) as db:
                moved.here = count_here(db, noun)
        return moved

    @contextmanager
    def _writing(self) -> Iterator["Connection"]:
        with (reading if self._is_dry else writing)(self._engine) as db:
            yield db

    def _now(self) -> datetime:
        return self._clock.now()


def _release(one: rules.Record) -> ToldRelease:
    return ToldRelease(
        one.release_id, one.artist, one.title, one.label, one.catalog_number, one.format,
        one.year, one.want, one.have, one.added_at, one.genres, one.styles,
    )  # fmt: skip


def _noted(noun: Noun, one: rules.Record | rules.Offer, our_id: int) -> EarlierRow:
    return EarlierRow(noun, one.earlier_id, our_id, one.kept)


def _metrics(row: Mapping[str, Any]) -> EarlierRow:
    said = {name: str(value) for name, value in row.items() if value is not None}
    return EarlierRow("metrics", _id(row), None, {**said, "is_in_sample": True})


def _ids(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    return [_id(row) for row in rows]


def _id(row: Mapping[str, Any]) -> int:
    return values.whole(row.get("id")) or 0


def _nobody(noun: str, done: int, total: int | None) -> None:
    """Nobody listens."""
