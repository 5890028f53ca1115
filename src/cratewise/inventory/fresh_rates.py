"""The currency rates to read prices by: shipped, stored, and fetched when a day is due.

A price is compared at the rate of the day it was read, so a pull asks here first.
Being offline is no reason not to pull: the nearest earlier day serves, and says so.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cratewise.clock import Clock
from cratewise.errors import RatesUnavailable
from cratewise.rate_file import fetch_newer, is_due
from cratewise.rates import Rates
from cratewise.store.engine import reading, writing
from cratewise.store.rates import remember_rates, stored_rates

if TYPE_CHECKING:
    from sqlalchemy import Engine

CONNECT_SECONDS = 3.0  # a pull waits no longer for a bank that does not answer
ANSWER_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class FreshRates:
    """Rates, and how they came to be as fresh as they are.

    new_days  how many days were fetched
    problem   a sentence when newer ones are due and could not be had; None otherwise
    """

    rates: Rates
    new_days: int = 0
    problem: str | None = None


def known_rates(engine: "Engine") -> Rates:
    """The shipped rates and those fetched before; asks nobody."""
    with reading(engine) as db:
        return Rates.shipped().with_days(stored_rates(db))


def fresh_rates(engine: "Engine", url: str | None, clock: Clock) -> FreshRates:
    """The known rates, with newer days fetched and kept when the bank has some.

    url  the folder that holds the bank's files; None: fetch nothing

    Never fails for want of a network: see `FreshRates.problem`.
    """
    known = known_rates(engine)
    if url is None or not is_due(known.newest_day, clock.now()):
        return FreshRates(known)
    try:
        return refreshed(engine, known, url)
    except RatesUnavailable as error:
        return FreshRates(
            known, problem=f"{error}  The rates of {known.newest_day} serve meanwhile."
        )


def refreshed(engine: "Engine", known: Rates, url: str) -> FreshRates:
    """`known` with every day that the bank has published since, which are kept.

    Raises RatesUnavailable.
    """
    import httpx2

    from cratewise import __version__

    timeout = httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    headers = {"User-Agent": f"Cratewise/{__version__}"}
    with httpx2.Client(timeout=timeout, headers=headers, follow_redirects=True) as client:
        newer = fetch_newer(client, url, known.newest_day)
    with writing(engine) as db:
        remember_rates(db, newer)
    return FreshRates(known.with_days(newer), new_days=len(newer))
