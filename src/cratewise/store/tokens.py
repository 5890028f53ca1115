"""Tokens of programs: an account's, with a scope; what is kept of them is a hash."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Connection,
    case,
    delete,
    insert,
    select,
    type_coerce,
    update,
)

from cratewise.store.people_tables import api_tokens
from cratewise.store.tables import Instant, microseconds


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


def take_turn(
    db: Connection, token_id: int, now: datetime, *, each: timedelta, at_once: int
) -> timedelta:
    """Let a token ask once more; how long it must wait instead, zero when it may.

    each     what a request takes of the token's time; at_once: so many may come together.
    """
    # One statement, so that of two processes that count at the same moment none is lost.  A
    # moment further ahead than any request puts it is left by a clock that was set back: whoever
    # asks then may, and waits from there as anybody.  Clocks of two machines differ a little.
    begin, latest = microseconds(now), microseconds(now + at_once * each)
    one = each // timedelta(microseconds=1)
    until = type_coerce(api_tokens.c.spent_until, BigInteger)
    spent = case((until > latest + one, latest - one), (until > begin, until), else_=begin)
    after = spent + one
    counted = db.execute(
        update(api_tokens)
        .where(api_tokens.c.id == token_id, after <= latest)
        .values(spent_until=type_coerce(after, Instant))
    )
    if counted.rowcount:
        return timedelta()
    found = db.scalar(select(after).where(api_tokens.c.id == token_id))
    return timedelta(microseconds=max((found or 0) - latest, 0))


def revoke_token(db: Connection, account_id: int, token_id: int) -> bool:
    """Forget a token of this account; False when it has none of that number."""
    mine = delete(api_tokens).where(api_tokens.c.account_id == account_id)
    return db.execute(mine.where(api_tokens.c.id == token_id)).rowcount == 1
