"""Time, as an argument: rooms take a Clock, so that tests need not wait.

Wall-clock time is what processes of one installation share; it may jump. Whoever
compares two readings must survive a reading from the future.
"""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What a room may ask of time."""

    def now(self) -> datetime:
        """The present, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment of this process; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`; at once when they are not above 0."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)
