"""Your Discogs account: connect it by a token or by OAuth, see whose it is, forget it."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody

from cratewise.api.installation import Here, Installation
from cratewise.api.problems import told
from cratewise.discogs.connect import OUT_OF_BAND, ask, finish
from cratewise.discogs.credential import Consumer, Credential, PersonalToken
from cratewise.discogs.sealing import Seal
from cratewise.errors import NotConnected, SettingError
from cratewise.settings import Settings
from cratewise.store.credentials import (
    SealedCredential,
    find_credential,
    forget_credential,
    keep_credential,
)
from cratewise.store.engine import reading, writing

WHERE = "https://www.discogs.com/settings/developers"
TAG = ["settings"]
# Nothing that a header could not carry; Discogs' own have forty letters.  Where `$` stands
# before an end of line too, as in Python, what is behind it has to be asked for.
Token = Annotated[str, msgspec.Meta(min_length=8, max_length=200, pattern=r"^[!-~]+(?!\n)$")]


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """As whom Cratewise asks Discogs for you.

    username      as Discogs said when it was connected; null: not connected.
    kind          'token' that you made, or 'oauth': what you allowed on Discogs' page.
    is_told       the environment tells a token, which goes before one that is connected here.
    may_allow     whether Discogs' own page can be asked, since the environment tells an
                  application: POST /session/discogs where many sign in, else POST /discogs/oauth.
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


class Allowing(msgspec.Struct, frozen=True):
    """Where you allow Cratewise to act for you; that page shows a code, worth 15 minutes."""

    page: str


class Allowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code that Discogs' page shows."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


@get("/discogs", tags=TAG, operation_id="read_connection", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def read_connection(here: Here) -> Connection:
    """Whose account is connected."""
    return _shown(here)


@put("/discogs", tags=TAG, operation_id="connect", sync_to_thread=True,
     responses=told(401, 409, 422, 502, 503, 504))  # fmt: skip
def connect(here: Here, data: JSONBody[ToConnect]) -> Connection:
    """Connect it by a token: shown to Discogs, one request, to learn whose it is; kept sealed."""
    return _connected(here, "token", PersonalToken(data.token))


@post("/discogs/oauth", tags=TAG, operation_id="begin_oauth", sync_to_thread=True,
      status_code=200, responses=told(409, 502, 503, 504))  # fmt: skip
def begin_oauth(here: Here) -> Allowing:
    """Begin to connect it by OAuth: asks Discogs for the page on which you allow it, one request.

    For an installation of your own; where many sign in, POST /session/discogs does it.
    """
    account, consumer = here.account(), consumer_of(here.settings)
    with here.open_discogs_as(None) as discogs, discogs.interactive():
        asked = ask(discogs, consumer, OUT_OF_BAND, here.clock)
    here.begun_oauth[account.id] = asked
    return Allowing(asked.page)


@put("/discogs/oauth", tags=TAG, operation_id="finish_oauth", sync_to_thread=True,
     responses=told(401, 409, 502, 503, 504))  # fmt: skip
def finish_oauth(here: Here, data: JSONBody[Allowed]) -> Connection:
    """Connect it by the code of Discogs' page: two requests; what it allows is kept sealed."""
    account, consumer = here.account(), consumer_of(here.settings)
    asked = here.begun_oauth.get(account.id)
    if asked is None:
        raise NotConnected("Nothing was begun, or Cratewise was started anew: begin again.")
    with here.open_discogs_as(None) as discogs, discogs.interactive():
        credential = finish(discogs, consumer, asked, data.code.strip(), here.clock)
    here.begun_oauth.pop(account.id, None)
    return _connected(here, "oauth", credential)


@delete("/discogs", tags=TAG, operation_id="disconnect", sync_to_thread=True, status_code=200,
        responses=told(503))  # fmt: skip
def disconnect(here: Here) -> Connection:
    """Forget what was connected; again changes nothing."""
    account = here.account()
    with writing(here.engine) as db:
        forget_credential(db, account.id)
    here.forget_quota()
    return _shown(here)


def consumer_of(settings: Settings) -> Consumer:
    """The application at Discogs that the environment tells.  Raises SettingError."""
    key, secret = settings.discogs_consumer_key, settings.discogs_consumer_secret
    if not key or not secret:
        raise SettingError(
            "CRATEWISE_DISCOGS_CONSUMER_KEY",
            "is missing: without an application of its own at Discogs nobody can sign in there.",
        )
    return Consumer(key, secret)


def _connected(
    here: Installation, kind: Literal["token", "oauth"], credential: Credential
) -> Connection:
    """Learn whose it is, and keep it."""
    account = here.account()
    with here.open_discogs_as(credential) as discogs, discogs.interactive():
        username = discogs.identity().username
    seal = Seal(here.settings.data_dir, here.settings.secret_keys)
    kept = SealedCredential(kind, seal.seal(credential), username, here.clock.now())
    with writing(here.engine) as db:
        keep_credential(db, account.id, kept)
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
        may_allow=settings.discogs_consumer_key is not None,
        requests_a_minute=here.quota().limit,
    )
