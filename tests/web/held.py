"""A simulated Discogs that keeps whoever reads a stock waiting, for as long as a test looks."""

from threading import Event
from typing import Any

from cratewise.simulator import Simulator, World
from cratewise.simulator.exchange import Answer, Asked

LONGEST_SECONDS = 20.0  # what asks for a page gives up after half a minute


class HeldDiscogs(Simulator):
    """`hold()`: pages of an inventory are not answered until `release()`."""

    def __init__(self, world: World, **options: Any) -> None:
        super().__init__(world, **options)
        self._is_open = Event()
        self._is_open.set()

    def hold(self) -> None:
        self._is_open.clear()

    def release(self) -> None:
        self._is_open.set()

    def exchange(self, asked: Asked) -> Answer:
        if asked.path.endswith("/inventory"):
            self._is_open.wait(LONGEST_SECONDS)
        return super().exchange(asked)
