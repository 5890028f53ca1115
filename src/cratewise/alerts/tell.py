"""Look for what alerts wait for, and send what is due: one round of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cratewise.alerts.deliver import Courier, deliver_due
from cratewise.alerts.mail import mail_server
from cratewise.alerts.report import report
from cratewise.clock import Clock
from cratewise.discogs.client import USER_AGENT
from cratewise.rates import Rates
from cratewise.shelf.find import Finder

if TYPE_CHECKING:
    from sqlalchemy import Engine


def tell(
    engine: "Engine",
    finder: Finder | None,
    open_rates: Callable[[], Rates],
    clock: Clock,
    *,
    smtp_url: str | None,
    mail_from: str,
    is_server: bool,
    hides_stale: bool,
    should_stop: Callable[[], bool],
) -> dict[str, int]:
    """How many listings were found, and how many deliveries sent.

    finder    None: one is opened, which loads when there is something new for an alert.
    is_server others use this Cratewise too, see `webhook.py`.
    hides_stale  a price that was read more than six hours ago is told nobody, whatever each wishes.
    smtp_url  of the mail server; None: no mail is sent.

    Raises AddressRefused when that is none, StoreUnavailable, StoreFull.
    """
    server = None if smtp_url is None else mail_server(smtp_url)
    finder = finder or Finder(engine, clock)
    found = report(engine, finder, open_rates, clock, hides_stale=hides_stale)
    courier = Courier(USER_AGENT, server, mail_from, is_server=is_server, hides_stale=hides_stale)
    return {"found": found, "sent": deliver_due(engine, courier, clock, should_stop=should_stop)}
