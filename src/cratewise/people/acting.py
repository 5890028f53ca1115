"""As whom the work at hand is done: known to whatever the request calls, and to nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from cratewise.errors import NotSignedIn
from cratewise.people.recognise import Recognised

_acting: ContextVar[Recognised | None] = ContextVar("acting", default=None)


@contextmanager
def acting_as(who: Recognised) -> Iterator[None]:
    """Everything within is done as this account."""
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)


def who_acts() -> Recognised:
    """As whom this is done.  Raises NotSignedIn."""
    who = _acting.get()
    if who is None:
        raise NotSignedIn
    return who
