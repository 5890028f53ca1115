"""Tokens of programs: an account's, with a scope; what is kept of them is a hash."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from cratewise.store.people_tables import api_tokens


class Token(NamedTuple):
    """A program's way in.

    scope  'read' or 'write'
    """

    id: int
    account_id: int
    name: str
    scope: str
    made_at: datetime
    used_at: datetime | None


_TOKENS = select(*(api_tokens.c[name] for name in Token._fields))


def find_token(db: Connection, hashed: str) -> Token | None:
    """The token of this hash."""
    row = db.execute(_TOKENS.where(api_tokens.c.hash == hashed)).first()
    return None if row is None else Token._make(row)


def list_tokens(db: Connection, account_id: int) -> list[Token]:
    """An account's tokens, the newest first."""
    mine = _TOKENS.where(api_tokens.c.account_id == account_id)
    return [Token._make(row) for row in db.execute(mine.order_by(api_tokens.c.id.desc()))]


def make_token(
    db: Connection, account_id: int, *, name: str, hashed: str, scope: str, at: datetime
) -> Token:
    row = {"account_id": account_id, "name": name, "hash": hashed, "scope": scope, "made_at": at}
    number = db.execute(insert(api_tokens).returning(api_tokens.c.id), row).scalar_one()
    return Token._make(db.execute(_TOKENS.where(api_tokens.c.id == number)).one())


def touch_token(db: Connection, token_id: int, at: datetime) -> None:
    """Note that it was used."""
    db.execute(update(api_tokens).where(api_tokens.c.id == token_id).values(used_at=at))


def revoke_token(db: Connection, account_id: int, token_id: int) -> bool:
    """Forget a token of this account; False when it has none of that number."""
    mine = delete(api_tokens).where(api_tokens.c.account_id == account_id)
    return db.execute(mine.where(api_tokens.c.id == token_id)).rowcount == 1
