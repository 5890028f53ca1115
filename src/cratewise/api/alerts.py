"""Alerts: saved searches that report, and what they reported."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import delete, get, patch, post
from litestar.params import JSONBody, PathParameter

from cratewise.alerts.mail import check_mailbox
from cratewise.alerts.webhook import check_target
from cratewise.api.installation import Here, Installation
from cratewise.api.problems import told
from cratewise.store import alerts as kept
from cratewise.store.engine import reading, writing
from cratewise.store.searches import find_search

Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
SHOWN = 50  # deliveries of an alert


class ToTell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a saved search reports.

    way             'feed', 'webhook' or 'mail'; 'terminal': `cratewise alerts` shows it
    target          of a webhook its URL, of mail the address
    may_be_private  the webhook may be on this machine or in its network: you confirm that;
                    never in server mode
    """

    search_id: int
    way: kept.Way
    target: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    may_be_private: bool = False


class AlertChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As it was made; null, or left out: as before."""

    search_id: int | None = None
    way: kept.Way | None = None
    target: Annotated[str, msgspec.Meta(max_length=2000)] | None = None
    may_be_private: bool | None = None


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert; waiting, sent, failed: how many deliveries are in which state.

    feed             where it is read, of way 'feed', by whoever is signed in
    has_own_address  it can also be read at an address that holds a secret
    """

    id: int
    search_id: int
    search: str
    way: kept.Way
    target: str
    may_be_private: bool
    created_at: datetime
    checked_at: datetime
    feed: str | None
    has_own_address: bool
    waiting: int
    sent: int
    failed: int


class Alerts(msgspec.Struct, frozen=True):
    """Your alerts, the oldest first."""

    alerts: list[Alert]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """key: sent as Idempotency-Key; problem: of the last try; listings: our own ids."""

    id: int
    key: str
    state: Literal["waiting", "sent", "failed"]
    tries: int
    problem: str
    made_at: datetime
    due_at: datetime
    ended_at: datetime | None
    listings: list[int]


class AlertInFull(Alert, frozen=True, kw_only=True):
    """An alert with what it told last, the newest first."""

    deliveries: list[Delivery]


@get("/alerts", tags=["alerts"], operation_id="list_alerts", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_alerts(here: Here) -> Alerts:
    """Every alert that you have."""
    account = here.account()
    with reading(here.engine) as db:
        every = kept.alerts_of(db, account.id)
        return Alerts([_shown(one, kept.counts_of(db, one.id)) for one in every])


@post("/alerts", tags=["alerts"], operation_id="make_alert", sync_to_thread=True,
      responses=told(404, 422, 503))  # fmt: skip
def make_alert(here: Here, data: JSONBody[ToTell]) -> Alert:
    """Tell from now on what a saved search finds, each listing once."""
    account = here.account()
    target = _checked(here, data.way, data.target, data.may_be_private)
    with writing(here.engine) as db:
        find_search(db, account.id, data.search_id)
        number = kept.make_alert(
            db, account.id, data.search_id, way=data.way, target=target, at=here.clock.now(),
            may_be_private=data.may_be_private,
        )  # fmt: skip
        return _shown(kept.find_alert(db, number, account.id), {})


@get("/alerts/{alert_id:int}", tags=["alerts"], operation_id="read_alert", sync_to_thread=True,
     responses=told(404, 503))  # fmt: skip
def read_alert(here: Here, alert_id: Number) -> AlertInFull:
    """One alert, and what it told; a delivery that failed stays here."""
    account = here.account()
    with reading(here.engine) as db:
        alert = kept.find_alert(db, alert_id, account.id)
        return AlertInFull(
            **msgspec.structs.asdict(_shown(alert, kept.counts_of(db, alert_id))),
            deliveries=[
                Delivery(
                    id=one.id, key=one.key, state=one.state, tries=one.tries,
                    problem=one.problem, made_at=one.made_at, due_at=one.due_at,
                    ended_at=one.ended_at, listings=kept.listings_in(db, one.id),
                )
                for one in kept.deliveries_of(db, alert_id, limit=SHOWN)
            ],
        )  # fmt: skip


@patch("/alerts/{alert_id:int}", tags=["alerts"], operation_id="change_alert",
       sync_to_thread=True, responses=told(404, 422, 503))  # fmt: skip
def change_alert(here: Here, alert_id: Number, data: JSONBody[AlertChange]) -> Alert:
    """Let an alert tell of another search, or tell otherwise; what was told stays told."""
    account = here.account()
    with reading(here.engine) as db:
        before = kept.find_alert(db, alert_id, account.id)
    way = data.way or before.way
    told_target = before.target if data.target is None and way == before.way else data.target
    may = before.may_be_private if data.may_be_private is None else data.may_be_private
    target = _checked(here, way, told_target or "", may)
    with writing(here.engine) as db:
        search_id = data.search_id or before.search_id
        find_search(db, account.id, search_id)
        kept.change_alert(
            db, alert_id, search_id=search_id, way=way, target=target, may_be_private=may
        )
        return _shown(kept.find_alert(db, alert_id, account.id), kept.counts_of(db, alert_id))


@delete("/alerts/{alert_id:int}", tags=["alerts"], operation_id="forget_alert",
        sync_to_thread=True, status_code=204, responses=told(404, 503))  # fmt: skip
def forget_alert(here: Here, alert_id: Number) -> None:
    """Tell no more."""
    account = here.account()
    with writing(here.engine) as db:
        kept.forget_alert(db, account.id, alert_id)


def _shown(alert: kept.Alert, counts: dict[str, int]) -> Alert:
    return Alert(
        id=alert.id, search_id=alert.search_id, search=alert.search, way=alert.way,
        target=alert.target, may_be_private=alert.may_be_private, created_at=alert.created_at,
        checked_at=alert.checked_at,
        has_own_address=alert.feed_hash is not None,
        feed=f"/api/v1/alerts/{alert.id}/feed" if alert.way == "feed" else None,
        waiting=counts.get("waiting", 0), sent=counts.get("sent", 0),
        failed=counts.get("failed", 0),
    )  # fmt: skip


def _checked(here: Installation, way: kept.Way, target: str, may_be_private: bool) -> str:
    """Where an alert tells, if that is possible.  Raises AddressRefused."""
    target = target.strip()
    if way == "webhook":
        is_local = here.settings.mode == "local"
        check_target(target, may_be_private=may_be_private and is_local)
        return target
    return check_mailbox(target) if way == "mail" else ""
