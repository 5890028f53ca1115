"""The quota's ledger: which requests were sent, shared by every process of an installation.

A turn is one transaction that holds the quota's row, so turns of different
processes follow one another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from cratewise.clock import Clock
from cratewise.discogs.quota import Held, Lane, Slot, Standing
from cratewise.discogs.window import UNDER_WAY_SHARE, Correction, Sent
from cratewise.store.engine import is_sqlite, reading, writing
from cratewise.store.insert import insert_unless_there
from cratewise.store.ledger_clock import DATABASE_US, SECOND_US, LedgerClock, LedgerTime
from cratewise.store.tables import EPOCH, microseconds, quota_slots, quota_waiters, quotas

FOREIGN = "foreign"  # the lane of requests that others sent from our address

# Ten of these are asked for each request, so they are built once.
_QUOTA: BindParameter[str] = bindparam("quota")
_slots = quota_slots.c
_OURS = quota_slots.c.lane != FOREIGN
_ROW = select(quotas).where(quotas.c.name == _QUOTA)
_LOCKED = _ROW.with_for_update()  # it may wait: the time is asked behind it
_ROW_AND_TIME = _ROW.add_columns(DATABASE_US.label("wall_us"))
_KEEP = (
    update(quotas)
    .where(quotas.c.name == _QUOTA)
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                *("reserve", "observed_at", "background_due_at", "blocked_until"),
                *("refused_at", "refusals", "clock_offset_us", "changed_at"),
            )
        }
    )
)
_UNDER_WAY = and_(_slots.answered_at.is_(None), _slots.taken_at > bindparam("taken_after"))
_HELD = select(
    func.count(),
    func.count().filter(_OURS),
    func.count().filter(_slots.answered_at.is_(None), _slots.taken_at > bindparam("awaited_since")),
).where(
    quota_slots.c.quota == _QUOTA, or_(_slots.answered_at > bindparam("answered_after"), _UNDER_WAY)
)
_REQUESTS = select(quota_slots).where(
    quota_slots.c.quota == _QUOTA,
    or_(_slots.answered_at.is_(None), _slots.answered_at > bindparam("answered_after")),
)
_TAKE = (
    insert(quota_slots)
    .values(quota=_QUOTA, lane=bindparam("of_lane"), taken_at=bindparam("at"))
    .returning(quota_slots.c.id)
)
_ANSWER = (
    update(quota_slots)
    .where(quota_slots.c.id == bindparam("slot"))
    .values(answered_at=bindparam("at"), is_refused=bindparam("as_refused"))
)
_FORGET = delete(quota_slots).where(
    quota_slots.c.quota == _QUOTA, _slots.taken_at < bindparam("before")
)
_WAITERS = select(func.count()).where(
    quota_waiters.c.quota == _QUOTA, quota_waiters.c.until_at > bindparam("now")
)


class QuotaLedger:
    """Implements `discogs.quota.Ledger` on the tables quotas, quota_slots and quota_waiters.

    spans_machines  whose clocks differ, so that the database's own is asked; by default
                    when the database is PostgreSQL.
    """

    def __init__(self, engine: Engine, clock: Clock, *, spans_machines: bool | None = None) -> None:
        asks = not is_sqlite(engine) if spans_machines is None else spans_machines
        self._engine = engine
        self._clock = LedgerClock(clock, asks_database=asks)

    @contextmanager
    def turn(self, name: str) -> Iterator["QuotaTurn"]:
        """Raises StoreUnavailable, StoreFull."""
        with writing(self._engine) as db:
            row = _locked(db, name)
            time = self._clock.tell(db, name, row.clock_offset_us, microseconds(row.changed_at))
            turn = QuotaTurn(db, name, time.now_us / SECOND_US, _standing(row))
            yield turn
            _keep(db, turn, time)
        self._clock.remember(name, time)

    def glance(self, name: str, window: float, lost_after: float) -> Held:
        """Raises StoreUnavailable."""
        with reading(self._engine) as db:
            asked = _ROW_AND_TIME if self._clock.asks_database else _ROW
            row = db.execute(asked, {"quota": name}).first()
            if row is None:
                return Held(0, 0, 0)
            wall_us = row.wall_us if self._clock.asks_database else None
            last_us = microseconds(row.changed_at)
            time = self._clock.tell(db, name, row.clock_offset_us, last_us, wall_us)
            return _held(db, name, time.now_us / SECOND_US, window, lost_after)


class QuotaTurn:
    """Implements `discogs.quota.Turn`."""

    def __init__(self, db: Connection, name: str, now: float, standing: Standing) -> None:
        self._db = db
        self.name = name
        self.now = now
        self.standing = standing

    def held(self, window: float, lost_after: float) -> Held:
        return _held(self._db, self.name, self.now, window, lost_after)

    def requests(self, answered_after: float) -> list[Sent]:
        asked = {"quota": self.name, "answered_after": _moment(answered_after)}
        rows = self._db.execute(_REQUESTS, asked)
        return [_sent(row) for row in rows]

    def take(self, lane: Lane) -> Slot:
        slot = {"quota": self.name, "of_lane": lane, "at": _moment(self.now)}
        return Slot(self._db.execute(_TAKE, slot).scalar_one(), self.now)

    def answer(self, slot: Slot, *, is_refused: bool) -> None:
        answer = {"slot": slot.id, "at": _moment(self.now), "as_refused": is_refused}
        self._db.execute(_ANSWER, answer)

    def give_back(self, slot: Slot) -> None:
        self._db.execute(delete(quota_slots).where(quota_slots.c.id == slot.id))

    def correct(self, correction: Correction) -> None:
        if correction.gone:
            self._db.execute(delete(quota_slots).where(quota_slots.c.id.in_(correction.gone)))
        moments = [_moment(arrived_at) for arrived_at in correction.arrived_at]
        if moments:
            lane = {"quota": self.name, "lane": FOREIGN}
            rows = [{**lane, "taken_at": moment, "answered_at": moment} for moment in moments]
            self._db.execute(insert(quota_slots), rows)

    def forget(self, sent_before: float) -> None:
        self._db.execute(_FORGET, {"quota": self.name, "before": _moment(sent_before)})

    def waiters(self) -> int:
        asked = {"quota": self.name, "now": _moment(self.now)}
        return self._db.execute(_WAITERS, asked).scalar_one()

    def wait(self, waiter: int | None, until: float) -> int:
        if waiter is not None:
            again = update(quota_waiters).where(quota_waiters.c.id == waiter)
            if self._db.execute(again.values(until_at=_moment(until))).rowcount:
                return waiter
        is_dead = quota_waiters.c.until_at <= _moment(self.now)
        self._db.execute(delete(quota_waiters).where(quota_waiters.c.quota == self.name, is_dead))
        new = insert(quota_waiters).values(quota=self.name, until_at=_moment(until))
        known: int = self._db.execute(new.returning(quota_waiters.c.id)).scalar_one()
        return known

    def stop_waiting(self, waiter: int) -> None:
        self._db.execute(delete(quota_waiters).where(quota_waiters.c.id == waiter))


def quotas_in_use(db: Connection, since: datetime) -> list[str]:
    """The names of the quotas that sent a request after `since`, by name."""
    sent = select(_slots.quota).where(_OURS, _slots.taken_at > since)
    return list(db.scalars(sent.distinct().order_by(_slots.quota)))


def _locked(db: Connection, name: str) -> Row[Any]:
    """The quota's row, held until the transaction ends; made when it is missing."""
    # On SQLite the transaction itself already excludes every other writer.
    row = db.execute(_LOCKED, {"quota": name}).first()
    if row is None:
        insert_unless_there(db, quotas, {"name": name, "changed_at": EPOCH})
        row = db.execute(_LOCKED, {"quota": name}).one()
    return row


def _keep(db: Connection, turn: QuotaTurn, time: LedgerTime) -> None:
    standing = turn.standing
    told = {
        "reserve": standing.reserve,
        "observed_at": _moment_or_none(standing.observed_at),
        "background_due_at": _moment_or_none(standing.background_due_at),
        "blocked_until": _moment_or_none(standing.blocked_until),
        "refused_at": _moment_or_none(standing.refused_at),
        "refusals": standing.refusals,
        "clock_offset_us": time.offset_us,
        "changed_at": _moment(turn.now),
    }
    db.execute(_KEEP, {"quota": turn.name} | {f"new_{name}": one for name, one in told.items()})


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        reserve=row.reserve,
        observed_at=_seconds(row.observed_at),
        background_due_at=_seconds(row.background_due_at),
        blocked_until=_seconds(row.blocked_until),
        refused_at=_seconds(row.refused_at),
        refusals=row.refusals,
    )


def _held(db: Connection, name: str, now: float, window: float, lost_after: float) -> Held:
    asked = {
        "quota": name,
        "taken_after": _moment(now - window - lost_after),
        "awaited_since": _moment(now - window * UNDER_WAY_SHARE),
        "answered_after": _moment(now - window),
    }
    return Held(*db.execute(_HELD, asked).one())


def _sent(row: Row[Any]) -> Sent:
    return Sent(
        id=row.id,
        sent_at=microseconds(row.taken_at) / SECOND_US,
        answered_at=_seconds(row.answered_at),
        is_refused=row.is_refused,
        is_foreign=row.lane == FOREIGN,
    )


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else microseconds(moment) / SECOND_US


def _moment(seconds: float) -> datetime:
    return EPOCH + timedelta(microseconds=round(seconds * SECOND_US))


def _moment_or_none(seconds: float | None) -> datetime | None:
    return None if seconds is None else _moment(seconds)
