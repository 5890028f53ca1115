"""How often one token may ask: a bucket each, in each process that serves."""

from collections import OrderedDict

from cratewise.clock import Clock
from cratewise.errors import TooManyRequests

A_MINUTE = 600  # requests; a page of 100 listings each, that is all of a million in 17 minutes
AT_ONCE = 60
REMEMBERED = 10_000  # tokens


class Throttle:
    """Counts what each token asks."""

    def __init__(self, clock: Clock, *, a_minute: int = A_MINUTE, at_once: int = AT_ONCE) -> None:
        self._clock = clock
        self._a_second = a_minute / 60
        self._at_once = at_once
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()  # and since when

    def take(self, token_id: int) -> None:
        """Take one.  Raises TooManyRequests when none is left."""
        now = self._clock.monotonic()
        left, since = self._left.pop(token_id, (float(self._at_once), now))
        left = min(self._at_once, left + (now - since) * self._a_second)
        self._left[token_id] = (max(left - 1, 0.0) if left >= 1 else left, now)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        if left < 1:
            raise TooManyRequests((1 - left) / self._a_second)
