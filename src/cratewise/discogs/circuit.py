"""Refused again and again, stop asking; then try with one request before all go on.

Like the quota it is shared through the database: the 429s in a row and the moment until
which nobody sends stand in the ledger.  Open, everybody waits; when that moment has
passed, one request tries; its answer closes the circuit, its refusal opens it for longer.

Times are seconds by the ledger's clock.  Pure: no database, no waiting.
"""

from collections.abc import Iterable

from cratewise.discogs.window import Sent
from cratewise.errors import CircuitOpen, RateLimited

OPENS_AFTER = 3  # 429s in a row; one or two are a rival's, whom the quota learns of
TRIAL_LOOK_SECONDS = 0.5  # how often those who wait look what became of the trial


def is_open(refusals: int) -> bool:
    """Whether so many 429s in a row are too many."""
    return refusals >= OPENS_AFTER


def is_tried(requests: Iterable[Sent], blocked_until: float, lost_after: float, now: float) -> bool:
    """Whether one of these requests without an answer is the trial."""
    since = max(blocked_until, now - lost_after)
    return any(not one.is_foreign and one.sent_at >= since for one in requests)


def refusal(refusals: int, wait_seconds: float) -> RateLimited:
    """The error of whoever was refused, or may not send for so long."""
    if is_open(refusals):
        return CircuitOpen(refusals, wait_seconds)
    return RateLimited(wait_seconds)


def trouble(refusals: int) -> str:
    """What to tell whoever watches; empty while the circuit is closed."""
    if not is_open(refusals):
        return ""
    return f"Discogs has refused {refusals} times in a row: after a pause one request tries."
