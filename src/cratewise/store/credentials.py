"""What an account proves itself to Discogs with, sealed; the key is not in the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from cratewise.store.insert import insert_or_update
from cratewise.store.tables import credentials


@dataclass(frozen=True, slots=True)
class SealedCredential:
    """A credential as it is stored.

    kind      'token'
    username  whose it is, as Discogs said when it was stored.
    """

    kind: str
    sealed: bytes
    username: str
    connected_at: datetime


def find_credential(db: Connection, account_id: int) -> SealedCredential | None:
    """The account's credential; None when it never connected."""
    columns = credentials.c
    row = db.execute(
        select(columns.kind, columns.sealed, columns.username, columns.connected_at).where(
            columns.account_id == account_id
        )
    ).first()
    return None if row is None else SealedCredential(*row)


def keep_credential(db: Connection, account_id: int, credential: SealedCredential) -> None:
    """Store it in the place of the one before."""
    insert_or_update(
        db,
        credentials,
        [
            {
                "account_id": account_id,
                "kind": credential.kind,
                "sealed": credential.sealed,
                "username": credential.username,
                "connected_at": credential.connected_at,
            }
        ],
        on="account_id",
    )


def every_sealed(db: Connection) -> list[bytes]:
    """What is sealed, of every account."""
    return list(db.scalars(select(credentials.c.sealed)))


def reseal_all(db: Connection, sealed_anew: Callable[[bytes], bytes]) -> int:
    """Put another seal on every credential, all or none; how many there are.

    Raises what `sealed_anew` raises.
    """
    columns = credentials.c
    rows = db.execute(select(columns.account_id, columns.sealed).with_for_update()).all()
    for row in rows:
        mine = update(credentials).where(columns.account_id == row.account_id)
        db.execute(mine.values(sealed=sealed_anew(row.sealed)))
    return len(rows)


def forget_credential(db: Connection, account_id: int) -> bool:
    """Forget it; False when there was none."""
    found = db.execute(delete(credentials).where(credentials.c.account_id == account_id))
    return found.rowcount == 1
