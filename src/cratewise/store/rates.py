"""Currency rates newer than the shipped ones, kept by day."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from cratewise.rate_file import DayRates
from cratewise.store.tables import rates


def stored_rates(db: Connection) -> dict[date, dict[str, float]]:
    """Every rate that was fetched, by day and currency, per euro."""
    by_day: dict[date, dict[str, float]] = {}
    for day, currency, per_euro in db.execute(select(rates)):
        by_day.setdefault(day, {})[currency] = per_euro
    return by_day


def remember_rates(db: Connection, by_day: Mapping[date, DayRates]) -> None:
    """Keep the rates of some days; a rate that was kept before is replaced."""
    rows = [
        {"day": day, "currency": currency, "per_euro": per_euro}
        for day, of_day in by_day.items()
        for currency, per_euro in of_day.items()
    ]
    if not rows:
        return
    insert = insert_sqlite if db.dialect.name == "sqlite" else insert_postgresql
    statement = insert(rates)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=[rates.c.day, rates.c.currency],
            set_={"per_euro": statement.excluded.per_euro},
        ),
        rows,
    )
