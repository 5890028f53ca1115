"""What a pull tells while it goes on, and at its end."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Literal

from cratewise.clock import Clock
from cratewise.inventory.estimate import waiting_seconds
from cratewise.store.pulls import Pull

if TYPE_CHECKING:
    from cratewise.discogs.client import Discogs

QUOTA_EVERY_SECONDS = 0.25  # as often as a screen is drawn

State = Literal["planned", "reading", "following", "done"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a pull stands; counts are of listings unless they say otherwise.

    kind           'quick' or 'full'.
    pages_planned  as far as is known; it follows what Discogs claims.
    claimed        for sale, as Discogs said last.
    requests       that this pull has cost.
    remaining      requests that the quota lets through at once, of `limit` in a minute.
    coverage       0 to 1: seen of those claimed; None while a quick look goes on.
    eta_seconds    None when nobody can tell.
    state          'planned', 'reading', 'following' (another process reads) or 'done'.
    waiting_for    why nothing is read just now, in a sentence: refusals, an outage; else empty.
    sentence       at first what the pull will cost, at last what came of it; else empty.
    """

    seller: str
    kind: str
    pages_done: int
    pages_planned: int
    seen: int
    claimed: int
    new: int
    changed: int
    gone: int
    back: int
    requests: int
    remaining: int
    limit: int
    coverage: float | None
    eta_seconds: float | None
    state: State
    sentence: str = ""
    waiting_for: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a pull; counts as in `Progress`.

    coverage  0 to 1: after a full pull, which part of what Discogs claims was seen;
              after a quick look, which part is known at all.
    skipped   listings that make no sense, left out.
    problems  why the first of them make none, one sentence each.
    seconds   that the caller waited.
    sentence  all of it for people.
    """

    pull_id: int
    seller: str
    kind: str
    seen: int
    claimed: int
    coverage: float
    new: int
    changed: int
    gone: int
    back: int
    skipped: int
    requests: int
    seconds: float
    sentence: str
    problems: tuple[str, ...] = ()


def outcome_of(pull: Pull, seconds: float, problems: tuple[str, ...] = ()) -> Outcome:
    """The outcome of a pull that has ended."""
    return Outcome(
        pull_id=pull.id,
        seller=pull.seller,
        kind=pull.kind,
        seen=pull.seen,
        claimed=pull.claimed or 0,
        coverage=pull.coverage or 0.0,
        new=pull.new,
        changed=pull.changed,
        gone=pull.gone,
        back=pull.back,
        skipped=pull.skipped,
        requests=pull.requests,
        seconds=seconds,
        sentence=pull.outcome,
        problems=problems,
    )


class Reporter:
    """Tells a listener where a pull stands."""

    def __init__(
        self, discogs: "Discogs", clock: Clock, listener: Callable[[Progress], None]
    ) -> None:
        self._discogs = discogs
        self._clock = clock
        self._listener = listener
        self._began: tuple[float, int] | None = None  # when, at which page
        self._asked_at = -inf
        self._remaining = 0

    def tell(self, pull: Pull, state: State, pages_left: int, sentence: str = "") -> None:
        remaining = self._remaining_now()
        self._listener(
            Progress(
                seller=pull.seller,
                kind=pull.kind,
                pages_done=pull.pages,
                pages_planned=pull.pages + pages_left,
                seen=pull.seen,
                claimed=pull.claimed or 0,
                new=pull.new,
                changed=pull.changed,
                gone=pull.gone,
                back=pull.back,
                requests=pull.requests,
                remaining=remaining,
                limit=self._discogs.quota.limit,
                coverage=_coverage(pull),
                eta_seconds=self._eta(pull, pages_left, remaining),
                state=state,
                sentence=sentence,
                waiting_for=self._discogs.trouble if state == "reading" else "",
            )
        )

    def _remaining_now(self) -> int:
        # Every page is told, and asking the quota costs as much as a page's tick.
        now = self._clock.monotonic()
        if now - self._asked_at >= QUOTA_EVERY_SECONDS:
            self._asked_at, self._remaining = now, self._discogs.remaining
        return self._remaining

    def _eta(self, pull: Pull, pages_left: int, remaining: int) -> float:
        now = self._clock.monotonic()
        if self._began is None:
            self._began = (now, pull.pages)
        began_at, pages_then = self._began
        pages = pull.pages - pages_then
        pace = (now - began_at) / pages if pages else 0.0
        quota = self._discogs.quota
        waits = waiting_seconds(
            pages_left, limit=quota.limit, remaining=remaining, window=quota.window_seconds
        )
        return max(pages_left * pace, waits)


def _coverage(pull: Pull) -> float | None:
    if pull.coverage is not None or pull.kind == "quick":
        return pull.coverage
    return min(1.0, pull.seen / pull.claimed) if pull.claimed else 1.0
