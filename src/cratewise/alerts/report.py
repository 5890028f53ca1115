"""Find what is new for each alert, and put it down to be told: each listing once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from cratewise.clock import Clock
from cratewise.notices import shown_since
from cratewise.rates import Rates
from cratewise.shelf.find import Finder
from cratewise.shelf.query import Filter, Order, Reader
from cratewise.store.accounts import find_account
from cratewise.store.alerts import Alert, alerts_of, news_for, note_found
from cratewise.store.engine import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

AT_ONCE = 50  # listings to one request, letter or entry
# A transaction may end that long after the moment that its rows carry.
LATEST_COMMIT = timedelta(seconds=20)
EVERYTHING = 2**40


def report(
    engine: "Engine",
    finder: Finder,
    open_rates: Callable[[], Rates],
    clock: Clock,
    *,
    account_id: int | None = None,
    hides_stale: bool = False,
) -> int:
    """Look for every alert; how many listings are to be told.

    hides_stale  a price that was read more than six hours ago is unknown, whatever each wishes.

    Raises StoreUnavailable, StoreFull.
    """
    with reading(engine) as db:
        kept = alerts_of(db, account_id)
    if not kept:
        return 0
    rates = open_rates()
    now = clock.now()
    return sum(
        _report(engine, finder, rates, alert, now, hides_stale=hides_stale) for alert in kept
    )


def _report(
    engine: "Engine",
    finder: Finder,
    rates: Rates,
    alert: Alert,
    now: datetime,
    *,
    hides_stale: bool,
) -> int:
    with reading(engine) as db:
        candidates = news_for(db, alert, alert.checked_at - LATEST_COMMIT)
        account = find_account(db, alert.account_id) if candidates else None
    found: list[int] = []
    if account is not None:
        wanted = msgspec.json.decode(alert.filter, type=Filter)
        since = shown_since(now) if hides_stale or account.hides_stale else None
        reader = Reader(account.id, account.currency, rates, now.date(), since)
        order = Order("score", is_descending=True)
        page = finder.numbered_page(wanted, order, reader, page=1, limit=EVERYTHING)
        among = frozenset(candidates)
        found = [number for number in page.ids if number in among]
    with writing(engine) as db:
        return note_found(db, alert, found, now, at_once=AT_ONCE)
