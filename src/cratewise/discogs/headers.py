"""What the headers of an answer say of the quota."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LIMIT = "x-discogs-ratelimit"
REMAINING = "x-discogs-ratelimit-remaining"  # `-Used` falls to 0 at times: it says nothing


@dataclass(frozen=True, slots=True)
class Told:
    """Requests that Discogs allows in its window, and how many of them it counts."""

    limit: int
    used: int


def told_by(headers: Mapping[str, str]) -> Told | None:
    """None when the headers are missing, or make no sense."""
    limit, remaining = _count(headers.get(LIMIT)), _count(headers.get(REMAINING))
    if not limit or remaining is None or remaining > limit:
        return None
    return Told(limit, limit - remaining)


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """How long a Retry-After asks us to wait; None without one that makes sense."""
    told = headers.get("retry-after", "").strip()
    seconds = _count(told)
    if seconds is not None:
        return float(seconds)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000" says UTC
        moment = moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None
