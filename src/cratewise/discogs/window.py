"""The arithmetic of Discogs' moving minute: what it may still count, and who else is on the line.

Discogs counts a request when it arrives, which is some moment between our sending it
and its answer.  So one that was sent counts until a window after its answer: then
Discogs has forgotten it whenever it arrived.

Others may share our address.  Every answer tells how many requests Discogs counts; what
we cannot have sent ourselves is foreign.  Since arrivals are known only as spans, so is
the foreign number: it is moved into the span and no further, which keeps phantoms from
gathering when we are alone, and lets answers come in any order.

All times are seconds by the ledger's clock.  Pure: no database, no waiting.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

BURST_SHARE = 1 / 6  # of the limit that background requests may take at once, unpaced

# What is kept free for a rival's next burst; found by simulation, see docs/LOG.md.
RESERVE_AT_LEAST = 3.0  # slots, while there is a rival
RESERVE_OVER_BURST = 1.0  # slots more than a usual burst has requests
RESERVE_SHARE = 0.15  # of the limit at most
GROWS_BY, SHRINKS_BY = 0.08, 0.02  # of the way to what is wanted, for each foreign request
MELTS_BY = 4.0  # slots in a window without a rival
SEEN_LATE = 2.0  # answers' durations: before we hear of a burst, what we sent meanwhile arrives
EDGE_SHARE = 1 / 15  # of the limit: so near the reserve, one request awaits another's answer
UNDER_WAY_SHARE = 1 / 10  # of the window: whose answer takes longer is not awaited


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that Discogs may count: one of ours, or a foreign one that it told of.

    sent_at, answered_at  it arrived between the two; None: no answer yet.
    is_refused            answered with a 429, which Discogs may or may not count.
    """

    id: int
    sent_at: float
    answered_at: float | None
    is_refused: bool = False
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What an answer teaches of foreign requests: when unknown ones came, which are gone."""

    arrived_at: tuple[float, ...] = ()
    gone: tuple[int, ...] = ()


def free_at(request: Sent, window: float, lost_after: float) -> float:
    """When Discogs has surely forgotten a request.

    lost_after  seconds after which a request without an answer has none to come: its
                process died.
    """
    answered_at = request.answered_at
    return (request.sent_at + lost_after if answered_at is None else answered_at) + window


def room_at(held: Sequence[float], room: int, now: float) -> float:
    """When fewer than `room` of the requests held until those times are left; `now` if already."""
    later = sorted(until for until in held if until > now)
    if len(later) < room:
        return now
    return later[len(later) - max(room, 1)] if later else now


def correction(
    requests: Sequence[Sent], answered: Sent, used: int, window: float, observed_at: float | None
) -> Correction:
    """How the foreign requests that we know of must change to agree with an answer.

    answered     the request whose answer told it; it has an answered_at.
    used         requests of the window that Discogs counted when it arrived.
    observed_at  when an answer told so the last time; None: never, or long ago.
    """
    sent_at, answered_at = answered.sent_at, answered.answered_at
    if answered_at is None:
        raise ValueError("a request without an answer tells nothing")
    ours = [r for r in requests if not r.is_foreign]
    foreign = sorted((r for r in requests if r.is_foreign), key=lambda request: request.sent_at)
    at_least = used - sum(_may_count(r, answered, window) for r in ours)
    at_most = used - sum(_surely_counts(r, answered, window) for r in ours)
    perhaps = sum(request.sent_at > sent_at - window for request in foreign)
    surely = [r for r in foreign if answered_at - window < r.sent_at <= sent_at]
    if at_least > perhaps:
        since = max(observed_at or -math.inf, answered_at - window)
        return Correction(arrived_at=_between(since, answered_at, at_least - perhaps))
    if at_most < len(surely):
        # They came earlier than we thought: the oldest have left the window.
        return Correction(gone=tuple(r.id for r in surely[: len(surely) - max(at_most, 0)]))
    return Correction()


def grown(requests: Sequence[Sent], found: Correction, answered: Sent, observed_at: float) -> int:
    """Foreign requests that came too late to be known when `answered` was sent: a burst."""
    if not found.arrived_at or answered.answered_at is None:
        return 0
    duration = answered.answered_at - answered.sent_at
    since = min(answered.answered_at - SEEN_LATE * duration, observed_at)
    known = [request.sent_at for request in requests if request.is_foreign]
    return sum(moment > since for moment in (*known, *found.arrived_at))


def reserve_after(reserve: float, *, arrived: int, grown: int, limit: int) -> float:
    """Slots to keep free so that a rival's next burst finds room, and so do we.

    arrived  foreign requests that an answer told of.
    grown    foreign requests that came too late to be known when it was asked for.
    """
    if not arrived:
        return reserve
    wanted = min(max(grown + RESERVE_OVER_BURST, RESERVE_AT_LEAST), limit * RESERVE_SHARE)
    if not reserve:
        return wanted
    pace = GROWS_BY if wanted > reserve else SHRINKS_BY
    return reserve + (wanted - reserve) * (1 - (1 - pace) ** arrived)


def melted(reserve: float, windows: float) -> float:
    """What is left of the reserve after `windows` without a foreign request."""
    return max(reserve - MELTS_BY * windows, 0.0)


def whole(reserve: float) -> int:
    """Slots of a reserve; less than half a slot is none, so that being alone costs nothing."""
    return math.ceil(max(reserve - 0.5, 0.0))


def _may_count(request: Sent, answered: Sent, window: float) -> bool:
    """Could it have arrived in the window that ended when `answered` arrived?"""
    if request.id == answered.id:
        return True
    is_old = request.answered_at is not None and request.answered_at <= answered.sent_at - window
    return request.sent_at <= (answered.answered_at or answered.sent_at) and not is_old


def _surely_counts(request: Sent, answered: Sent, window: float) -> bool:
    """Must it have arrived in the window that ended when `answered` arrived?"""
    if request.is_refused or request.answered_at is None:
        return False
    if request.id == answered.id:
        return True
    came_before = request.answered_at <= answered.sent_at
    answered_at = answered.sent_at if answered.answered_at is None else answered.answered_at
    return came_before and request.sent_at > answered_at - window


def _between(since: float, until: float, count: int) -> tuple[float, ...]:
    step = max(until - since, 0.0) / count
    return tuple(until - step * (index + 0.5) for index in range(count))
