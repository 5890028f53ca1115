"""Run `cratewise` by a clock that is wrong by as many seconds as a file says, from now to now.

    python tests/crash/moved_clock.py FILE work --json

Whoever moves the machine's own clock moves it for everybody on it.  Here every clock that
Cratewise and DBOS ask for the time of day is wrong; those that only count on are not, as
when a time server sets a clock.
"""

import datetime
import sys
import time
from pathlib import Path
from typing import Any


def move_clocks(file: Path) -> None:
    """Be wrong from now on, in this process."""
    right_time, right_ns = time.time, time.time_ns

    def wrong_by() -> float:
        return float(file.read_text("utf-8") or 0)

    class Wrong(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return super().now(tz) + datetime.timedelta(seconds=wrong_by())

        @classmethod
        def utcnow(cls) -> Any:
            return cls.now(datetime.UTC).replace(tzinfo=None)

    time.time = lambda: right_time() + wrong_by()
    time.time_ns = lambda: right_ns() + int(wrong_by() * 1e9)
    datetime.datetime = Wrong  # type: ignore[misc]  # for whoever imports it from here on


if __name__ == "__main__":
    move_clocks(Path(sys.argv.pop(1)))
    from cratewise.cli.app import main

    main()
