"""Load very many rows without Python looking through them all, and give back what they took."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def many_rows() -> Iterator[None]:
    """For the time in which a million rows pass as tuples, and right after it.

    Tuples of numbers and texts hold no cycles; to look for some in them, and in all else
    each time, takes a quarter of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
        give_back()


def give_back() -> None:
    """Return to the system what was freed."""
    # The C library keeps it for whatever comes next: 70 MB after a million rows.
    if sys.platform == "linux":
        give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's, not musl's
        if give_back is not None:
            give_back(0)
