"""Invitations: each lets one person make an account, once, within its time."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from cratewise.store.people_tables import invitations


class Invitation(NamedTuple):
    """role: 'owner' or 'member', that the account will have."""

    id: int
    role: str
    made_by: int | None
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


_INVITATIONS = select(*(invitations.c[name] for name in Invitation._fields))


def find_invitation(db: Connection, hashed: str) -> Invitation | None:
    """The invitation of this hash, be it used up or not."""
    row = db.execute(_INVITATIONS.where(invitations.c.hash == hashed)).first()
    return None if row is None else Invitation._make(row)


def list_invitations(db: Connection, now: datetime) -> list[Invitation]:
    """Those that still let somebody in, the newest first."""
    open_ones = _INVITATIONS.where(invitations.c.used_at.is_(None), invitations.c.expires_at > now)
    rows = db.execute(open_ones.order_by(invitations.c.id.desc()))
    return [Invitation._make(row) for row in rows]


def make_invitation(
    db: Connection,
    hashed: str,
    *,
    role: str,
    made_by: int | None,
    at: datetime,
    expires_at: datetime,
) -> Invitation:
    row = {"hash": hashed, "role": role, "made_by": made_by, "made_at": at}
    made = insert(invitations).returning(invitations.c.id)
    number = db.execute(made, {**row, "expires_at": expires_at}).scalar_one()
    return Invitation._make(db.execute(_INVITATIONS.where(invitations.c.id == number)).one())


def use_invitation(db: Connection, invitation_id: int, at: datetime) -> bool:
    """Use it up; False when somebody was quicker."""
    used = db.execute(
        update(invitations)
        .where(invitations.c.id == invitation_id, invitations.c.used_at.is_(None))
        .values(used_at=at)
    )
    return used.rowcount == 1


def withdraw_invitation(db: Connection, invitation_id: int) -> bool:
    """Let it let nobody in; False when it was used, or never made."""
    unused = delete(invitations).where(invitations.c.used_at.is_(None))
    return db.execute(unused.where(invitations.c.id == invitation_id)).rowcount == 1
