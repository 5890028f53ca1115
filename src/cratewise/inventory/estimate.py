"""How long a pull will take, told before it begins."""

from dataclasses import dataclass

from cratewise.inventory.sweep import PAGE_SIZE, REACH, Kind, Known, arrived, pages_in, plan

MINUTE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a pull will cost.

    requests  with the one for the profile.
    minutes   of waiting for the quota; answers that take long are not counted.
    sentence  all of it for people.
    """

    kind: Kind
    requests: int
    minutes: float
    sentence: str


def estimate(
    seller: str,
    for_sale: int,
    known: Known,
    kind: Kind,
    *,
    limit: int,
    remaining: int,
    window_seconds: float = MINUTE_SECONDS,
) -> Estimate:
    """What it will cost to pull a seller's stock.

    for_sale   listings, as the profile claims.
    limit      requests that the quota lets through in a window; `remaining`: at once.
    """
    if kind == "quick":
        pages = 1 + -(-arrived(for_sale, known) // PAGE_SIZE)
    else:
        pages = len(list(pages_in(plan(for_sale, kind))))
    requests = 1 + pages
    seconds = waiting_seconds(requests, limit=limit, remaining=remaining, window=window_seconds)
    minutes = seconds / MINUTE_SECONDS
    return Estimate(kind, requests, minutes, _worded(seller, for_sale, kind, requests, minutes))


def waiting_seconds(requests: int, *, limit: int, remaining: int, window: float) -> float:
    """How long the quota keeps that many requests waiting."""
    return max(0, requests - remaining) * window / max(limit, 1)


def _worded(seller: str, for_sale: int, kind: Kind, requests: int, minutes: float) -> str:
    cost = f"{_count(requests, 'request')}, {duration(minutes)}"
    if for_sale == 0:
        return f"{seller} has nothing for sale, says the profile; a look makes sure: {cost}."
    stock = f"{seller} has {_count(for_sale, 'listing')} for sale"
    if kind == "quick":
        return f"{stock}; a look at the newest takes at least {cost}."
    if for_sale > 2 * REACH:
        return (
            f"{stock}; Discogs shows {2 * REACH:,} of them, the newest and the oldest, in {cost}."
        )
    return f"{stock}; reading all of them takes {cost}."


def duration(minutes: float) -> str:
    """'a moment', '2 minutes'."""
    if minutes < 0.5:
        return "a moment"
    return f"about {_count(round(minutes), 'minute')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
