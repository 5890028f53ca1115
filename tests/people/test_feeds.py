"""A feed's address lets its reader in, is told once, and is void as soon as somebody says so."""

from typing import Any

import pytest
from sqlalchemy import select, update
from tests.api.serving import Api
from tests.builders import RATES, a_listing, a_seller
from tests.people.conftest import PUBLIC, Person

from cratewise.alerts.report import report
from cratewise.store.alert_tables import alerts
from cratewise.store.engine import reading, writing
from cratewise.store.tables import accounts


def feed_of(person: Person) -> int:
    search = person.ask("POST", "/api/v1/searches?q=sun+ra", json={"name": "sun ra"}).json()["id"]
    told = {"search_id": search, "way": "feed"}
    number: int = person.ask("POST", "/api/v1/alerts", json=told).json()["id"]
    return number


def address_of(person: Person, alert: int) -> str:
    answer = person.ask("POST", f"/api/v1/alerts/{alert}/feed-address")
    assert answer.status_code == 201, answer.text
    address: str = answer.json()["address"]
    assert address.startswith(f"{PUBLIC}/api/v1/feeds/")
    return address.removeprefix(PUBLIC)


@pytest.fixture
def reader(server: Api) -> Person:
    """A reader of feeds: no cookie, no token."""
    return Person(server.url)


def test_whoever_knows_the_address_reads_the_feed(server: Api, ann: Person, reader: Person) -> None:
    alert = feed_of(ann)
    now = server.here.clock.now()
    with writing(server.here.engine) as db:
        times = {"first_seen_at": now, "last_seen_at": now, "touched_at": now}
        a_listing(db, a_seller(db), artist="Sun Ra", price_minor=1250, price_read_at=now, **times)
    report(server.here.engine, server.here.finder, lambda: RATES, server.here.clock)

    answer = reader.ask("GET", address_of(ann, alert))

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert "Sun Ra" in answer.text
    assert "€12.50" in answer.text
    assert reader.ask("GET", f"/api/v1/alerts/{alert}/feed").status_code == 401


def test_another_address_makes_the_first_one_void_and_so_does_none(
    ann: Person, reader: Person
) -> None:
    alert = feed_of(ann)
    first = address_of(ann, alert)
    second = address_of(ann, alert)

    assert reader.ask("GET", first).status_code == 404
    assert reader.ask("GET", second).status_code == 200
    assert ann.ask("DELETE", f"/api/v1/alerts/{alert}/feed-address").status_code == 204
    assert reader.ask("GET", second).status_code == 404
    assert ann.read(f"/api/v1/alerts/{alert}")["has_own_address"] is False


def test_a_feed_that_is_none_any_more_is_read_by_nobody(
    server: Api, ann: Person, bob: Person, reader: Person
) -> None:
    address, his = address_of(ann, feed_of(ann)), address_of(bob, bobs := feed_of(bob))
    with writing(server.here.engine) as db:
        db.execute(
            update(accounts)
            .where(accounts.c.name == "Ann")
            .values(disabled_at=accounts.c.created_at)
        )
    told = bob.ask("PATCH", f"/api/v1/alerts/{bobs}", json={"way": "terminal"})

    assert told.json()["has_own_address"] is False
    assert reader.ask("GET", address).status_code == 404
    assert reader.ask("GET", his).status_code == 404


def test_nobody_else_makes_an_address_for_it(ann: Person, bob: Person) -> None:
    alert = feed_of(ann)

    assert bob.ask("POST", f"/api/v1/alerts/{alert}/feed-address").status_code == 404
    assert bob.ask("DELETE", f"/api/v1/alerts/{alert}/feed-address").status_code == 404


def test_the_secret_is_in_no_log_no_row_and_no_later_answer(
    server: Api, ann: Person, reader: Person, capfd: pytest.CaptureFixture[str]
) -> None:
    alert = feed_of(ann)
    address = address_of(ann, alert)
    secret = address.rpartition("/")[2]
    assert reader.ask("GET", address).status_code == 200
    assert reader.ask("GET", address + "x").status_code == 404

    with reading(server.here.engine) as db:
        kept: Any = db.execute(select(alerts)).all()
    logged = "".join(capfd.readouterr())
    assert "/api/v1/feeds/..." in logged
    for text in (repr(kept), logged, ann.ask("GET", f"/api/v1/alerts/{alert}").text):
        assert secret not in text
