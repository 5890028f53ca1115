"""Accounts; one, the local, exists from the first use on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from cratewise.store.insert import insert_unless_there
from cratewise.store.tables import accounts

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose collection, verdicts and settings; `name` is unique.

    currency  ISO 4217; prices are compared in it.
    country   ISO 3166, two letters; where records are sent.
    hides_stale  wants no price shown that was read more than six hours ago.
    """

    id: int
    name: str
    currency: str
    country: str
    hides_stale: bool = False


# Made once: it is asked before every answer, and to make it takes longer than to ask it.
_ACCOUNTS = select(
    accounts.c.id,
    accounts.c.name,
    accounts.c.currency,
    accounts.c.country,
    accounts.c.hides_stale,
)
_NAMED = _ACCOUNTS.where(accounts.c.name == bindparam("name"))
_NUMBERED = _ACCOUNTS.where(accounts.c.id == bindparam("id"))


def find_local_account(db: Connection) -> Account | None:
    """The account of this installation; None before its first use."""
    row = db.execute(_NAMED, {"name": LOCAL}).first()
    return None if row is None else Account(*row)


def find_account(db: Connection, account_id: int) -> Account | None:
    """An account by its id."""
    row = db.execute(_NUMBERED, {"id": account_id}).first()
    return None if row is None else Account(*row)


def local_account(db: Connection, *, currency: str, country: str, at: datetime) -> Account:
    """The account of this installation, made at first use with this currency and country."""
    row = {"name": LOCAL, "currency": currency, "country": country, "created_at": at}
    insert_unless_there(db, accounts, row)
    return Account(*db.execute(_NAMED, {"name": LOCAL}).one())


def account_of(db: Connection, account_id: int) -> Account:
    """An account by its number, which must exist."""
    return Account(*db.execute(_NUMBERED, {"id": account_id}).one())


def move_account(db: Connection, account_id: int, *, currency: str, country: str) -> None:
    """Compare prices in another currency, send records to another country."""
    db.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(currency=currency, country=country)
    )


def does_anybody_hide_stale_prices(db: Connection) -> bool:
    """Whether an account wants no old price shown."""
    return db.scalar(select(accounts.c.id).where(accounts.c.hides_stale).limit(1)) is not None


def hide_stale_prices(db: Connection, account_id: int, *, hides: bool) -> None:
    """Show an account no price that was read more than six hours ago, or each with its age."""
    db.execute(update(accounts).where(accounts.c.id == account_id).values(hides_stale=hides))
