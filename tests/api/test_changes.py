"""What happened to listings, over HTTP: what came, moved, went and came back, and when."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update
from tests.api.serving import Api
from tests.builders import a_follow, a_listing, a_seller

from cratewise.store.engine import writing
from cratewise.store.hidden import hide
from cratewise.store.tables import follows, listings, price_changes

URL = "/api/v1/changes"


class Past:
    """Listings of two followed sellers and a muted one, with a past of some days."""

    def __init__(self, store: Engine, api: Api) -> None:
        self.now = api.here.clock.now().replace(microsecond=0)
        account = api.here.account()
        with writing(store) as db:
            alice, bob, carol = (a_seller(db, name) for name in ("alice", "bob", "carol"))
            for seller in (alice, bob, carol):
                a_follow(db, account.id, seller)
            db.execute(update(follows).where(follows.c.seller_id == carol).values(is_muted=True))
            old = self.ago(days=60)
            self.new = a_listing(db, alice, **self.times(first=self.ago(hours=1)))
            self.cheaper = a_listing(db, alice, price_minor=1500, **self.times(first=old))
            self.gone = a_listing(db, bob, gone_at=self.ago(days=2), **self.times(first=old))
            self.back = a_listing(db, bob, back_at=self.ago(hours=3), **self.times(first=old))
            self.muted = a_listing(db, carol, **self.times(first=self.ago(hours=4)))
            a_listing(db, bob, **self.times(first=old))
            for at, before, after, currency in (
                (self.ago(hours=2), 2000, 1500, "EUR"),
                (self.ago(days=3), 1000, 2000, "EUR"),
                (self.ago(days=4), 900, 1000, "USD"),
                (self.ago(days=40), 5000, 900, "USD"),
            ):
                row = {"listing_id": self.cheaper, "changed_at": at, "old_price_minor": before}
                row |= {"old_currency": currency, "new_currency": "EUR", "new_price_minor": after}
                db.execute(insert(price_changes).values(row))

    def ago(self, **terms: float) -> datetime:
        return self.now - timedelta(**terms)

    def times(self, first: datetime) -> dict[str, datetime]:
        last = self.ago(minutes=1)
        return {"first_seen_at": first, "last_seen_at": last, "touched_at": last,
                "price_read_at": last}  # fmt: skip


@pytest.fixture
def past(store: Engine, api: Api) -> Past:
    return Past(store, api)


def told(api: Api, **query: Any) -> list[tuple[str, int]]:
    """Kinds and our own ids of the listings."""
    changes = api.read(URL, **query)["changes"]
    return [(one["kind"], one["listing"]["id"]) for one in changes]


def test_whoever_never_looked_is_told_what_happened_for_a_week(api: Api, past: Past) -> None:
    assert told(api) == [
        ("new", past.new),
        ("cheaper", past.cheaper),
        ("back", past.back),
        ("gone", past.gone),
        ("dearer", past.cheaper),
        ("repriced", past.cheaper),
    ]


def test_a_price_that_moved_is_told_before_and_after(api: Api, past: Past) -> None:
    [change] = api.read(URL, kind="cheaper")["changes"]

    assert (change["old_price"]["amount"], change["new_price"]["amount"]) == ("20.00", "15.00")
    assert change["listing"]["price"]["amount"] == "15.00"
    assert datetime.fromisoformat(change["at"]) == past.ago(hours=2)


def test_changes_begin_anew_with_the_last_visit(api: Api, store: Engine, past: Past) -> None:
    assert api.http.post("/api/v1/home/looked").status_code == 200
    assert told(api) == []

    with writing(store) as db:
        later = api.here.clock.now()
        db.execute(update(listings).where(listings.c.id == past.new).values(gone_at=later))
    assert told(api) == [("gone", past.new)]
    assert ("new", past.new) in told(api, since=past.ago(days=1).isoformat())


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ({"kind": ["new", "back"]}, ["new", "back"]),
        ({"seller": "BOB"}, ["back", "gone"]),
        ({"seller": "carol"}, ["new"]),
        ({"seller": ["alice", "carol"], "kind": "new"}, ["new", "new"]),
    ],
)
def test_changes_can_be_asked_for_by_kind_and_seller(
    api: Api, past: Past, query: dict[str, Any], kinds: list[str]
) -> None:
    assert [kind for kind, _ in told(api, **query)] == kinds


def test_a_span_ends_where_it_is_told(api: Api, past: Past) -> None:
    span = {"since": past.ago(days=90).isoformat(), "until": past.ago(days=35).isoformat()}

    [first, *rest] = told(api, **span)
    assert first == ("repriced", past.cheaper)
    assert {kind for kind, _ in rest} == {"new"}


def test_pages_by_key_tell_each_change_once(api: Api, store: Engine, past: Past) -> None:
    with writing(store) as db:
        seller = a_seller(db, "dora")
        a_follow(db, api.here.account().id, seller)
        # All at one moment: only their ids tell them apart.
        many = [a_listing(db, seller, **past.times(first=past.ago(hours=5))) for _ in range(7)]
    met, key = [], ""
    while key is not None:
        page = api.read(URL, limit=2, key=key)
        met += [(one["kind"], one["listing"]["id"]) for one in page["changes"]]
        key = page["next_key"]

    assert met == told(api, limit=100)
    assert [number for _, number in met if number in many] == many[::-1]
    assert len(met) == 6 + 7


def test_changes_are_counted_over_all_by_seller_and_by_day(api: Api, past: Past) -> None:
    answer = api.read(f"{URL}/counts")

    kinds = ("new", "cheaper", "dearer", "repriced", "gone", "back")
    assert answer["total"] == dict.fromkeys(kinds, 1)
    assert [(one["seller"], sum(one[kind] for kind in kinds)) for one in answer["sellers"]] == [
        ("alice", 4),
        ("bob", 2),
    ]
    by_day = {one["day"]: one for one in answer["days"]}
    assert list(by_day) == sorted(by_day)
    assert by_day[f"{past.ago(days=2):%Y-%m-%d}"]["gone"] == 1
    assert sum(one[kind] for one in answer["days"] for kind in kinds) == 6
    assert api.read(f"{URL}/counts", seller="bob", kind="gone")["total"]["gone"] == 1


def test_what_somebody_hides_is_no_news_to_them(api: Api, store: Engine, past: Past) -> None:
    with writing(store) as db:
        hide(db, api.here.account().id, "listing", str(past.new), past.now)

    assert ("new", past.new) not in told(api)
    assert api.read(f"{URL}/counts")["total"]["new"] == 0


def test_changes_that_still_hold_are_not_sent_again(api: Api, store: Engine, past: Past) -> None:
    for path in (URL, f"{URL}/counts"):
        tags = {api.get(path).headers["etag"] for _ in range(3)}
        assert len(tags) <= 2  # a minute may end between two requests
        answers = [api.http.get(path, headers={"If-None-Match": tag}) for tag in tags]
        assert 304 in [answer.status_code for answer in answers]
        api.http.post("/api/v1/home/looked")
        assert api.get(path).headers["etag"] not in tags


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"key": "nonsense"}, 400, "query.key"),
        ({"kind": "sold"}, 400, "query.kind"),
        ({"since": "2026-11-02T00:00:00Z", "until": "2026-11-01T00:00:00Z"}, 400, "query.since"),
        ({"since": "once"}, 400, "query.since"),
        ({"limit": 0}, 400, "query.limit"),
        ({"seller": "nobody"}, 404, None),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_field(
    api: Api, past: Past, query: dict[str, Any], status: int, field: str | None
) -> None:
    answer = api.get(URL, **query)

    assert (answer.status_code, answer.json().get("field")) == (status, field)
