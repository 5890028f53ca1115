"""How much is kept, and what is new since an account looked last."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, func, select, update

from cratewise.keeper import KeeperRule
from cratewise.store.presets import RULE, rule_of
from cratewise.store.tables import (
    Instant,
    accounts,
    follows,
    listings,
    price_changes,
    pulls,
    releases,
)

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


class OfHome(NamedTuple):
    """What the first page needs to know of an account.

    looked_at  up to when it has seen the news; None: never
    sellers    how many it follows
    rule       what marks its keepers
    """

    looked_at: datetime | None
    sellers: int
    rule: KeeperRule

    def news_begin(self, now: datetime) -> datetime:
        """Since when things are news: the last visit, else a week ago."""
        return self.looked_at or now - NEWS_OF


# Made once: the first page asks them again and again.
_MINE: BindParameter[int] = bindparam("account")
_SINCE: BindParameter[datetime] = bindparam("since", type_=Instant())
_IS_FOLLOWED = listings.c.seller_id.in_(
    select(follows.c.seller_id).where(follows.c.account_id == _MINE, ~follows.c.is_muted)
)
_OF_FOLLOWED = select(func.count()).select_from(listings).where(_IS_FOLLOWED)
_ARRIVED = _OF_FOLLOWED.where(listings.c.first_seen_at > _SINCE, listings.c.gone_at.is_(None))
_CHEAPER = (
    select(func.count(price_changes.c.listing_id.distinct()))
    .join(listings, listings.c.id == price_changes.c.listing_id)
    .where(
        price_changes.c.changed_at > _SINCE,
        price_changes.c.old_currency == price_changes.c.new_currency,
        price_changes.c.new_price_minor < price_changes.c.old_price_minor,
        listings.c.gone_at.is_(None),
        _IS_FOLLOWED,
    )
)
_GONE = _OF_FOLLOWED.where(listings.c.gone_at > _SINCE)
_NEWS = select(*(one.scalar_subquery() for one in (_ARRIVED, _CHEAPER, _GONE)))
_LOOKED_AT = select(accounts.c.looked_at).where(accounts.c.id == _MINE)
_FOLLOWED = select(func.count()).where(follows.c.account_id == _MINE)
_OF_HOME = select(*(one.scalar_subquery() for one in (_LOOKED_AT, _FOLLOWED, RULE)))


def of_home(db: Connection, account_id: int) -> OfHome:
    """What the first page needs to know of an account, in one statement.  Raises PresetError."""
    looked, followed, rule = db.execute(_OF_HOME, {"account": account_id}).one()
    return OfHome(looked, followed, rule_of(rule))


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
    return db.scalar(_FOLLOWED, {"account": account_id}) or 0


def pulls_by_state(db: Connection) -> dict[str, int]:
    """How many pulls and imports are kept in each state."""
    statement = select(pulls.c.state, func.count()).group_by(pulls.c.state)
    return {str(state): int(number) for state, number in db.execute(statement)}


def news_since(db: Connection, account_id: int, since: datetime) -> News:
    """What came, got cheaper or went after `since`, at the sellers that an account follows."""
    return News(*db.execute(_NEWS, {"account": account_id, "since": since}).one())


def news_begin(db: Connection, account_id: int, now: datetime) -> datetime:
    """Since when things are news to an account: its last visit, else a week ago."""
    return looked_at(db, account_id) or now - NEWS_OF


def looked_at(db: Connection, account_id: int) -> datetime | None:
    """Up to when an account has seen the news; None: never."""
    found: datetime | None = db.scalar(_LOOKED_AT, {"account": account_id})
    return found


def look(db: Connection, account_id: int, at: datetime) -> None:
    """Note that an account has seen the news up to `at`."""
    db.execute(update(accounts).where(accounts.c.id == account_id).values(looked_at=at))
