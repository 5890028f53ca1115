"""How a forest came to its answer: the way of each listing through each tree.

Going down from a node to its child changes the share of keeps; the change is laid to
the column that the node asks about (Saabas, "Interpreting random forests", 2014).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


LEAF = -1  # in place of a child


def contributions(forest: Any, table: "Floats", least: float) -> tuple[float, "Floats"]:
    """Of n listings: the base log-odds, and (n, c) what each column adds to it.

    least  the lowest chance that is told; 1 - least is the highest

    The parts are those of the chance, all of one listing stretched by the same factor,
    so that base + their sum is the log-odds of the chance.
    """
    import numpy as np
    from scipy.special import logit

    singles = np.ascontiguousarray(table, dtype=np.float32)
    base = 0.0
    parts = np.zeros(table.shape)
    for tree in forest.estimators_:
        inner = tree.tree_
        share = inner.value[:, 0, 1] / inner.value[:, 0, :].sum(axis=1)
        base += share[0]
        _walk(inner, singles, share, parts)
    count = len(forest.estimators_)
    base, parts = float(base / count), parts / count
    moved = parts.sum(axis=1)
    start = float(logit(np.clip(base, least, 1 - least)))
    sought = logit(np.clip(base + moved, least, 1 - least)) - start
    still = np.abs(moved) < 1e-12
    stretch = np.where(still, 0, sought / np.where(still, 1, moved))
    return start, parts * stretch[:, None]


def _walk(tree: Any, table: "NDArray[np.float32]", share: "Floats", parts: "Floats") -> None:
    """Add to parts what each step of each listing changed."""
    import numpy as np

    way = tree.decision_path(table)
    # Nodes are numbered downwards, so a row's sorted nodes are its way from the root.
    way.sort_indices()
    rows = np.repeat(np.arange(len(table)), np.diff(way.indptr))
    same = rows[1:] == rows[:-1]
    parent, child = way.indices[:-1][same], way.indices[1:][same]
    np.add.at(parts, (rows[1:][same], tree.feature[parent]), share[child] - share[parent])


def is_sound(forest: Any) -> bool:
    """Whether each node of each tree is a leaf, or leads to two later nodes by a known column.

    scikit-learn follows the numbers in a tree without looking; those of a file that
    somebody made could lead anywhere in memory.
    """
    return all(_is_sound(tree.tree_, forest.n_features_in_) for tree in forest.estimators_)


def _is_sound(tree: Any, columns: int) -> bool:
    import numpy as np

    left, right = tree.children_left, tree.children_right
    place = np.arange(tree.node_count)
    is_leaf = (left == LEAF) & (right == LEAF)
    leads_on = (left > place) & (right > place) & (left < len(place)) & (right < len(place))
    asks = (tree.feature >= 0) & (tree.feature < columns)
    return len(place) > 0 and bool((is_leaf | (leads_on & asks)).all())
