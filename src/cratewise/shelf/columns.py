"""Columns of one length that grow together, with room to spare behind their end.

Whole numbers are kept as narrowly as they fit: a column of small ones becomes wider when
the first large one comes.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPARE = 16  # a sixteenth more room than is needed, so that few additions copy all
WIDER = {"i1": "i2", "i2": "i4", "i4": "i8"}


class Columns:
    """Rows as columns: `columns["price"]` is an array with a value a row.

    kinds  numpy's type of each column, by name; of whole numbers the narrowest that is tried.

    An array that was handed out shows later changes of its rows, not later rows.
    """

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self._count = 0
        self._arrays = {name: np.empty(0, kind) for name, kind in kinds.items()}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name][: self._count]

    @property
    def nbytes(self) -> int:
        """The memory that they take, spare room included."""
        return sum(array.nbytes for array in self._arrays.values())

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Every column by its name."""
        return {name: self[name] for name in self._arrays}

    def append(self, values: Mapping[str, NDArray[Any]]) -> None:
        """Add rows at the end: an array for every column."""
        added = len(next(iter(values.values())))
        self._make_room(self._count + added)
        self._widen(values)
        for name, array in self._arrays.items():
            array[self._count : self._count + added] = values[name]
        self._count += added

    def put(self, rows: slice | NDArray[np.intp], values: Mapping[str, NDArray[Any]]) -> None:
        """Change rows: an array for some of the columns."""
        self._widen(values)
        for name, changed in values.items():
            self[name][rows] = changed

    def take(self, rows: NDArray[Any]) -> None:
        """Keep these rows alone, in this order: of places, or as a mask."""
        self._arrays = {name: self[name][rows] for name in self._arrays}
        self._count = len(next(iter(self._arrays.values())))

    def reserve(self, rows: int) -> None:
        """Make room for so many rows at once."""
        self._make_room(rows, spare=0)

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Hold these columns, one for each kind, and nothing else."""
        self._arrays = {name: arrays[name] for name in self._arrays}
        self._count = len(next(iter(self._arrays.values())))

    def _make_room(self, needed: int, *, spare: int = 1) -> None:
        room = len(next(iter(self._arrays.values())))
        if needed <= room:
            return
        room = needed + spare * (needed // SPARE + 64)
        for name, array in self._arrays.items():
            larger = np.empty(room, array.dtype)
            larger[: self._count] = array[: self._count]
            self._arrays[name] = larger

    def _widen(self, values: Mapping[str, NDArray[Any]]) -> None:
        for name, column in values.items():
            array = self._arrays[name]
            while not _fits(column, array.dtype):
                array = array.astype(WIDER[array.dtype.str[1:]])
            self._arrays[name] = array


def _fits(values: NDArray[Any], kind: np.dtype[Any]) -> bool:
    if kind.kind != "i" or not len(values) or values.dtype.itemsize <= kind.itemsize:
        return True
    ends = np.iinfo(kind)
    return bool(ends.min <= values.min() and values.max() <= ends.max)
