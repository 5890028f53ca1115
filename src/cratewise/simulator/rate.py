"""How many requests an address may send: a moving minute, as Discogs counts it."""

from collections import deque
from threading import Lock
from typing import NamedTuple

# Who sends no credential gets 25 where others get 60.
UNAUTHENTICATED_SHARE = 25 / 60
UNLIMITED = 1_000_000  # what the headers say where there is no limit


class Standing(NamedTuple):
    """Where an address stands after a request, and whether that request was refused."""

    limit: int
    used: int
    remaining: int
    is_refused: bool


class MovingMinute:
    """Counts the requests of each address over the last minute.

    limit     requests a minute with a credential; None: no limit.
    seconds   how long a minute is here.

    A refused request takes no place in the minute: whether it does at Discogs is not
    known, and a client that is refused must wait in either case.
    """

    def __init__(self, limit: int | None, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._arrivals: dict[str, deque[float]] = {}
        self._answered = 0
        self._lock = Lock()

    def take(self, address: str, is_authenticated: bool, now: float) -> Standing:
        """Count a request that arrives `now` (monotonic seconds), or refuse it."""
        with self._lock:
            self._answered += 1
            if self._limit is None:
                return Standing(UNLIMITED, 0, UNLIMITED, False)
            limit = self._limit
            if not is_authenticated:
                limit = max(1, round(limit * UNAUTHENTICATED_SHARE))
            arrivals = self._arrivals.setdefault(address, deque())
            while arrivals and arrivals[0] <= now - self._seconds:
                arrivals.popleft()
            is_refused = len(arrivals) >= limit
            if not is_refused:
                arrivals.append(now)
            return Standing(limit, len(arrivals), max(limit - len(arrivals), 0), is_refused)

    def headers(self, standing: Standing) -> dict[str, str]:
        """The three headers.  `-Used` falls to 0 at times, as was seen; `-Remaining` is true."""
        used = 0 if self._answered % 5 == 4 else standing.used
        return {
            "X-Discogs-Ratelimit": str(standing.limit),
            "X-Discogs-Ratelimit-Used": str(used),
            "X-Discogs-Ratelimit-Remaining": str(standing.remaining),
        }
