"""How long what nobody needs any more is kept, and throwing it away.

    jobs    that are over, and what Discogs was told       30 days
    pulls   that ended; the last of each kind stays         a year
    gone    listings that nobody judged, picked or hid      two years
    prices  changes of prices; the price itself stays       two years
    audit   who did what, where many sign in                a year

Nothing that somebody told, judged, wants, owns or brought along is ever thrown away.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from cratewise.clock import Clock
from cratewise.errors import ScheduleError, UnknownSchedule
from cratewise.store import retention as store
from cratewise.store.engine import reading, writing

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine

LONGEST_DAYS = 36_500


class Keep(NamedTuple):
    """How long something is usually kept, at least, and what it is."""

    days: int
    least_days: int
    what: str


# A stopped pull is taken up again, and a job is looked at, for some days.
USUAL = {
    "jobs": Keep(30, 1, "Jobs that are over, and changes of wants that Discogs was told."),
    "pulls": Keep(365, 30, "Pulls that ended; the last of each kind stays."),
    "gone": Keep(730, 30, "Listings that went and that nobody judged, picked or hid."),
    "prices": Keep(730, 30, "Changes of prices; the price itself stays."),
    "audit": Keep(365, 30, "Who did what, where many sign in."),
}
THROWERS: dict[str, Callable[["Connection", "datetime"], int]] = {
    "pulls": store.throw_pulls,
    "gone": store.throw_gone_listings,
    "prices": store.throw_price_changes,
    "audit": store.throw_audit_entries,
}


class Kept(NamedTuple):
    """How long something is kept as things stand; days None: for ever."""

    what: str
    days: int | None
    is_usual: bool


def what_is_kept(db: "Connection") -> list[Kept]:
    """How long each is kept."""
    told = store.kept_days(db)
    return [
        Kept(what, told.get(what, usual.days) or None, what not in told)
        for what, usual in USUAL.items()
    ]


def check_days(what: str, days: int) -> None:
    """Raises UnknownSchedule, ScheduleError; 0 days are for ever."""
    if what not in USUAL:
        raise UnknownSchedule(what, tuple(USUAL))
    least = USUAL[what].least_days
    if days and not least <= days <= LONGEST_DAYS:
        raise ScheduleError(
            f"{what} are kept from {least} to {LONGEST_DAYS} days, or for ever, not {days}."
        )


def throw_away(
    index: "Engine", clock: Clock, should_stop: Callable[[], bool] = lambda: False
) -> dict[str, int]:
    """Throw away what is old enough, some at a time; how many of each went."""
    with reading(index) as db:
        kept = {one.what: one.days for one in what_is_kept(db)}
    thrown = {}
    for what, throw in THROWERS.items():
        if days := kept[what]:
            before = clock.now() - timedelta(days=days)
            thrown[what] = _throw(index, throw, before, should_stop)
        if thrown.get(what):
            with writing(index) as db:
                store.note_thrown(db, what, clock.now())
    return thrown


def _throw(
    index: "Engine",
    throw: Callable[["Connection", "datetime"], int],
    before: "datetime",
    should_stop: Callable[[], bool],
) -> int:
    thrown = 0
    while not should_stop():
        with writing(index) as db:
            some = throw(db, before)
        thrown += some
        if some < store.AT_ONCE:
            break
    return thrown
