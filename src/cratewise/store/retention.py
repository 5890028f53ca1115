"""What is thrown away when it is old enough: never what somebody told, judged or brought."""

from datetime import datetime

from sqlalchemy import BigInteger, Connection, Text, cast, delete, exists, func, select
from sqlalchemy.sql import Select

from cratewise.store.insert import insert_or_update
from cratewise.store.people_tables import audit_entries
from cratewise.store.schedule_tables import retention
from cratewise.store.tables import earlier_rows, hidden, judgements, listings, price_changes, pulls
from cratewise.store.taste_tables import picks, showings

AT_ONCE = 5_000  # rows to a transaction: others may write in between


def kept_days(db: Connection) -> dict[str, int]:
    """For how many days somebody wants something kept; 0: for ever."""
    told = select(retention.c.what, retention.c.days).where(retention.c.days.is_not(None))
    return {row.what: row.days for row in db.execute(told)}


def keep_for(db: Connection, what: str, days: int | None) -> None:
    """Keep something for so many days from now on; 0: for ever, None: as is usual."""
    insert_or_update(db, retention, [{"what": what, "days": days}], on="what")


def note_thrown(db: Connection, what: str, at: datetime) -> None:
    """Note that something was thrown away, for those who hold copies in memory."""
    row = {"what": what, "days": None, "thrown_at": at}
    insert_or_update(db, retention, [row], on="what", keep=("days",))


def throw_gone_listings(db: Connection, before: datetime) -> int:
    """Delete some listings that went before then, with their prices; returns how many.

    What was imported stays, and what somebody judged, picked, hid or was shown.
    """
    gone = listings.c
    is_somebodys = [
        exists().where(table.c.listing_id == gone.id) for table in (judgements, picks, showings)
    ]
    is_hidden = exists().where(hidden.c.kind == "listing", hidden.c.name == cast(gone.id, Text))
    is_earlier = exists().where(
        earlier_rows.c.noun == "listing", earlier_rows.c.our_id == cast(gone.id, BigInteger)
    )
    old = select(gone.id).where(
        gone.gone_at < before, gone.source == "api", ~is_hidden, ~is_earlier,
        *(~one for one in is_somebodys),
    )  # fmt: skip
    return db.execute(delete(listings).where(gone.id.in_(_some(old)))).rowcount


def throw_price_changes(db: Connection, before: datetime) -> int:
    """Delete some changes of prices from before then; the price itself stays."""
    table = price_changes.c
    old = select(table.id).where(table.changed_at < before)
    return db.execute(delete(price_changes).where(table.id.in_(_some(old)))).rowcount


def throw_pulls(db: Connection, before: datetime) -> int:
    """Delete some pulls that ended before then, with their pages.

    The last of each kind and outcome stays: what the next one reads follows from it.
    """
    table = pulls.c
    last = select(func.max(table.id)).group_by(table.seller_id, table.kind, table.state)
    old = select(table.id).where(table.finished_at < before, table.id.not_in(last))
    return db.execute(delete(pulls).where(table.id.in_(_some(old)))).rowcount


def throw_audit_entries(db: Connection, before: datetime) -> int:
    """Delete some entries of the audit log from before then."""
    table = audit_entries.c
    old = select(table.id).where(table.at < before)
    return db.execute(delete(audit_entries).where(table.id.in_(_some(old)))).rowcount


def _some(old: Select[tuple[int]]) -> Select[tuple[int]]:
    return old.limit(AT_ONCE)
