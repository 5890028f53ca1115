"""What there is to learn from: verdicts weighted by the odds of having been shown, weak keeps.

Triage shows more of what may please than chance would.  Each verdict therefore counts by
how much likelier it was shown than the least likely: a listing that only chance shows
counts 1, one that was nearly sure to come counts little.  Whole inverse odds span six
orders of magnitude over a large stock, so they are cut off at a floor: one for the
order, and a lower one for how often this person keeps.

Wants and records owned are keeps, too, and tell nothing about how often.  What is hidden
for its label, artist or style, or by itself, is skipped in the same way.  As long as there
are few skips, some of the stock that nobody judged stands in for them.
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cratewise.store.choosable import choosable
from cratewise.store.described import Described, described, described_releases
from cratewise.store.hidden import told_by_hiding
from cratewise.store.judgements import Judgement, standing_judgements
from cratewise.store.wants import owned_ids, wanted_ids

if TYPE_CHECKING:
    from sqlalchemy import Connection

ORDER_FLOOR = 0.5  # of a verdict's weight for what stands above what; less ranks worse
RATE_FLOOR = 0.01  # and for how often a keep comes
BY_HAND = 0.3  # the weight of a verdict on what nobody showed: its odds are unknown
WEAK = 0.3  # of a verdict: the weight of a want, or of a record owned
MOST_WEAK = 500  # of either, those with the highest ids
HIDDEN_EACH = 20  # listings that stand for a name that is hidden; as weak as a want
ENOUGH_SKIPS = 20  # from there on no unjudged listing stands in for one
PRESUMED = 200  # unjudged listings that stand in for skips together


@dataclass(frozen=True)
class Dataset:
    """m verdicts in the order in which they were given, then w that are none.

    judged       the m verdicts
    listings     m + w mappings of described.py
    keep         m + w
    weights      m + w, above 0: for the order
    rates        m + w, for the rate of keeps; 0 for what is no verdict
    weak_keeps   how many of the w are wants or owned; the others are hidden, or presumed skips
    fingerprint  the same for the same verdicts, wants, records owned and names hidden
    """

    judged: list[Judgement]
    listings: list[Described]
    keep: list[bool]
    weights: list[float]
    rates: list[float]
    weak_keeps: int
    fingerprint: str

    @property
    def keeps(self) -> int:
        return sum(self.keep[: len(self.judged)])

    @property
    def skips(self) -> int:
        return len(self.judged) - self.keeps

    @property
    def can_tell_apart(self) -> bool:
        """Whether there is a keep and a skip, be they weak."""
        return 0 < sum(self.keep) < len(self.keep)

    def first(self, count: int) -> "Dataset":
        """As it was after the first `count` verdicts; what is no verdict stays."""
        weak = slice(len(self.judged), None)
        return Dataset(
            judged=self.judged[:count],
            listings=self.listings[:count] + self.listings[weak],
            keep=self.keep[:count] + self.keep[weak],
            weights=self.weights[:count] + self.weights[weak],
            rates=self.rates[:count] + self.rates[weak],
            weak_keeps=self.weak_keeps,
            fingerprint="",
        )


def read_dataset(db: "Connection", account_id: int) -> Dataset:
    """Everything that this account tells about its taste."""
    judged = standing_judgements(db, account_id)
    wanted, has = wanted_ids(db, account_id), owned_ids(db, account_id)
    said = {one.release_id for one in judged}
    weak = _weak_keeps(db, wanted, has, said)
    hidden, names = _hidden_skips(db, account_id, said | wanted | has)
    keeps = sum(one.verdict == "keep" for one in judged)
    presumed = _presumed_skips(db, account_id, bool(weak), len(judged) - keeps)
    # However many records somebody owns or hides, together they count no more than verdicts.
    weights = [
        *[min(WEAK, max(keeps, ENOUGH_SKIPS) / max(1, len(weak)))] * len(weak),
        *[min(WEAK, max(len(judged) - keeps, ENOUGH_SKIPS) / max(1, len(hidden)))] * len(hidden),
        *[ENOUGH_SKIPS / max(1, len(presumed))] * len(presumed),
    ]
    return Dataset(
        judged=judged,
        listings=[one.listing for one in judged] + weak + hidden + presumed,
        keep=[one.verdict == "keep" for one in judged]
        + [True] * len(weak)
        + [False] * (len(hidden) + len(presumed)),
        weights=odds_weights(judged, ORDER_FLOOR) + weights,
        rates=odds_weights(judged, RATE_FLOOR) + [0.0] * len(weights),
        weak_keeps=len(weak),
        fingerprint=_fingerprint(judged, wanted | has, names),
    )


def odds_weights(judged: list[Judgement], floor: float) -> list[float]:
    """The weight of each verdict, from `floor` to 1: least chance to be shown over its own."""
    chances = [one.shown_with for one in judged if one.shown_with]
    least = min(chances, default=1.0)
    return [
        max(floor, least / one.shown_with) if one.shown_with else max(floor, BY_HAND)
        for one in judged
    ]


def _weak_keeps(
    db: "Connection", wanted: set[int], has: set[int], judged: set[int]
) -> list[Described]:
    # Numbers of Discogs grow with time: the highest are what interests somebody now.
    some = [*sorted(wanted - judged)[-MOST_WEAK:], *sorted(has - wanted - judged)[-MOST_WEAK:]]
    told = described_releases(db, some)
    return [told[release] for release in sorted(told)]


def _hidden_skips(
    db: "Connection", account_id: int, told_of: set[int]
) -> tuple[list[Described], list[str]]:
    """Some of what is hidden, and by which names; told_of: releases that tell something else."""
    some, names = told_by_hiding(db, account_id, each=HIDDEN_EACH)
    found = described(db, some)
    return [found[one] for one in sorted(found) if found[one]["release_id"] not in told_of], names


def _presumed_skips(
    db: "Connection", account_id: int, has_weak_keeps: bool, skips: int
) -> list[Described]:
    import numpy as np

    if not has_weak_keeps or skips >= ENOUGH_SKIPS:
        return []
    stock = choosable(db, account_id).ids
    some = np.random.default_rng(0).choice(stock, min(PRESUMED, len(stock)), replace=False)
    told = described(db, some.tolist())
    return [told[listing] for listing in sorted(told)]


def _fingerprint(judged: list[Judgement], weak: set[int], hidden: list[str]) -> str:
    verdicts = [(one.id, one.verdict) for one in judged]
    told = (verdicts, sorted(weak), *([hidden] if hidden else []))
    return hashlib.sha256(repr(told).encode()).hexdigest()
