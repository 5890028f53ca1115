"""How often one token may ask, whichever of all processes that serve is asked."""

from datetime import timedelta
from typing import TYPE_CHECKING

from cratewise.errors import TooManyRequests
from cratewise.store.engine import writing
from cratewise.store.tokens import take_turn

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.clock import Clock

A_MINUTE = 600  # requests; a page of 100 listings each, that is all of a million in 17 minutes
AT_ONCE = 60


def ask_once(
    engine: "Engine",
    token_id: int,
    clock: "Clock",
    *,
    a_minute: int = A_MINUTE,
    at_once: int = AT_ONCE,
) -> None:
    """Count a request of a token.  Raises TooManyRequests, which counts nothing."""
    each = timedelta(minutes=1) / a_minute
    with writing(engine) as db:
        wait = take_turn(db, token_id, clock.now(), each=each, at_once=at_once)
    if wait > timedelta():
        raise TooManyRequests(wait.total_seconds())
