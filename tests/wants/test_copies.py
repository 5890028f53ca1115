"""All copies of a record side by side: landed price, grade, and what others cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, update
from tests.api.serving import served
from tests.builders import NOON, RATES, a_follow, a_listing, a_seller, an_account
from tests.wants.conftest import Cratewise

from cratewise.grades import Grade
from cratewise.money import Money
from cratewise.store.accounts import find_local_account
from cratewise.store.engine import reading, writing
from cratewise.store.postage import Postage, keep_postage
from cratewise.store.record_copies import (
    copies_of_master,
    copies_of_release,
    observed,
    pressings_of,
)
from cratewise.store.tables import listings, releases
from cratewise.wants.copies import SeenCopy, compare_copies
from cratewise.wants.postage import PostageBook

Answered = Callable[..., Any]
RELEASE, REISSUE, MASTER = 91_001, 91_002, 4711


def another_copy(db: Connection, seller_id: int, release_id: int, **columns: Any) -> int:
    """One more listing of a release that is there."""
    number = a_listing(db, seller_id, **columns)
    db.execute(update(listings).where(listings.c.id == number).values(release_id=release_id))
    return number


@pytest.fixture
def stock(store: Engine) -> dict[str, int]:
    """Copies of a release and one of its reissue, at sellers in two countries; by a name each."""
    with writing(store) as db:
        me = an_account(db)
        alice, bob, carol = a_seller(db, "alice"), a_seller(db, "bob"), a_seller(db, "carol")
        a_follow(db, me, alice)
        a_follow(db, me, bob)
        ids = {
            "near": a_listing(db, alice, id=RELEASE, price_minor=2000, ships_from="Germany"),
            "far": another_copy(db, bob, RELEASE, price_minor=1500, ships_from="Japan"),
            "worse": another_copy(db, bob, RELEASE, price_minor=500, media_grade=3,
                                  ships_from="Japan"),
            "gone": another_copy(db, bob, RELEASE, price_minor=1000, gone_at=NOON,
                                 first_seen_at=NOON - timedelta(days=90)),
            "unpriced": another_copy(db, alice, RELEASE, price_minor=None, currency=None,
                                     price_read_at=None),
            "unfollowed": another_copy(db, carol, RELEASE, price_minor=3000),
            "reissue": a_listing(db, alice, id=REISSUE, price_minor=700, ships_from="Germany"),
        }  # fmt: skip
        db.execute(
            update(releases).where(releases.c.id.in_([RELEASE, REISSUE])).values(master_id=MASTER)
        )
        keep_postage(db, me, {
            "country": "DE", "currency": "EUR", "first_minor": 500, "further_minor": 100,
            "tiers": (), "source": "", "told_on": NOON.date(),
        }, origin="Germany")  # fmt: skip
        return ids


def seen(store: Engine, *rules: Postage, master: bool = False) -> list[SeenCopy]:
    with reading(store) as db:
        account = find_local_account(db)
        assert account is not None
        found = (
            copies_of_master(db, account.id, MASTER)
            if master
            else copies_of_release(db, account.id, RELEASE)
        )
        all_seen = observed(db, [RELEASE, REISSUE])
    book = PostageBook(rules)
    day = NOON.date()
    return compare_copies(found, all_seen, book, currency="EUR", rates=RATES, day=day)


def a_rule(first_minor: int, origin: str) -> Postage:
    told = NOON.date()
    return Postage(1, None, None, origin, "DE", "EUR", first_minor, 0, (), "", told)


def ids(copies: list[SeenCopy]) -> list[int]:
    return [one.copy.listing.id for one in copies]


def test_copies_stand_by_what_they_cost_landed_and_unknown_postage_behind(
    store: Engine, stock: dict[str, int]
) -> None:
    by_price = ids(seen(store))
    landed = seen(store, a_rule(300, "Germany"), a_rule(2500, "Japan"))

    assert by_price == [stock[name] for name in ("worse", "far", "near", "unpriced")]
    assert ids(landed) == [stock[name] for name in ("near", "worse", "far", "unpriced")]
    assert [one.landed for one in landed] == [
        Money(2300, "EUR"), Money(3000, "EUR"), Money(4000, "EUR"), None
    ]  # fmt: skip
    half = seen(store, a_rule(300, "Germany"))
    assert ids(half)[0] == stock["near"]
    assert half[1].landed is None


def test_other_pressings_of_the_master_are_copies_too(store: Engine, stock: dict[str, int]) -> None:
    assert set(ids(seen(store, master=True))) == {
        stock[name] for name in ("near", "far", "worse", "unpriced", "reissue")
    }
    with reading(store) as db:
        assert pressings_of(db, MASTER) == [RELEASE, REISSUE]


def test_a_price_is_seen_among_all_copies_ever_observed_of_its_grade(
    store: Engine, stock: dict[str, int]
) -> None:
    near = next(one for one in seen(store) if one.copy.listing.id == stock["near"])

    of_grade, of_release = near.of_grade, near.of_release
    assert near.copy.listing.media_grade is Grade.VERY_GOOD_PLUS
    assert of_grade is not None
    assert of_release is not None
    # 1500 far, 1000 gone, 3000 at a seller whom nobody follows; the worse one is of another grade
    assert (of_grade.others, of_grade.rank, of_grade.median.minor) == (3, 3, 1500)
    assert (of_release.others, of_release.rank, of_release.lowest.minor) == (4, 4, 500)
    assert (of_grade.since, of_grade.until) == (NOON - timedelta(days=90), NOON)


def test_what_has_no_price_or_no_company_has_no_context(
    store: Engine, stock: dict[str, int]
) -> None:
    found = {one.copy.listing.id: one for one in seen(store, master=True)}

    assert found[stock["unpriced"]].of_release is None
    assert found[stock["reissue"]].of_release is None
    assert found[stock["worse"]].of_grade is None
    assert found[stock["worse"]].of_release is not None


@pytest.mark.usefixtures("stock")
def test_copies_are_compared_on_the_command_line(cratewise: Cratewise, answered: Answered) -> None:
    told = answered("copies", str(RELEASE))
    table = cratewise("copies", str(RELEASE))

    assert [one["own_price"] for one in told["copies"]] == [20.0, 5.0, 15.0, None]
    assert [one["landed"] for one in told["copies"]] == [25.0, None, None, None]
    assert told["copies"][0]["of_grade"]["rank"] == 3
    assert "3 of 4, median €15.00, seen since August 2026" in table.stdout
    assert "1 of 5 in any grade, median " in table.stdout  # none of its grade was ever seen
    assert "no postage is noted" in table.stderr
    assert answered("copies", str(RELEASE), "--any-pressing")["count"] == 5
    assert answered("copies", "--master", str(MASTER))["count"] == 5


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 2), (["1", "--master", "1"], 2), (["x"], 2), (["7"], 3), (["--master", "7"], 3)],
)
def test_copies_of_what_is_not_kept_are_refused(
    cratewise: Cratewise, arguments: list[str], code: int
) -> None:
    assert cratewise("copies", *arguments).exit_code == code


@pytest.mark.usefixtures("stock")
def test_copies_are_compared_over_http(cratewise: Cratewise) -> None:
    with served() as api:
        release = api.read(f"/api/v1/releases/{RELEASE}")
        master = api.read(f"/api/v1/masters/{MASTER}/copies")
        unknown = api.get("/api/v1/masters/7/copies")

    assert (release["master_id"], release["count"], release["currency"]) == (MASTER, 4, "EUR")
    first = release["copies"][0]
    assert (first["landed"]["amount"], first["postage"]["amount"]) == ("25.00", "5.00")
    assert first["of_grade"]["median"]["amount"] == "15.00"
    assert (master["releases"], master["count"]) == (2, 5)
    assert unknown.json()["type"] == "urn:cratewise:problem:unknown-master"
