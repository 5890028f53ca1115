"""One moving minute of requests for the whole installation: every process asks here first.

Discogs counts requests by address, so what the web app, the command line and the
workers send adds up.  What was sent stands in the database (`Ledger`, which the
store implements); window.py knows what it means; this file decides who sends next.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import Literal, Protocol

from cratewise.clock import Clock
from cratewise.discogs import circuit
from cratewise.discogs.headers import Told, retry_after_seconds, told_by
from cratewise.discogs.window import (
    BURST_SHARE,
    EDGE_SHARE,
    Correction,
    Sent,
    correction,
    free_at,
    grown,
    melted,
    reserve_after,
    room_at,
    whole,
)
from cratewise.errors import RateLimited, WaitAbandoned

Lane = Literal["interactive", "background"]

NAP_SECONDS = 1.0  # the longest sleep at a time, so that whoever says stop is heard
WAITER_LASTS_SECONDS = 3.0  # a waiter not heard of for so long has died
LOST_AFTER_SECONDS = 90.0  # no answer comes later: connecting, sending, reading each time out
FIRST_BLOCK_SHARE = 1 / 30  # of the window, after a first 429
LONGEST_BLOCK_DOUBLINGS = 6  # two windows
LOOK_AGAIN_SHARE = 1 / 5  # of the time between two requests, when an answer is awaited
LONGEST_RETRY_AFTER_SECONDS = 3600.0  # what we believe of a Retry-After


@dataclass(frozen=True, slots=True)
class Slot:
    """The right to send one request, and the note that it was sent."""

    id: int
    taken_at: float  # by the ledger's clock


@dataclass(slots=True)
class Standing:
    """What the processes know together; all times by the ledger's clock.

    reserve            slots left free for a rival's next burst.
    observed_at        when an answer last told how much Discogs counts.
    background_due_at  when the next background request is due.
    blocked_until      nobody sends before, after a 429.
    refused_at         when the last 429 came that blocked.
    refusals           429s in a row.
    """

    reserve: float = 0.0
    observed_at: float | None = None
    background_due_at: float | None = None
    blocked_until: float | None = None
    refused_at: float | None = None
    refusals: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """How many requests Discogs may still count.

    total      all of them.
    ours       without the foreign ones.
    under_way  those of ours whose answer may come any moment.
    """

    total: int
    ours: int
    under_way: int


class Turn(Protocol):
    """The ledger, held by one process for the length of a transaction."""

    @property
    def now(self) -> float:
        """Seconds since 1970 by a clock that all processes share and that never jumps."""
        ...

    @property
    def standing(self) -> Standing:
        """Changes to it are kept."""
        ...

    def held(self, window: float, lost_after: float) -> Held: ...

    def requests(self, answered_after: float) -> list[Sent]:
        """Those answered later than that, and all without an answer."""
        ...

    def take(self, lane: Lane) -> Slot: ...

    def answer(self, slot: Slot, *, is_refused: bool) -> None: ...

    def give_back(self, slot: Slot) -> None: ...

    def correct(self, correction: Correction) -> None: ...

    def forget(self, sent_before: float) -> None: ...

    def waiters(self) -> int:
        """Interactive requests that wait now."""
        ...

    def wait(self, waiter: int | None, until: float) -> int:
        """Say that an interactive request waits, again if `waiter` is told; who it is."""
        ...

    def stop_waiting(self, waiter: int) -> None: ...


class Ledger(Protocol):
    """Where slots are written down; all processes of an installation share it."""

    def turn(self, name: str) -> AbstractContextManager[Turn]:
        """The ledger of that name; other processes wait until the turn is over."""
        ...

    def glance(self, name: str, window: float, lost_after: float) -> Held:
        """What is held now; keeps nobody waiting."""
        ...


class Quota:
    """Who may send when, so that Discogs never has to refuse.

    limit           requests that Discogs allows in a window: 60 with a credential, 25
                    without; corrected by what its answers say.
    window_seconds  length of its moving window.
    name            installations behind one address share a name.
    lost_after_seconds  no answer comes later: three times what the client waits for each of
                    connecting, sending, reading.

    Many threads may share one quota.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        limit: int,
        window_seconds: float = 60.0,
        clock: Clock,
        name: str = "default",
        lost_after_seconds: float = LOST_AFTER_SECONDS,
    ) -> None:
        self.limit = limit
        self.window_seconds = window_seconds
        self.name = name
        self.trouble = ""  # why nobody sends, as a sentence, when somebody last looked
        self._ledger = ledger
        self._clock = clock
        self._lost_after_seconds = lost_after_seconds
        # Of this process's background threads one at a time asks the ledger.
        self._queue = Lock()
        self._is_interrupted = False

    def take(self, lane: Lane, *, within_seconds: float | None = None) -> Slot:
        """Wait until a request may be sent; the slot notes that it was.

        Raises RateLimited when that would take longer than `within_seconds`,
        WaitAbandoned after `interrupt`.
        """
        begun = self._clock.monotonic()
        with self._queue if lane == "background" else nullcontext(), self._waiting() as waiting:
            while not self._is_interrupted:
                slot, wait = self._try(lane, waiting)
                if slot is not None:
                    return slot
                spent = self._clock.monotonic() - begun
                if within_seconds is not None and spent + wait > within_seconds:
                    raise self.refusal(wait)
                self._clock.sleep(min(wait, NAP_SECONDS))
        raise WaitAbandoned

    def answered(self, slot: Slot, headers: Mapping[str, str]) -> None:
        """Note that Discogs answered, and learn what its headers say of the quota."""
        told = self._hear(headers)
        with self._turn() as turn:
            turn.answer(slot, is_refused=False)
            standing = turn.standing
            if slot.taken_at >= (standing.refused_at or 0.0):
                standing.refusals = 0
                self.trouble = ""
            if told is not None:
                self._learn(turn, slot, told.used, is_refused=False)

    def refused(self, slot: Slot, headers: Mapping[str, str]) -> None:
        """Note a 429: nobody sends for a while, longer each time in a row."""
        told = self._hear(headers)
        with self._turn() as turn:
            turn.answer(slot, is_refused=True)
            # Without headers somebody before Discogs refused us: it tells nothing of its count.
            if told is not None:
                self._learn(turn, slot, told.used, is_refused=True)
            # Of several refused at once, the first says it all.
            is_first = slot.taken_at >= (turn.standing.refused_at or 0.0)
            if is_first:
                self._block(turn, headers)

    def lost(self, slot: Slot) -> None:
        """Note that no answer came; Discogs may have counted the request."""
        with self._turn() as turn:
            turn.answer(slot, is_refused=False)

    def unsent(self, slot: Slot) -> None:
        """Give back a slot whose request never left."""
        with self._turn() as turn:
            turn.give_back(slot)

    def remaining(self) -> int:
        """Requests that Discogs would accept now, as far as we know."""
        held = self._ledger.glance(self.name, self.window_seconds, self._lost_after_seconds)
        return max(self.limit - held.total, 0)

    def refusal(self, wait_seconds: float = 0.0) -> RateLimited:
        """The error of whoever was refused, or would have to wait so long."""
        with self._turn() as turn:
            wait = max(_blocked_seconds(turn), wait_seconds)
            return circuit.refusal(turn.standing.refusals, wait)

    def interrupt(self) -> None:
        """Make everyone who waits in this process raise WaitAbandoned."""
        self._is_interrupted = True

    def _turn(self) -> AbstractContextManager[Turn]:
        return self._ledger.turn(self.name)

    def _try(self, lane: Lane, waiting: "_Waiting") -> tuple[Slot | None, float]:
        with self._turn() as turn:
            wait = self._when(turn, lane) - turn.now
            self.trouble = circuit.trouble(turn.standing.refusals)
            if wait > 0:
                if lane == "interactive":
                    waiting.id = turn.wait(waiting.id, turn.now + WAITER_LASTS_SECONDS)
                return None, wait
            turn.forget(turn.now - self._lost_after_seconds - 2 * self.window_seconds)
            self._pace(turn)
            return turn.take(lane), 0.0

    def _when(self, turn: Turn, lane: Lane) -> float:
        """The moment from which a request of this lane may be sent, as far as we know."""
        is_background = lane == "background"
        room = self.limit - whole(turn.standing.reserve)
        room -= turn.waiters() if is_background else 0
        held = turn.held(self.window_seconds, self._lost_after_seconds)
        at = turn.now if held.total < room else self._room_at(turn, room)
        if is_background and held.ours >= self.limit * BURST_SHARE:
            due_at = turn.standing.background_due_at or turn.now
            at = max(at, min(due_at, turn.now + self._interval))
        if self._is_at_edge(turn, held, room):
            at = max(at, turn.now + self._interval * LOOK_AGAIN_SHARE)
        if self._is_tried(turn):
            at = max(at, turn.now + circuit.TRIAL_LOOK_SECONDS)
        return max(at, turn.standing.blocked_until or at)

    def _is_tried(self, turn: Turn) -> bool:
        """Whether the circuit is open and one request tries already."""
        since = turn.standing.blocked_until or 0.0
        if not circuit.is_open(turn.standing.refusals) or turn.now < since:
            return False
        under_way = turn.requests(answered_after=turn.now)
        return circuit.is_tried(under_way, since, self._lost_after_seconds, turn.now)

    def _is_at_edge(self, turn: Turn, held: Held, room: int) -> bool:
        # Beside a rival each answer tells whether the next request still finds room.
        has_rival = whole(turn.standing.reserve) > 0
        return has_rival and held.under_way > 0 and room - held.total <= self.limit * EDGE_SHARE

    def _room_at(self, turn: Turn, room: int) -> float:
        requests = turn.requests(answered_after=turn.now - self.window_seconds)
        held = [free_at(one, self.window_seconds, self._lost_after_seconds) for one in requests]
        return room_at(held, room, turn.now)

    @property
    def _interval(self) -> float:
        return self.window_seconds / self.limit

    def _pace(self, turn: Turn) -> None:
        # A request that comes late may be made up for by the next one, not by a burst:
        # slots that were taken evenly come back evenly, so that nobody interactive waits.
        # For the same reason background requests make up for interactive ones.
        due_at = max(turn.standing.background_due_at or turn.now, turn.now - self._interval)
        latest = turn.now + self.window_seconds * BURST_SHARE
        turn.standing.background_due_at = min(due_at + self._interval, latest)

    def _hear(self, headers: Mapping[str, str]) -> Told | None:
        told = told_by(headers)
        if told is not None:
            self.limit = told.limit
        return told

    def _learn(self, turn: Turn, slot: Slot, used: int, *, is_refused: bool) -> None:
        """Correct what we know of others on our address by what Discogs counted."""
        standing, window = turn.standing, self.window_seconds
        answered = Sent(slot.id, slot.taken_at, turn.now, is_refused=is_refused)
        since = slot.taken_at - window
        requests = [
            one
            for one in turn.requests(answered_after=since)
            # One without an answer may come until it counts as lost, and no later.
            if one.answered_at is not None or one.sent_at + self._lost_after_seconds > since
        ]
        found = correction(requests, answered, used, window, standing.observed_at)
        turn.correct(found)
        self._reserve(standing, requests, found, answered)
        standing.observed_at = turn.now

    def _reserve(
        self, standing: Standing, requests: Sequence[Sent], found: Correction, answered: Sent
    ) -> None:
        observed_at, now = standing.observed_at, answered.answered_at
        if observed_at is None or now is None:
            return  # what was there before we came says nothing of bursts
        if not any(one.is_foreign for one in requests):
            rested = max(now - observed_at, 0.0) / self.window_seconds
            standing.reserve = melted(standing.reserve, rested)
        standing.reserve = reserve_after(
            standing.reserve,
            arrived=len(found.arrived_at),
            grown=grown(requests, found, answered, observed_at),
            limit=self.limit,
        )

    def _block(self, turn: Turn, headers: Mapping[str, str]) -> None:
        standing = turn.standing
        asked = retry_after_seconds(headers, self._clock.now())
        doublings = min(standing.refusals, LONGEST_BLOCK_DOUBLINGS)
        ours = self.window_seconds * FIRST_BLOCK_SHARE * 2.0**doublings * random.uniform(0.75, 1.25)
        seconds = ours if asked is None else min(asked, LONGEST_RETRY_AFTER_SECONDS)
        standing.blocked_until = max(standing.blocked_until or 0.0, turn.now + seconds)
        standing.refused_at = turn.now
        standing.refusals += 1

    @contextmanager
    def _waiting(self) -> Iterator["_Waiting"]:
        waiting = _Waiting()
        try:
            yield waiting
        finally:
            if waiting.id is not None:
                with self._turn() as turn:
                    turn.stop_waiting(waiting.id)


def _blocked_seconds(turn: Turn) -> float:
    """For how long nobody sends, after a 429."""
    return max((turn.standing.blocked_until or turn.now) - turn.now, 0.0)


@dataclass(slots=True)
class _Waiting:
    """An interactive request that waits; it has an id once it is known to the ledger."""

    id: int | None = None
