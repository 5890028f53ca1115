"""The labels and artists that an account follows; sellers' follows are in following.py."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from sqlalchemy import Connection, delete, select

from cratewise.store.insert import insert_unless_there
from cratewise.store.taste_tables import followed_names

Kind = Literal["label", "artist"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Followed(NamedTuple):
    """Something that is followed; name: as Discogs writes it."""

    id: int
    kind: Kind
    name: str
    followed_at: datetime


def follow(db: Connection, account_id: int, kind: Kind, name: str, at: datetime) -> Followed:
    """Follow a label or an artist from now on; what is followed already stays as it is."""
    key = _key(name)
    row = {"account_id": account_id, "kind": kind, "name": name, "name_key": key}
    insert_unless_there(db, followed_names, {**row, "followed_at": at})
    return next(
        one for one in followed_by(db, account_id) if one.kind == kind and _key(one.name) == key
    )


def unfollow(db: Connection, account_id: int, followed_id: int) -> bool:
    """Follow it no more; False when it was not followed."""
    gone = db.execute(
        delete(followed_names).where(
            followed_names.c.account_id == account_id, followed_names.c.id == followed_id
        )
    )
    return gone.rowcount == 1


def followed_by(db: Connection, account_id: int) -> Sequence[Followed]:
    """The labels and artists that an account follows, the newest first."""
    columns = (followed_names.c[name] for name in Followed._fields)
    statement = select(*columns).where(followed_names.c.account_id == account_id)
    newest = (followed_names.c.followed_at.desc(), followed_names.c.id.desc())
    return [Followed._make(row) for row in db.execute(statement.order_by(*newest))]


def _key(name: str) -> str:
    return " ".join(name.lower().split())
