"""A moment of few listings: when the price of each fell, when each came back."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cratewise.store.shelf_rows import NEVER

Ints = NDArray[np.int64]


class Moments:
    """Moments by our own ids of listings, in microseconds since 1970; most have none."""

    def __init__(self) -> None:
        self._ids = np.zeros(0, np.int64)
        self._at = np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def nbytes(self) -> int:
        return self._ids.nbytes + self._at.nbytes

    def put(self, ids: Ints, at: Ints) -> None:
        """Know these; NEVER takes what was known of a listing away."""
        if not len(self._ids) and (at == NEVER).all():
            return
        stays = ~np.isin(self._ids, ids)
        all_ids = np.concatenate([self._ids[stays], ids[at != NEVER]])
        all_at = np.concatenate([self._at[stays], at[at != NEVER]])
        order = np.argsort(all_ids, kind="stable")
        self._ids, self._at = all_ids[order], all_at[order]

    @property
    def arrays(self) -> dict[str, Ints]:
        """All that is known, for `restore`."""
        return {"ids": self._ids, "at": self._at}

    def restore(self, arrays: Mapping[str, Ints]) -> None:
        """Know what `arrays` told."""
        self._ids, self._at = arrays["ids"], arrays["at"]

    def keep(self, ids: Ints) -> None:
        """Forget all but these listings."""
        stays = np.isin(self._ids, ids)
        self._ids, self._at = self._ids[stays], self._at[stays]

    def ids_since(self, moment: int) -> Ints:
        """The listings with a later moment, in their order."""
        return self._ids[self._at > moment]
