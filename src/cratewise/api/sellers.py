"""Sellers: follow, look, note, forget."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter

from cratewise.api.installation import Here, Installation
from cratewise.api.listings import AskedListings, ListingPage, eyes_of, look, look_tag
from cratewise.api.problems import told
from cratewise.api.tag import AnyRequest, tagged
from cratewise.discogs.names import seller_name
from cratewise.errors import PullUnderWay, UnreadSeller
from cratewise.inventory.followed import followed_as_they_stand
from cratewise.inventory.meet import meet
from cratewise.notices import DATA_NOTICE, seller_url
from cratewise.shelf.kept import kept_seller
from cratewise.store.engine import reading, writing
from cratewise.store.following import (
    FollowedSeller,
    change_follow,
    forget,
    kept_names,
)
from cratewise.store.pulls import list_pulls

Name = Annotated[str, PathParameter(description="In any case.", max_length=100)]


class Seller(msgspec.Struct, frozen=True, kw_only=True):
    """A seller that you follow, and what is kept of them; null: unknown.

    state        'active', 'gone' or 'suspended', as their profile said last.
    claimed      listings for sale, as their profile said last.
    for_sale     kept listings that are for sale; gone: no longer.
    coverage     which part of what was for sale the last measured pull saw, 0 to 1.
    pull_*       the last pull or import.
    note         your own words; is_muted: no news of them.
    """

    seller: str
    state: str
    currency: str | None
    location: str | None
    rating_percent: float | None
    ratings: int | None
    claimed: int | None
    for_sale: int
    gone: int
    coverage: float | None
    pull_kind: str | None
    pull_state: str | None
    pull_outcome: str | None
    pull_started_at: datetime | None
    pull_finished_at: datetime | None
    followed_at: datetime
    note: str
    is_muted: bool
    url: str


class Sellers(msgspec.Struct, frozen=True, kw_only=True):
    """Every seller that you follow, by name."""

    sellers: list[Seller]
    notice: str = DATA_NOTICE


class Following(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to follow: a name in any case, or the address of a shop."""

    seller: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


# PostgreSQL's texts hold no NUL.
Note = Annotated[str, msgspec.Meta(max_length=2000, pattern=r"^[^\x00]*$")]


class SellerChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    note: (
        Annotated[str, msgspec.Meta(max_length=2000, pattern=r"^[^\x00]*$")] | msgspec.UnsetType
    ) = msgspec.UNSET
    is_muted: bool | msgspec.UnsetType = msgspec.UNSET


@get(
    "/sellers",
    tags=["sellers"],
    operation_id="list_sellers",
    sync_to_thread=True,
    responses=told(503),
)
def list_sellers(here: Here) -> Sellers:
    """Every seller that you follow, with how much of their stock is kept and how fresh it is."""
    account = here.account()
    with reading(here.engine) as db:
        followed = followed_as_they_stand(db, account.id, here.clock.now())
        return Sellers(sellers=[_shown(one) for one in followed])


@post(
    "/sellers",
    tags=["sellers"],
    operation_id="follow_seller",
    sync_to_thread=True,
    status_code=201,
    responses=told(404, 409, 422, 502, 503, 504)
    | {
        200: ResponseSpec(
            data_container=Seller, generate_examples=False, description="Followed before"
        )
    },
)
def follow_seller(here: Here, data: JSONBody[Following]) -> Response[Seller]:
    """Follow a seller; asks Discogs for their profile, one request.  200 if you did before."""
    name = seller_name(data.seller)
    account = here.account()
    with reading(here.engine) as db:
        followed = followed_as_they_stand(db, account.id, here.clock.now())
        before = {one.seller for one in followed}
    with here.open_discogs(account.id) as discogs, discogs.interactive():
        profile, _ = meet(here.engine, discogs, name, clock=here.clock, follower=account.id)
    found = _followed(here, profile.username)
    return Response(_shown(found), status_code=200 if found.seller in before else 201)


@get(
    "/sellers/{name:str}",
    tags=["sellers"],
    operation_id="read_seller",
    sync_to_thread=True,
    responses=told(404, 503),
)
def read_seller(here: Here, name: Name) -> Seller:
    """One seller that you follow."""
    return _shown(_followed(here, name))


@get(
    "/sellers/{name:str}/listings",
    tags=["sellers"],
    operation_id="list_listings_of_seller",
    sync_to_thread=True,
    responses=told(404, 422, 503),
)
def list_listings_of_seller(
    here: Here, name: Name, asked: AskedListings, request: AnyRequest
) -> Response[ListingPage]:
    """A seller's listings, as /listings gives everybody's."""
    of_seller = asked._replace(told={**asked.told, "sellers": (name,)})
    eyes = eyes_of(here)
    return tagged(request, look_tag(here, eyes), lambda: look(here, eyes, of_seller))


@patch(
    "/sellers/{name:str}",
    tags=["sellers"],
    operation_id="change_seller",
    sync_to_thread=True,
    responses=told(404, 503),
)
def change_seller(here: Here, name: Name, data: JSONBody[SellerChange]) -> Seller:
    """Note something about a seller, or hear no more news of them."""
    found = _followed(here, name)
    account = here.account()
    with writing(here.engine) as db:
        change_follow(
            db,
            account.id,
            kept_seller(db, name).id,
            note=found.note if data.note is msgspec.UNSET else data.note,
            is_muted=found.is_muted if data.is_muted is msgspec.UNSET else data.is_muted,
        )
    return _shown(_followed(here, name))


@delete(
    "/sellers/{name:str}",
    tags=["sellers"],
    operation_id="forget_seller",
    sync_to_thread=True,
    status_code=204,
    responses=told(404, 409, 503),
)
def forget_seller(here: Here, name: Name) -> None:
    """Follow a seller no more, and forget their stock unless somebody else follows them."""
    found = _followed(here, name)
    account = here.account()
    with writing(here.engine) as db:
        seller_id = kept_seller(db, name).id
        if list_pulls(db, seller_id=seller_id, state="running", limit=1):
            raise PullUnderWay(found.seller)
        forget(db, account.id, seller_id)


def _followed(here: Installation, name: str) -> FollowedSeller:
    """Raises UnreadSeller for one whom nobody here follows."""
    account = here.account()
    with reading(here.engine) as db:
        seller = kept_seller(db, name)
        found = followed_as_they_stand(db, account.id, here.clock.now(), seller.id)
        if not found:
            raise UnreadSeller(name, [kept for kept in kept_names(db) if kept == seller.username])
    return found[0]


def _shown(one: FollowedSeller) -> Seller:
    return Seller(**one._asdict(), url=seller_url(one.seller))
