"""Sellers: matched by Discogs' number, else by name without case, since names are reused."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, delete, select, update

from cratewise.store.engine import alone_with
from cratewise.store.insert import insert_unless_there
from cratewise.store.tables import follows, listings, pulls, sellers

if TYPE_CHECKING:
    from cratewise.discogs.answers import Profile


@dataclass(frozen=True, slots=True)
class Seller:
    """A seller as last read.

    discogs_id  None until a profile was read: known from an import only.
    state       'active', 'gone' or 'suspended'.
    for_sale    listings, as the profile claimed; None before one was read.
    """

    id: int
    discogs_id: int | None
    username: str
    state: str
    currency: str | None
    for_sale: int | None
    checked_at: datetime | None


_SELLER = (
    sellers.c.id,
    sellers.c.discogs_id,
    sellers.c.username,
    sellers.c.state,
    sellers.c.currency,
    sellers.c.for_sale,
    sellers.c.checked_at,
)


def find_seller(db: Connection, name: str) -> Seller | None:
    """The seller that goes by this name now, in any case."""
    row = db.execute(_called(name)).first()
    return None if row is None else Seller(*row)


def ids_of_sellers(db: Connection, names: Iterable[str]) -> dict[str, int]:
    """The sellers that go by these names now, by the name's key (`key_of`)."""
    statement = (
        select(sellers.c.username_key, sellers.c.id)
        .where(sellers.c.username_key.in_({key_of(name) for name in names}))
        .order_by(sellers.c.checked_at.nulls_first(), sellers.c.id)  # the last is meant: _called
    )
    return {row.username_key: row.id for row in db.execute(statement)}


def names_of_sellers(db: Connection, ids: Collection[int]) -> dict[int, str]:
    """What sellers are called, by our own ids."""
    statement = select(sellers.c.id, sellers.c.username).where(sellers.c.id.in_(ids))
    return {row.id: row.username for row in db.execute(statement)}


def remember_seller(db: Connection, profile: "Profile", at: datetime) -> int:
    """Keep what a profile says; returns our own id of the seller."""
    numbered = _of_number(db, profile.discogs_id)
    imported = _imported(db, profile.username)
    if numbered is not None and imported is not None:
        _merge(db, imported, numbered)
    seller_id = numbered or imported or _new(db, profile.username, at, profile.discogs_id)
    told: dict[str, Any] = {
        "discogs_id": profile.discogs_id,
        "username": profile.username,
        "username_key": key_of(profile.username),
        "state": "suspended" if profile.is_suspended else "active",
        "location": profile.location,
        "rating_percent": profile.rating_percent,
        "ratings": profile.ratings,
        "for_sale": profile.for_sale,
        "checked_at": at,
    }
    if profile.currency is not None:
        told["currency"] = profile.currency
    db.execute(update(sellers).where(sellers.c.id == seller_id).values(told))
    return seller_id


def import_seller(db: Connection, name: str, currency: str | None, at: datetime) -> Seller:
    """The seller whose file is imported: known by this name, or new, without a number yet."""
    # Without a number nothing is unique about them: of two that import at once one waits.
    alone_with(db, f"seller {key_of(name)}")
    if known := find_seller(db, name):
        return known
    seller_id = _new(db, name, at)
    db.execute(update(sellers).where(sellers.c.id == seller_id).values(currency=currency))
    return Seller(*db.execute(select(*_SELLER).where(sellers.c.id == seller_id)).one())


def mark_gone(db: Connection, seller_id: int, at: datetime) -> None:
    """Note that Discogs knows the seller no more; what is stored of them stays."""
    db.execute(update(sellers).where(sellers.c.id == seller_id).values(state="gone", checked_at=at))


def remember_terms(
    db: Connection, seller_id: int, min_order_minor: int | None, shipping_terms: str
) -> None:
    """Keep what a seller's listings say of them.

    min_order_minor  the least they sell for, in whole minor units of their currency.
    """
    db.execute(
        update(sellers)
        .where(sellers.c.id == seller_id)
        .values(min_order_minor=min_order_minor, shipping_terms=shipping_terms)
    )


def follow(db: Connection, account_id: int, seller_id: int, at: datetime) -> None:
    """Note that an account cares for a seller's stock."""
    row = {"account_id": account_id, "seller_id": seller_id, "followed_at": at}
    insert_unless_there(db, follows, row)


def key_of(name: str) -> str:
    """A name as it is compared: without case, without spaces around it."""
    return name.strip().casefold()


def _called(name: str) -> Select[Any]:
    # Of two that went by one name, whoever was met last under it is meant; an
    # imported seller, never met on Discogs, comes last.
    return (
        select(*_SELLER)
        .where(sellers.c.username_key == key_of(name))
        .order_by(sellers.c.checked_at.desc().nulls_last(), sellers.c.id.desc())
        .limit(1)
    )


def _of_number(db: Connection, discogs_id: int) -> int | None:
    return db.scalar(select(sellers.c.id).where(sellers.c.discogs_id == discogs_id))


def _imported(db: Connection, name: str) -> int | None:
    row: Row[Any] | None = db.execute(
        select(sellers.c.id)
        .where(sellers.c.username_key == key_of(name), sellers.c.discogs_id.is_(None))
        .order_by(sellers.c.id)
    ).first()
    return None if row is None else int(row.id)


def _new(db: Connection, name: str, at: datetime, discogs_id: int | None = None) -> int:
    row = {"username": name.strip(), "username_key": key_of(name), "created_at": at}
    made = insert_unless_there(db, sellers, row | {"discogs_id": discogs_id})
    if made is None and discogs_id is not None:  # another process met them at the same moment
        made = _of_number(db, discogs_id)
    if made is None:
        raise LookupError(f"The seller {name!r} could be neither found nor made.")
    return made


def _merge(db: Connection, imported: int, seller_id: int) -> None:
    """Give all that was imported under a seller's new name to the seller."""
    for table in (listings, pulls):
        owned = update(table).where(table.c.seller_id == imported)
        db.execute(owned.values(seller_id=seller_id))
    for account_id, at in db.execute(
        select(follows.c.account_id, follows.c.followed_at).where(follows.c.seller_id == imported)
    ).all():
        follow(db, account_id, seller_id, at)
    db.execute(delete(sellers).where(sellers.c.id == imported))
