"""Ask Discogs what releases are, one request each, with what the quota leaves.

The last resort, for releases that neither the catalogue nor a wantlist describes: the
best-scored first, and kept for good.  While a pull goes on its requests go first.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from cratewise.catalog.enrich import counts, description
from cratewise.clock import Clock
from cratewise.errors import NotFound, WaitAbandoned
from cratewise.store.descriptions import Description, best_undescribed, describe_releases
from cratewise.store.engine import reading, writing
from cratewise.store.listing_row import Reading
from cratewise.store.standing import what_is_kept
from cratewise.store.upsert import recount

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.client import Discogs

AT_ONCE = 20  # releases chosen at a time: what a pull brings meanwhile may be better
NAP_SECONDS = 1.0  # between two looks whether a pull still goes on


class Asked(NamedTuple):
    """What came of it; missing: releases that Discogs does not have any more."""

    described: int
    missing: int


def describe_by_asking(
    engine: "Engine",
    discogs: "Discogs",
    *,
    clock: Clock,
    seconds: float,
    should_stop: Callable[[], bool],
) -> Asked:
    """Ask for releases until none is left, or so many seconds are over.

    Each answer is kept as it comes.  Raises DiscogsError, StoreError.
    """
    until = clock.monotonic() + seconds
    described = missing = 0
    while not should_stop() and clock.monotonic() < until:
        with reading(engine) as db:
            is_pulling = what_is_kept(db).running_pulls > 0
            ids = [] if is_pulling else best_undescribed(db, limit=AT_ONCE)
        if is_pulling:
            clock.sleep(NAP_SECONDS)
            continue
        if not ids:
            break
        for release_id in ids:
            if should_stop() or clock.monotonic() >= until:
                break
            try:
                is_there = _describe(engine, discogs, release_id, clock)
            except WaitAbandoned:
                return Asked(described, missing)
            described += is_there
            missing += not is_there
    return Asked(described, missing)


def _describe(engine: "Engine", discogs: "Discogs", release_id: int, clock: Clock) -> bool:
    """Ask for one release and keep the answer; False: there is none any more."""
    read_at = clock.now()
    try:
        raw = discogs.release(release_id)
    except NotFound:
        raw = {}
    # Noted even where there is no answer: it would be asked for again and again.
    told = description({**raw, "id": release_id}) or Description(release_id)
    with writing(engine) as db:
        if counted := counts({**raw, "id": release_id}):
            recount(db, [counted], Reading(0, None, read_at, clock.now()))
        describe_releases(db, [told], "release", clock.now())
    return bool(raw)
