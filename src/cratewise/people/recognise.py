"""Who asks: the session of a browser, or the token of a program."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from cratewise.people.secrets import hash_of
from cratewise.people.sign_in import SESSION_LASTS
from cratewise.store.engine import reading, writing
from cratewise.store.members import Member, member_of
from cratewise.store.sessions import NEARBY, Session, find_session, touch_session
from cratewise.store.tokens import find_token, touch_token

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.clock import Clock

NOTED_EVERY = timedelta(minutes=5)  # a request does not write: whoever reads a lot would


@dataclass(frozen=True, slots=True)
class Recognised:
    """Somebody who may come in.

    may_write   False for a token that may only read.
    csrf        what a page must show with each change; None for a program.
    session_id  of a browser; token_id: of a program.
    """

    member: Member
    may_write: bool
    csrf: str | None = None
    session_id: int | None = None
    token_id: int | None = None


def by_session(engine: "Engine", secret: str, clock: "Clock") -> Recognised | None:
    """Whose session this is; None when it is nobody's, or over."""
    found = session_in_use(engine, hash_of(secret), clock)
    if found is None or found.csrf == NEARBY:
        return None
    with reading(engine) as db:
        member = member_of(db, found.account_id)
    if member is None or member.disabled_at:
        return None
    return Recognised(member, may_write=True, csrf=found.csrf, session_id=found.id)


def session_in_use(engine: "Engine", hashed: str, clock: "Clock") -> Session | None:
    """The session of this hash, which lasts longer for being used; None when it is over."""
    now = clock.now()
    with reading(engine) as db:
        found = find_session(db, hashed)
    if found is None or found.expires_at <= now:
        return None
    if now - found.seen_at >= NOTED_EVERY:
        with writing(engine) as db:
            touch_session(db, found.id, at=now, expires_at=now + SESSION_LASTS)
    return found


def by_token(engine: "Engine", secret: str, clock: "Clock") -> Recognised | None:
    """Whose token this is; None when it is nobody's."""
    now = clock.now()
    with reading(engine) as db:
        found = find_token(db, hash_of(secret))
        member = member_of(db, found.account_id) if found else None
    if found is None or member is None or member.disabled_at:
        return None
    if found.used_at is None or now - found.used_at >= NOTED_EVERY:
        with writing(engine) as db:
            touch_token(db, found.id, now)
    scope: Literal["read", "write"] = "write" if found.scope == "write" else "read"
    return Recognised(member, may_write=scope == "write", token_id=found.id)
