"""What an account wants and owns: its wantlist and its collection, as Discogs or a file told."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Table, delete, func, select

from cratewise.store.insert import DIALECTS
from cratewise.store.tables import owned, releases, wants

AT_ONCE = 500  # releases a statement; SQLite's oldest limit on parameters is 999


class Want(NamedTuple):
    """A release on an account's wantlist.

    rating    1 to 5; None: not rated.
    added_at  as Discogs says; None: it did not.
    """

    release_id: int
    notes: str = ""
    rating: int | None = None
    added_at: datetime | None = None


class Owned(NamedTuple):
    """A release in an account's collection.

    copies    how many of it, 1 or more.
    folder    where the copy met last lies; "" when not told.
    rating    1 to 5; None: not rated.
    added_at  when its first copy was; None: not told.
    """

    release_id: int
    copies: int = 1
    folder: str = ""
    rating: int | None = None
    added_at: datetime | None = None


class WantedRelease(NamedTuple):
    """A want with what is known of its release; None: unknown."""

    release_id: int
    notes: str
    rating: int | None
    added_at: datetime | None
    synced_at: datetime
    artist: str
    title: str
    label: str
    catalog_number: str
    format: str
    year: int | None
    thumbnail: str
    master_id: int | None
    want: int | None
    have: int | None


class OwnedRelease(NamedTuple):
    """What is owned with what is known of its release; None: unknown."""

    release_id: int
    copies: int
    folder: str
    rating: int | None
    added_at: datetime | None
    artist: str
    title: str
    format: str
    year: int | None
    thumbnail: str
    master_id: int | None


def keep_wants(db: Connection, account_id: int, rows: Sequence[Want], at: datetime) -> None:
    """Note what an account wants; its releases must be there.

    at  nothing that was read is younger.
    """
    _keep(db, wants, account_id, [row._asdict() for row in rows], at)


def keep_owned(db: Connection, account_id: int, rows: Sequence[Owned], at: datetime) -> None:
    """Note what an account owns; its releases must be there.

    at  nothing that was read is younger.
    """
    _keep(db, owned, account_id, [row._asdict() for row in rows], at)


def wanted_ids(db: Connection, account_id: int) -> set[int]:
    """The releases on an account's wantlist."""
    return _ids(db, wants, account_id)


def owned_ids(db: Connection, account_id: int) -> set[int]:
    """The releases in an account's collection."""
    return _ids(db, owned, account_id)


def last_sync(db: Connection, account_id: int) -> tuple[datetime | None, datetime | None]:
    """When something of the wantlist, and of the collection, was told last; None: never."""
    newest = (
        db.scalar(select(func.max(table.c.synced_at)).where(table.c.account_id == account_id))
        for table in (wants, owned)
    )
    return next(newest), next(newest)


def forget_wants(
    db: Connection, account_id: int, release_ids: Iterable[int], before: datetime | None = None
) -> int:
    """Take releases off the wantlist here; how many.

    before  only what was told earlier than this; None: whatever is there.
    """
    return _forget(db, wants, account_id, release_ids, before)


def forget_owned(
    db: Connection, account_id: int, release_ids: Iterable[int], before: datetime | None = None
) -> int:
    """Take releases out of the collection here; how many.  `before` as in `forget_wants`."""
    return _forget(db, owned, account_id, release_ids, before)


def find_want(db: Connection, account_id: int, release_id: int) -> Want | None:
    """A want of an account's; None when it does not want that release."""
    columns = (wants.c[name] for name in Want._fields)
    row = db.execute(
        select(*columns).where(wants.c.account_id == account_id, wants.c.release_id == release_id)
    ).first()
    return None if row is None else Want._make(row)


def count_wants(db: Connection, account_id: int) -> int:
    """How many releases an account wants."""
    statement = select(func.count()).select_from(wants).where(wants.c.account_id == account_id)
    return db.scalar(statement) or 0


def count_owned(db: Connection, account_id: int) -> int:
    """How many releases an account owns, however many copies of each."""
    statement = select(func.count()).select_from(owned).where(owned.c.account_id == account_id)
    return db.scalar(statement) or 0


def list_wants(
    db: Connection, account_id: int, *, limit: int, offset: int = 0
) -> list[WantedRelease]:
    """An account's wants, the newest first; those without a date last."""
    rows = db.execute(_listed(wants, WantedRelease._fields, account_id).limit(limit).offset(offset))
    return [WantedRelease._make(row) for row in rows]


def list_owned(
    db: Connection, account_id: int, *, limit: int, offset: int = 0
) -> list[OwnedRelease]:
    """What an account owns, the newest first; those without a date last."""
    rows = db.execute(_listed(owned, OwnedRelease._fields, account_id).limit(limit).offset(offset))
    return [OwnedRelease._make(row) for row in rows]


def _listed(table: Table, names: Sequence[str], account_id: int) -> Select[Any]:
    columns = (table.c[name] if name in table.c else releases.c[name] for name in names)
    return (
        select(*columns)
        .join(releases, releases.c.id == table.c.release_id)
        .where(table.c.account_id == account_id)
        .order_by(table.c.added_at.desc().nulls_last(), table.c.release_id)
    )


def _keep(
    db: Connection, table: Table, account_id: int, rows: Collection[dict[str, Any]], at: datetime
) -> None:
    if not rows:
        return
    statement = DIALECTS[db.dialect.name].insert(table)
    told = [column.name for column in table.c if not column.primary_key]
    # A file may be older than what Discogs has told since.
    statement = statement.on_conflict_do_update(
        index_elements=["account_id", "release_id"],
        set_={name: statement.excluded[name] for name in told},
        where=table.c.synced_at <= statement.excluded.synced_at,
    )
    db.execute(statement, [{"account_id": account_id, "synced_at": at, **row} for row in rows])


def _ids(db: Connection, table: Table, account_id: int) -> set[int]:
    statement = select(table.c.release_id).where(table.c.account_id == account_id)
    return set(db.scalars(statement))


def _forget(
    db: Connection,
    table: Table,
    account_id: int,
    release_ids: Iterable[int],
    before: datetime | None,
) -> int:
    ids, forgotten = sorted(release_ids), 0
    for start in range(0, len(ids), AT_ONCE):
        statement = delete(table).where(
            table.c.account_id == account_id, table.c.release_id.in_(ids[start : start + AT_ONCE])
        )
        if before is not None:
            statement = statement.where(table.c.synced_at < before)
        forgotten += db.execute(statement).rowcount
    return forgotten
