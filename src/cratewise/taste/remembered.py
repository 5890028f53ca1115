"""Do work on the same object once: a small memory keyed on identity.

Identity, because hashing a stock of a million listings would cost as much as the
work.  An id may be given again to another object after the first has gone, so an
entry lives with its object: by a weak reference where the object allows one, else
(lists do not) by holding it until newer ones push it out.
"""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")


@dataclass(frozen=True)
class _Entry(Generic[Made]):
    owner: Callable[[], Any]  # the object, or None once it has gone
    looks: tuple[int, ...]
    made: Made


class Remembered(Generic[Made]):
    """What `make` made of the last few sequences it was given.

    size  how many are remembered
    """

    def __init__(self, make: Callable[[Sequence[Any]], Made], size: int = 2) -> None:
        self._make = make
        self._size = size
        self._entries: OrderedDict[int, _Entry[Made]] = OrderedDict()
        self._lock = threading.RLock()

    def of(self, things: Sequence[Any]) -> Made:
        """What `make(things)` gives; made once while `things` lives and looks the same."""
        with self._lock:
            entry = self._entries.get(id(things))
            if entry is None or entry.owner() is not things or entry.looks != _looks(things):
                entry = _Entry(self._owner(things), _looks(things), self._make(things))
                self._entries[id(things)] = entry
            self._entries.move_to_end(id(things))
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
            return entry.made

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._entries.clear()

    def _owner(self, things: Sequence[Any]) -> Callable[[], Any]:
        key = id(things)
        try:
            return weakref.ref(things, lambda _: self._entries.pop(key, None))
        except TypeError:
            return lambda: things


def _looks(things: Sequence[Any]) -> tuple[int, ...]:
    """Length and some members: a list that was filled anew in place is another one."""
    if not isinstance(things, list | tuple):
        return (len(things),)  # its members may be made anew at each look
    step = max(1, len(things) // 64)
    return (len(things), *map(id, things[::step]), *map(id, things[-1:]))
