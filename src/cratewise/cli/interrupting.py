"""Ctrl-C, in two steps: the first asks to stop, the second leaves at once."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

# SIGTERM is how a machine that goes down asks; Windows has it in name only.
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping_gently(ask_to_stop: Callable[[], None]) -> Iterator[Event]:
    """Inside, the first Ctrl-C sets the event and calls `ask_to_stop`; the second raises.

    Only the main thread may, since signals are its own.
    """
    is_stopping = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if is_stopping.is_set():
            raise KeyboardInterrupt
        is_stopping.set()
        # A thread of its own: whatever the main thread was in the middle of, such as
        # writing to the terminal, must not be entered a second time from here.
        Thread(target=ask_to_stop, name="ask-to-stop").start()

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield is_stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
