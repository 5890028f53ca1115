"""A simulated Discogs, and a client of it that no quota slows down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from tests.builders import RATES

from cratewise.clock import Clock
from cratewise.discogs.client import Discogs
from cratewise.discogs.credential import PersonalToken
from cratewise.discogs.quota import Quota
from cratewise.inventory.progress import Outcome, Progress
from cratewise.inventory.pull import pull
from cratewise.simulator import Simulator, World
from cratewise.store.accounts import local_account
from cratewise.store.engine import writing
from cratewise.store.quota import QuotaLedger

FREE = 1_000_000  # requests a minute


@contextmanager
def opened_discogs(
    simulator: Simulator,
    engine: Engine,
    clock: Clock,
    *,
    limit: int = FREE,
    minute_seconds: float = 60.0,
    **options: Any,
) -> Iterator[Discogs]:
    ledger = QuotaLedger(engine, clock, spans_machines=False)  # its time is the hand clock
    quota = Quota(ledger, limit=limit, window_seconds=minute_seconds, clock=clock)
    token = PersonalToken(World.token("digger"))
    with Discogs(
        api_url=simulator.url, credential=token, quota=quota, clock=clock, **options
    ) as discogs:
        yield discogs


def an_account_of(engine: Engine, clock: Clock) -> int:
    with writing(engine) as db:
        return local_account(db, currency="EUR", country="DE", at=clock.now()).id


def pull_from(
    simulator: Simulator,
    engine: Engine,
    clock: Clock,
    seller: str,
    *,
    patience_seconds: float = 0.0,
    timeout_seconds: float = 30.0,
    limit: int = FREE,
    minute_seconds: float = 60.0,
    **options: Any,
) -> Outcome:
    """Pull once, with a client of its own."""
    with opened_discogs(
        simulator,
        engine,
        clock,
        patience_seconds=patience_seconds,
        timeout_seconds=timeout_seconds,
        limit=limit,
        minute_seconds=minute_seconds,
    ) as discogs:
        return pull(
            engine,
            discogs,
            seller,
            account_id=an_account_of(engine, clock),
            rates=RATES,
            clock=clock,
            **options,
        )


def pages_asked(simulator: Simulator) -> list[tuple[str, str, int]]:
    """Every inventory page that was asked for, in order: sort, direction, page."""
    asked = []
    for request in simulator.requests:
        if request.path.endswith("/inventory"):
            query = request.query
            asked.append((query["sort"], query["sort_order"], int(query["page"])))
    return asked


class Listener:
    """Remembers what a pull told, and may say stop after some pages."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.heard: list[Progress] = []
        self._stop_after = stop_after

    def hear(self, progress: Progress) -> None:
        self.heard.append(progress)

    def should_stop(self) -> bool:
        return (
            self._stop_after is not None
            and bool(self.heard)
            and self.heard[-1].pages_done >= self._stop_after
        )


Stopper = Callable[[], bool]
