"""What this account likes, told by its verdicts: styles, labels, artists and years, with counts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from cratewise.store.judgements import standing_judgements

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST = 20  # of each sort


class Like(NamedTuple):
    """Something that was judged: how often kept, how often skipped."""

    name: str
    keeps: int
    skips: int


class Likes(NamedTuple):
    """The most kept first; years by the decade."""

    styles: list[Like]
    labels: list[Like]
    artists: list[Like]
    decades: list[Like]


def likes_of(db: "Connection", account_id: int) -> Likes:
    """What stands on the records that this account kept, and how often it was skipped."""
    judged = standing_judgements(db, account_id)
    told = [(one.listing, one.verdict == "keep") for one in judged]
    return Likes(*(_counted(told, names) for names in (_styles, _labels, _artists, _decades)))


def _counted(told: Iterable[tuple[Mapping[str, Any], bool]], names: Any) -> list[Like]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for listing, is_kept in told:
        for name in set(names(listing)):
            counts[name][0 if is_kept else 1] += 1
    every = [Like(name, *both) for name, both in counts.items() if both[0]]
    # By how many keeps are left when every other skip takes one away: 3 of 3 before 4 of 40.
    every.sort(key=lambda one: (-(one.keeps - one.skips / 2), -one.keeps, one.name))
    return every[:MOST]


def _styles(listing: Mapping[str, Any]) -> Iterator[str]:
    yield from listing["styles"] or listing["genres"]


def _labels(listing: Mapping[str, Any]) -> Iterator[str]:
    yield from filter(None, (listing["label"] or "").split(", "))


def _artists(listing: Mapping[str, Any]) -> Iterator[str]:
    if listing["artist"]:
        yield listing["artist"]


def _decades(listing: Mapping[str, Any]) -> Iterator[str]:
    if listing["year"]:
        yield f"{listing['year'] // 10 * 10}s"
