"""Your Discogs account: connect it with a token, see whose it is, forget it."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import delete, get, put
from litestar.params import JSONBody

from cratewise.api.installation import Here, Installation
from cratewise.api.problems import told
from cratewise.discogs.credential import PersonalToken
from cratewise.discogs.sealing import Seal
from cratewise.store.credentials import (
    SealedCredential,
    find_credential,
    forget_credential,
    keep_credential,
)
from cratewise.store.engine import reading, writing

WHERE = "https://www.discogs.com/settings/developers"
TAG = ["settings"]
# Nothing that a header could not carry; Discogs' own have forty letters.
Token = Annotated[str, msgspec.Meta(min_length=8, max_length=200, pattern=r"^[!-~]+$")]


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """As whom Cratewise asks Discogs for you.

    username      as Discogs said when it was connected; null: not connected.
    kind          'token' that you made, or 'oauth': what you allowed on Discogs' page.
    is_told       the environment tells a token, which goes before one that is connected here.
    may_allow     whether Discogs' own page can be asked: POST /session/discogs.
    where         you make a token there, and make it worthless again.
    """

    username: str | None
    kind: Literal["token", "oauth"] | None
    connected_at: datetime | None
    is_told: bool
    may_allow: bool
    requests_a_minute: int
    where: str = WHERE


class ToConnect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A personal access token."""

    token: Token


@get("/discogs", tags=TAG, operation_id="read_connection", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def read_connection(here: Here) -> Connection:
    """Whose account is connected."""
    return _shown(here)


@put("/discogs", tags=TAG, operation_id="connect", sync_to_thread=True,
     responses=told(401, 409, 422, 502, 503, 504))  # fmt: skip
def connect(here: Here, data: JSONBody[ToConnect]) -> Connection:
    """Connect it by a token: shown to Discogs, one request, to learn whose it is; kept sealed."""
    account, credential = here.account(), PersonalToken(data.token)
    with here.open_discogs_as(credential) as discogs, discogs.interactive():
        username = discogs.identity().username
    seal = Seal(here.settings.data_dir, here.settings.secret_keys)
    kept = SealedCredential("token", seal.seal(credential), username, here.clock.now())
    with writing(here.engine) as db:
        keep_credential(db, account.id, kept)
    here.forget_quota()
    return _shown(here)


@delete("/discogs", tags=TAG, operation_id="disconnect", sync_to_thread=True, status_code=200,
        responses=told(503))  # fmt: skip
def disconnect(here: Here) -> Connection:
    """Forget what was connected; again changes nothing."""
    account = here.account()
    with writing(here.engine) as db:
        forget_credential(db, account.id)
    here.forget_quota()
    return _shown(here)


def _shown(here: Installation) -> Connection:
    account, settings = here.account(), here.settings
    with reading(here.engine) as db:
        kept = find_credential(db, account.id)
    is_server = settings.mode == "server"
    return Connection(
        username=kept.username if kept else None,
        kind=None if kept is None else "oauth" if kept.kind == "oauth" else "token",
        connected_at=kept.connected_at if kept else None,
        is_told=settings.discogs_token is not None and not is_server,
        may_allow=is_server and settings.discogs_consumer_key is not None,
        requests_a_minute=here.quota().limit,
    )
