"""Who asks, and how they come in: this session, the others, the tokens of programs."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from cratewise.api.cookies import no_cookie, session_cookie
from cratewise.api.installation import Here, Installation
from cratewise.api.problems import nothing, told
from cratewise.api.visitor import visitor_of
from cratewise.errors import NotSignedIn, UnknownMember
from cratewise.people.acting import who_acts
from cratewise.people.secrets import hash_of, new_secret
from cratewise.people.sign_in import SignedIn, Visitor, change_password, join, sign_in
from cratewise.store.audit import note_deed
from cratewise.store.engine import reading, writing
from cratewise.store.members import Member
from cratewise.store.sessions import list_sessions, revoke_all, revoke_session
from cratewise.store.tokens import list_tokens, make_token, revoke_token

if TYPE_CHECKING:
    from sqlalchemy import Connection

TAG = ["people"]
PREFIX = "cw_"  # of tokens, so that a scanner of leaked secrets can tell them
INVITED_FOR = timedelta(days=7)
PAGE = 100

Asking = Request[Any, Any, Any]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^\S.*$")]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
Role = Literal["owner", "member"]
Scope = Literal["read", "write"]


class Whoami(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks.

    mode   'local': nobody signs in; 'server': everybody does.
    name   of the account; None: nobody signed in.
    csrf   what a page sends as X-CSRF-Token with each change; None: nothing is needed.
    ways   how one can sign in here.
    """

    mode: Literal["local", "server"]
    name: str | None = None
    role: Role | None = None
    csrf: str | None = None
    ways: list[Literal["password", "discogs"]] = []


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name in any case, and the password."""

    name: Name
    password: Password


class Join(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An invitation, and who one wants to be."""

    invitation: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    name: Name
    password: Password


class PasswordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password as it is, and as it shall be."""

    old: str
    new: Password


class SessionShown(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that signed in; is_this: the one that asks."""

    id: int
    agent: str
    address: str
    made_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this: bool


class TokenAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token for a program; 'read' reads all that is yours and changes nothing."""

    name: Name
    scope: Scope = "read"


class TokenShown(msgspec.Struct, frozen=True, kw_only=True):
    """A token; secret: told once, when it is made."""

    id: int
    name: str
    scope: str
    made_at: datetime
    used_at: datetime | None
    secret: str | None = None


@get("/session", tags=TAG, operation_id="who_am_i", sync_to_thread=True, responses=told(503))
def who_am_i(here: Here) -> Whoami:
    """Who asks; open to everybody."""
    if here.settings.mode == "local":
        return Whoami(mode="local", name=here.account().name, role="owner")
    ways: list[Literal["password", "discogs"]] = ["password"]
    if here.settings.discogs_consumer_key:
        ways.append("discogs")
    try:
        who = who_acts()
    except NotSignedIn:
        return Whoami(mode="server", ways=ways)
    return _whoami(who.member, who.csrf, ways)


@post(
    "/session", tags=TAG, operation_id="sign_in", sync_to_thread=True, status_code=200,
    responses=told(403, 429, 503),
)  # fmt: skip
def begin_session(here: Here, request: Asking, data: JSONBody[SignIn]) -> Response[Whoami]:
    """Sign in by name and password; the answer sets the cookie of the session."""
    visitor = _visitor(here, request)
    return _begun(here, sign_in(here.engine, data.name, data.password, visitor, here.clock))


@post(
    "/session/join", tags=TAG, operation_id="join", sync_to_thread=True, status_code=201,
    responses=told(403, 409, 422, 503),
)  # fmt: skip
def join_by_invitation(here: Here, request: Asking, data: JSONBody[Join]) -> Response[Whoami]:
    """Make the account that an invitation allows, and sign in."""
    begun = join(
        here.engine, data.invitation, name=data.name, password=data.password,
        visitor=_visitor(here, request), clock=here.clock,
    )  # fmt: skip
    return _begun(here, begun, status=201)


@delete(
    "/session", tags=TAG, operation_id="sign_out", sync_to_thread=True, status_code=204,
    responses=told(401, 503) | nothing(204),
)  # fmt: skip
def end_session(here: Here) -> Response[None]:
    """Sign out of this browser."""
    who = who_acts()
    if who.session_id is not None:
        with writing(here.engine) as db:
            revoke_session(db, who.member.id, who.session_id)
    return Response(None, status_code=204, cookies=[no_cookie(is_secure=_is_secure(here))])


@put(
    "/session/password", tags=TAG, operation_id="change_password", sync_to_thread=True,
    status_code=204, responses=told(401, 403, 422, 503),
)  # fmt: skip
def change_own_password(here: Here, request: Asking, data: JSONBody[PasswordChange]) -> None:
    """Another password; every other browser is signed out."""
    who = who_acts()
    change_password(
        here.engine, who.member, old=data.old, new=data.new,
        visitor=_visitor(here, request), clock=here.clock,
    )  # fmt: skip
    with writing(here.engine) as db:
        revoke_all(db, who.member.id, but=who.session_id)


@get("/sessions", tags=TAG, operation_id="list_sessions", sync_to_thread=True,
     responses=told(401, 503))  # fmt: skip
def list_own_sessions(here: Here) -> list[SessionShown]:
    """Where you are signed in."""
    who = who_acts()
    with reading(here.engine) as db:
        found = list_sessions(db, who.member.id, here.clock.now())
    return [
        SessionShown(
            id=one.id, agent=one.agent, address=one.address, made_at=one.made_at,
            seen_at=one.seen_at, expires_at=one.expires_at, is_this=one.id == who.session_id,
        )
        for one in found
    ]  # fmt: skip


@delete("/sessions/{session_id:int}", tags=TAG, operation_id="revoke_session", sync_to_thread=True,
        status_code=204, responses=told(401, 404, 503))  # fmt: skip
def revoke_own_session(here: Here, request: Asking, session_id: FromPath[int]) -> None:
    """Sign one of your browsers out."""
    who = who_acts()
    with writing(here.engine) as db:
        if not revoke_session(db, who.member.id, session_id):
            raise UnknownMember(f"session {session_id}")
        note_own_deed(db, here, request, "signed a browser out", str(session_id))


@get("/tokens", tags=TAG, operation_id="list_tokens", sync_to_thread=True,
     responses=told(401, 503))  # fmt: skip
def list_own_tokens(here: Here) -> list[TokenShown]:
    """Your programs' ways in."""
    with reading(here.engine) as db:
        found = list_tokens(db, who_acts().member.id)
    return [_token(one) for one in found]


@post("/tokens", tags=TAG, operation_id="make_token", sync_to_thread=True, status_code=201,
      responses=told(401, 503))  # fmt: skip
def make_own_token(here: Here, request: Asking, data: JSONBody[TokenAsked]) -> TokenShown:
    """Make one; its secret is told here and never again."""
    member, secret, now = who_acts().member, new_secret(PREFIX), here.clock.now()
    with writing(here.engine) as db:
        made = make_token(
            db, member.id, name=data.name, hashed=hash_of(secret), scope=data.scope, at=now
        )
        note_own_deed(db, here, request, "made a token", f"{data.name} ({data.scope})")
    return _token(made, secret)


@delete("/tokens/{token_id:int}", tags=TAG, operation_id="revoke_token", sync_to_thread=True,
        status_code=204, responses=told(401, 404, 503))  # fmt: skip
def revoke_own_token(here: Here, request: Asking, token_id: FromPath[int]) -> None:
    """Let a program in no more."""
    with writing(here.engine) as db:
        if not revoke_token(db, who_acts().member.id, token_id):
            raise UnknownMember(f"token {token_id}")
        note_own_deed(db, here, request, "revoked a token", str(token_id))


IN_BOTH_MODES = (who_am_i,)
IN_SERVER_MODE = (
    begin_session,
    join_by_invitation,
    end_session,
    change_own_password,
    list_own_sessions,
    revoke_own_session,
    list_own_tokens,
    make_own_token,
    revoke_own_token,
)  # fmt: skip


def _begun(here: Installation, begun: SignedIn, *, status: int = 200) -> Response[Whoami]:
    return Response(
        _whoami(begun.member, begun.csrf, []),
        status_code=status,
        cookies=[session_cookie(begun.secret, is_secure=_is_secure(here))],
    )


def _whoami(member: Member, csrf: str | None, ways: list[Literal["password", "discogs"]]) -> Whoami:
    role: Role = "owner" if member.role == "owner" else "member"
    return Whoami(mode="server", name=member.name, role=role, csrf=csrf, ways=ways)


def _token(one: Any, secret: str | None = None) -> TokenShown:
    return TokenShown(
        id=one.id, name=one.name, scope=one.scope, made_at=one.made_at, used_at=one.used_at,
        secret=secret,
    )  # fmt: skip


def note_own_deed(
    db: "Connection", here: Installation, request: Asking, deed: str, detail: str = ""
) -> None:
    """Note in the audit log what whoever asks did."""
    who, visitor = who_acts(), _visitor(here, request)
    note_deed(db, who.member.id, deed, detail=detail, address=visitor.address, at=here.clock.now())


def _visitor(here: Installation, request: Asking) -> Visitor:
    return visitor_of(request.scope, here.settings.trusted_proxies)


def _is_secure(here: Installation) -> bool:
    return (here.settings.public_url or "").startswith("https:")
