"""An address at Discogs in simulated time: hours of requests, ours and a rival's, in a second.

The quota is the real one.  Its ledger is a list, so that an hour costs no thousands of
transactions; the ledger in the database has tests of its own.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random

from tests.conftest import HandClock

from cratewise.discogs.quota import Held, Lane, Quota, Slot, Standing
from cratewise.discogs.window import UNDER_WAY_SHARE, Correction, Sent
from cratewise.errors import RateLimited

MINUTE = 60.0
LIMIT = 60
THREADS = 4
RIVAL_PER_SECOND = 20 / MINUTE
LATENCY = (0.3, 1.5)  # seconds


class ListLedger:
    """A ledger of one process, and its turn."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self._sent: dict[int, Sent] = {}
        self._waiters: dict[int, float] = {}
        self._ids = count(1)
        self.standing = Standing()

    @property
    def now(self) -> float:
        return self._clock.monotonic()

    @contextmanager
    def turn(self, _name: str) -> Iterator["ListLedger"]:
        yield self

    def glance(self, _name: str, window: float, lost_after: float) -> Held:
        return self.held(window, lost_after)

    def held(self, window: float, lost_after: float) -> Held:
        held = [one for one in self._sent.values() if self._may_count(one, window, lost_after)]
        ours = [one for one in held if not one.is_foreign]
        since = self.now - window * UNDER_WAY_SHARE
        under_way = sum(one.answered_at is None and one.sent_at > since for one in ours)
        return Held(len(held), len(ours), under_way)

    def _may_count(self, one: Sent, window: float, lost_after: float) -> bool:
        answered_at = one.sent_at + lost_after if one.answered_at is None else one.answered_at
        return answered_at > self.now - window

    def requests(self, answered_after: float) -> list[Sent]:
        return [
            one
            for one in self._sent.values()
            if one.answered_at is None or one.answered_at > answered_after
        ]

    def take(self, _lane: Lane) -> Slot:
        slot = Slot(next(self._ids), self.now)
        self._sent[slot.id] = Sent(slot.id, slot.taken_at, None)
        return slot

    def answer(self, slot: Slot, *, is_refused: bool) -> None:
        one = self._sent[slot.id]
        self._sent[slot.id] = replace(one, answered_at=self.now, is_refused=is_refused)

    def give_back(self, slot: Slot) -> None:
        del self._sent[slot.id]

    def correct(self, correction: Correction) -> None:
        for gone in correction.gone:
            del self._sent[gone]
        for moment in correction.arrived_at:
            number = next(self._ids)
            self._sent[number] = Sent(number, moment, moment, is_foreign=True)

    def forget(self, sent_before: float) -> None:
        self._sent = {key: one for key, one in self._sent.items() if one.sent_at >= sent_before}

    def waiters(self) -> int:
        return sum(until > self.now for until in self._waiters.values())

    def wait(self, waiter: int | None, until: float) -> int:
        known = next(self._ids) if waiter is None else waiter
        self._waiters[known] = until
        return known

    def stop_waiting(self, waiter: int) -> None:
        del self._waiters[waiter]


@dataclass
class Seen:
    """What Discogs saw after the first minute."""

    accepted: int = 0
    refused: int = 0
    rival_asked: int = 0
    minutes: float = 0.0
    waits: list[float] = field(default_factory=list)  # seconds, of whoever looks

    @property
    def refused_share(self) -> float:
        return self.refused / (self.accepted + self.refused)

    @property
    def share_of_what_is_left(self) -> float:
        return self.accepted / (LIMIT * self.minutes - self.rival_asked)


@dataclass
class Line:
    """Plays requests in the order of time.

    burst    requests that the rival sends at a time; 0: no rival.
    arrives  at which share of an answer's time Discogs counts the request.
    looks    how often a minute somebody looks at something meanwhile.
    """

    seed: int
    burst: int = 0
    arrives: float = 0.5
    looks: int = 0
    clock: HandClock = field(default_factory=HandClock)
    seen: Seen = field(default_factory=Seen)

    def __post_init__(self) -> None:
        self._dice = Random(self.seed)
        self._ledger = ListLedger(self.clock)
        self._quota = Quota(self._ledger, limit=LIMIT, clock=self.clock)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._counted: deque[float] = deque()

    def play(self, minutes: float) -> Seen:
        for _ in range(THREADS):
            self._later(0.0, self._ask)
        if self.burst:
            self._later(self._gap(), self._rival)
        if self.looks:
            self._later(self._dice.uniform(0.0, MINUTE / self.looks), self._want)
        while (at := self._events[0][0]) <= minutes * MINUTE:
            self.clock.advance(at - self.clock.monotonic())
            heapq.heappop(self._events)[2]()
        self.seen.minutes = minutes - 1
        return self.seen

    def _later(self, seconds: float, deed: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.clock.monotonic() + seconds, next(self._order), deed))

    def _gap(self) -> float:
        return self._dice.expovariate(RIVAL_PER_SECOND / self.burst)

    def _ask(self) -> None:
        try:
            slot = self._quota.take("background", within_seconds=0)
        except RateLimited as wait:
            self._later(max(wait.retry_in_seconds, 0.0) + 0.002, self._ask)
            return
        duration = self._dice.uniform(*LATENCY)
        self._later(duration * self.arrives, lambda: self._arrive(slot, duration))

    def _arrive(self, slot: Slot, duration: float) -> None:
        is_accepted, remaining = self._count()
        if self._is_after_the_first_minute:
            self.seen.accepted += is_accepted
            self.seen.refused += not is_accepted
        self._later(
            duration * (1 - self.arrives), lambda: self._answer(slot, is_accepted, remaining)
        )

    def _answer(self, slot: Slot, is_accepted: bool, remaining: int) -> None:
        headers = {
            "x-discogs-ratelimit": str(LIMIT),
            "x-discogs-ratelimit-remaining": f"{remaining}",
        }
        hear = self._quota.answered if is_accepted else self._quota.refused
        hear(slot, headers)
        self._ask()

    def _want(self) -> None:
        self._look(self.clock.monotonic(), None)
        self._later(MINUTE / self.looks, self._want)

    def _look(self, since: float, waiter: int | None) -> None:
        # What Quota.take does while it waits, told to the ledger as another process would.
        try:
            slot = self._quota.take("interactive", within_seconds=0)
        except RateLimited as wait:
            waiter = self._ledger.wait(waiter, self.clock.monotonic() + MINUTE)
            self._later(
                min(max(wait.retry_in_seconds, 0.002), 1.0), lambda: self._look(since, waiter)
            )
            return
        if waiter is not None:
            self._ledger.stop_waiting(waiter)
        self.seen.waits.append(self.clock.monotonic() - since)
        self._later(1.0, lambda: self._quota.answered(slot, {}))
        self._count()

    def _rival(self) -> None:
        for _ in range(self.burst):
            self._count()
            self.seen.rival_asked += self._is_after_the_first_minute
        self._later(self._gap(), self._rival)

    def _count(self) -> tuple[bool, int]:
        now = self.clock.monotonic()
        while self._counted and self._counted[0] <= now - MINUTE:
            self._counted.popleft()
        is_accepted = len(self._counted) < LIMIT
        if is_accepted:
            self._counted.append(now)
        return is_accepted, LIMIT - len(self._counted)

    @property
    def _is_after_the_first_minute(self) -> bool:
        return self.clock.monotonic() > MINUTE
