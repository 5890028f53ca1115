"""Server-sent events: a pull as it goes on, told whenever something about it changes.

Each event carries all of it, so a client that comes back needs none of those it missed.
The loop that waits is asynchronous, since a thread for everybody who watches would
leave none for those who ask; looking is done in a thread as everywhere.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable

import msgspec
from litestar.concurrency import sync_to_thread

from cratewise.api.installation import Installation
from cratewise.api.problems import problem_of
from cratewise.api.pull_answer import Pull
from cratewise.errors import CratewiseError

MEDIA_TYPE = "text/event-stream"
LOOK_SECONDS = 0.5
SILENCE_SECONDS = 15.0  # a comment then keeps proxies from hanging up
COME_BACK_MILLISECONDS = 2000


async def watch(here: Installation, look: Callable[[], Pull]) -> AsyncGenerator[bytes, None]:
    """`progress` at each change, `end` at the end, `problem` for a look that failed."""
    yield f"retry: {COME_BACK_MILLISECONDS}\n\n".encode()
    last: bytes = b""
    told_at = time.monotonic()
    pull: Pull | None
    while not here.is_closing.is_set():
        try:
            pull = await sync_to_thread(look)
            event = _event("progress", pull)
        except CratewiseError as error:
            pull, event = None, _event("problem", problem_of(error))  # the next look may do
        if event != last:
            yield event
            last, told_at = event, time.monotonic()
        elif time.monotonic() - told_at > SILENCE_SECONDS:
            yield b": still here\n\n"
            told_at = time.monotonic()
        if pull is not None and pull.is_over:
            yield _event("end", pull)
            return
        await asyncio.sleep(LOOK_SECONDS)


def _event(name: str, told: msgspec.Struct) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(told) + b"\n\n"
