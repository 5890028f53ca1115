"""Schedules: what is done by itself, how often, and how long what is old is kept."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import delete, get, put
from litestar.params import FromPath, FromQuery, JSONBody

from cratewise.api.installation import Here, Installation
from cratewise.api.problems import told
from cratewise.errors import OwnersOnly
from cratewise.people.acting import who_acts
from cratewise.retention import USUAL as USUALLY_KEPT
from cratewise.retention import check_days, what_is_kept
from cratewise.schedules import OF_SELLERS, USUAL, Planned, planned_for
from cratewise.schedules import change_schedule as change
from cratewise.shelf.kept import kept_seller
from cratewise.store.engine import reading, writing
from cratewise.store.retention import keep_for

TAG = ["schedules"]


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is done by itself.

    kind           'quick' and 'full' looks at sellers, 'rates', 'alerts', 'retention'.
    seller         of whom this is told; null: over all, or of the installation.
    told           'usual': as shipped; 'overall', 'seller': changed there.
    usual_minutes, least_minutes  as shipped; how often at most.
    may_change     whether you may: what is the installation's is its owners'.
    last_at        when it was last done; null: not yet, as far as is known.
    next_at        when it is due; null: it is off, or there is nothing to do it for.
    """

    kind: str
    seller: str | None
    purpose: str
    every_minutes: int
    is_on: bool
    told: Literal["usual", "overall", "seller"]
    usual_minutes: int
    least_minutes: int
    may_change: bool
    last_at: datetime | None
    next_at: datetime | None


class Schedules(msgspec.Struct, frozen=True):
    """Over all first, then sellers by name: those that differ, or the one that was asked for."""

    schedules: list[Schedule]


class ScheduleChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told stays until it is told otherwise; what is not told stays as it is."""

    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=525_600)] | None = None
    is_on: bool | None = None


class Retained(msgspec.Struct, frozen=True, kw_only=True):
    """How long something is kept; days null: for ever."""

    what: str
    purpose: str
    days: int | None
    usual_days: int
    least_days: int
    may_change: bool


class Retention(msgspec.Struct, frozen=True):
    """What is thrown away when it is old enough; nothing that is somebody's own is among it."""

    kept: list[Retained]


class RetentionChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """days null: for ever."""

    days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] | None


Seller = FromQuery[Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None]


@get("/schedules", tags=TAG, operation_id="list_schedules", sync_to_thread=True,
     responses=told(404, 503))  # fmt: skip
def list_schedules(here: Here, seller: Seller = None) -> Schedules:
    """What is done by itself; of one seller alone, if told."""
    account_id, now = here.account().id, here.clock.now()
    with reading(here.engine) as db:
        only = None if seller is None else kept_seller(db, seller).id
        planned = planned_for(db, account_id, now)
    may_change = _may_change_all(here)
    return Schedules(
        [
            _shown(one, may_change=may_change)
            for one in planned
            if (one.key.seller_id == only if only else not one.seller or one.told == "seller")
        ]
    )


@put("/schedules/{kind:str}", tags=TAG, operation_id="change_schedule", sync_to_thread=True,
     responses=told(401, 404, 422, 503))  # fmt: skip
def change_schedule(
    here: Here, kind: FromPath[str], data: JSONBody[ScheduleChange], seller: Seller = None
) -> Schedule:
    """Do it more or less often, or not at all; over all, or for one seller."""
    _refuse_unless_owner(here, kind)
    return _changed(here, kind, seller, every_minutes=data.every_minutes, is_on=data.is_on)


@delete("/schedules/{kind:str}", tags=TAG, operation_id="reset_schedule", sync_to_thread=True,
        status_code=200, responses=told(401, 404, 422, 503))  # fmt: skip
def reset_schedule(here: Here, kind: FromPath[str], seller: Seller = None) -> Schedule:
    """Do it as shipped again; for one seller as over all."""
    _refuse_unless_owner(here, kind)
    return _changed(here, kind, seller, is_usual=True)


@get("/retention", tags=TAG, operation_id="read_retention", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def read_retention(here: Here) -> Retention:
    """How long what nobody needs any more is kept."""
    return _retention(here)


@put("/retention/{what:str}", tags=TAG, operation_id="change_retention", sync_to_thread=True,
     responses=told(401, 404, 422, 503))  # fmt: skip
def change_retention(here: Here, what: FromPath[str], data: JSONBody[RetentionChange]) -> Retention:
    """Keep something longer, shorter or for ever."""
    _refuse_unless_owner(here)
    check_days(what, data.days or 0)
    with writing(here.engine) as db:
        keep_for(db, what, data.days or 0)
    return _retention(here)


@delete("/retention/{what:str}", tags=TAG, operation_id="reset_retention", sync_to_thread=True,
        status_code=200, responses=told(401, 404, 503))  # fmt: skip
def reset_retention(here: Here, what: FromPath[str]) -> Retention:
    """Keep something for as long as is usual again."""
    _refuse_unless_owner(here)
    check_days(what, 0)
    with writing(here.engine) as db:
        keep_for(db, what, None)
    return _retention(here)


def _changed(here: Installation, kind: str, seller: str | None, **told: Any) -> Schedule:
    account_id, now = here.account().id, here.clock.now()
    with writing(here.engine) as db:
        seller_id = None if seller is None else kept_seller(db, seller).id
        one = change(db, kind, account_id, seller_id, at=now, **told)
    return _shown(one, may_change=_may_change_all(here))


def _retention(here: Installation) -> Retention:
    with reading(here.engine) as db:
        kept = what_is_kept(db)
    may_change = _may_change_all(here)
    return Retention(
        [
            Retained(
                what=one.what,
                purpose=USUALLY_KEPT[one.what].what,
                days=one.days,
                usual_days=USUALLY_KEPT[one.what].days,
                least_days=USUALLY_KEPT[one.what].least_days,
                may_change=may_change,
            )
            for one in kept
        ]
    )


def _may_change_all(here: Installation) -> bool:
    return here.settings.mode != "server" or who_acts().member.role == "owner"


def _refuse_unless_owner(here: Installation, kind: str = "") -> None:
    if kind not in OF_SELLERS and not _may_change_all(here):
        raise OwnersOnly


def _shown(one: Planned, *, may_change: bool) -> Schedule:
    kind, usual = one.key.kind, USUAL[one.key.kind]
    return Schedule(
        kind=kind,
        seller=one.seller,
        purpose=usual.purpose,
        every_minutes=one.every_minutes,
        is_on=one.is_on,
        told=one.told,
        usual_minutes=usual.every_minutes,
        least_minutes=usual.least_minutes,
        may_change=may_change or kind in OF_SELLERS,
        last_at=one.last_at,
        next_at=one.next_at,
    )
