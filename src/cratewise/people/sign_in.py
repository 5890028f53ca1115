"""Sign in by name and password, by invitation, or as whoever Discogs says it is.

A name that is guessed at is shut for a while, and so is an address that guesses at
many; what is said does not tell whether the name exists.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cratewise.errors import (
    AccountTaken,
    InvitationRefused,
    SignInRefused,
    TooManyAttempts,
)
from cratewise.people.passwords import hash_password, is_right
from cratewise.people.secrets import hash_of, new_secret
from cratewise.store.attempts import count_failures, forgive_attempts, note_attempt
from cratewise.store.audit import note_deed
from cratewise.store.engine import alone_with, writing
from cratewise.store.invitations import find_invitation, use_invitation
from cratewise.store.members import (
    Member,
    find_member,
    find_member_on_discogs,
    make_member,
    set_password,
)
from cratewise.store.sessions import keep_session

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cratewise.clock import Clock

FAILURES_OF_A_NAME = 5
FAILURES_OF_AN_ADDRESS = 20  # a household shares one
SHUT_FOR = timedelta(minutes=15)
SESSION_LASTS = timedelta(days=30)  # after it was last used


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody comes from: the address, and the browser as it calls itself."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that begins.

    secret  what the browser keeps; known to nobody else.
    csrf    what the page shows with each change.
    """

    member: Member
    secret: str
    csrf: str


def sign_in(
    engine: "Engine", name: str, password: str, visitor: Visitor, clock: "Clock"
) -> SignedIn:
    """Begin a session by name and password.  Raises SignInRefused, TooManyAttempts."""
    now = clock.now()
    # Counted before it is looked at: of many guesses at one moment, in however many
    # processes, no more are looked at than may fail.
    with writing(engine) as db:
        alone_with(db, "sign-in")
        _refuse_guessing(db, name, visitor, now)
        attempt = note_attempt(db, name, visitor.address, at=now)
        member = find_member(db, name)
        kept = member.password_hash if member and not member.disabled_at else None
    is_good = is_right(password, kept)  # outside of any transaction: it takes its time
    with writing(engine) as db:
        if is_good:
            forgive_attempts(db, name, attempt)
        if member is None or not is_good:
            failed = member.id if member else None
            note_deed(db, failed, "sign in refused", address=visitor.address, at=now)
        else:
            return _begin(db, member, visitor, now, "signed in")
    raise SignInRefused


def join(
    engine: "Engine",
    invitation: str,
    *,
    name: str,
    password: str,
    visitor: Visitor,
    clock: "Clock",
) -> SignedIn:
    """Make the account that an invitation allows, and begin its first session.

    Raises InvitationRefused, AccountTaken, WeakPassword.
    """
    now, hashed = clock.now(), hash_password(password)
    with writing(engine) as db:
        found = find_invitation(db, hash_of(invitation))
        if found is None or found.used_at or found.expires_at <= now:
            raise InvitationRefused
        member = make_member(db, name, role=found.role, password_hash=hashed, at=now)
        if member is None:
            raise AccountTaken(name)
        if not use_invitation(db, found.id, now):
            raise InvitationRefused
        return _begin(db, member, visitor, now, f"joined as {found.role}")


def sign_in_from_discogs(
    engine: "Engine", username: str, visitor: Visitor, clock: "Clock"
) -> SignedIn:
    """Begin a session for whoever Discogs just said it is.  Raises SignInRefused."""
    now = clock.now()
    with writing(engine) as db:
        member = find_member_on_discogs(db, username)
        if member is None or member.disabled_at:
            raise SignInRefused(
                f"{username} of Discogs has no account here that may sign in: join by an "
                "invitation, then connect Discogs in the settings."
            )
        return _begin(db, member, visitor, now, "signed in with Discogs")


def change_password(
    engine: "Engine", member: Member, *, old: str, new: str, visitor: Visitor, clock: "Clock"
) -> None:
    """Another password.  Raises SignInRefused when the old one is wrong, WeakPassword."""
    hashed = hash_password(new)
    if member.password_hash is not None and not is_right(old, member.password_hash):
        raise SignInRefused
    with writing(engine) as db:
        set_password(db, member.id, hashed)
        note_deed(db, member.id, "password changed", address=visitor.address, at=clock.now())


def _begin(
    db: "Connection", member: Member, visitor: Visitor, now: datetime, deed: str
) -> SignedIn:
    secret, csrf = new_secret(), new_secret()
    keep_session(
        db, member.id, hash_of(secret), csrf,
        agent=visitor.agent, address=visitor.address, at=now, expires_at=now + SESSION_LASTS,
    )  # fmt: skip
    note_deed(db, member.id, deed, address=visitor.address, at=now)
    return SignedIn(member, secret, csrf)


def _refuse_guessing(db: "Connection", name: str, visitor: Visitor, now: datetime) -> None:
    since = now - SHUT_FOR
    of_name = count_failures(db, since, name=name)
    of_address = count_failures(db, since, address=visitor.address)
    if of_name >= FAILURES_OF_A_NAME or of_address >= FAILURES_OF_AN_ADDRESS:
        raise TooManyAttempts(SHUT_FOR.total_seconds())
