"""*forest-basic* and *forest-text*: the earlier models, kept to choose and to compare with.

They know only what was judged: words of those listings beside plain numbers, in a
balanced random forest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cratewise.errors import NotTrained
from cratewise.taste import columns, paths, words
from cratewise.taste.columns import Columns, Listing
from cratewise.taste.explanation import Explanation, explanation
from cratewise.taste.stock import Stock
from cratewise.taste.telling import Facts
from cratewise.taste.verdicts import Verdicts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SUREST = 0.999  # a forest that never saw a doubt still has one: log-odds stay finite
OPINIONS = 10  # groups of trees that are asked apart
AT_ONCE = 50_000  # listings; more would write out gigabytes of words


@dataclass(frozen=True)
class Kind:
    """What a forest looks at, and how it grows."""

    name: str
    most_words: int
    in_pairs: bool
    numbers: int
    trees: int
    depth: int
    least_split: int = 2
    least_leaf: int = 1


BASIC = Kind("forest-basic", 200, False, words.FIVE, 50, 10)
TEXT = Kind("forest-text", 300, True, len(words.NUMBERS), 100, 15, 5, 2)


class ForestModel:
    """See models.Model for the contract; the stock is not looked at."""

    def __init__(self, kind: Kind, seed: int = 0) -> None:
        self.kind = kind
        self.seed = seed
        self._words: Any = None
        self._scale: Any = None
        self._forest: Any = None

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def is_sound(self) -> bool:
        """Whether every way through the trees ends at a leaf; else they must not be asked."""
        return self._forest is None or paths.is_sound(self._forest)

    def fit(
        self,
        listings: Sequence[Listing],
        keep: Sequence[bool | int],
        stock: Sequence[Listing] | Stock | None = None,  # noqa: ARG002 - the contract
        weights: Sequence[float] | None = None,
        rates: Sequence[float] | None = None,  # noqa: ARG002 - the contract
    ) -> "ForestModel":
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.preprocessing import StandardScaler

        verdicts = Verdicts.checked(listings, keep, weights)
        judged = columns.read([listings[row] for row in verdicts.rows])
        kind = self.kind
        self._words = words.learn_words(judged, most=kind.most_words, in_pairs=kind.in_pairs)
        self._scale = StandardScaler().fit(self._features(judged))
        self._forest = RandomForestClassifier(
            kind.trees,
            max_depth=kind.depth,
            min_samples_split=kind.least_split,
            min_samples_leaf=kind.least_leaf,
            class_weight="balanced",
            random_state=self.seed,
        )
        self._forest.fit(self._table(judged), verdicts.keep, sample_weight=verdicts.weights)
        return self

    def predict_proba(self, listings: Sequence[Listing]) -> "Floats":
        chances: Floats = self.opinions(listings).mean(axis=0)
        return chances.clip(1 - SUREST, SUREST)

    def opinions(self, listings: Sequence[Listing]) -> "Floats":
        """(k, n) chances by k groups of trees."""
        import numpy as np

        forest = self._grown()
        parts = [
            self._asked(forest, self._table(columns.read(listings[start : start + AT_ONCE])))
            for start in range(0, len(listings), AT_ONCE)
        ]
        return np.concatenate(parts, axis=1) if parts else np.zeros((OPINIONS, 0))

    def explain(self, listings: Sequence[Listing]) -> list[Explanation]:
        """Of path contributions: what each split moved the trees' mean chance, scaled so
        that they add up to the log-odds.
        """
        forest = self._grown()
        told = columns.read(listings)
        if not len(told):
            return []
        base, amounts = paths.contributions(forest, self._table(told), 1 - SUREST)
        names = [*words.word_columns(self._words), *words.number_columns(self.kind.numbers)]
        return [
            explanation(base, amounts[row].tolist(), names, Facts(told, row))
            for row in range(len(told))
        ]

    def _asked(self, forest: Any, table: "Floats") -> "Floats":
        """(k, n); every group has the same number of trees, so their mean is the forest's."""
        import numpy as np

        singles = np.ascontiguousarray(table, dtype=np.float32)
        votes = np.zeros((OPINIONS, len(table)))
        for place, tree in enumerate(forest.estimators_):
            votes[place % OPINIONS] += tree.predict_proba(singles, check_input=False)[:, 1]
        return votes / (len(forest.estimators_) / OPINIONS)

    def _features(self, listings: Columns) -> "Floats":
        import numpy as np

        known = words.numbers(listings)[:, : self.kind.numbers]
        if self._words is None:
            return known
        return np.hstack([self._words.transform(words.texts(listings)).toarray(), known])

    def _table(self, listings: Columns) -> "Floats":
        table: Floats = self._scale.transform(self._features(listings))
        return table

    def _grown(self) -> Any:
        if self._forest is None:
            raise NotTrained(self.name)
        return self._forest
