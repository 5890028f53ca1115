"""Alerts, what they found, and how far telling it has come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, Select, delete, func, insert, or_, select, update

from cratewise.errors import UnknownAlert
from cratewise.store.alert_tables import alert_listings, alerts, deliveries, saved_searches
from cratewise.store.insert import DIALECTS
from cratewise.store.tables import accounts, listings

Way = Literal["terminal", "feed", "webhook", "mail"]
State = Literal["waiting", "sent", "failed"]


class Alert(NamedTuple):
    """target: the webhook's URL, the mail's address; filter: the search's, JSON.

    feed_hash  of the secret in its feed's address; None: it has none
    """

    id: int
    account_id: int
    search_id: int
    way: Way
    target: str
    may_be_private: bool
    created_at: datetime
    checked_at: datetime
    feed_hash: str | None
    search: str
    filter: str


class Delivery(NamedTuple):
    """key: the same at every try; problem: of the last one, a sentence."""

    id: int
    alert_id: int
    key: str
    state: State
    tries: int
    problem: str
    made_at: datetime
    due_at: datetime
    ended_at: datetime | None


_ALERTS = select(
    *(alerts.c[name] for name in Alert._fields[:9]),
    saved_searches.c.name.label("search"),
    saved_searches.c.filter,
).join(saved_searches, saved_searches.c.id == alerts.c.search_id)
_DELIVERIES = select(*(deliveries.c[name] for name in Delivery._fields))


def make_alert(
    db: Connection,
    account_id: int,
    search_id: int,
    *,
    way: Way,
    target: str,
    at: datetime,
    may_be_private: bool = False,
) -> int:
    """Tell from now on what a search finds; the alert's id."""
    row = {"account_id": account_id, "search_id": search_id, "way": way, "target": target}
    made = insert(alerts).values(**row, may_be_private=may_be_private, created_at=at, checked_at=at)
    return int(db.execute(made.returning(alerts.c.id)).scalar_one())


def alerts_of(db: Connection, account_id: int | None = None) -> list[Alert]:
    """An account's alerts, or everybody's."""
    statement = _ALERTS.order_by(alerts.c.id)
    if account_id is not None:
        statement = statement.where(alerts.c.account_id == account_id)
    return [Alert._make(row) for row in db.execute(statement)]


def find_alert(db: Connection, alert_id: int, account_id: int | None = None) -> Alert:
    """Raises UnknownAlert."""
    statement = _ALERTS.where(alerts.c.id == alert_id)
    if account_id is not None:
        statement = statement.where(alerts.c.account_id == account_id)
    row = db.execute(statement).first()
    if row is None:
        raise UnknownAlert(alert_id)
    return Alert._make(row)


def find_feed(db: Connection, hashed: str) -> Alert | None:
    """The alert whose feed's address holds a secret of this hash, if its owner may come in."""
    statement = _ALERTS.join(accounts, accounts.c.id == alerts.c.account_id).where(
        alerts.c.feed_hash == hashed, alerts.c.way == "feed", accounts.c.disabled_at.is_(None)
    )
    row = db.execute(statement).first()
    return None if row is None else Alert._make(row)


def change_alert(
    db: Connection, alert_id: int, *, search_id: int, way: Way, target: str, may_be_private: bool
) -> None:
    """Let an alert tell of another search, or tell otherwise; what was told stays told."""
    changed = update(alerts).where(alerts.c.id == alert_id)
    told = {"search_id": search_id, "way": way, "target": target}
    # A feed's secret stays as it is by now: whoever took it back meanwhile wants that kept.
    secret = {} if way == "feed" else {"feed_hash": None}
    db.execute(changed.values(**told, may_be_private=may_be_private, **secret))


def give_feed_address(db: Connection, account_id: int, alert_id: int, hashed: str | None) -> None:
    """Let the feed be read by whoever has a secret of this hash, and by no earlier one.

    hashed  None: by nobody without signing in.

    Raises UnknownAlert.
    """
    given = db.execute(
        update(alerts)
        .where(alerts.c.id == alert_id, alerts.c.account_id == account_id, alerts.c.way == "feed")
        .values(feed_hash=hashed)
    )
    if not given.rowcount:
        raise UnknownAlert(alert_id)


def forget_alert(db: Connection, account_id: int, alert_id: int) -> None:
    """Raises UnknownAlert."""
    gone = db.execute(
        delete(alerts).where(alerts.c.id == alert_id, alerts.c.account_id == account_id)
    )
    if not gone.rowcount:
        raise UnknownAlert(alert_id)


def news_for(db: Connection, alert: Alert, since: datetime) -> list[int]:
    """Listings touched after `since` that came, changed or came back after the alert was made,
    and were not told yet; by our own ids."""
    told = select(alert_listings.c.listing_id).where(alert_listings.c.alert_id == alert.id)
    statement = select(listings.c.id).where(
        listings.c.touched_at > since,
        listings.c.gone_at.is_(None),
        or_(
            listings.c.first_seen_at > alert.created_at,
            listings.c.changed_at > alert.created_at,
            listings.c.back_at > alert.created_at,
        ),
        listings.c.id.not_in(told),
    )
    return list(db.scalars(statement.order_by(listings.c.id)))


def note_found(
    db: Connection, alert: Alert, listing_ids: Sequence[int], at: datetime, *, at_once: int
) -> int:
    """Note what is to be told, and up to when was looked; how many were not noted before.

    at_once  listings to a delivery, at most.
    """
    db.execute(update(alerts).where(alerts.c.id == alert.id).values(checked_at=at))
    known = set(
        db.scalars(select(alert_listings.c.listing_id).where(alert_listings.c.alert_id == alert.id))
        if listing_ids
        else ()
    )
    new = [number for number in listing_ids if number not in known]
    for start in range(0, len(new), at_once):
        _make_delivery(db, alert, new[start : start + at_once], at)
    return len(new)


def _make_delivery(db: Connection, alert: Alert, ids: Sequence[int], at: datetime) -> None:
    is_told = alert.way == "feed"  # whoever reads it fetches it
    delivery = db.execute(
        insert(deliveries)
        .values(
            alert_id=alert.id,
            key=str(uuid4()),
            state="sent" if is_told else "waiting",
            made_at=at,
            due_at=at,
            ended_at=at if is_told else None,
        )
        .returning(deliveries.c.id)
    ).scalar_one()
    # Another process may have looked at the same moment: a listing belongs to one delivery.
    statement = DIALECTS[db.dialect.name].insert(alert_listings).on_conflict_do_nothing()
    db.execute(
        statement,
        [{"alert_id": alert.id, "listing_id": number, "delivery_id": delivery} for number in ids],
    )


def take_due(db: Connection, now: datetime, until: datetime) -> Delivery | None:
    """The delivery that waits longest, kept from others until then; None: none is due."""
    due = (
        _DELIVERIES.join(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(deliveries.c.state == "waiting", deliveries.c.due_at <= now)
        .where(alerts.c.way.in_(("webhook", "mail")))
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(1)
        .with_for_update(of=deliveries, skip_locked=True)
    )
    row = db.execute(due).first()
    if row is None:
        return None
    db.execute(update(deliveries).where(deliveries.c.id == row.id).values(due_at=until))
    return Delivery._make(row)


def end_delivery(
    db: Connection, delivery_id: int, state: State, at: datetime, problem: str = ""
) -> None:
    """Note that a delivery was sent, or given up."""
    db.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(state=state, ended_at=at, problem=problem, tries=deliveries.c.tries + 1)
    )


def put_off(db: Connection, delivery_id: int, until: datetime, problem: str) -> None:
    """Note that a try failed, and when the next one is due."""
    db.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(due_at=until, problem=problem, tries=deliveries.c.tries + 1)
    )


def deliveries_of(db: Connection, alert_id: int, *, limit: int) -> list[Delivery]:
    """An alert's deliveries, the newest first."""
    statement = _DELIVERIES.where(deliveries.c.alert_id == alert_id)
    ordered = statement.order_by(deliveries.c.made_at.desc(), deliveries.c.id.desc())
    return [Delivery._make(row) for row in db.execute(ordered.limit(limit))]


def waiting_at_terminal(db: Connection, account_id: int) -> list[Delivery]:
    """What an account's terminal has not shown yet, the oldest first."""
    statement = (
        _DELIVERIES.join(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(alerts.c.account_id == account_id, alerts.c.way == "terminal")
        .where(deliveries.c.state == "waiting")
        .order_by(deliveries.c.id)
    )
    return [Delivery._make(row) for row in db.execute(statement)]


def listings_in(db: Connection, delivery_id: int) -> list[int]:
    """Which listings a delivery tells of, by our own ids."""
    statement: Select[tuple[int]] = (
        select(alert_listings.c.listing_id)
        .where(alert_listings.c.delivery_id == delivery_id)
        .order_by(alert_listings.c.listing_id)
    )
    return list(db.scalars(statement))


def counts_of(db: Connection, alert_id: int) -> dict[str, int]:
    """How many deliveries of an alert are in each state."""
    statement = (
        select(deliveries.c.state, func.count())
        .where(deliveries.c.alert_id == alert_id)
        .group_by(deliveries.c.state)
    )
    return {str(state): int(number) for state, number in db.execute(statement)}
