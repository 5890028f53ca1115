"""Followed: labels and artists whose records you want to hear of; they speak for a listing."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import JSONBody, PathParameter

from cratewise.api.installation import Here
from cratewise.api.problems import BadField, told
from cratewise.store import followed as kept
from cratewise.store.engine import reading, writing

Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]


class ToFollow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """name: as Discogs writes it, in any case."""

    kind: kept.Kind
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """A label or an artist that is followed."""

    id: int
    kind: kept.Kind
    name: str
    followed_at: datetime


class AllFollowed(msgspec.Struct, frozen=True):
    """The labels and artists that you follow, the newest first."""

    followed: list[Followed]


@get("/followed", tags=["taste"], operation_id="list_followed", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_followed(here: Here) -> AllFollowed:
    """The labels and artists that you follow."""
    account = here.account()
    with reading(here.engine) as db:
        return AllFollowed([_shown(one) for one in kept.followed_by(db, account.id)])


@post("/followed", tags=["taste"], operation_id="follow_name", sync_to_thread=True,
      status_code=200, responses=told(503))  # fmt: skip
def follow_name(here: Here, data: JSONBody[ToFollow]) -> Followed:
    """Follow a label or an artist; again changes nothing."""
    account, name = here.account(), data.name.strip()
    if not name:
        raise BadField("body.name", f"name: {data.name!r} is no {data.kind}'s name.")
    with writing(here.engine) as db:
        return _shown(kept.follow(db, account.id, data.kind, name, here.clock.now()))


@delete("/followed/{followed_id:int}", tags=["taste"], operation_id="unfollow_name",
        sync_to_thread=True, status_code=204, responses=told(503))  # fmt: skip
def unfollow_name(here: Here, followed_id: Number) -> None:
    """Follow it no more; again changes nothing."""
    account = here.account()
    with writing(here.engine) as db:
        kept.unfollow(db, account.id, followed_id)


def _shown(one: kept.Followed) -> Followed:
    return Followed(**one._asdict())
