"""What is done by itself, how often, and whose turn it is now.

    quick      a look for what is new at a seller, by every account that follows them
    full       a reading of a seller's whole stock, likewise
    rates      the newest currency rates
    alerts     what searches found is told
    retention  what nobody needs any more is thrown away

The first two belong to an account, and may differ from seller to seller; the others are
the installation's.  Time counts from the last time that it was done, by whomever: a
seller whom somebody read an hour ago needs no look, and a laptop that slept for a week
looks once.  Whose turn it is follows from the database, where one taker wins.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from cratewise.errors import ScheduleError, UnknownSchedule
from cratewise.store.schedules import (
    Followed,
    Key,
    Told,
    Turn,
    followed_by_all,
    forget_schedule,
    schedules_told,
    tell_schedule,
    turns_taken,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

HOUR, DAY, YEAR = 60, 1440, 525_600  # minutes

# Whoever took a turn asks for its job within a moment; who did not by then died.
LEASE = timedelta(minutes=5)
# What was asked for and did not end well is tried again after a day, if not earlier.
PATIENCE = timedelta(days=1)
# A look at the schedules comes once a minute, not to the second.
EARLY = timedelta(seconds=30)
# Clocks of several machines differ a little.  What is told for later than this was told by a
# clock that was set back since, and counts as not told: else nothing were done until then.
AHEAD = timedelta(minutes=5)


class Usual(NamedTuple):
    """A schedule as it is shipped: how often, how often at most, and for what."""

    every_minutes: int
    least_minutes: int
    purpose: str


USUAL = {
    "quick": Usual(DAY, HOUR, "Look for what is new at each seller that you follow."),
    "full": Usual(7 * DAY, 6 * HOUR, "Read each seller's whole stock, which tells what has gone."),
    "rates": Usual(6 * HOUR, HOUR, "Fetch the newest currency rates."),
    "alerts": Usual(2, 1, "Tell what searches found."),
    "retention": Usual(DAY, HOUR, "Throw away what nobody needs any more."),
}
OF_SELLERS = ("quick", "full")


Source = Literal["usual", "overall", "seller"]


class Planned(NamedTuple):
    """A schedule as it stands.

    told     'usual': as shipped, 'overall' or 'seller': somebody changed it there
    last_at  when it was last done; None: never, as far as is known
    next_at  when it is due; None: it is off, or there is nothing to do it for
    """

    key: Key
    seller: str | None
    every_minutes: int
    is_on: bool
    told: Source
    last_at: datetime | None
    next_at: datetime | None


class Due(NamedTuple):
    """Something whose turn it is: the schedules that it settles, and their turns before."""

    key: Key
    seller: str | None
    settles: dict[Key, Turn | None]


def change_schedule(
    db: "Connection",
    kind: str,
    account_id: int,
    seller_id: int | None,
    *,
    at: datetime,
    every_minutes: int | None = None,
    is_on: bool | None = None,
    is_usual: bool = False,
) -> Planned:
    """Do it so from now on; what is None stays as it is.  The schedule as it then stands.

    seller_id  of a seller whom the account follows; None: over all.
    is_usual   as shipped again, or for a seller as over all.

    Raises UnknownSchedule, ScheduleError.
    """
    of_seller = seller_id is not None
    check_schedule(kind, every_minutes, of_seller=of_seller)
    key = Key(kind, account_id, seller_id) if kind in OF_SELLERS else Key(kind)
    if is_usual:
        forget_schedule(db, key)
    if every_minutes is not None or is_on is not None:
        now, _ = _plan(key, schedules_told(db, account_id))
        told = Told(every_minutes or now.every_minutes, now.is_on if is_on is None else is_on)
        tell_schedule(db, key, told, at)
    found = [one for one in planned_for(db, account_id, at) if one.key == key]
    if not found:
        raise ScheduleError("Only sellers that you follow are looked at by themselves.")
    return found[0]


def check_schedule(kind: str, every_minutes: int | None = None, *, of_seller: bool) -> None:
    """Raises UnknownSchedule, ScheduleError."""
    if kind not in USUAL:
        raise UnknownSchedule(kind, tuple(USUAL))
    if of_seller and kind not in OF_SELLERS:
        raise ScheduleError(f"{kind} is the same for every seller; quick and full may differ.")
    least = USUAL[kind].least_minutes
    if every_minutes is not None and not least <= every_minutes <= YEAR:
        raise ScheduleError(
            f"{kind} may be done every {least} minutes at most and once a year at least, "
            f"not every {every_minutes}."
        )


def planned_for(db: "Connection", account_id: int, now: datetime) -> list[Planned]:
    """Every schedule of an account and of the installation: over all, then by seller.

    Of one over all, `last_at` and `next_at` are those of the seller who is next.
    """
    told, taken = schedules_told(db, account_id), _until(now, turns_taken(db))
    each = [
        _of_seller(kind, one, told, taken, now)
        for kind in OF_SELLERS
        for one in followed_by_all(db, account_id, until=now + AHEAD)
    ]
    over_all = [_over_all(kind, account_id, told, each) for kind in OF_SELLERS]
    own = [_of_installation(kind, told, taken, now) for kind in USUAL if kind not in OF_SELLERS]
    return [*over_all, *own, *each]


def due(db: "Connection", now: datetime) -> list[Due]:
    """Whose turn it is; of a seller one look, be they followed by many."""
    told, noted = schedules_told(db), turns_taken(db)
    taken = _until(now, noted)
    found = [
        Due(one.key, None, {one.key: noted.get(one.key)})
        for one in (_of_installation(kind, told, taken, now) for kind in USUAL)
        if one.key.kind not in OF_SELLERS and _is_due(one, now)
    ]
    waiting: dict[int, list[tuple[Planned, Followed]]] = {}
    for followed in followed_by_all(db, until=now + AHEAD):
        for kind in OF_SELLERS:
            one = _of_seller(kind, followed, told, taken, now)
            if followed.state == "active" and _is_due(one, now):
                waiting.setdefault(followed.seller_id, []).append((one, followed))
    return [*found, *_one_each(waiting, noted)]


def _until(now: datetime, noted: dict[Key, Turn]) -> dict[Key, Turn]:
    """The turns that were taken by now."""
    return {key: turn for key, turn in noted.items() if turn.taken_at <= now + AHEAD}


def _one_each(
    waiting: dict[int, list[tuple[Planned, Followed]]], noted: dict[Key, Turn]
) -> Iterator[Due]:
    for many in waiting.values():
        # A full reading is a look as well.  With a credential Discogs allows more.
        chosen, _ = max(many, key=lambda one: (one[0].key.kind == "full", one[1].has_credential))
        keys = [one.key for one, _ in many]
        yield Due(chosen.key, chosen.seller, {key: noted.get(key) for key in keys})


def _is_due(one: Planned, now: datetime) -> bool:
    return one.next_at is not None and one.next_at - EARLY <= now


def _of_seller(
    kind: str, followed: Followed, told: dict[Key, Told], taken: dict[Key, Turn], now: datetime
) -> Planned:
    key = Key(kind, followed.account_id, followed.seller_id)
    plan, source = _plan(key, told)
    last = followed.full_at if kind == "full" else followed.read_at
    every = timedelta(minutes=plan.every_minutes)
    began = followed.followed_at if followed.followed_at <= now + AHEAD else now - every
    begun = max(began, last or began)
    at = _next(begun, every, taken.get(key))
    return Planned(key, followed.seller, *plan, source, last, at if plan.is_on else None)


def _of_installation(
    kind: str, told: dict[Key, Told], taken: dict[Key, Turn], now: datetime
) -> Planned:
    key = Key(kind)
    plan, source = _plan(key, told)
    turn = taken.get(key)
    every = timedelta(minutes=plan.every_minutes)
    last = turn.taken_at if turn and turn.job_id else None
    at = now if turn is None else _next(turn.taken_at, every, turn)
    return Planned(key, None, *plan, source, last, at if plan.is_on else None)


def _over_all(kind: str, account_id: int, told: dict[Key, Told], each: list[Planned]) -> Planned:
    key = Key(kind, account_id)
    plan, source = _plan(key, told)
    of_kind = [(one.next_at, one.last_at) for one in each if one.key.kind == kind and one.next_at]
    at, last = min(of_kind, key=lambda one: one[0], default=(None, None))
    return Planned(key, None, *plan, source, last, at)


def _plan(key: Key, told: dict[Key, Told]) -> tuple[Told, Source]:
    if key.seller_id is not None and key in told:
        return told[key], "seller"
    over_all = key._replace(seller_id=None)
    if over_all in told:
        return told[over_all], "overall"
    return Told(USUAL[key.kind].every_minutes, True), "usual"


def _next(begun: datetime, every: timedelta, turn: Turn | None) -> datetime:
    """When it is due, counted from when it was last done and from who last asked for it."""
    if turn is None or turn.taken_at < begun:
        return begun + every
    if turn.job_id is None:
        return turn.taken_at + LEASE
    return turn.taken_at + min(every, PATIENCE) if turn.taken_at > begun else begun + every
