"""Load Arrow without pandas, for commands that are a process of their own.

Arrow looks for pandas at its first array, in order to know its columns when it meets
some: half a second and 40 MB wherever pandas is installed, and ours never meets any.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from threading import get_ident
from types import ModuleType

HIDDEN = "pandas"


class _Hidden(MetaPathFinder):
    """Finds nothing, and says that pandas is not there, to the thread that made it."""

    def __init__(self) -> None:
        self._thread = get_ident()

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> None:
        if fullname == HIDDEN and get_ident() == self._thread:
            raise ModuleNotFoundError(f"{HIDDEN} is not needed.", name=HIDDEN)


def load_arrow_lightly(*, is_lean: bool = False) -> None:
    """Let Arrow look for pandas now, and find none; it does not look again.

    is_lean  memory comes from the system, which gets it back; Arrow's own pool keeps some 30 MB.
    """
    if is_lean:
        import pyarrow as pa

        pa.set_memory_pool(pa.system_memory_pool())
    if HIDDEN in sys.modules:
        return
    finder = _Hidden()
    sys.meta_path.insert(0, finder)
    try:
        import pyarrow as pa

        pa.array([0])
    finally:
        sys.meta_path.remove(finder)
