"""The sellers that an account follows, with how much of their stock is kept and how fresh it is."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, case, delete, func, select, true, update

from cratewise.store.sellers import key_of
from cratewise.store.tables import follows, listings, pulls, sellers


class FollowedSeller(NamedTuple):
    """A seller and what is kept of them; None: not known.

    state         'active', 'gone' or 'suspended', as their profile said last
    claimed       listings for sale, as their profile said last
    for_sale      kept listings that are for sale
    gone          kept listings that are no longer
    coverage      which part of what was for sale the last measured pull saw, 0 to 1
    pull_*        the last pull or import: 'full', 'quick', 'csv'; 'running', 'done' ...
    note          the follower's own words
    is_muted      the follower wants no news of them
    """

    seller: str
    state: str
    currency: str | None
    location: str | None
    rating_percent: float | None
    ratings: int | None
    claimed: int | None
    for_sale: int
    gone: int
    coverage: float | None
    pull_kind: str | None
    pull_state: str | None
    pull_outcome: str | None
    pull_started_at: datetime | None
    pull_finished_at: datetime | None
    followed_at: datetime
    note: str
    is_muted: bool


def followed_sellers(
    db: Connection, account_id: int, seller_id: int | None = None
) -> list[FollowedSeller]:
    """Every seller that an account follows, by name; of one alone, if it follows them."""
    is_meant = true() if seller_id is None else sellers.c.id == seller_id
    of_meant = true() if seller_id is None else listings.c.seller_id == seller_id
    pull_of_meant = true() if seller_id is None else pulls.c.seller_id == seller_id
    kept = (
        select(
            listings.c.seller_id,
            func.count().label("all"),
            func.count(listings.c.gone_at).label("gone"),
        )
        .where(of_meant)
        .group_by(listings.c.seller_id)
        .subquery()
    )
    last_ids = (
        select(
            pulls.c.seller_id,
            func.max(pulls.c.id).label("last"),
            func.max(case((pulls.c.coverage.is_not(None), pulls.c.id))).label("measured"),
        )
        .where(pull_of_meant)
        .group_by(pulls.c.seller_id)
        .subquery()
    )
    last, measured = pulls.alias("last"), pulls.alias("measured")
    gone = func.coalesce(kept.c.gone, 0)
    statement = (
        select(
            *(sellers.c.username, sellers.c.state, sellers.c.currency, sellers.c.location),
            *(sellers.c.rating_percent, sellers.c.ratings, sellers.c.for_sale),
            *(func.coalesce(kept.c.all, 0) - gone, gone, measured.c.coverage),
            *(last.c.kind, last.c.state, last.c.outcome, last.c.started_at, last.c.finished_at),
            *(follows.c.followed_at, follows.c.note, follows.c.is_muted),
        )
        .select_from(sellers)
        .join(follows, follows.c.seller_id == sellers.c.id)
        .outerjoin(kept, kept.c.seller_id == sellers.c.id)
        .outerjoin(last_ids, last_ids.c.seller_id == sellers.c.id)
        .outerjoin(last, last.c.id == last_ids.c.last)
        .outerjoin(measured, measured.c.id == last_ids.c.measured)
        .where(follows.c.account_id == account_id, is_meant)
        .order_by(sellers.c.username_key, sellers.c.id)
    )
    return [FollowedSeller._make(row) for row in db.execute(statement)]


def change_follow(
    db: Connection, account_id: int, seller_id: int, *, note: str, is_muted: bool
) -> None:
    """Change what an account says of a seller that it follows."""
    db.execute(
        update(follows)
        .where(follows.c.account_id == account_id, follows.c.seller_id == seller_id)
        .values(note=note, is_muted=is_muted)
    )


def forget(db: Connection, account_id: int, seller_id: int) -> None:
    """Follow a seller no more; what is kept of them goes with the last who followed."""
    db.execute(
        delete(follows).where(follows.c.account_id == account_id, follows.c.seller_id == seller_id)
    )
    is_followed = select(follows.c.seller_id).where(follows.c.seller_id == seller_id).exists()
    db.execute(delete(sellers).where(sellers.c.id == seller_id, ~is_followed))


def heard_sellers(db: Connection, account_id: int) -> list[int]:
    """The sellers that an account follows and wants news of, by our own ids."""
    statement = select(follows.c.seller_id).where(
        follows.c.account_id == account_id, ~follows.c.is_muted
    )
    return list(db.scalars(statement.order_by(follows.c.seller_id)))


def kept_names(db: Connection, beginning: str = "") -> list[str]:
    """The names of all sellers of whom anything is kept, whose names begin so in any case."""
    key = sellers.c.username_key
    statement = select(sellers.c.username).order_by(key, sellers.c.id)
    if beginning:
        statement = statement.where(key.startswith(key_of(beginning), autoescape=True))
    return list(db.scalars(statement))
