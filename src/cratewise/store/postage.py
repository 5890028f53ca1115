"""What sending records costs, as an account was told it: at a seller's, else from a country."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from cratewise.store.sellers import key_of
from cratewise.store.tables import listings, postage, sellers


class Postage(NamedTuple):
    """One rule of what a parcel costs, in whole minor units of `currency`.

    seller_id, seller  whose; None where it is of all who send from `origin`.
    origin             a country as listings write it; None where it is one seller's.
    country            where to, ISO 3166 of two letters.
    first_minor        of a parcel with one record; further_minor: each record more.
    tiers              instead of both: (up to so many grams, minor), ascending.
    source, told_on    where somebody read it, and when.
    """

    id: int
    seller_id: int | None
    seller: str | None
    origin: str | None
    country: str
    currency: str
    first_minor: int | None
    further_minor: int | None
    tiers: tuple[tuple[int, int], ...]
    source: str
    told_on: date


_TIERS = msgspec.json.Decoder(tuple[tuple[int, int], ...])


# Made once: they are asked before every answer.
_POSTAGE = (
    select(
        *(
            sellers.c.username.label("seller") if name == "seller" else postage.c[name]
            for name in Postage._fields
        )
    )
    .outerjoin(sellers, sellers.c.id == postage.c.seller_id)
    .where(postage.c.account_id == bindparam("account"))
    .order_by(postage.c.origin_key.nulls_first(), sellers.c.username_key, postage.c.id)
)
_POSTAGE_THERE = _POSTAGE.where(postage.c.country == bindparam("country"))


def list_postage(db: Connection, account_id: int, country: str | None = None) -> list[Postage]:
    """What an account was told, sellers' rules first; to one country alone, or to all."""
    told = {"account": account_id} | ({} if country is None else {"country": country})
    rows = db.execute(_POSTAGE if country is None else _POSTAGE_THERE, told)
    return [_postage(row) for row in rows]


def keep_postage(
    db: Connection,
    account_id: int,
    told: Mapping[str, Any],
    *,
    seller_id: int | None = None,
    origin: str | None = None,
) -> int:
    """Keep a rule in the place of the one before; its id.

    told  the fields of a Postage but `id` and whose it is.

    Of `seller_id` and `origin` one is given.
    """
    key = None if origin is None else key_of(origin)
    whose = postage.c.seller_id == seller_id if origin is None else postage.c.origin_key == key
    values = {
        **told,
        "tiers": msgspec.json.encode(told["tiers"]).decode() if told["tiers"] else None,
    }
    changed = db.execute(
        update(postage)
        .where(postage.c.account_id == account_id, postage.c.country == told["country"], whose)
        .values(values)
        .returning(postage.c.id)
    ).scalar()
    if changed is not None:
        return int(changed)
    names = {"account_id": account_id, "seller_id": seller_id, "origin": origin, "origin_key": key}
    made = db.execute(insert(postage).values({**names, **values}).returning(postage.c.id))
    return int(made.scalar_one())


def find_postage(db: Connection, account_id: int, postage_id: int) -> Postage | None:
    """A rule of an account's by its id."""
    found = (rule for rule in list_postage(db, account_id) if rule.id == postage_id)
    return next(found, None)


def forget_postage(db: Connection, account_id: int, postage_id: int) -> bool:
    """Forget a rule; False when there was none."""
    found = db.execute(
        delete(postage).where(postage.c.account_id == account_id, postage.c.id == postage_id)
    )
    return found.rowcount == 1


def origins(db: Connection) -> list[str]:
    """Where listings that are for sale ship from, as they write it; those of most first."""
    statement = (
        select(listings.c.ships_from)
        .where(listings.c.ships_from != "", listings.c.gone_at.is_(None))
        .group_by(listings.c.ships_from)
        .order_by(func.count().desc(), listings.c.ships_from)
    )
    return list(db.scalars(statement))


def _postage(row: Any) -> Postage:
    told = Postage._make(row)
    return told._replace(tiers=_TIERS.decode(row.tiers) if row.tiers else ())
