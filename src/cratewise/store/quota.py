"""The quota's ledger: which requests were sent, shared by every process of an installation.

A turn is one transaction that holds the quota's row, so turns of different
processes follow one another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cratewise.clock import Clock
from cratewise.discogs.quota import Slot
from cratewise.store.engine import writing
from cratewise.store.tables import quota_slots, quotas


class QuotaLedger:
    """Implements `discogs.quota.Ledger` on the tables quotas and quota_slots."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    @contextmanager
    def turn(self, name: str) -> Iterator["QuotaTurn"]:
        with writing(self._engine) as db:
            yield QuotaTurn(db, name, self._clock.now())


class QuotaTurn:
    def __init__(self, db: Connection, name: str, now: datetime) -> None:
        self._db = db
        self._name = name
        self.now = now
        self._lock()

    def held_until(self, window: timedelta, lost_after: timedelta) -> list[datetime]:
        rows = self._db.execute(
            select(quota_slots.c.taken_at, quota_slots.c.answered_at).where(
                quota_slots.c.quota == self._name,
            )
        )
        return sorted((answered or taken + lost_after) + window for taken, answered in rows)

    def blocked_until(self) -> datetime | None:
        return self._db.scalar(select(quotas.c.blocked_until).where(quotas.c.name == self._name))

    def refusals(self) -> int:
        return self._db.scalar(select(quotas.c.refusals).where(quotas.c.name == self._name)) or 0

    def take(self, lane: str) -> Slot:
        self._db.execute(
            delete(quota_slots).where(
                quota_slots.c.quota == self._name,
                quota_slots.c.taken_at < self.now - timedelta(minutes=5),
            )
        )
        row = self._db.execute(
            insert(quota_slots)
            .values(quota=self._name, lane=lane, taken_at=self.now)
            .returning(quota_slots.c.id)
        ).scalar_one()
        return Slot(row, self.now)

    def answer(self, slot: Slot) -> None:
        self._db.execute(
            update(quota_slots).where(quota_slots.c.id == slot.id).values(answered_at=self.now)
        )
        self._db.execute(update(quotas).where(quotas.c.name == self._name).values(refusals=0))

    def give_back(self, slot: Slot) -> None:
        self._db.execute(delete(quota_slots).where(quota_slots.c.id == slot.id))

    def refuse(self, slot: Slot, blocked_until: datetime) -> None:
        self._db.execute(
            update(quota_slots).where(quota_slots.c.id == slot.id).values(answered_at=self.now)
        )
        self._db.execute(
            update(quotas)
            .where(quotas.c.name == self._name)
            .values(refusals=quotas.c.refusals + 1, blocked_until=blocked_until)
        )

    def _lock(self) -> None:
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        self._db.execute(
            dialect.insert(quotas)
            .values(name=self._name, changed_at=self.now, refusals=0)
            .on_conflict_do_nothing()
        )
        if self._db.dialect.name != "sqlite":
            self._db.execute(
                select(quotas.c.name).where(quotas.c.name == self._name).with_for_update()
            )
