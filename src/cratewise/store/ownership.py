"""What releases are to an account: wanted, owned, and likewise another pressing of the same."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, bindparam, select

from cratewise.store.one_of import one_of
from cratewise.store.tables import owned, releases, wants


class Mark(NamedTuple):
    """What a release is to an account.

    is_other_pressing_*  another release of the same master is.
    """

    is_wanted: bool = False
    is_owned: bool = False
    is_other_pressing_wanted: bool = False
    is_other_pressing_owned: bool = False


UNMARKED = Mark()


def _has(table: Table) -> ColumnElement[bool]:
    mine = table.c.account_id == bindparam("account")
    return select(table.c.release_id).where(mine, table.c.release_id == releases.c.id).exists()


def _has_other(table: Table) -> ColumnElement[bool]:
    other = releases.alias(f"other_{table.name}")
    return (
        select(other.c.id)
        .join(table, table.c.release_id == other.c.id)
        .where(table.c.account_id == bindparam("account"))
        .where(other.c.master_id == releases.c.master_id, other.c.id != releases.c.id)
        .correlate(releases)
        .exists()
    )


_MARKS = select(
    releases.c.id, _has(wants), _has(owned), _has_other(wants), _has_other(owned)
).where(one_of(releases.c.id, "ids"))


def marks_of(db: Connection, account_id: int, release_ids: Iterable[int]) -> dict[int, Mark]:
    """What these releases are to an account; those that are nothing to it are left out."""
    asked = {"account": account_id, "ids": sorted(set(release_ids))}
    marks = ((row[0], Mark(*map(bool, row[1:]))) for row in db.execute(_MARKS, asked))
    return {release_id: mark for release_id, mark in marks if mark != UNMARKED}
