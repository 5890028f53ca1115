"""One moving minute of requests for the whole installation: every process asks here first.

Discogs counts requests by address, so what the web app, the command line and the
workers send adds up.  What was sent stands in the database (`Ledger`, which the
store implements); this file decides who may send next.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from cratewise.clock import Clock
from cratewise.errors import RateLimited, WaitAbandoned

Lane = Literal["interactive", "background"]

NAP_SECONDS = 1.0  # the longest sleep at a time, so that whoever says stop is heard
LOST_AFTER_SECONDS = 120.0  # a request without an answer for so long died with its process


@dataclass(frozen=True, slots=True)
class Slot:
    """The right to send one request, and the note that it was sent."""

    id: int
    taken_at: datetime


class Turn(Protocol):
    """The ledger, held by one process for the length of a transaction."""

    now: datetime

    def held_until(self, window: timedelta, lost_after: timedelta) -> list[datetime]:
        """When each slot that Discogs may still count is free again, soonest first.

        That is `window` after its answer; one without an answer is free `window`
        after `lost_after` from when it was taken.
        """
        ...

    def blocked_until(self) -> datetime | None: ...
    def take(self, lane: str) -> Slot: ...
    def answer(self, slot: Slot) -> None: ...
    def give_back(self, slot: Slot) -> None: ...
    def refuse(self, slot: Slot, blocked_until: datetime) -> None: ...
    def refusals(self) -> int: ...


class Ledger(Protocol):
    """Where slots are written down; all processes of an installation share it."""

    def turn(self, name: str) -> AbstractContextManager[Turn]:
        """The ledger of that name; other processes wait until the turn is over."""
        ...


class Quota:
    """Who may send when, so that Discogs never has to refuse.

    limit           requests that Discogs allows in a window: 60 with a credential, 25
                    without; corrected by what its answers say.
    window_seconds  length of its moving window.
    name            installations behind one address share a name.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        limit: int,
        window_seconds: float = 60.0,
        clock: Clock,
        name: str = "default",
    ) -> None:
        self.limit = limit
        self.window_seconds = window_seconds
        self.name = name
        self._ledger = ledger
        self._clock = clock
        self._window = timedelta(seconds=window_seconds)
        self._is_interrupted = False

    def take(self, lane: Lane, *, within_seconds: float | None = None) -> Slot:
        """Wait until a request may be sent; the slot notes that it was.

        Raises RateLimited when that would take longer than `within_seconds`,
        WaitAbandoned after `interrupt`.
        """
        begun = self._clock.monotonic()
        while not self._is_interrupted:
            granted = self._try(lane)
            if isinstance(granted, Slot):
                return granted
            spent = self._clock.monotonic() - begun
            if within_seconds is not None and spent + granted > within_seconds:
                raise RateLimited(granted)
            self._clock.sleep(min(granted, NAP_SECONDS))
        raise WaitAbandoned

    def answered(self, slot: Slot, headers: Mapping[str, str]) -> None:
        """Note that Discogs answered, and learn what its headers say of the quota."""
        self._learn_limit(headers)
        with self._ledger.turn(self.name) as turn:
            turn.answer(slot)

    def refused(self, slot: Slot, headers: Mapping[str, str]) -> float:
        """Note a 429; returns for how many seconds nobody sends."""
        self._learn_limit(headers)
        with self._ledger.turn(self.name) as turn:
            seconds = self.window_seconds / 30 * 2.0 ** min(turn.refusals(), 6)
            turn.refuse(slot, turn.now + timedelta(seconds=seconds))
            return seconds

    def lost(self, slot: Slot) -> None:
        """Note that no answer came; Discogs may have counted the request."""
        with self._ledger.turn(self.name) as turn:
            turn.answer(slot)

    def unsent(self, slot: Slot) -> None:
        """Give back a slot whose request never left."""
        with self._ledger.turn(self.name) as turn:
            turn.give_back(slot)

    def remaining(self) -> int:
        """Requests that may be sent at once."""
        with self._ledger.turn(self.name) as turn:
            return max(self.limit - len(self._held(turn)), 0)

    def blocked_seconds(self) -> float:
        """For how long nobody sends, after a 429."""
        with self._ledger.turn(self.name) as turn:
            blocked = turn.blocked_until()
            return max((blocked - turn.now).total_seconds(), 0.0) if blocked else 0.0

    def interrupt(self) -> None:
        """Make everyone who waits in this process raise WaitAbandoned."""
        self._is_interrupted = True

    def _try(self, lane: Lane) -> Slot | float:
        with self._ledger.turn(self.name) as turn:
            wait = self._wait(turn)
            return turn.take(lane) if wait <= 0 else wait

    def _wait(self, turn: Turn) -> float:
        blocked = turn.blocked_until()
        if blocked is not None and blocked > turn.now:
            return (blocked - turn.now).total_seconds()
        held = self._held(turn)
        if len(held) < self.limit:
            return 0.0
        return (held[len(held) - self.limit] - turn.now).total_seconds()

    def _held(self, turn: Turn) -> list[datetime]:
        held = turn.held_until(self._window, timedelta(seconds=LOST_AFTER_SECONDS))
        return [until for until in held if until > turn.now]

    def _learn_limit(self, headers: Mapping[str, str]) -> None:
        told = headers.get("x-discogs-ratelimit", "")
        if told.isdecimal() and int(told) > 0:
            self.limit = int(told)
