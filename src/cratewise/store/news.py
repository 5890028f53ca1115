"""How much is kept, and what is new since an account looked last."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, update

from cratewise.store.tables import accounts, follows, listings, price_changes, pulls, releases

NEWS_OF = timedelta(days=7)  # for whoever never looked before


class Counts(NamedTuple):
    """How much is kept; `listings`: for sale, `gone`: no longer."""

    sellers: int
    listings: int
    gone: int
    releases: int


class News(NamedTuple):
    """Listings of followed sellers, those muted aside."""

    arrived: int
    cheaper: int
    gone: int


def counts(db: Connection, account_id: int) -> Counts:
    """How many sellers an account follows, and how much of everybody's is kept."""
    every, gone = db.execute(
        select(func.count(), func.count(listings.c.gone_at)).select_from(listings)
    ).one()
    return Counts(
        sellers=count_followed(db, account_id),
        listings=every - gone,
        gone=gone,
        releases=db.scalar(select(func.count()).select_from(releases)) or 0,
    )


def count_followed(db: Connection, account_id: int) -> int:
    """How many sellers an account follows."""
    return db.scalar(select(func.count()).where(follows.c.account_id == account_id)) or 0


def pulls_by_state(db: Connection) -> dict[str, int]:
    """How many pulls and imports are kept in each state."""
    statement = select(pulls.c.state, func.count()).group_by(pulls.c.state)
    return {str(state): int(number) for state, number in db.execute(statement)}


def news_since(db: Connection, account_id: int, since: datetime) -> News:
    """What came, got cheaper or went after `since`, at the sellers that an account follows."""
    cheaper = (
        select(func.count(price_changes.c.listing_id.distinct()))
        .join(listings, listings.c.id == price_changes.c.listing_id)
        .where(
            price_changes.c.changed_at > since,
            price_changes.c.old_currency == price_changes.c.new_currency,
            price_changes.c.new_price_minor < price_changes.c.old_price_minor,
            listings.c.gone_at.is_(None),
            _is_followed(account_id),
        )
    )
    of_followed = select(func.count()).select_from(listings).where(_is_followed(account_id))
    arrived = of_followed.where(listings.c.first_seen_at > since, listings.c.gone_at.is_(None))
    return News(
        arrived=db.scalar(arrived) or 0,
        cheaper=db.scalar(cheaper) or 0,
        gone=db.scalar(of_followed.where(listings.c.gone_at > since)) or 0,
    )


def news_begin(db: Connection, account_id: int, now: datetime) -> datetime:
    """Since when things are news to an account: its last visit, else a week ago."""
    return looked_at(db, account_id) or now - NEWS_OF


def looked_at(db: Connection, account_id: int) -> datetime | None:
    """Up to when an account has seen the news; None: never."""
    found: datetime | None = db.scalar(
        select(accounts.c.looked_at).where(accounts.c.id == account_id)
    )
    return found


def look(db: Connection, account_id: int, at: datetime) -> None:
    """Note that an account has seen the news up to `at`."""
    db.execute(update(accounts).where(accounts.c.id == account_id).values(looked_at=at))


def _is_followed(account_id: int) -> ColumnElement[bool]:
    heard = select(follows.c.seller_id).where(
        follows.c.account_id == account_id, ~follows.c.is_muted
    )
    return listings.c.seller_id.in_(heard)
