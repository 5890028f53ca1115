"""Which rows came or changed, version after version: what is kept of all rows is mended by it."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Places: TypeAlias = NDArray[np.intp]

MENDED = 8  # once one row in so many changed, what is kept of all is made anew
MOST_REMEMBERED = 1_000  # changes, until whoever keeps something makes it anew


class Changes:
    """The last changes of some rows; whoever asks holds the shelf's lock.

    version  another number after every change.
    """

    def __init__(self) -> None:
        self.version = 0
        self._noted: list[tuple[int, Places]] = []  # a version, and the rows that came by it
        self._told: dict[int, Places | None] = {}  # what was asked since the last of them

    def note(self, rows: Places) -> None:
        """These rows came, or are others now."""
        self.version += 1
        self._noted = [*self._noted[-MOST_REMEMBERED:], (self.version, rows)]
        self._told = {}

    def note_all(self) -> None:
        """Every row is another now."""
        self.version += 1
        self._noted, self._told = [], {}

    def forget(self) -> None:
        """Once all is read: what came meanwhile is new to nobody, and takes 8 bytes a row."""
        self._noted, self._told = [], {}

    def since(self, version: int, count: int) -> Places | None:
        """Which of so many rows came or changed after a version; None: too many, or unknown."""
        if version not in self._told:
            self._told[version] = self._since(version, count)
        return self._told[version]

    def _since(self, version: int, count: int) -> Places | None:
        if version == self.version:
            return np.zeros(0, np.intp)
        since = [rows for at, rows in self._noted if at > version]
        if len(since) != self.version - version or sum(map(len, since)) > count // MENDED:
            return None
        return _distinct(np.concatenate(since))


def _distinct(rows: Places) -> Places:
    """Each row once, in their order: as `np.unique`, in a quarter of its time for thousands."""
    in_order = np.sort(rows)
    found: Places = in_order[np.flatnonzero(np.diff(in_order, prepend=-1))]
    return found
