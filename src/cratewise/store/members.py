"""Accounts as people who sign in, in an installation of many."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from cratewise.store.accounts import LOCAL
from cratewise.store.insert import insert_unless_there
from cratewise.store.sellers import key_of
from cratewise.store.tables import accounts


class Member(NamedTuple):
    """An account that may sign in.

    role              'owner' or 'member'
    password_hash     argon2id; None: signs in otherwise
    discogs_username  None: does not sign in with Discogs
    """

    id: int
    name: str
    role: str
    currency: str
    country: str
    password_hash: str | None
    discogs_username: str | None
    created_at: datetime
    disabled_at: datetime | None


_MEMBERS = select(*(accounts.c[name] for name in Member._fields)).where(accounts.c.name != LOCAL)


def member_of(db: Connection, account_id: int) -> Member | None:
    """A member by number."""
    row = db.execute(_MEMBERS.where(accounts.c.id == account_id)).first()
    return None if row is None else Member._make(row)


def find_member(db: Connection, name: str) -> Member | None:
    """A member by name, in any case."""
    row = db.execute(_MEMBERS.where(func.lower(accounts.c.name) == key_of(name))).first()
    return None if row is None else Member._make(row)


def find_member_on_discogs(db: Connection, username: str) -> Member | None:
    """A member by the name that they have on Discogs, in any case."""
    row = db.execute(
        _MEMBERS.where(func.lower(accounts.c.discogs_username) == key_of(username))
    ).first()
    return None if row is None else Member._make(row)


def list_members(db: Connection) -> list[Member]:
    """Everybody, by name."""
    return [Member._make(row) for row in db.execute(_MEMBERS.order_by(accounts.c.name))]


def count_owners(db: Connection) -> int:
    """How many owners may sign in."""
    owners = select(func.count()).select_from(accounts)
    owners = owners.where(accounts.c.name != LOCAL, accounts.c.role == "owner")
    return db.execute(owners.where(accounts.c.disabled_at.is_(None))).scalar_one()


def make_member(
    db: Connection,
    name: str,
    *,
    role: str,
    at: datetime,
    password_hash: str | None = None,
    currency: str = "EUR",
    country: str = "DE",
) -> Member | None:
    """A new member; None when somebody has the name, in any case."""
    if find_member(db, name) is not None or key_of(name) == LOCAL:
        return None
    told = {"name": name.strip(), "role": role, "currency": currency, "country": country}
    number = insert_unless_there(
        db, accounts, {**told, "created_at": at, "password_hash": password_hash}
    )
    return None if number is None else member_of(db, number)


def set_password(db: Connection, account_id: int, password_hash: str) -> None:
    db.execute(
        update(accounts).where(accounts.c.id == account_id).values(password_hash=password_hash)
    )


def link_to_discogs(db: Connection, account_id: int, username: str | None) -> None:
    """Sign in with Discogs as this from now on; None: not any more."""
    db.execute(
        update(accounts).where(accounts.c.id == account_id).values(discogs_username=username)
    )


def disable(db: Connection, account_id: int, at: datetime | None) -> None:
    """Let an account sign in no more; None: let it again.  What it has stays."""
    db.execute(update(accounts).where(accounts.c.id == account_id).values(disabled_at=at))
