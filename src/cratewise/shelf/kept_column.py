"""What releases have, told for each of their listings: kept, and mended when rows change."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.changes import Changes
from cratewise.shelf.columns import Columns


class KeptColumn:
    """A column of releases, a value a listing, made when first asked for.

    Whoever asks holds the shelf's lock.  To compare it costs a tenth of looking releases up.
    """

    def __init__(self, listings: Columns, changes: Changes, releases: Columns, name: str) -> None:
        self._listings, self._changes = listings, changes
        self._releases, self._name = releases, name
        self._values: NDArray[Any] | None = None
        self._version = 0

    @property
    def values(self) -> NDArray[Any]:
        """The column as it is now, which nobody may write to.  (n,)"""
        count, before = len(self._listings), self._values
        changed = None if before is None else self._changes.since(self._version, count)
        if before is None or changed is None or before.dtype != self._releases[self._name].dtype:
            values = self._of(np.arange(count))
        elif len(changed):
            values = np.append(before, np.zeros(count - len(before), before.dtype))
            values[changed] = self._of(changed)
        else:
            values = before
        self._values, self._version = values, self._changes.version
        return values

    def _of(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        return np.take(self._releases[self._name], self._listings["release"][rows], mode="clip")
