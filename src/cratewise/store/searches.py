"""Saved searches: a filter under a name."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Row, delete, select, update

from cratewise.errors import SearchExists, UnknownSearch
from cratewise.store.alert_tables import saved_searches
from cratewise.store.insert import insert_unless_there


class SavedSearch(NamedTuple):
    """filter: JSON, a Filter of shelf/query.py."""

    id: int
    name: str
    filter: str
    created_at: datetime
    changed_at: datetime


_SEARCHES = select(*(saved_searches.c[name] for name in SavedSearch._fields))


def save_search(
    db: Connection, account_id: int, name: str, filter_json: str, at: datetime
) -> SavedSearch:
    """Keep a search under a name of its own.  Raises SearchExists."""
    row = {"account_id": account_id, "name": name, "filter": filter_json}
    number = insert_unless_there(db, saved_searches, {**row, "created_at": at, "changed_at": at})
    if number is None:
        raise SearchExists(name)
    return SavedSearch(number, name, filter_json, at, at)


def change_search(
    db: Connection,
    account_id: int,
    search_id: int,
    at: datetime,
    *,
    name: str | None = None,
    filter_json: str | None = None,
) -> SavedSearch:
    """Give a search another name, or let it find something else.

    Raises UnknownSearch, SearchExists.
    """
    before = find_search(db, account_id, search_id)
    new_name, new_filter = name or before.name, filter_json or before.filter
    others = (one for one in searches_of(db, account_id) if one.id != search_id)
    if any(one.name == new_name for one in others):
        raise SearchExists(new_name)
    db.execute(
        update(saved_searches)
        .where(saved_searches.c.id == search_id)
        .values(name=new_name, filter=new_filter, changed_at=at)
    )
    return SavedSearch(search_id, new_name, new_filter, before.created_at, at)


def find_search(db: Connection, account_id: int, search_id: int) -> SavedSearch:
    """Raises UnknownSearch."""
    row = db.execute(
        _SEARCHES.where(saved_searches.c.account_id == account_id, saved_searches.c.id == search_id)
    ).first()
    return _search(row, search_id)


def search_named(db: Connection, account_id: int, name: str) -> SavedSearch:
    """Raises UnknownSearch."""
    row = db.execute(
        _SEARCHES.where(saved_searches.c.account_id == account_id, saved_searches.c.name == name)
    ).first()
    return _search(row, name)


def searches_of(db: Connection, account_id: int) -> list[SavedSearch]:
    """An account's searches, by name."""
    statement = _SEARCHES.where(saved_searches.c.account_id == account_id)
    return [SavedSearch._make(row) for row in db.execute(statement.order_by(saved_searches.c.name))]


def forget_search(db: Connection, account_id: int, search_id: int) -> None:
    """Forget a search, with the alerts on it.  Raises UnknownSearch."""
    gone = db.execute(
        delete(saved_searches).where(
            saved_searches.c.account_id == account_id, saved_searches.c.id == search_id
        )
    )
    if not gone.rowcount:
        raise UnknownSearch(search_id)


def _search(row: Row[tuple[object, ...]] | None, told: int | str) -> SavedSearch:
    if row is None:
        raise UnknownSearch(told)
    return SavedSearch._make(row)
