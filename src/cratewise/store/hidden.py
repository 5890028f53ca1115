"""What an account does not want to see again: labels, artists, styles, sellers, listings."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
)

from cratewise.store.insert import insert_unless_there
from cratewise.store.tables import hidden, listings, releases, sellers

Kind = Literal["label", "artist", "style", "seller", "listing"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Hidden(NamedTuple):
    """Something that is hidden; name: as Discogs writes it, of a listing our own id."""

    id: int
    kind: Kind
    name: str
    hidden_at: datetime


_HIDDEN = (  # made once: it is asked before every answer
    select(*(hidden.c[name] for name in Hidden._fields))
    .where(hidden.c.account_id == bindparam("account"))
    .order_by(hidden.c.hidden_at.desc(), hidden.c.id.desc())
)


def hide(db: Connection, account_id: int, kind: Kind, name: str, at: datetime) -> Hidden:
    """Hide something from now on; what is hidden already stays as it is."""
    row = {"account_id": account_id, "kind": kind, "name": name, "name_key": name.lower()}
    insert_unless_there(db, hidden, {**row, "hidden_at": at})
    return next(
        one
        for one in hidden_of(db, account_id)
        if one.kind == kind and one.name.lower() == name.lower()
    )


def unhide(db: Connection, account_id: int, hidden_id: int) -> bool:
    """Show it again; False when it was not hidden."""
    gone = db.execute(
        delete(hidden).where(hidden.c.account_id == account_id, hidden.c.id == hidden_id)
    )
    return gone.rowcount == 1


def hidden_of(db: Connection, account_id: int) -> Sequence[Hidden]:
    """What an account hides, the newest first."""
    return [Hidden._make(row) for row in db.execute(_HIDDEN, {"account": account_id})]


def is_hidden(db: Connection, account_id: int) -> ColumnElement[bool] | None:
    """Whether a listing is hidden, in SQL over listings; None when nothing is.

    Names are compared without case by the database itself, in both places alike.
    """
    terms = [_term(one.kind, one.name) for one in hidden_of(db, account_id)]
    return or_(*terms) if terms else None


def told_by_hiding(db: Connection, account_id: int, *, each: int) -> tuple[list[int], list[str]]:
    """Listings for sale that are hidden for what they are, and what hides them: "label K-Tel".

    each  at most so many of a name, those that came last.  Who hides a seller says nothing
          of the records.
    """
    found: set[int] = set()
    names = []
    for one in hidden_of(db, account_id):
        if one.kind == "seller":
            continue
        names.append(f"{one.kind} {one.name.lower()}")
        statement = select(listings.c.id).where(
            listings.c.gone_at.is_(None), _term(one.kind, one.name)
        )
        found |= set(db.scalars(statement.order_by(listings.c.id.desc()).limit(each)))
    return sorted(found), sorted(names)


def _term(kind: Kind, name: str) -> ColumnElement[bool]:
    match kind:
        case "listing":
            return listings.c.id == (int(name) if name.isdecimal() else -1)
        case "seller":
            named = select(sellers.c.id).where(sellers.c.username_key == name.lower())
            return listings.c.seller_id.in_(named)
        case "artist":
            return _of_release(_among(releases.c.artist, name))
        case "label":
            return _of_release(_among(releases.c.label, name))
        case "style":
            return _of_release(_has(releases.c.styles, json.dumps(name, ensure_ascii=False)))


def _among(told: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a name is one of those told: "Basic Channel, Chain Reaction" are two."""
    return _has(literal(", ") + told + literal(", "), f", {name}, ")


def _has(told: ColumnElement[str], part: str) -> ColumnElement[bool]:
    for sign in ("\\", "%", "_"):
        part = part.replace(sign, f"\\{sign}")
    # Both sides in the database's own lower case, which need not be Python's.
    return func.lower(told).like(func.lower(f"%{part}%"), escape="\\")


def _of_release(term: ColumnElement[bool]) -> ColumnElement[bool]:
    found: Select[Any] = select(releases.c.id).where(term)
    return listings.c.release_id.in_(found)
