"""The clock of the quota's ledger: shared by every process, and never jumping.

Wall clocks are what processes have in common, but they are set, forwards and back.  So
the ledger keeps an offset to the wall clock.  A process that saw the wall clock move by
more than its own monotonic one corrects the offset; the others see that the offset has
changed, and take it over.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, func, select

from cratewise.clock import Clock
from cratewise.store.tables import microseconds

JUMP_US = 1_000_000  # less than that is drift, and a small error of the quota
SECOND_US = 1_000_000
# The database's own clock, in microseconds since 1970.
DATABASE_US = (func.extract("epoch", func.clock_timestamp()) * SECOND_US).cast(BigInteger)


@dataclass(frozen=True, slots=True)
class LedgerTime:
    """A reading of the ledger's clock, in microseconds since 1970.

    offset_us  between it and the wall clock, to be kept with the ledger.
    lead_us    of the wall clock before this process's monotonic one.
    """

    now_us: int
    offset_us: int
    lead_us: int


class LedgerClock:
    """Tells the ledger's time.

    asks_database  its clock is the wall clock then, since machines' clocks differ.
    """

    def __init__(self, clock: Clock, *, asks_database: bool) -> None:
        self._clock = clock
        self.asks_database = asks_database
        self._seen: dict[str, LedgerTime] = {}  # by ledger

    def tell(
        self, db: Connection, name: str, offset_us: int, last_us: int, wall_us: int | None = None
    ) -> LedgerTime:
        """The time of the ledger `name`.

        offset_us  as the ledger keeps it.
        last_us    when the ledger was last written: its time never goes back.
        wall_us    what the wall clock shows, where that was just asked.
        """
        wall = self._wall(db) if wall_us is None else wall_us
        lead = wall - int(self._clock.monotonic() * SECOND_US)
        seen = self._seen.get(name)
        if seen is not None and seen.offset_us == offset_us:
            jumped = lead - seen.lead_us
            offset_us -= jumped if abs(jumped) > JUMP_US else 0
        # Nobody was there to see it jump back: the ledger goes on where it stood.
        if last_us - (wall + offset_us) > JUMP_US:
            offset_us = last_us - wall
        return LedgerTime(max(wall + offset_us, last_us), offset_us, lead)

    def remember(self, name: str, time: LedgerTime) -> None:
        """What later readings are compared with, once the ledger keeps `time.offset_us`."""
        self._seen[name] = time

    def _wall(self, db: Connection) -> int:
        if not self.asks_database:
            return microseconds(self._clock.now())
        told: int = db.execute(select(DATABASE_US)).scalar_one()
        return told
