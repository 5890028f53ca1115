"""What owners do where many sign in: invite, shut out, read who did what."""

from datetime import datetime, timedelta

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from cratewise.api.installation import Here, Installation
from cratewise.api.people import Asking, Role, note_own_deed
from cratewise.api.problems import told
from cratewise.errors import LastOwner, OwnersOnly, UnknownMember
from cratewise.people.acting import who_acts
from cratewise.people.recognise import Recognised
from cratewise.people.secrets import hash_of, new_secret
from cratewise.store.audit import list_deeds
from cratewise.store.engine import reading, writing
from cratewise.store.invitations import list_invitations, make_invitation, withdraw_invitation
from cratewise.store.members import Member, count_owners, disable, find_member, list_members
from cratewise.store.sessions import revoke_all

TAG = ["people"]
INVITED_FOR = timedelta(days=7)
PAGE = 100
AS = {"owner": "an owner", "member": "a member"}  # in the audit log


class InvitationAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the account will be."""

    role: Role = "member"


class InvitationShown(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that still lets somebody in; url: told once, when it is made."""

    id: int
    role: str
    made_at: datetime
    expires_at: datetime
    url: str | None = None


class MemberShown(msgspec.Struct, frozen=True, kw_only=True):
    """An account."""

    name: str
    role: str
    has_password: bool
    discogs_username: str | None
    created_at: datetime
    is_disabled: bool


class DeedShown(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what, when, from where."""

    id: int
    account: str | None
    deed: str
    detail: str
    address: str
    at: datetime


@get("/invitations", tags=TAG, operation_id="list_invitations", sync_to_thread=True,
     responses=told(401, 503))  # fmt: skip
def list_open_invitations(here: Here) -> list[InvitationShown]:
    """Invitations that still let somebody in; for owners."""
    _owner()
    with reading(here.engine) as db:
        found = list_invitations(db, here.clock.now())
    return [
        InvitationShown(id=one.id, role=one.role, made_at=one.made_at, expires_at=one.expires_at)
        for one in found
    ]


@post("/invitations", tags=TAG, operation_id="invite", sync_to_thread=True, status_code=201,
      responses=told(401, 503))  # fmt: skip
def invite(here: Here, request: Asking, data: JSONBody[InvitationAsked]) -> InvitationShown:
    """Let one person make an account, once, within seven days; for owners."""
    member, secret, now = _owner().member, new_secret(), here.clock.now()
    with writing(here.engine) as db:
        made = make_invitation(
            db, hash_of(secret), role=data.role, made_by=member.id, at=now,
            expires_at=now + INVITED_FOR,
        )  # fmt: skip
        note_own_deed(db, here, request, f"invited {AS[data.role]}")
    return InvitationShown(
        id=made.id, role=made.role, made_at=made.made_at, expires_at=made.expires_at,
        # Behind the #, so that no server and no log ever sees it.
        url=f"{here.settings.public_url}/join#{secret}",
    )  # fmt: skip


@delete("/invitations/{invitation_id:int}", tags=TAG, operation_id="withdraw_invitation",
        sync_to_thread=True, status_code=204, responses=told(401, 404, 503))  # fmt: skip
def withdraw(here: Here, request: Asking, invitation_id: FromPath[int]) -> None:
    """Let it let nobody in; for owners."""
    _owner()
    with writing(here.engine) as db:
        if not withdraw_invitation(db, invitation_id):
            raise UnknownMember(f"open invitation {invitation_id}")
        note_own_deed(db, here, request, "withdrew an invitation", str(invitation_id))


@get("/accounts", tags=TAG, operation_id="list_accounts", sync_to_thread=True,
     responses=told(401, 503))  # fmt: skip
def list_accounts(here: Here) -> list[MemberShown]:
    """Who has an account; for owners."""
    _owner()
    with reading(here.engine) as db:
        found = list_members(db)
    return [_member(one) for one in found]


@post("/accounts/{name:str}/disable", tags=TAG, operation_id="disable_account",
      sync_to_thread=True, status_code=204, responses=told(401, 404, 409, 503))  # fmt: skip
def disable_account(here: Here, request: Asking, name: FromPath[str]) -> None:
    """Sign an account out everywhere and let it in no more; what it has stays.  For owners.

    The last owner cannot be shut out.
    """
    _shut(here, request, name, is_shut=True)


@post("/accounts/{name:str}/enable", tags=TAG, operation_id="enable_account",
      sync_to_thread=True, status_code=204, responses=told(401, 404, 503))  # fmt: skip
def enable_account(here: Here, request: Asking, name: FromPath[str]) -> None:
    """Let an account in again; for owners."""
    _shut(here, request, name, is_shut=False)


@get("/audit", tags=TAG, operation_id="read_audit_log", sync_to_thread=True,
     responses=told(401, 503))  # fmt: skip
def read_audit_log(here: Here, before: FromQuery[int | None] = None) -> list[DeedShown]:
    """Who did what, the newest first, 100 at a time; for owners.

    before  older than this one.
    """
    _owner()
    with reading(here.engine) as db:
        found = list_deeds(db, limit=PAGE, before_id=before)
    return [DeedShown(**one._asdict()) for one in found]


IN_SERVER_MODE = (
    list_open_invitations,
    invite,
    withdraw,
    list_accounts,
    disable_account,
    enable_account,
    read_audit_log,
)


def _owner() -> Recognised:
    who = who_acts()
    if who.member.role != "owner":
        raise OwnersOnly
    return who


def _shut(here: Installation, request: Asking, name: str, *, is_shut: bool) -> None:
    _owner()
    with writing(here.engine) as db:
        member = find_member(db, name)
        if member is None:
            raise UnknownMember(f"account called {name!r}")
        if is_shut and member.role == "owner" and count_owners(db) < 2:
            raise LastOwner(member.name)
        disable(db, member.id, here.clock.now() if is_shut else None)
        if is_shut:
            revoke_all(db, member.id)
        note_own_deed(db, here, request, "disabled" if is_shut else "enabled", member.name)


def _member(one: Member) -> MemberShown:
    return MemberShown(
        name=one.name,
        role=one.role,
        has_password=one.password_hash is not None,
        discogs_username=one.discogs_username,
        created_at=one.created_at,
        is_disabled=one.disabled_at is not None,
    )
