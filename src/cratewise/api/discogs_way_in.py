"""Sign in with Discogs (OAuth 1.0a), or let whoever is signed in act there.

What Discogs gives before its member decides is kept in a sealed cookie of fifteen minutes,
so that any process can answer when they come back.
"""

from datetime import timedelta
from typing import Any

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromQuery

from cratewise.api.connection import consumer_of
from cratewise.api.cookies import session_cookie
from cratewise.api.installation import Here, Installation
from cratewise.api.problems import BadField, nothing, told
from cratewise.api.visitor import visitor_of
from cratewise.discogs.connect import Asked, ask, finish
from cratewise.discogs.credential import OAuthToken
from cratewise.discogs.sealing import Seal
from cratewise.errors import AccountTaken, NotSignedIn, SignInRefused
from cratewise.people.acting import who_acts
from cratewise.people.sign_in import sign_in_from_discogs
from cratewise.store.audit import note_deed
from cratewise.store.credentials import SealedCredential, keep_credential
from cratewise.store.engine import writing
from cratewise.store.members import find_member_on_discogs, link_to_discogs

PATH = "/api/v1/session/discogs"
COOKIE = "cratewise-discogs"
LASTS = timedelta(minutes=15)  # as long as Discogs' own request token

Asking = Request[Any, Any, Any]


class Page(msgspec.Struct, frozen=True):
    """Where a member of Discogs allows it."""

    page: str


class _Begun(msgspec.Struct, frozen=True):
    """What must be known when they come back; account_id: of whoever was signed in."""

    token: str
    secret: str
    page: str
    account_id: int | None


@post(
    "/session/discogs", tags=["people"], operation_id="ask_discogs", sync_to_thread=True,
    status_code=200, responses=told(409, 502, 503, 504),
)  # fmt: skip
def ask_discogs(here: Here) -> Response[Page]:
    """Begin: the answer tells Discogs' page, to which the browser goes next."""
    consumer, callback = consumer_of(here.settings), f"{here.settings.public_url}{PATH}"
    with here.open_discogs_as(None) as discogs, discogs.interactive():
        asked = ask(discogs, consumer, callback, here.clock)
    begun = _Begun(asked.token, asked.secret, asked.page, _acting_id())
    sealed = _fernet(here).encrypt(msgspec.json.encode(begun)).decode()
    return Response(Page(asked.page), cookies=[_cookie(here, sealed, LASTS)])


@get(
    "/session/discogs", tags=["people"], operation_id="come_back_from_discogs",
    sync_to_thread=True, status_code=303,
    responses=told(403, 409, 502, 503, 504) | nothing(303),
)  # fmt: skip
def come_back(
    here: Here,
    request: Asking,
    oauth_token: FromQuery[str | None] = None,
    oauth_verifier: FromQuery[str | None] = None,
    denied: FromQuery[str | None] = None,
) -> Response[None]:
    """End: Discogs sends the browser here.  Leads to the page, signed in or not."""
    if denied is not None:
        return _home(here)
    begun = _begun(here, request.cookies.get(COOKIE, ""))
    if begun is None or not oauth_verifier or begun.token != oauth_token:
        raise BadField("query.oauth_token", "This is no answer to what was asked of Discogs here.")
    asked = Asked(begun.token, begun.secret, begun.page)
    with here.open_discogs_as(None) as discogs, discogs.interactive():
        credential = finish(discogs, consumer_of(here.settings), asked, oauth_verifier, here.clock)
    with here.open_discogs_as(credential) as discogs, discogs.interactive():
        username = discogs.identity().username
    if begun.account_id is not None:
        if begun.account_id != _acting_id():
            raise SignInRefused
        _connect(here, begun.account_id, username, credential)
        return _home(here)
    visitor = visitor_of(request.scope, here.settings.trusted_proxies)
    signed_in = sign_in_from_discogs(here.engine, username, visitor, here.clock)
    _connect(here, signed_in.member.id, username, credential)
    return _home(here, session_cookie(signed_in.secret, is_secure=_is_secure(here)))


IN_SERVER_MODE = (ask_discogs, come_back)


def _connect(here: Installation, account_id: int, username: str, credential: OAuthToken) -> None:
    now = here.clock.now()
    seal = Seal(here.settings.data_dir, here.settings.secret_keys)
    kept = SealedCredential("oauth", seal.seal(credential), username, now)
    with writing(here.engine) as db:
        other = find_member_on_discogs(db, username)
        if other is not None and other.id != account_id:
            raise AccountTaken(username)
        link_to_discogs(db, account_id, username)
        keep_credential(db, account_id, kept)
        note_deed(db, account_id, "connected Discogs", detail=username, at=now)


def _acting_id() -> int | None:
    try:
        return who_acts().member.id
    except NotSignedIn:
        return None


def _begun(here: Installation, sealed: str) -> _Begun | None:
    try:
        opened = _fernet(here).decrypt(sealed.encode(), ttl=int(LASTS.total_seconds()))
    except InvalidToken:
        return None
    return msgspec.json.decode(opened, type=_Begun)


def _fernet(here: Installation) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in here.settings.secret_keys])


def _home(here: Installation, *cookies: Cookie) -> Response[None]:
    forget = _cookie(here, "", timedelta())
    return Response(
        None,
        status_code=303,
        headers={"Location": f"{here.settings.public_url}/"},
        cookies=[*cookies, forget],
    )


def _cookie(here: Installation, value: str, lasts: timedelta) -> Cookie:
    return Cookie(
        key=COOKIE, value=value, max_age=int(lasts.total_seconds()), path=PATH,
        secure=_is_secure(here), httponly=True, samesite="lax",
    )  # fmt: skip


def _is_secure(here: Installation) -> bool:
    return (here.settings.public_url or "").startswith("https:")
