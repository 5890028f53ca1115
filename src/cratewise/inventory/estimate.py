"""How long a pull will take, told before it begins."""

from dataclasses import dataclass

from cratewise.inventory.deep import BUDGET, expected
from cratewise.inventory.sweep import PAGE_SIZE, REACH, Kind, Known, arrived, pages_in, plan

MINUTE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a pull will cost.

    requests  with the one for the profile.
    minutes   of waiting for the quota; answers that take long are not counted.
    coverage  which part of the stock is likely to be known afterwards, 0 to 1.
    sentence  all of it for people.
    """

    kind: Kind
    requests: int
    minutes: float
    sentence: str
    coverage: float = 1.0


def estimate(
    seller: str,
    for_sale: int,
    known: Known,
    kind: Kind,
    *,
    limit: int,
    remaining: int,
    window_seconds: float = MINUTE_SECONDS,
    budget: int = BUDGET,
) -> Estimate:
    """What it will cost to pull a seller's stock.

    for_sale   listings, as the profile claims.
    limit      requests that the quota lets through in a window; `remaining`: at once.
    budget     requests that a deep pull may cost in all.
    """
    known_share = min(known.listings / for_sale, 1.0) if for_sale else 1.0
    if kind == "quick":
        pages = 1 + -(-arrived(for_sale, known) // PAGE_SIZE)
        coverage = known_share
    elif kind == "deep":
        pages, coverage = expected(for_sale, max(budget - 1, 0))
    else:
        pages = len(list(pages_in(plan(for_sale, kind))))
        coverage = min(pages * PAGE_SIZE / for_sale, 1.0) if for_sale else 1.0
    coverage = max(coverage, known_share)
    requests = 1 + pages
    seconds = waiting_seconds(requests, limit=limit, remaining=remaining, window=window_seconds)
    minutes = seconds / MINUTE_SECONDS
    if kind == "deep":
        sentence = _deep(seller, for_sale, requests, minutes, coverage)
    else:
        sentence = _worded(seller, for_sale, kind, requests, minutes)
    return Estimate(kind, requests, minutes, sentence, coverage)


def estimate_look(
    seller: str,
    looks: int,
    *,
    limit: int,
    remaining: int,
    window_seconds: float = MINUTE_SECONDS,
) -> Estimate:
    """What it will cost at most to ask a seller for so many single listings or titles."""
    seconds = waiting_seconds(looks, limit=limit, remaining=remaining, window=window_seconds)
    minutes = seconds / MINUTE_SECONDS
    cost = f"{_count(looks, 'request')}, {duration(minutes)}"
    return Estimate("quick", looks, minutes, f"Asking {seller} takes at most {cost}.", 0.0)


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


def _deep(seller: str, for_sale: int, requests: int, minutes: float, coverage: float) -> str:
    return (
        f"{seller} has {_count(for_sale, 'listing')} for sale, more than Discogs shows in one "
        f"order; reading the most of them takes some {_count(requests, 'request')}, "
        f"{duration(minutes)}, and about {int(coverage * 100)} % will be known then."
    )


def duration(minutes: float) -> str:
    """'a moment', '2 minutes'."""
    if minutes < 0.5:
        return "a moment"
    return f"about {_count(round(minutes), 'minute')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
