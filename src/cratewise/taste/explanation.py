"""Why a model likes one listing or not: contributions, and a sentence of the strongest."""

from collections import defaultdict
from dataclasses import dataclass

from cratewise.taste.column import Column
from cratewise.taste.telling import Facts, clause

MOST_FOR = 3  # clauses
MOST_AGAINST = 2
TOO_LITTLE = 0.02  # nats; less is not worth a word


@dataclass(frozen=True)
class Contribution:
    """What one column adds to the log-odds, in nats."""

    column: Column
    amount: float


@dataclass(frozen=True)
class Explanation:
    """base + the sum of the contributions = the log-odds of a keep.

    base           log-odds before anything of the listing is known
    contributions  the strongest first; columns that add nothing are left out
    sentence       "because: dub techno, half its label's usual price; against: VG media"
    """

    base: float
    contributions: tuple[Contribution, ...]
    sentence: str

    @property
    def log_odds(self) -> float:
        return self.base + sum(one.amount for one in self.contributions)


def explanation(
    base: float, amounts: list[float], columns: list[Column], facts: Facts
) -> Explanation:
    """Of one listing; amounts: what each column adds."""
    pairs = [(column, amount) for column, amount in zip(columns, amounts, strict=True) if amount]
    pairs.sort(key=lambda pair: -abs(pair[1]))
    told = tuple(Contribution(column, amount) for column, amount in pairs)
    return Explanation(base, told, _sentence(told, facts))


def _sentence(contributions: tuple[Contribution, ...], facts: Facts) -> str:
    topics: dict[str, float] = defaultdict(float)
    for one in contributions:
        topics[one.column.topic] += one.amount
    ranked = sorted(topics.items(), key=lambda item: -abs(item[1]))
    clauses = [
        (amount, words)
        for topic, amount in ranked
        if abs(amount) >= TOO_LITTLE and (words := clause(topic, facts, amount > 0))
    ]
    good = [words for amount, words in clauses if amount > 0][:MOST_FOR]
    bad = [words for amount, words in clauses if amount < 0][:MOST_AGAINST]
    parts = [f"because: {', '.join(good)}"] if good else []
    parts += [f"against: {', '.join(bad)}"] if bad else []
    return "; ".join(parts) or "nothing speaks for or against it yet"
