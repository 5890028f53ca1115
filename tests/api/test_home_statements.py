"""How often the first page asks the database; each time is a way to the server and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import get_ident
from typing import Any

from sqlalchemy import Engine, event
from tests.api.serving import Api
from tests.builders import NOON, a_listing, a_pull, a_seller

from cratewise.api.home import show_home
from cratewise.api.pull_answer import of_jobs, quota_standing
from cratewise.durable import Job
from cratewise.inventory.claim import new_worker
from cratewise.store.engine import writing
from cratewise.store.sellers import names_of_sellers

MOST = 11  # account, quota (2), jobs, what home needs, glance, news, best (2), pulls, pace
TRIES = 5  # once a second the shelf looks further back, which is a statement or two more


@contextmanager
def counted() -> Iterator[list[str]]:
    """The questions that this thread asks of any database meanwhile."""
    asked: list[str] = []
    thread = get_ident()

    def note(_db: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if get_ident() == thread and statement.lstrip().startswith("SELECT"):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def fewest(api: Api) -> list[str]:
    """What the first page asks when the shelf does not look further back."""
    tries = []
    for _ in range(TRIES):
        with counted() as asked:
            show_home.fn(api.here, None)
        tries.append(asked)
    return min(tries, key=len)


def test_the_first_page_asks_as_much_however_many_pulls_run(api: Api, store: Engine) -> None:
    worker = new_worker()

    def begin_pull() -> None:
        now = datetime.now(UTC)
        with writing(store) as db:
            seller = a_seller(db)
            a_listing(db, seller, first_seen_at=now)
            a_pull(db, seller, state="running", finished_at=None, heartbeat_at=now, worker=worker)

    begin_pull()
    api.here.finder.begin()
    api.here.finder.settle()
    of_one = fewest(api)
    for _ in range(4):
        begin_pull()
    of_five = fewest(api)

    shown = api.read("/api/v1/home")
    assert (len(shown["pulls"]), len(shown["news"]["best"])) == (5, 5)
    assert len(of_five) == len(of_one) <= MOST, of_five


def test_pulls_that_run_as_jobs_are_told_by_three_statements(api: Api, store: Engine) -> None:
    with writing(store) as db:
        sellers = [a_seller(db) for _ in range(4)]
        for seller in sellers:
            a_pull(db, seller, state="running", finished_at=None, worker="me", heartbeat_at=NOON)
        names = names_of_sellers(db, sellers)
    jobs = [
        Job(id=name, deed="pull", queue="pulls", state="running", worker="me", takeovers=0,
            arguments={"seller": name.upper(), "kind": "full"}, asked_at=NOON,
            started_at=NOON, finished_at=None)
        for name in names.values()
    ]  # fmt: skip
    standing = quota_standing(api.here)
    with counted() as asked:
        told = of_jobs(api.here, jobs, standing)

    assert [(pull.id, pull.seller) for pull in told] == [(job.id, job.id) for job in jobs]
    assert all(pull.number is not None for pull in told)
    assert len(asked) == 3, asked
