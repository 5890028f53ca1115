"""Follow a pull that another worker works on."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from cratewise.clock import Clock
from cratewise.errors import PullStopped
from cratewise.inventory.claim import Watch
from cratewise.inventory.deep import BUDGET, expected
from cratewise.inventory.progress import Reporter
from cratewise.inventory.sweep import pages_in, plan
from cratewise.store.engine import reading
from cratewise.store.pulls import Pull, pull_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

LOOK_SECONDS = 1.0  # between two looks at a pull that somebody else works on


def follow_pull(
    engine: "Engine",
    pull: Pull,
    *,
    watch: Watch,
    clock: Clock,
    report: Reporter,
    should_stop: Callable[[], bool],
) -> Pull:
    """Wait until a pull has ended or its worker is dead; the pull as it then stands.

    Raises PullStopped when `should_stop` says so; the pull itself goes on.
    """
    while pull.state == "running" and not watch.is_dead(pull):
        report.tell(pull, "following", pages_left(pull))
        if should_stop():
            raise PullStopped(pull.seller, pull.id)
        clock.sleep(LOOK_SECONDS)
        with reading(engine) as db:
            pull = pull_of(db, pull.id)
    return pull


def budget_of(pull: Pull) -> int:
    """Requests that a deep pull may cost, as its plan says."""
    return int(msgspec.json.decode(pull.plan or b"{}", type=dict).get("requests", BUDGET))


def pages_left(pull: Pull) -> int:
    """How many pages a running pull still has to read, as far as is known."""
    if pull.kind == "quick":
        return 1  # it may end with any page
    if pull.kind == "deep":
        likely, _ = expected(pull.claimed or 0, budget_of(pull) - 1)
        return max(likely - pull.pages, 0)
    return max(0, len(list(pages_in(plan(pull.claimed or 0, "full")))) - pull.pages)
