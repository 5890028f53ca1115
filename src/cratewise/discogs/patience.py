"""Ask again when asking again may help: each time later, never at the same moment as others."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cratewise.clock import Clock
from cratewise.errors import DiscogsBroken, DiscogsError, DiscogsUnreachable, RateLimited

Answer = TypeVar("Answer")
Told = Callable[[DiscogsError, float], None]

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
NAP_SECONDS = 1.0  # the longest sleep at a time, so that whoever says stop is heard


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on asking.

    seconds      from the first failure to the last attempt.
    clock        measures and waits.
    told         hears of each failure, and in how many seconds it is tried again.
    check        raises when nobody waits for the answer any more.
    """

    seconds: float
    clock: Clock
    told: Told
    check: Callable[[], None]

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """The answer; only for questions that change nothing on Discogs.

        Raises the last DiscogsError when patience ends, and at once one that asking
        again cannot cure.
        """
        failed_first: float | None = None
        attempts = 0
        while True:
            try:
                return question()
            except (RateLimited, DiscogsBroken, DiscogsUnreachable) as error:
                now = self.clock.monotonic()
                failed_first = now if failed_first is None else failed_first
                attempts += 1
                wait = _wait(error, attempts)
                if now + wait - failed_first > self.seconds:
                    raise
                self.told(error, wait)
                self._sleep(wait)

    def _sleep(self, seconds: float) -> None:
        wake = self.clock.monotonic() + seconds
        while (left := wake - self.clock.monotonic()) > 0:
            self.check()
            self.clock.sleep(min(left, NAP_SECONDS))


def _wait(error: DiscogsError, attempts: int) -> float:
    if isinstance(error, RateLimited):
        return error.retry_in_seconds  # the quota lets nobody through before
    longest = min(FIRST_WAIT_SECONDS * 2.0 ** (attempts - 1), LONGEST_WAIT_SECONDS)
    return longest * random.uniform(0.5, 1.0)
