"""Pulls: who reads which seller's stock, how far they are, and what came of it.

One pull of a seller runs at a time; a unique index holds that.  Whoever works on
it writes its name beside it, and every write asks first whether the name still
stands there: a worker that was frozen, and whose pull another has taken over,
finds out before it stores anything.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from cratewise.store.insert import insert_unless_there
from cratewise.store.listings import count_for_sale
from cratewise.store.tables import pull_pages, pulls, sellers
from cratewise.store.upsert import Tally

PACE_PAGES = 10  # of the last ones the pace is taken: a pull may have paused before


class Pull(NamedTuple):
    """A pull as it stands; counts are of listings, coverage is 0 to 1.

    kind     'quick', 'full', 'deep' or 'csv' (an import).
    state    'running', 'done', 'stopped' (it can be taken up again) or 'failed'.
    pages    stored so far.
    outcome  one sentence, when it has ended.
    """

    id: int
    seller_id: int
    seller: str
    kind: str
    plan: str
    state: str
    claimed: int | None
    requests: int
    pages: int
    seen: int
    new: int
    changed: int
    gone: int
    back: int
    skipped: int
    coverage: float | None
    outcome: str
    started_at: datetime
    finished_at: datetime | None
    worker: str | None
    heartbeat_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page that a pull has stored.

    unknown  how many of its listings were not known before; to a deep pull one that was
             not seen lately is as good as unknown.
    """

    sort: str
    direction: str
    page: int
    listings: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier pulls of a seller left.

    for_sale      listings believed to be for sale.
    claimed       how many were when a pull last ended well, as Discogs said.
    last_full_at  when a full or deep pull last ended well.
    """

    for_sale: int
    claimed: int | None
    last_full_at: datetime | None


_PAGES = (
    select(func.count())
    .select_from(pull_pages)
    .where(pull_pages.c.pull_id == pulls.c.id)
    .scalar_subquery()
)
_ELSEWHERE: Mapping[str, ColumnElement[Any]] = {"seller": sellers.c.username, "pages": _PAGES}
_PULL = select(
    *(_ELSEWHERE[name] if name in _ELSEWHERE else pulls.c[name] for name in Pull._fields)
).join(sellers, sellers.c.id == pulls.c.seller_id)


# What a page adds to its pull: columns of `pulls`, and what of a tally they count.
COUNTED = {"seen": "unseen", "new": "new", "changed": "changed", "back": "back"}
_ADD = (
    update(pulls)
    .where(pulls.c.id == bindparam("pull"))
    .values(
        claimed=bindparam("claim"),
        requests=pulls.c.requests + 1,
        **{name: pulls.c[name] + bindparam(f"added_{name}") for name in (*COUNTED, "skipped")},
    )
)


def pull_of(db: Connection, pull_id: int) -> Pull:
    """A pull by its id, which must exist."""
    return Pull._make(db.execute(_PULL.where(pulls.c.id == pull_id)).one())


def find_pull(db: Connection, pull_id: int) -> Pull | None:
    """A pull by its id."""
    row = db.execute(_PULL.where(pulls.c.id == pull_id)).first()
    return None if row is None else Pull._make(row)


def list_pulls(
    db: Connection,
    *,
    seller_id: int | None = None,
    state: str | None = None,
    before_id: int | None = None,
    limit: int,
) -> list[Pull]:
    """Pulls and imports, those that were started last first; behind one of them if told."""
    statement = _PULL.order_by(pulls.c.id.desc()).limit(limit)
    if seller_id is not None:
        statement = statement.where(pulls.c.seller_id == seller_id)
    if state is not None:
        statement = statement.where(pulls.c.state == state)
    if before_id is not None:
        statement = statement.where(pulls.c.id < before_id)
    return [Pull._make(row) for row in db.execute(statement)]


def seconds_a_page(db: Connection, pull_ids: Collection[int]) -> dict[int, float]:
    """How fast the last pages of pulls were stored, by pull; without those of fewer than two."""
    page = pull_pages.c
    place = func.row_number().over(partition_by=page.pull_id, order_by=page.stored_at.desc())
    placed = select(page.pull_id, page.stored_at, place.label("place"))
    last = placed.where(page.pull_id.in_(pull_ids)).subquery().c
    moments = select(
        last.pull_id, func.min(last.stored_at), func.max(last.stored_at), func.count()
    ).where(last.place <= PACE_PAGES)
    return {
        pull: (newest - oldest).total_seconds() / (many - 1)
        for pull, oldest, newest, many in db.execute(moments.group_by(last.pull_id))
        if many > 1
    }


def latest_pull(db: Connection, seller_id: int) -> Pull | None:
    """The pull of a seller that was started last, imports aside."""
    row = db.execute(
        _PULL.where(pulls.c.seller_id == seller_id, pulls.c.kind != "csv")
        .order_by(pulls.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else Pull._make(row)


def latest_pulls(db: Connection, seller_ids: Collection[int]) -> dict[int, Pull]:
    """The pull of each of these sellers that was started last, imports aside, by seller."""
    newest = (
        select(func.max(pulls.c.id))
        .where(pulls.c.seller_id.in_(seller_ids), pulls.c.kind != "csv")
        .group_by(pulls.c.seller_id)
    )
    found = map(Pull._make, db.execute(_PULL.where(pulls.c.id.in_(newest))))
    return {pull.seller_id: pull for pull in found}


def before(db: Connection, seller_id: int) -> Before:
    """What earlier pulls of a seller left."""
    ended_well = and_(pulls.c.seller_id == seller_id, pulls.c.state == "done")
    claimed = db.scalar(
        select(pulls.c.claimed)
        .where(ended_well, pulls.c.kind != "csv")
        .order_by(pulls.c.id.desc())
        .limit(1)
    )
    last_full_at = db.scalar(
        select(pulls.c.finished_at)
        .where(ended_well, pulls.c.kind.in_(("full", "deep")))
        .order_by(pulls.c.id.desc())
        .limit(1)
    )
    return Before(count_for_sale(db, seller_id), claimed, last_full_at)


def begin(
    db: Connection, seller_id: int, *, kind: str, plan: str, claimed: int, worker: str, at: datetime
) -> int | None:
    """Start a pull; its id, or None when another of the seller runs."""
    row = {"seller_id": seller_id, "kind": kind, "plan": plan, "claimed": claimed}
    row |= {"state": "running", "worker": worker, "started_at": at, "heartbeat_at": at}
    row |= {"requests": 1}  # the profile's
    return insert_unless_there(db, pulls, row)


def take_over(db: Connection, pull: Pull, *, claimed: int, worker: str, at: datetime) -> bool:
    """Go on with a pull as it was found: stopped, or its worker dead; False: somebody else does."""
    try:
        with db.begin_nested():
            taken = db.execute(
                update(pulls)
                .where(
                    pulls.c.id == pull.id,
                    pulls.c.state == pull.state,
                    pulls.c.worker.is_not_distinct_from(pull.worker),
                )
                .values(
                    requests=pulls.c.requests + 1,  # the profile's
                    claimed=claimed,
                    state="running",
                    worker=worker,
                    heartbeat_at=at,
                    outcome="",
                    finished_at=None,
                )
            )
    except IntegrityError:  # a newer pull of the seller runs
        return False
    return taken.rowcount == 1


def hold(db: Connection, pull_id: int, worker: str, at: datetime) -> bool:
    """Say that the worker lives; False: the pull is not its own any more.

    First in every transaction of a pull: it keeps others from taking over until the end.
    """
    held = db.execute(
        update(pulls)
        .where(pulls.c.id == pull_id, pulls.c.worker == worker, pulls.c.state == "running")
        .values(heartbeat_at=at)
    )
    return held.rowcount == 1


def let_go(db: Connection, worker: str) -> None:
    """Leave the pulls of a dead worker's process to whoever asks next: nobody holds them now.

    worker  any name that the process gave itself; it ends in a word for one run alone.
    """
    process = worker.rpartition(" ")[0] + " "
    db.execute(
        update(pulls)
        .where(pulls.c.state == "running", pulls.c.worker.startswith(process, autoescape=True))
        .values(worker="")
    )


def tick(
    db: Connection,
    pull_id: int,
    page: StoredPage,
    tally: Tally,
    *,
    claimed: int,
    skipped: int,
    at: datetime,
) -> None:
    """Note that a page is stored, in the transaction that stores its listings."""
    brought = {"pull_id": pull_id, "sort": page.sort, "direction": page.direction}
    brought |= {"page": page.page, "listings": page.listings, "unknown": page.unknown}
    db.execute(insert(pull_pages), brought | {"unseen": tally.unseen, "stored_at": at})
    told = {"pull": pull_id, "claim": claimed, "added_skipped": skipped}
    db.execute(_ADD, told | {f"added_{name}": getattr(tally, of) for name, of in COUNTED.items()})


def stored_pages(db: Connection, pull_id: int) -> Sequence[StoredPage]:
    """Every page that a pull has stored, in that order."""
    return _pages_where(db, pull_pages.c.pull_id == pull_id)


def pages_of_deep_pulls(
    db: Connection, seller_id: int, *, before_pull: int, since: datetime
) -> Sequence[StoredPage]:
    """Every page that earlier deep pulls of a seller, begun after `since`, have stored."""
    theirs = select(pulls.c.id).where(
        pulls.c.seller_id == seller_id,
        pulls.c.kind == "deep",
        pulls.c.id < before_pull,
        pulls.c.started_at >= since,
    )
    return _pages_where(db, pull_pages.c.pull_id.in_(theirs))


def _pages_where(db: Connection, condition: ColumnElement[bool]) -> list[StoredPage]:
    page = pull_pages.c
    columns = (page.sort, page.direction, page.page, page.listings, page.unknown)
    order = (page.pull_id, page.stored_at, page.sort, page.direction, page.page)
    found = db.execute(select(*columns).where(condition).order_by(*order))
    return [StoredPage(*row) for row in found]


def end(
    db: Connection,
    pull_id: int,
    state: str,
    *,
    outcome: str,
    at: datetime,
    gone: int = 0,
    coverage: float | None = None,
) -> None:
    """Note how a pull ended, in one sentence.

    state     'done', 'stopped' or 'failed'.
    coverage  0 to 1: which part of what is for sale is known.
    """
    db.execute(
        update(pulls)
        .where(pulls.c.id == pull_id)
        .values(state=state, outcome=outcome, finished_at=at, gone=gone, coverage=coverage)
    )


def stop(db: Connection, pull_id: int, at: datetime) -> bool:
    """Stop a running pull from outside; its worker finds out at its next page."""
    stopped = db.execute(
        update(pulls)
        .where(pulls.c.id == pull_id, pulls.c.state == "running")
        .values(state="stopped", outcome="Stopped; what was read is kept.", finished_at=at)
    )
    return stopped.rowcount == 1


def note_import(
    db: Connection, seller_id: int, tally: Tally, *, skipped: int, outcome: str, at: datetime
) -> int:
    """Note that a file was imported, as a pull of kind 'csv'; returns its id."""
    row = {"seller_id": seller_id, "kind": "csv", "plan": "[]", "state": "done"}
    row |= {"seen": tally.seen, "new": tally.new, "changed": tally.changed, "back": tally.back}
    row |= {"skipped": skipped, "outcome": outcome, "started_at": at, "finished_at": at}
    return int(db.execute(insert(pulls).values(row).returning(pulls.c.id)).scalar_one())
