"""A process that pulls one seller and says so, line by line; to be killed.

    python tests/crash/puller.py DISCOGS_URL DATABASE_URL SELLER [FREEZES_AT_PAGE [BUDGET]]

Prints `pages N` after each page that is stored, and `seen N` at the end.  Told to
freeze, it stands still after so many pages (never: the word) until it reads a line; told a
budget of requests, it pulls deep.
"""

import sys

from cratewise.clock import SystemClock
from cratewise.discogs.client import Discogs
from cratewise.discogs.credential import PersonalToken
from cratewise.discogs.quota import Quota
from cratewise.inventory.deep import BUDGET
from cratewise.inventory.progress import Progress
from cratewise.inventory.pull import pull
from cratewise.rates import Rates
from cratewise.simulator import World
from cratewise.store.accounts import local_account
from cratewise.store.engine import open_engine, writing
from cratewise.store.migrate import upgrade
from cratewise.store.quota import QuotaLedger

FREE = 1_000_000  # requests a minute


def main() -> None:
    discogs_url, database_url, seller = sys.argv[1:4]
    clock = SystemClock()
    engine = open_engine(database_url)
    upgrade(engine)
    with writing(engine) as db:
        account = local_account(db, currency="EUR", country="DE", at=clock.now())
    quota = Quota(QuotaLedger(engine, clock), limit=FREE, clock=clock)
    token = PersonalToken(World.token("digger"))
    with Discogs(api_url=discogs_url, credential=token, quota=quota, clock=clock) as discogs:
        outcome = pull(
            engine,
            discogs,
            seller,
            account_id=account.id,
            kind="deep" if sys.argv[5:] else "full",
            budget=int(sys.argv[5]) if sys.argv[5:] else BUDGET,
            rates=Rates.shipped(),
            clock=clock,
            on_progress=told,
        )
    say(f"seen {outcome.seen}")
    engine.dispose()


def told(progress: Progress) -> None:
    say(f"pages {progress.pages_done}")
    if [str(progress.pages_done)] == sys.argv[4:5]:
        sys.argv[4] = "never"
        sys.stdin.readline()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
